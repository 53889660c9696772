"""TMP.1: elevated access to production that does not end. It is 2026-11-01, 12:00."""

from pathlib import Path
from typing import Any

from awsbasics.engagement.model import Humans
from tests.recommendations.principal_rows import (
    MFA,
    SSO,
    Document,
    Tables,
    allow,
    arn,
    joined,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    PRODUCTION,
    engagement,
    failures,
    judged,
    results,
    statuses,
)

READS = allow(["s3:Get*", "s3:List*", "ec2:Describe*"])
CHANGES = allow("dynamodb:*")


def window(start: str | None, end: str | None) -> Document:
    bounds: dict[str, Any] = {}
    if start:
        bounds["DateGreaterThan"] = {"aws:CurrentTime": start}
    if end:
        bounds["DateLessThan"] = {"aws:CurrentTime": end}
    return bounds


def elevated(condition: Document | None = None, trusted: str = PRODUCTION) -> Tables:
    return role("fixer", CHANGES, account=PRODUCTION, trusts=trust(root(trusted), condition))


def person(condition: Document | None = None, account: str = PRODUCTION) -> Tables:
    target = arn("role", "fixer", PRODUCTION)
    return user("ada", READS, allow("sts:AssumeRole", target, condition), account=account)


def test_a_user_of_production_that_changes_things_fails() -> None:
    [found] = failures("TMP.1", user("ada", CHANGES, account=PRODUCTION))
    assert (found.resource, found.key) == (arn("user", "ada", PRODUCTION), "standing")
    assert found.facts["people"] == [f"ada ({PRODUCTION}): IAM user"]
    assert not found.facts["administrator"]


def test_a_user_that_reads_passes() -> None:
    assert statuses(results("TMP.1", user("ada", READS, account=PRODUCTION))) == ["ok"]


def test_other_environments_and_programs_are_not_looked_at() -> None:
    assert results("TMP.1", user("ada", CHANGES)) == []
    people = engagement(humans=Humans(exclude=("ci-*",)))
    rows = user("ci-1", CHANGES, account=PRODUCTION)
    assert results("TMP.1", rows, engagement=people) == []


def test_a_role_that_a_person_assumes_fails_though_it_needs_mfa() -> None:
    [found] = failures("TMP.1", joined(person(), elevated(MFA)))
    assert found.resource == arn("role", "fixer", PRODUCTION)
    assert found.facts["people"] == [f"ada ({PRODUCTION}): IAM user, assumes fixer"]
    assert "needs aws:MultiFactorAuthPresent" in found.title


def test_from_another_account_too() -> None:
    rows = joined(person(account=DEVELOPMENT), elevated(trusted=DEVELOPMENT))
    [found] = failures("TMP.1", rows)
    assert found.account_id == PRODUCTION


def test_a_window_in_force_is_not_standing() -> None:
    open_now = window("2026-11-01T08:00:00Z", "2026-11-01T16:00:00Z")
    assert not failures("TMP.1", joined(person(open_now), elevated()))
    assert not failures("TMP.1", joined(person(), elevated(open_now)))


def test_a_start_without_an_end_is_standing_once_it_is_past() -> None:
    begun = window("2026-10-01T00:00:00Z", None)
    assert len(failures("TMP.1", joined(person(begun), elevated()))) == 1
    coming = window("2027-10-01T00:00:00Z", None)
    assert not failures("TMP.1", joined(person(coming), elevated()))


def test_the_emergency_role_is_told_apart() -> None:
    emergency = role(
        "break-glass", allow("*"), account=PRODUCTION, trusts=trust(root(PRODUCTION), MFA)
    )
    enters = user("ada", allow("sts:AssumeRole"), account=PRODUCTION)
    assert statuses(results("TMP.1", joined(enters, emergency))) == ["ok", "ok"]


def test_people_of_identity_center_are_named_at_their_permission_set() -> None:
    [found] = failures("TMP.1", signs_in("kim", "operator", PRODUCTION, CHANGES))
    assert (found.account_id, found.resource) == (PRODUCTION, SSO)
    assert found.facts["people"] == ["kim: signs in with operator as a member of operators"]
    assert statuses(results("TMP.1", signs_in("kim", "reader", PRODUCTION, READS))) == ["ok"]


def test_more_may_be_expected_of_people() -> None:
    expects = engagement(expected_access={"production": "write"})
    writes = user("ada", allow("dynamodb:*Item"), account=PRODUCTION)
    assert len(failures("TMP.1", writes)) == 1
    assert not failures("TMP.1", writes, engagement=expects)
    power = user("ada", allow("*"), account=PRODUCTION)
    assert len(failures("TMP.1", power, engagement=expects)) == 1


def test_credentials_of_ones_own_are_no_elevation() -> None:
    own = allow(["iam:*AccessKey*", "iam:ChangePassword"], arn("user", "ada", PRODUCTION))
    assert not failures("TMP.1", user("ada", own, account=PRODUCTION))


def test_assignments_that_were_not_read_pass_nobody(tmp_path: Path) -> None:
    rows = user("ada", READS, account=PRODUCTION)
    found = judged("TMP.1", tmp_path, rows, ("sso_assignments", "*", "*"))
    assert {each.status for each in found} == {"unknown"}


def test_people_of_an_account_that_was_not_read_may_be_behind_a_role(tmp_path: Path) -> None:
    rows = elevated(trusted=DEVELOPMENT)
    found = judged("TMP.1", tmp_path, rows, ("iam_users", DEVELOPMENT, "*"))
    assert "people" in {each.key for each in found if each.status == "unknown"}
