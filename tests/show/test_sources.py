"""A notebook's parameters: six plain strings, and one line that says what is wrong with them."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.errors import AwsbasicsError, EngagementError, SnapshotError, UsageError
from awsbasics.show.sources import PARAMETERS, Parameters, Sources, check_names
from tests.example import PRODUCTION, SANDBOX, write_engagement, write_example
from tests.snapshots import MEMBER, write_snapshot


@pytest.mark.parametrize("name", PARAMETERS)
def test_each_parameter_must_be_text(name: str) -> None:
    given: dict[str, Any] = {"snapshot": "here", name: 12}
    with pytest.raises(UsageError, match=f"{name} must be text, not int.*-r {name}"):
        Parameters(**given)


def test_without_a_snapshot_it_says_what_to_set() -> None:
    with pytest.raises(UsageError, match="awsbasics collect -o"):
        Parameters()


def test_redaction_is_refused_and_never_ignored() -> None:
    with pytest.raises(UsageError, match="redact"):
        Parameters(snapshot="here", redact="yes")


def test_account_ids_keep_their_zeros() -> None:
    parameters = Parameters(snapshot="here", accounts="000000000012, 222222222222,")
    assert parameters.account_ids == ("000000000012", "222222222222")


@pytest.mark.parametrize("text", ["12", "0000000000123", "a00000000012", "٠٠٠٠٠٠٠٠٠٠١٢"])
def test_what_is_no_account_id_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a 12-digit account id"):
        _ = Parameters(snapshot="here", accounts=text).account_ids


def test_only_the_six_names_may_be_handed_over() -> None:
    check_names(PARAMETERS)
    with pytest.raises(UsageError, match="is no parameter"):
        check_names(["snapshot", "x = __import__('os').system('true') #"])


def test_everything_that_cannot_be_read_is_told_at_once(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "s")
    snapshot = str(tmp_path / "s")
    bad = write_engagement(tmp_path / "bad.yml", "client: [")

    with pytest.raises(SnapshotError, match="does not exist"):
        Sources(Parameters(snapshot=str(tmp_path / "nowhere"))).open()
    with pytest.raises(SnapshotError, match="does not exist"):
        Sources(Parameters(snapshot=snapshot, since=str(tmp_path / "nowhere"))).open()
    with pytest.raises(EngagementError):
        Sources(Parameters(snapshot=snapshot, engagement=str(bad))).open()


def test_accounts_and_time_limit_the_assessment(tmp_path: Path) -> None:
    write_example(tmp_path / "s")
    parameters = Parameters(
        snapshot=str(tmp_path / "s"), accounts=f"{MEMBER},{SANDBOX}", as_of="2026-12-24"
    )
    done = Sources(parameters).assess(only=("R04",))

    assert done.facts.accounts == (MEMBER, SANDBOX)
    assert f"{done.as_of:%Y-%m-%d}" == "2026-12-24"
    assert PRODUCTION not in set(done.findings["account_id"])


def test_a_notebook_shows_the_kits_own_errors_in_one_line() -> None:
    assert UsageError("what to do")._render_traceback_() == ["UsageError: what to do"]
    assert issubclass(UsageError, AwsbasicsError)
