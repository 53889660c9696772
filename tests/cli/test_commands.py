from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from awsbasics import __version__
from awsbasics.cli import main
from awsbasics.collect.tables import TABLES
from awsbasics.errors import UsageError
from awsbasics.recommendations import CHECKS
from awsbasics.run import RunResult
from awsbasics.snapshot import open_snapshot
from tests.faulty_aws import FaultyAws
from tests.snapshots import MEMBER, write_snapshot


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_every_command_and_option_has_help() -> None:
    for command in (main, *main.commands.values()):
        assert command.help, command.name
        for option in command.params:
            if option.param_type_name == "option" and option.name not in ("help", "version"):
                assert getattr(option, "help", None), f"{command.name} {option.name}"


def test_every_command_is_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    missing = [name for name in main.commands if f"awsbasics {name}" not in readme]
    assert missing == []


def test_the_version_is_the_packages() -> None:
    assert __version__ in run("--version").output


def test_tables_lists_them_and_describes_each_column() -> None:
    listed = run("tables").output.splitlines()
    assert [line.split()[0] for line in listed] == list(TABLES)
    described = run("tables", "iam_roles").output
    for column in TABLES["iam_roles"].all_columns:
        assert column.name in described
        assert column.description in described


def test_checks_lists_every_check_and_says_which_are_not_written() -> None:
    output = run("checks").output
    for check in CHECKS.values():
        line = next(line for line in output.splitlines() if f" {check.id} " in line)
        assert ("not written" in line) == (not check.written)


def test_a_new_engagement_file_is_valid_and_holds_what_a_snapshot_suggests(tmp_path: Path) -> None:
    rows = {"iam_groups": [{"name": "team-ledger"}]}
    snapshot = write_snapshot(tmp_path / "s", rows)
    file = tmp_path / "engagement.yml"
    made = run("engagement", "new", file, "--snapshot", snapshot.store.location)
    assert (made.exit_code, made.stdout) == (0, f"{file}\n")
    assert "ledger: []" in file.read_text()
    assert run("engagement", "check", file).exit_code == 0
    again = run("engagement", "new", file)
    assert (again.exit_code, len(again.stderr.splitlines())) == (2, 1)


def test_assess_tells_a_warning_beside_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    result = RunResult(index=Path("index.html"), exit_code=0, failed={}, warning="too early")
    monkeypatch.setattr("awsbasics.run.write_report", lambda *_, **__: result)
    told = run("assess", "snapshot")
    assert (told.exit_code, told.stdout) == (0, "index.html\n")
    assert told.stderr == "awsbasics: too early\n"


def test_sql_prints_no_formula_and_moves_no_cursor(tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s", {"iam_users": []})
    query = "select '=1+1' as text, chr(27) || '[2J' as escape, -1 as number"
    result = run("sql", snapshot.store.location, query)
    assert result.stdout == "text,escape,number\n'=1+1,\\x1b[2J,-1\n"


def test_sql_prints_csv_and_keeps_leading_zeros(tmp_path: Path) -> None:
    snapshot = write_snapshot(
        tmp_path / "s", {"iam_users": [{"account_id": MEMBER, "name": "ann"}]}
    )
    result = run("sql", snapshot.store.location, "select account_id, name from iam_users")
    assert result.output == "account_id,name\n000000000012,ann\n"


def test_collect_says_what_it_gathered_and_what_it_could_not(
    faulty_demo: FaultyAws, tmp_path: Path
) -> None:
    result = run("collect", "-o", tmp_path / "s", "--regions", "us-east-1")
    assert result.exit_code == 0, result.output
    assert "8 accounts, 1 region," in result.stdout
    assert "× not_read" in result.stdout
    assert "gather: " in result.stderr
    assert open_snapshot(tmp_path / "s").manifest["regions"] == ["us-east-1"]


@pytest.mark.parametrize("flags", [(), ("--last-accessed",)])
def test_collect_asks_what_roles_last_used_only_where_told(
    flags: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[bool] = []

    def gather(output: str, *, last_accessed: bool, **_: object) -> None:
        told.append(last_accessed)
        raise UsageError("far enough")

    # The package has a function of the module's name, which hides it from a dotted path.
    monkeypatch.setattr(import_module("awsbasics.collect"), "collect", gather)
    monkeypatch.setattr("awsbasics.session.open_session", lambda profile: None)
    assert "far enough" in run("collect", "-o", "s", *flags).output
    assert told == [bool(flags)]


@pytest.mark.parametrize("command", ["collect", "assess", "demo"])
def test_outputs_say_where_they_go(command: str) -> None:
    assert "--output" in run(command, "--help").output
