"""What the assessment makes of checks: never a pass where something was not read."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from awsbasics import assessment as module
from awsbasics.assessment import Assessment, assess, parse_moment
from awsbasics.engagement import (
    Answer,
    Engagement,
    EnvironmentRule,
    ExceptionRule,
    Override,
)
from awsbasics.errors import UsageError
from awsbasics.facts import Facts
from awsbasics.findings import COLUMNS
from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    ok,
)
from awsbasics.snapshot import Snapshot
from tests.snapshots import MANAGEMENT, MEMBER, Unread, write_snapshot

USERS = ("iam_users",)
VPCS = ("ec2_vpcs",)
QUESTION = Question(
    "Who holds the keys?", (Choice("two", "Two people", "pass"), Choice("one", "One", "fail"))
)


def check(check_id: str = "TST.1", severity: Any = "high", **more: Any) -> Check:
    return Check(id=check_id, title="A check", severity=severity, remediation="Mend it.", **more)


def yields(*results: Result) -> Any:
    def run(_: Facts) -> Iterable[Result]:
        return iter(results)

    return run


def recommendation(*checks: Check, sandboxes: bool = True) -> Recommendation:
    return Recommendation(
        id="R99",
        prefix="TST",
        slug="test",
        title="Test",
        summary="",
        checks=checks,
        sandboxes=sandboxes,
    )


class Bench:
    """Assesses declared checks over a small snapshot."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.monkeypatch = monkeypatch
        self.count = 0

    def snapshot(self, unread: Unread | None = None, rows: Any = None) -> Snapshot:
        self.count += 1
        return write_snapshot(self.folder / f"s{self.count}", rows, unread=unread)

    def assess(
        self,
        *checks: Check,
        unread: Unread | None = None,
        engagement: Engagement | None = None,
        sandboxes: bool = True,
        rows: Any = None,
        **more: Any,
    ) -> Assessment:
        self.monkeypatch.setattr(
            module, "RECOMMENDATIONS", (recommendation(*checks, sandboxes=sandboxes),)
        )
        return assess(self.snapshot(unread, rows), engagement, **more)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def rating(assessment: Assessment) -> str:
    return str(assessment.ratings.loc[0, "rating"])


def statuses(assessment: Assessment) -> list[str]:
    return sorted(assessment.findings["status"])


def test_passes_are_one_row_for_each_account_and_region_with_the_count(bench: Bench) -> None:
    run = yields(ok(MEMBER, "a"), ok(MEMBER, "b"), ok(MANAGEMENT, "c"))
    done = bench.assess(check(tables=USERS, run=run))

    findings = done.findings.set_index("account_id")
    assert list(done.findings["status"]) == ["pass", "pass"]
    assert findings.loc[MEMBER, "title"] == "2 passed."
    assert (rating(done), done.ratings.loc[0, "passed"], done.ratings.loc[0, "in_scope"]) == (
        "met",
        3,
        3,
    )


def test_a_denied_table_turns_a_pass_into_unknown_only_where_it_was_denied(bench: Bench) -> None:
    run = yields(ok(MEMBER), ok(MANAGEMENT))
    done = bench.assess(check(tables=USERS, run=run), unread={("iam_users", MEMBER, "*"): "denied"})

    by_account = done.findings.set_index("account_id")["status"]
    assert by_account.to_dict() == {MEMBER: "unknown", MANAGEMENT: "pass"}
    assert rating(done) == "not_assessed"
    assert done.ratings.loc[0, "confidence"] == 0.5


@pytest.mark.parametrize(
    "status", ["partial", "denied", "scp_denied", "throttled", "unsupported", "not_read", "error"]
)
def test_nothing_but_ok_and_empty_counts_as_read(bench: Bench, status: Any) -> None:
    done = bench.assess(
        check(tables=USERS, run=yields(ok(MEMBER))), unread={("iam_users", MEMBER, "*"): status}
    )
    assert "pass" not in statuses(done)
    assert rating(done) == "not_assessed"


def test_a_table_without_any_coverage_row_was_not_read(bench: Bench) -> None:
    bench.monkeypatch.setattr(
        module, "RECOMMENDATIONS", (recommendation(check(tables=USERS, run=yields(ok(MEMBER)))),)
    )
    snapshot = bench.snapshot()
    snapshot.__dict__["coverage"] = snapshot.coverage[snapshot.coverage["table"] != "iam_users"]
    assert rating(assess(snapshot)) == "not_assessed"


