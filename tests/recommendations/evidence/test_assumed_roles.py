"""ENG.11: who can become a role without a second factor."""

from pathlib import Path

import pytest

from tests.recommendations.principal_rows import (
    MFA,
    SSO,
    Document,
    Tables,
    allow,
    arn,
    deny,
    joined,
    role,
    root,
    signs_in,
    trust,
    user,
)
from tests.recommendations.support import (
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    failures,
    judged,
    results,
    statuses,
)

READS = allow("s3:Get*")
ASSUMES = allow("sts:AssumeRole")


def operator(trusts: Document | None = None, **more: str) -> Tables:
    rows = role("operator", READS, account=PRODUCTION, trusts=trusts or trust(root(DEVELOPMENT)))
    rows["iam_roles"][0].update(more)
    return rows


OPERATOR = arn("role", "operator", PRODUCTION)


def test_a_role_that_asks_for_nothing_fails_in_both_ways() -> None:
    [found] = failures("ENG.11", joined(user("ada", ASSUMES), operator()))
    assert (found.account_id, found.resource, found.key) == (PRODUCTION, OPERATOR, "mfa")
    assert found.facts == {"people": [f"ada ({DEVELOPMENT})"], "ways": ["console", "access_key"]}
    assert "1 person can assume role operator without MFA" in found.title


def test_a_role_that_asks_for_mfa_passes() -> None:
    rows = joined(user("ada", ASSUMES), operator(trust(root(DEVELOPMENT), MFA)))
    assert statuses(results("ENG.11", rows)) == ["ok"]


def test_a_trust_that_access_keys_escape_fails_for_them() -> None:
    weak = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}
    rows = joined(user("ada", ASSUMES), operator(trust(root(DEVELOPMENT), weak)))
    [found] = failures("ENG.11", rows)
    assert found.facts["ways"] == ["access_key"]


def test_a_deny_in_the_users_own_policies_is_enough() -> None:
    without = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
    rows = joined(user("ada", ASSUMES, deny("sts:AssumeRole", "*", without)), operator())
    assert statuses(results("ENG.11", rows)) == ["ok"]


def test_a_role_that_nobody_assumes_is_not_judged() -> None:
    assert results("ENG.11", joined(user("ada", READS), operator())) == []


def test_a_named_user_and_one_of_the_same_policies_are_told_apart() -> None:
    named = {"AWS": arn("user", "ada")}
    rows = joined(user("ada"), user("bob"), operator(trust(named)))
    own = joined(rows, user("ada", ASSUMES), user("bob", ASSUMES))
    [found] = failures("ENG.11", own)
    assert found.facts["people"] == [f"ada ({DEVELOPMENT})"]


@pytest.mark.parametrize("named", [root(DEVELOPMENT), "*"])
def test_a_condition_on_the_user_tells_apart_too(named: object) -> None:
    only = {"StringEquals": {"aws:username": "bob"}}
    rows = joined(user("ada", ASSUMES), user("bob", ASSUMES), operator(trust(named, only)))
    [found] = failures("ENG.11", rows)
    assert found.facts["people"] == [f"bob ({DEVELOPMENT})"]


@pytest.mark.parametrize(
    "resource",
    ["arn:aws:iam::*:role/${aws:username}", "arn:aws:iam::*:role/${aws:PrincipalTag/r}"],
)
def test_a_role_by_the_users_name_is_that_users_alone(resource: str) -> None:
    own = allow("sts:AssumeRole", resource)
    people = joined(*(user(name, own, tags={"r": name}) for name in ("ada", "bob")))
    trusts = trust(root(DEVELOPMENT))
    [found] = failures("ENG.11", joined(people, role("bob", READS, trusts=trusts)))
    assert found.facts["people"] == [f"bob ({DEVELOPMENT})"]


def test_all_users_of_one_group_are_counted() -> None:
    rows = joined(*(user(f"user-{n}", ASSUMES) for n in range(12)), operator())
    [found] = failures("ENG.11", rows)
    assert found.title.startswith("12 people can assume")
    assert len(found.facts["people"]) == 11


def test_single_sign_on_passes() -> None:
    found = results("ENG.11", signs_in("grace", "Operators", PRODUCTION, READS))
    assert [(each.status, each.account_id, each.resource) for each in found] == [
        ("ok", MANAGEMENT, SSO)
    ]


def test_provisioning_roles_and_the_organizations_own_are_left_alone() -> None:
    trusts = trust(root(DEVELOPMENT))
    own = role("OrganizationAccountAccessRole", READS, account=PRODUCTION, trusts=trusts)
    tower = role("AWSControlTowerExecution", READS, account=PRODUCTION, trusts=trusts)
    assert results("ENG.11", joined(user("ada", ASSUMES), own, tower)) == []


def test_a_policy_that_was_not_read_leaves_it_unknown() -> None:
    attached = {"principal_arn": arn("user", "ada"), "principal_type": "user"}
    rows = joined(
        user("ada", READS),
        operator(),
        {"iam_attachments": [{**attached, "policy_arn": arn("policy", "lost")}]},
    )
    [found] = results("ENG.11", rows)
    assert (found.status, found.resource) == ("unknown", arn("user", "ada"))


def test_people_of_an_account_that_was_not_read_are_not_known(tmp_path: Path) -> None:
    read = judged("ENG.11", tmp_path / "read", operator())
    assert [f.status for f in read] == ["not_applicable"]
    found = judged("ENG.11", tmp_path / "d", operator(), ("iam_users", DEVELOPMENT, "global"))
    by_key = {(f.key, f.account_id): f.status for f in found}
    assert by_key == {("people", PRODUCTION): "unknown", ("unread", DEVELOPMENT): "unknown"}
