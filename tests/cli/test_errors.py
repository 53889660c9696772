"""Bad usage and bad luck: one line that says what to do, the right exit code, nothing left."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from awsbasics.cli import collect, main
from awsbasics.collect.writer import SnapshotWriter
from tests.collect.events.event_records import log_name, record, write_log
from tests.faulty_aws import Fault, FaultyAws
from tests.snapshots import MEMBER, write_snapshot


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def assert_one_line(result: Result, exit_code: int, text: str) -> None:
    assert result.exit_code == exit_code, result.output
    assert text in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.mark.parametrize(
    ("operation", "fault", "arguments", "text"),
    [
        ("GetCallerIdentity", Fault("ExpiredToken"), (), "credentials have expired"),
        (
            "GetCallerIdentity",
            Fault("InvalidClientTokenId"),
            (),
            "does not accept these credentials",
        ),
        (
            "DescribeOrganization",
            Fault("AWSOrganizationsNotInUseException", status=400),
            ("--organization", "yes"),
            "is not in an organization",
        ),
        (
            "ListAccounts",
            Fault("AccessDeniedException", status=400),
            ("--organization", "yes"),
            "may not call organizations:ListAccounts",
        ),
    ],
)
def test_a_gather_that_cannot_begin(
    faulty_demo: FaultyAws,
    output: Path,
    operation: str,
    fault: Fault,
    arguments: tuple[str, ...],
    text: str,
) -> None:
    faulty_demo.faults[operation] = fault
    assert_one_line(run("collect", "-o", output, *arguments), 1, text)
    assert not output.exists()


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, output: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert_one_line(run("collect", "-o", output), 1, "no AWS credentials found")
    assert not output.exists()


def test_a_wrong_profile(faulty_demo: FaultyAws, output: Path) -> None:
    result = run("collect", "-o", output, "--profile", "nobody")
    assert_one_line(result, 1, "(nobody) could not be found")


def test_a_region_or_an_account_that_is_none(faulty_demo: FaultyAws, output: Path) -> None:
    assert_one_line(run("collect", "-o", output, "--regions", "mars-1"), 2, "no region 'mars-1'")
    wrong = run("collect", "-o", output, "--accounts", "222222222222")
    assert_one_line(wrong, 2, "222222222222 is not among")
    assert not output.exists()


def test_an_output_that_is_taken(faulty_demo: FaultyAws, output: Path) -> None:
    write_snapshot(output)
    assert_one_line(run("collect", "-o", output), 1, "finished snapshot already")


def test_options_about_aws_beside_an_export(tmp_path: Path, output: Path) -> None:
    arguments = ("--authorization-details", tmp_path / "x.json", "--role", "Audit")
    assert_one_line(run("collect", "-o", output, *arguments), 2, "--role says nothing beside")


ABOUT_AWS = [
    ("--accounts", MEMBER),
    ("--cluster", "tcp://scheduler:8786"),
    ("--events", "30"),
    ("--external-id", "x"),
    ("--last-accessed",),
    ("--organization", "no"),
    ("--profile", "audit"),
    ("--regions", "eu-west-1"),
    ("--resume",),
    ("--role", "Audit"),
    ("--workers", "4"),
]


@pytest.mark.parametrize(
    "option",
    ABOUT_AWS,
    ids=lambda option: option[0],
)
def test_options_about_aws_beside_log_files_alone(
    tmp_path: Path, output: Path, option: tuple[str, ...]
) -> None:
    write_log(tmp_path / "logs", log_name(), [record()])
    arguments = ("--offline", "--trail-logs", tmp_path / "logs", *option)
    told = f"{option[0]} says nothing beside --offline; leave it out"
    assert_one_line(run("collect", "-o", output, *arguments), 2, told)
    assert not output.exists()


def test_every_option_of_a_gather_is_refused_beside_log_files_alone() -> None:
    options = {option.opts[-1] for option in collect.params}
    meant = {"--output", "--offline", "--trail-logs", "--authorization-details"}
    assert {option[0] for option in ABOUT_AWS} == options - meant


def test_what_is_no_snapshot(tmp_path: Path, output: Path) -> None:
    assert_one_line(run("assess", tmp_path / "nowhere", "-o", output), 1, "does not exist")
    assert_one_line(run("assess", tmp_path, "-o", output), 1, "is not a snapshot")
    assert not output.exists()


def test_an_unfinished_snapshot(tmp_path: Path, output: Path) -> None:
    with SnapshotWriter(tmp_path / "s") as writer:
        writer.begin({"account_id": MEMBER, "arn": ""})
    assert_one_line(run("assess", tmp_path / "s", "-o", output), 1, "is unfinished")
    assert not output.exists()


def test_an_engagement_file_with_mistakes_lists_them_all_with_their_lines(
    tmp_path: Path, output: Path
) -> None:
    file = tmp_path / "engagement.yml"
    file.write_text("clinet: Example\nanswers:\n  ORG.Z: {choice: two}\n")
    snapshot = write_snapshot(tmp_path / "s").store.location

    for result in (
        run("engagement", "check", file),
        run("assess", snapshot, "-e", file, "-o", output),
    ):
        assert result.exit_code == 1
        lines = result.stderr.strip().splitlines()
        assert len(lines) == 2
        assert "engagement.yml:1:" in lines[0]
        assert "client" in lines[0]
        assert "engagement.yml:3:" in lines[1]
    assert not output.exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--as-of", "someday"), "is not a time"),
        (("--only", "R99"), "no recommendation R99"),
        (("--accounts", "222222222222"), "is not in the snapshot"),
        (("--since", "nowhere"), "does not exist"),
        (("-e", "nowhere.yml"), "nowhere.yml"),
    ],
)
def test_bad_arguments_of_an_assessment(
    tmp_path: Path, output: Path, arguments: tuple[str, ...], text: str
) -> None:
    snapshot = write_snapshot(tmp_path / "s").store.location
    result = run("assess", snapshot, "-o", output, *arguments)
    assert result.exit_code in (1, 2)
    assert_one_line(result, result.exit_code, text)
    assert not output.exists()


def test_a_report_folder_that_holds_something_else_is_left_alone(
    tmp_path: Path, output: Path
) -> None:
    snapshot = write_snapshot(tmp_path / "s").store.location
    output.mkdir()
    (output / "letter.txt").write_text("dear")
    assert_one_line(run("assess", snapshot, "-o", output), 2, "is not empty")
    assert [path.name for path in output.iterdir()] == ["letter.txt"]


def test_a_report_in_which_somebody_left_notes_is_not_replaced(
    tmp_path: Path, output: Path
) -> None:
    snapshot = write_snapshot(tmp_path / "s").store.location
    output.mkdir()
    (output / "run.json").write_text('{"schema_version": 1, "recommendations": []}')
    (output / "notes.txt").write_text("remember")
    assert_one_line(run("assess", snapshot, "-o", output), 2, "is not empty")
    assert (output / "notes.txt").exists()


def test_a_report_inside_the_snapshot_or_below_a_file(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s").store.location
    assert_one_line(run("assess", snapshot, "-o", f"{snapshot}/report"), 2, "inside the snapshot")
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "report"
    assert_one_line(run("assess", snapshot, "-o", below), 2, "cannot be written")


def test_a_snapshot_that_was_changed_is_not_assessed(tmp_path: Path, output: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s", {"iam_users": [{"name": "ann"}]})
    file = next((tmp_path / "s/frames/iam_users").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-20])
    assert_one_line(run("assess", snapshot.store.location, "-o", output), 1, "is damaged")
    assert not output.exists()


def test_a_demo_does_not_replace_what_is_no_demo(output: Path) -> None:
    output.mkdir()
    (output / "letter.txt").write_text("dear")
    assert_one_line(run("demo", "-o", output), 2, "no earlier demo")


def test_sql_that_cannot_be_answered(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s").store.location
    assert_one_line(run("sql", snapshot, "select * from iam_user"), 2, "SQL: ")


def test_missing_arguments_are_clicks_own_bad_usage() -> None:
    result = run("collect")
    assert result.exit_code == 2
    assert "--output" in result.stderr