def test_a_failure_that_may_be_missing_evidence_is_unknown(bench: Bench) -> None:
    unread: Unread = {("iam_users", MEMBER, "*"): "denied"}
    done = bench.assess(
        check(tables=USERS, run=yields(fail(MEMBER, "a", title="No users."))), unread=unread
    )
    assert statuses(done) == ["unknown"]


def test_a_failure_that_holds_by_itself_stays_beside_the_unknown(bench: Bench) -> None:
    unread: Unread = {("iam_users", MEMBER, "*"): "partial"}
    run = yields(fail(MEMBER, "a", title="Open."), ok(MEMBER, "b"))
    done = bench.assess(check(tables=USERS, absence=(), run=run), unread=unread)
    assert statuses(done) == ["fail", "unknown"]
    assert rating(done) == "not_met"


def test_one_unread_region_leaves_the_others_their_passes(bench: Bench) -> None:
    run = yields(ok(MEMBER, region="us-east-1"), ok(MEMBER, region="eu-west-1"), ok(MEMBER))
    done = bench.assess(
        check(tables=VPCS, run=run), unread={("ec2_vpcs", MEMBER, "eu-west-1"): "denied"}
    )
    passed = done.findings[done.findings["status"] == "pass"]
    assert list(passed["region"]) == ["us-east-1"]


@pytest.mark.parametrize("status", ["region_off", "scp_denied"])
def test_a_closed_region_is_out_of_scope(bench: Bench, status: Any) -> None:
    unread: Unread = {("*", MEMBER, "eu-west-1"): status}
    done = bench.assess(
        check(tables=VPCS, run=yields(ok(MEMBER, region="us-east-1"))), unread=unread
    )
    assert (rating(done), statuses(done)) == ("met", ["pass"])


def test_one_table_that_an_scp_denies_does_not_close_the_region(bench: Bench) -> None:
    unread: Unread = {("ec2_vpcs", MEMBER, "eu-west-1"): "scp_denied"}
    done = bench.assess(
        check(tables=VPCS, run=yields(ok(MEMBER, region="us-east-1"))), unread=unread
    )
    assert rating(done) == "not_assessed"


def test_an_unread_organization_table_leaves_no_pass_anywhere(bench: Bench) -> None:
    run = yields(ok(MEMBER), ok(MANAGEMENT))
    done = bench.assess(
        check(tables=("organizations_accounts",), run=run),
        unread={("organizations_accounts", "*", "*"): "denied"},
    )
    assert statuses(done) == ["unknown"]


def test_a_home_check_does_not_mind_what_members_deny(bench: Bench) -> None:
    unread: Unread = {("iam_users", MEMBER, "*"): "denied"}
    done = bench.assess(
        check(tables=USERS, home_only=True, run=yields(ok(MANAGEMENT))), unread=unread
    )
    assert rating(done) == "met"


def test_a_check_that_raises_is_unknown_and_keeps_only_what_failed(bench: Bench) -> None:
    def run(_: Facts) -> Iterable[Result]:
        yield ok(MEMBER, "a")
        yield fail(MEMBER, "b", title="Bad.")
        raise ValueError("a surprise")

    done = bench.assess(check(tables=USERS, run=run))
    assert statuses(done) == ["fail", "unknown"]
    unknown = done.findings[done.findings["status"] == "unknown"].iloc[0]
    assert "ValueError" in str(unknown["title"])
    assert "a surprise" not in str(unknown["title"])  # it may name paths of this machine


def test_a_check_that_is_not_written_is_named_and_never_met(bench: Bench) -> None:
    done = bench.assess(check("TST.1", run=yields(ok(MEMBER))), check("TST.2", "low"))
    assert rating(done) == "not_assessed"
    assert done.ratings.loc[0, "not_written"] == 1
    assert "not written" in str(done.findings.set_index("check").loc["TST.2", "title"])


def test_nothing_in_scope_is_not_applicable(bench: Bench) -> None:
    done = bench.assess(check(tables=USERS, run=yields()))
    assert (rating(done), statuses(done)) == ("not_applicable", ["not_applicable"])


@pytest.mark.parametrize(
    ("severity", "expected"),
    [("critical", "not_met"), ("high", "not_met"), ("medium", "partly_met"), ("low", "partly_met")],
)
def test_the_severity_of_what_fails_decides(bench: Bench, severity: Any, expected: str) -> None:
    run = yields(ok(MEMBER), fail(MEMBER, "a", title="Bad."))
    assert rating(bench.assess(check(severity=severity, run=run))) == expected


def test_a_heavy_unknown_weighs_more_than_a_light_failure(bench: Bench) -> None:
    light = check("TST.1", "low", run=yields(fail(MEMBER, title="Bad.")))
    assert rating(bench.assess(light, check("TST.2", "high"))) == "not_assessed"
    assert rating(bench.assess(light, check("TST.2", "medium"))) == "partly_met"


