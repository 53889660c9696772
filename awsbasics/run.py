"""A report: notebooks run by papermill in parallel, pages, exports and an index in one folder.

Everything is written into a temporary folder beside the output, which takes its place at the
end: there is never half a report. An earlier report is replaced; nothing else ever is.
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from awsbasics.assessment import Assessment
from awsbasics.errors import ReportError, UsageError
from awsbasics.progress import Progress, Silent
from awsbasics.report.exports import write_exports, write_json
from awsbasics.report.index import index_html
from awsbasics.report.jobs import Job, Neighbour, PageInfo
from awsbasics.report.pool import NotebookPool
from awsbasics.report.record import Entry, RunRecord, exit_code
from awsbasics.show.sources import Parameters, Sources

START = "00_start_here"
START_TITLE = "Start here"
WORKERS = 2
DEFAULT_FOLDER = Path("reports")

_REPORT_FILE = re.compile(
    r"index\.html|\d\d_\w+\.(html|ipynb)|findings\.(csv|json)|coverage\.csv|run\.json|evidence"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """A finished run: its index page, its exit code, and the notebooks that failed.

    `warning` is a sentence about the whole of it, where there is cause for one.
    """

    index: Path
    exit_code: int
    failed: dict[str, str]
    warning: str = ""


def write_report(
    snapshot: str | os.PathLike[str],
    output: str | os.PathLike[str] | None = None,
    *,
    engagement: str | os.PathLike[str] | None = None,
    since: str | os.PathLike[str] | None = None,
    as_of: str | None = None,
    accounts: Collection[str] = (),
    only: Collection[str] = (),
    fail_on: str | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    workers: int = WORKERS,
) -> RunResult:
    """Assess a snapshot and write the report into a folder (default: `reports/<snapshot>`).

    A notebook that fails is named in the index and gives exit code 5; the others go on. Raises
    UsageError, SnapshotError or EngagementError before anything is written.
    """
    parameters = Parameters(
        snapshot=os.fspath(snapshot),
        engagement=os.fspath(engagement or ""),
        since=os.fspath(since or ""),
        as_of=as_of or "",
        accounts=",".join(accounts),
    )
    started = pd.Timestamp.now("UTC")
    sources = Sources(parameters)
    sources.open()
    target = _target(output, sources)
    # The pool imports what notebooks need while this process assesses.
    with NotebookPool(workers) as pool:
        assessment = sources.assess(only)
        with _replacing(target) as folder:
            write_exports(assessment, folder)
            jobs = _jobs(parameters, assessment, folder, everything=not only)
            entries = _run(pool, jobs, progress or Silent())
            record = RunRecord.make(sources, assessment, entries, started)
            record = record.ended(exit_code(assessment, entries, fail_on=fail_on, strict=strict))
            write_json(folder / "run.json", record.to_json())
            page = index_html(assessment, record)
            (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")
    failed = {entry.notebook: entry.error for entry in entries if entry.error}
    return RunResult(
        index=target / "index.html",
        exit_code=record.exit_code,
        failed=failed,
        warning=_too_early(assessment),
    )


def _too_early(assessment: Assessment) -> str:
    """That "now" is a day before the data: ages come out too small, and little is ever stale."""
    gathered = assessment.facts.snapshot.collected_at
    if assessment.as_of.date() >= gathered.date():
        return ""
    return (
        f"assessed as of {assessment.as_of:%Y-%m-%d %H:%M} UTC, before the data was gathered "
        f"({gathered:%Y-%m-%d %H:%M} UTC): what is old or expired may pass"
    )


def notebooks_folder() -> Path:
    """Where the notebooks are: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "notebooks", package.parent / "notebooks"):
        if (folder / f"{START}.ipynb").is_file():
            return folder
    raise ReportError("the notebooks are missing from this installation: install awsbasics again")


def _jobs(
    parameters: Parameters, assessment: Assessment, folder: Path, *, everything: bool
) -> list[Job]:
    """One job per page, in the order of the report; the start page only in a whole report."""
    titles = {START: START_TITLE} if everything else {}
    titles |= {r.notebook: r.title for r in assessment.recommendations}
    labels = {START: "Start"} | {r.notebook: r.id for r in assessment.recommendations}
    names = list(titles)
    pages = [Neighbour(f"{name}.html", titles[name], labels[name]) for name in names]
    engagement = assessment.facts.engagement
    given = {name: value for name, value in asdict(parameters).items() if value}
    return [
        Job(
            name=name,
            notebook=str(notebooks_folder() / f"{name}.ipynb"),
            folder=str(folder),
            parameters=given,
            info=PageInfo(
                title=titles[name],
                client=engagement.client,
                date=f"{assessment.as_of:%Y-%m-%d}",
                confidentiality=engagement.confidentiality,
                snapshot=str(assessment.facts.snapshot.manifest.get("id", "")),
                links=True,
                previous=pages[index - 1] if index else None,
                next=pages[index + 1] if index + 1 < len(pages) else None,
            ),
        )
        for index, name in enumerate(names)
    ]


def _run(pool: NotebookPool, jobs: Sequence[Job], shown: Progress) -> list[Entry]:
    shown.expect(len(jobs))
    errors: dict[str, str] = {}
    try:
        for outcome in pool.run(jobs):
            errors[outcome.name] = outcome.error
            shown.done(outcome.name, outcome.error)
    finally:
        shown.close()
    return [Entry(job.name, job.info.title, errors[job.name]) for job in jobs]


def _target(output: str | os.PathLike[str] | None, sources: Sources) -> Path:
    """The folder to write, checked: new, empty, or an earlier report."""
    if output is None:
        name = Path(str(sources.parameters.snapshot).rstrip("/")).name or "report"
        output = DEFAULT_FOLDER / name
    target = Path(output)
    try:
        _check_target(target, sources)
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
    return target


def _check_target(target: Path, sources: Sources) -> None:
    snapshot = sources.snapshot.store
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; give the folder that is to hold the report")
    if snapshot.is_local and target.resolve().is_relative_to(Path(snapshot.root).resolve()):
        raise UsageError(f"{target} is inside the snapshot; give another folder")
    if target.is_dir() and any(target.iterdir()) and not _is_report(target):
        raise UsageError(f"{target} is not empty and no earlier report; give another folder")


def _is_report(folder: Path) -> bool:
    """Whether a folder holds a report, and nothing that somebody has put beside it."""
    if any(not _REPORT_FILE.fullmatch(path.name) for path in folder.iterdir()):
        return False
    try:
        data = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and {"schema_version", "recommendations"} <= data.keys()


@contextlib.contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A temporary folder that takes the target's place when all went well."""
    real = Path(os.path.realpath(target))
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=real.parent, prefix=f".{real.name}."))
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror}") from error
    try:
        yield fresh
        if real.exists():
            old = Path(tempfile.mkdtemp(dir=real.parent, prefix=f".{real.name}."))
            try:
                real.replace(old)
                fresh.replace(real)
            finally:
                if not real.exists():
                    old.replace(real)
                shutil.rmtree(old, ignore_errors=True)
        else:
            fresh.replace(real)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
