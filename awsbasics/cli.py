"""The `awsbasics` command: arguments in, one function called, an exit code out."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from awsbasics import __version__
from awsbasics.errors import AwsbasicsError, UsageError

if TYPE_CHECKING:
    from awsbasics.snapshot import Snapshot

Command = TypeVar("Command", bound=Callable[..., Any])

STOPPED = "awsbasics: stopped before it was done; a gather goes on with --resume"
SEVERITIES = ("critical", "high", "medium", "low", "info")


class _Group(click.Group):
    """Shows the kit's own errors, and that it was stopped, as one line without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _terminated_as_interrupted():
                return super().invoke(ctx)
        except AwsbasicsError as error:
            click.echo(f"awsbasics: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo(STOPPED, err=True)
            ctx.exit(1)


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Within this, SIGTERM, which schedulers send, tidies up and ends the work as Ctrl-C does.

    A second one changes nothing: it would cut the tidying short.
    """

    def interrupt(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what signals do
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Assess an AWS organization against thirteen security basics, read-only.

    Gather a snapshot with `collect`, then make the report with `assess`.
    Exit codes: 0 done; 1 an error; 2 bad usage; 3 findings at or over --fail-on;
    4 coverage incomplete under --strict; 5 a notebook failed.
    """


def _several(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The parts of a comma-separated option."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


@main.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("reports/demo"),
    show_default=True,
    help="Folder for the snapshot, the engagement file and the report.",
)
def demo(output: Path) -> None:
    """Gather and assess a made-up organization of eight accounts, without AWS.

    The last line printed is the path of the report's index.
    """
    from awsbasics.demo.report import run_demo
    from awsbasics.progress import Shown

    result = run_demo(output, progress=Shown)
    click.echo(result.index)
    sys.exit(result.exit_code)


@main.command()
@click.option("--profile", help="A profile of the AWS configuration.")
@click.option("--role", help="Name of the role to assume in member accounts.")
@click.option("--external-id", help="The external id that this role asks for.")
@click.option(
    "--organization",
    type=click.Choice(["auto", "yes", "no"]),
    default="auto",
    show_default=True,
    help="Whether the whole organization is to be gathered.",
)
def doctor(profile: str | None, **options: Any) -> None:
    """Say who is asking, what a gather could read, and what to grant for the rest.

    Exit code 0 if all that was tried can be read, otherwise 1.
    """
    from awsbasics.collect.diagnosis import describe
    from awsbasics.collect.doctor import diagnose
    from awsbasics.session import open_session

    found = diagnose(open_session(profile), **options)
    click.echo(describe(found))
    sys.exit(0 if found.healthy else 1)


@main.command()
@click.option("-o", "--output", required=True, metavar="SNAPSHOT", help="New folder or s3:// URL.")
@click.option("--profile", help="A profile of the AWS configuration.")
@click.option("--role", help="Name of the role to assume in member accounts.")
@click.option("--external-id", help="The external id that this role asks for.")
@click.option("--accounts", callback=_several, help="Only these account ids, comma-separated.")
@click.option("--regions", callback=_several, help="Only these regions, comma-separated.")
@click.option(
    "--organization",
    type=click.Choice(["auto", "yes", "no"]),
    default="auto",
    show_default=True,
    help="Whether to gather the whole organization.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=32,
    show_default=True,
    help="How many calls are made at once.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Gather members on the workers of a Dask scheduler; better tls:// than tcp://, which "
    "lets others on the network read their temporary credentials.",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted gather.")
@click.option(
    "--events",
    type=click.IntRange(min=1),
    metavar="DAYS",
    help="Look up CloudTrail's events of so many days, at most 90: a minute or more an account.",
)
@click.option(
    "--last-accessed",
    is_flag=True,
    help="Also ask which services each role ever used: two calls or more a role.",
)
@click.option(
    "--trail-logs",
    metavar="PATH",
    help="Read events from a trail's log files instead, in a folder or under s3://.",
)
@click.option("--offline", is_flag=True, help="Ask no account: only what --trail-logs holds.")
@click.option(
    "--authorization-details",
    "exports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Offline: a file that `aws iam get-account-authorization-details` wrote. Repeatable.",
)
def collect(
    output: str, exports: tuple[Path, ...], profile: str | None, offline: bool, **options: Any
) -> None:
    """Gather account data with read-only calls into a snapshot folder."""
    from awsbasics.collect import collect as gather
    from awsbasics.collect.offline import import_authorization_details
    from awsbasics.collect.summary import summary
    from awsbasics.progress import Shown
    from awsbasics.session import open_session

    if exports:
        _refuse_beside("--authorization-details", "exports")
        snapshot = import_authorization_details(exports, output)
    elif offline:
        _refuse_beside("--offline", "offline", "trail_logs")
        snapshot = _import_logs(options["trail_logs"], output)
    else:
        session = open_session(profile)
        snapshot = gather(output, session=session, progress=Shown("gather"), **options)
    click.echo(summary(snapshot))


def _refuse_beside(chosen: str, *needed: str) -> None:
    """An import asks AWS nothing: options about AWS beside it are a mistake to tell."""
    context = click.get_current_context()
    for name in sorted(context.params.keys() - {"output", *needed}):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} says nothing beside {chosen}; leave it out")


def _import_logs(trail_logs: str | None, output: str) -> "Snapshot":
    """A snapshot of log files alone."""
    from awsbasics.collect.events.offline import import_trail_logs
    from awsbasics.progress import Shown

    if trail_logs is None:
        raise UsageError("--offline needs --trail-logs, a folder or s3:// with log files")
    progress = Shown("log files")
    try:
        return import_trail_logs(trail_logs, output, progress=progress)
    finally:
        progress.close()


@main.command()
@click.argument("snapshot")
@click.option("-e", "--engagement", type=click.Path(path_type=Path), help="The engagement file.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The report's folder.")
@click.option("--since", help="An older snapshot to compare with.")
@click.option("--as-of", help="The moment that stands for now, e.g. 2026-11-01T12:00:00Z.")
@click.option("--only", callback=_several, help="Only these recommendations, e.g. R04,R12.")
@click.option("--accounts", callback=_several, help="Only these account ids, comma-separated.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 3 on findings this severe.")
@click.option("--strict", is_flag=True, help="Exit 4 where something could not be read.")
def assess(snapshot: str, output: Path | None, **options: Any) -> None:
    """Assess a snapshot and write the report; prints the path of its index."""
    from awsbasics.progress import Shown
    from awsbasics.run import write_report

    result = write_report(snapshot, output, progress=Shown("notebooks"), **options)
    if result.warning:
        click.echo(f"awsbasics: {result.warning}", err=True)
    click.echo(result.index)
    sys.exit(result.exit_code)


@main.command()
@click.argument("snapshot")
@click.argument("query")
def sql(snapshot: str, query: str) -> None:
    """Ask a snapshot's tables in SQL (DuckDB) and print the answer as CSV.

    Texts that a spreadsheet would calculate get an apostrophe in front.
    """
    from awsbasics.report.exports import harmless
    from awsbasics.snapshot import open_snapshot

    answer = open_snapshot(snapshot).sql(query)
    answer = answer.map(lambda value: harmless(value) if isinstance(value, str) else value)
    click.echo(answer.to_csv(index=False), nl=False)


@main.command()
@click.argument("name", required=False)
def tables(name: str | None) -> None:
    """List the tables of a snapshot, or describe the columns of one."""
    from awsbasics.collect.dictionary import describe_table, list_tables

    click.echo(describe_table(name) if name else list_tables())


@main.command()
def checks() -> None:
    """List all checks with their severity, and which are not written yet."""
    from awsbasics.recommendations.listing import list_checks

    click.echo(list_checks())


@main.command()
@click.option(
    "--split",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write each policy to a file of its own there, policy-1.json and on.",
)
def permissions(split: Path | None) -> None:
    """Print the read-only IAM policy that a gather needs, as JSON.

    Where it is longer than IAM allows in one managed policy, a list of several.
    """
    from awsbasics.collect.permissions import minimum_policy, write_policies

    click.echo("\n".join(map(str, write_policies(split))) if split else minimum_policy())


@main.group()
def engagement() -> None:
    """The engagement file: answers, exceptions and rules that no API knows."""


@engagement.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check an engagement file and list every mistake with its line."""
    from awsbasics.engagement import load_engagement

    load_engagement(file)
    click.echo(f"{file}: no mistakes")


@engagement.command()
@click.argument("file", type=click.Path(path_type=Path), default=Path("engagement.yml"))
@click.option("--snapshot", help="Fill it with what this snapshot suggests.")
def new(file: Path, snapshot: str | None) -> None:
    """Write a commented engagement file to begin with (default: engagement.yml)."""
    from awsbasics.engagement.starter import write_starter
    from awsbasics.engagement.suggest import suggest
    from awsbasics.recommendations import QUESTIONS
    from awsbasics.snapshot import open_snapshot

    write_starter(file, QUESTIONS, suggest(open_snapshot(snapshot)) if snapshot else None)
    click.echo(file)