def test_a_context_that_lowers_a_failure_lowers_the_rating(bench: Bench) -> None:
    run = yields(fail(MEMBER, title="Bad.", severity="low"))
    assert rating(bench.assess(check(severity="critical", run=run))) == "partly_met"


@pytest.mark.parametrize(
    ("choice", "status", "expected"),
    [
        (None, "ask", "not_assessed"),
        ("two", "pass", "met"),
        ("one", "fail", "not_met"),
        ("dont_know", "unknown", "not_assessed"),
    ],
)
def test_a_question_is_judged_by_its_answer(
    bench: Bench, choice: Any, status: str, expected: str
) -> None:
    answers = {"TST.1": Answer(choice=choice)} if choice else {}
    done = bench.assess(check(question=QUESTION), engagement=Engagement(answers=answers))
    assert (statuses(done), rating(done)) == ([status], expected)


def test_an_answer_and_the_facts_both_count(bench: Bench) -> None:
    one = check(question=QUESTION, run=yields(fail(MEMBER, "thing", title="T")))
    answers = {"TST.1": Answer(choice="two")}
    assert statuses(bench.assess(one)) == ["ask", "fail"]
    assert statuses(bench.assess(one, engagement=Engagement(answers=answers))) == ["fail", "pass"]


def test_a_bad_answer_stands_where_the_facts_were_not_read(bench: Bench) -> None:
    one = check(question=QUESTION, run=yields(ok(MANAGEMENT)), tables=USERS)
    unread: Unread = {("iam_users", account, "*"): "denied" for account in (MANAGEMENT, MEMBER)}
    answers = {"TST.1": Answer(choice="one")}
    done = bench.assess(one, unread=unread, engagement=Engagement(answers=answers))
    assert statuses(done) == ["fail", "unknown", "unknown"]


def test_a_good_answer_passes_only_where_nothing_that_could_contradict_it_is_missing(
    bench: Bench,
) -> None:
    one = check(question=QUESTION, run=yields(), tables=USERS)
    answers = {"TST.1": Answer(choice="two")}
    done = bench.assess(
        one, unread={("iam_users", MEMBER, "*"): "denied"}, engagement=Engagement(answers=answers)
    )
    assert statuses(done) == ["unknown"]


def sandbox(sandboxes: bool | None = None) -> tuple[Check, Engagement]:
    rules = (EnvironmentRule(account=MEMBER, environment="sandbox"),)
    run = yields(ok(MANAGEMENT), fail(MEMBER, "a", title="Bad."))
    return check(run=run, tables=USERS, sandboxes=sandboxes), Engagement(environments=rules)


def test_sandboxes_are_left_out_where_the_recommendation_says_so(bench: Bench) -> None:
    declared, engagement = sandbox()
    rows = {
        "organizations_accounts": [
            {"id": MEMBER, "name": "play", "ou_path": "", "is_management": False}
        ]
    }
    unread: Unread = {("iam_users", MEMBER, "*"): "denied"}
    out = bench.assess(declared, engagement=engagement, sandboxes=False, unread=unread, rows=rows)
    assert (statuses(out), rating(out)) == (["pass"], "met")

    declared, engagement = sandbox(sandboxes=True)
    kept = bench.assess(declared, engagement=engagement, sandboxes=False, rows=rows)
    assert statuses(kept) == ["fail", "pass"]


def exception(expires: date, resource: str = "arn:*") -> Engagement:
    rule = ExceptionRule(
        check="TST.1",
        match={"resource": resource},
        reason="old system",
        owner="ann",
        expires=expires,
    )
    return Engagement(exceptions=(rule,))


def bad() -> Check:
    return check(run=yields(fail(MEMBER, "arn:aws:x", title="Bad."), ok(MEMBER)))


def test_an_accepted_exception_counts_until_it_expires(bench: Bench) -> None:
    done = bench.assess(bad(), engagement=exception(date(2026, 12, 31)), as_of="2026-11-01")
    assert (statuses(done), rating(done)) == (["excepted", "pass"], "met")
    assert done.ratings.loc[0, "excepted"] == 1
    assert list(done.exceptions["state"]) == ["active"]

    late = bench.assess(
        bad(), engagement=exception(date(2026, 12, 31)), as_of="2027-01-01T00:00:01Z"
    )
    assert rating(late) == "not_met"
    assert list(late.exceptions["state"]) == ["expired"]
    assert "old system" in str(late.findings.set_index("status").loc["fail", "evidence"])


def test_an_exception_that_matches_nothing_is_reported(bench: Bench) -> None:
    done = bench.assess(bad(), engagement=exception(date(2027, 1, 1), resource="nothing"))
    assert list(done.exceptions["state"]) == ["unmatched"]


def test_the_assessors_rating_stands_beside_the_evidences(bench: Bench) -> None:
    engagement = Engagement(overrides={"R99": Override(rating="partly_met", reason="on its way")})
    row = bench.assess(bad(), engagement=engagement).ratings.loc[0]
    assert (row["rating"], row["override"], row["override_reason"]) == (
        "not_met",
        "partly_met",
        "on its way",
    )


def test_ids_do_not_depend_on_wording_and_tell_findings_apart(bench: Bench) -> None:
    def ids(title: str, keys: Sequence[str]) -> list[str]:
        run = yields(*(fail(MEMBER, "a", title=title, key=key) for key in keys))
        return list(bench.assess(check(run=run)).findings["id"])

    assert ids("one way", ["x", "y"]) == ids("another way", ["x", "y"])
    assert len(set(ids("t", ["x", "y"]))) == 2
    # sha256 of "TST.1|000000000012|global|a|x", as the design lays down
    assert ids("t", ["x"]) == ["c055a97ddd7b0e69"]


@pytest.mark.parametrize("facts", [{None: 1, "a": 2}, {1: "x", "b": {2, 3}}, {"when": object()}])
def test_evidence_of_any_shape_is_kept_and_crashes_nothing(bench: Bench, facts: Any) -> None:
    done = bench.assess(check(run=yields(fail(MEMBER, "a", title="Bad.", facts=facts))))
    assert json.loads(str(done.findings.loc[0, "evidence"]))


def test_the_columns_are_the_designs(bench: Bench) -> None:
    done = bench.assess(bad())
    assert list(done.findings.columns) == list(COLUMNS)
    assert COLUMNS == (
        "id", "recommendation", "check", "key", "status", "severity", "account_id", "region",
        "resource", "application", "team", "environment", "title", "evidence", "remediation",
        "first_seen",
    )  # fmt: skip
    assert list(bench.assess().findings.columns) == list(COLUMNS)


def test_unassessed_names_check_table_place_and_reason(bench: Bench) -> None:
    done = bench.assess(
        check(tables=USERS, run=yields()), unread={("iam_users", MEMBER, "*"): "denied"}
    )
    assert done.unassessed.to_dict("records") == [
        {
            "recommendation": "R99",
            "check": "TST.1",
            "account_id": MEMBER,
            "region": "global",
            "table": "iam_users",
            "status": "denied",
            "error_code": "Planted",
            "error_message": "planted by a test",
        }
    ]


def test_changes_are_failures_new_or_gone_and_not_what_could_not_be_seen(bench: Bench) -> None:
    def run(facts: Facts) -> Iterable[Result]:
        for name in facts.frame("iam_users")["name"]:
            yield fail(MANAGEMENT, name, title="Bad.")

    declared = check(tables=USERS, absence=(), run=run)
    old = bench.snapshot(rows={"iam_users": [{"name": "ann"}, {"name": "bob"}]})
    done = bench.assess(declared, rows={"iam_users": [{"name": "bob"}, {"name": "eve"}]}, since=old)
    assert done.changes is not None
    assert dict(zip(done.changes["resource"], done.changes["change"], strict=True)) == {
        "eve": "new",
        "ann": "gone",
    }

    blind = bench.snapshot(unread={("iam_users", MANAGEMENT, "*"): "denied"})
    done = bench.assess(declared, rows={"iam_users": [{"name": "bob"}]}, since=blind)
    assert done.changes is not None
    assert done.changes.empty


def test_accounts_and_recommendations_can_be_chosen(bench: Bench) -> None:
    run = yields(ok(MEMBER), ok(MANAGEMENT))
    done = bench.assess(check(tables=USERS, run=run), accounts=[MEMBER])
    assert MEMBER in set(done.findings["account_id"])
    with pytest.raises(UsageError, match="is not in the snapshot"):
        bench.assess(check(), accounts=["222222222222"])
    with pytest.raises(UsageError, match="no recommendation R98"):
        bench.assess(check(), only=["R98"])


def test_as_of_is_the_end_of_the_gather_unless_given(bench: Bench) -> None:
    done = bench.assess(check())
    assert done.as_of == done.facts.snapshot.finished
    assert str(parse_moment("2026-11-01T12:00:00+02:00")) == "2026-11-01 10:00:00+00:00"
    with pytest.raises(UsageError, match="is not a time"):
        parse_moment("yesterday-ish")
