"""Who can do an action to resources: the same as asking for each pair, with few questions."""

from typing import Any

import pytest

from awsbasics.iam import Request, evaluate
from awsbasics.recommendations.evidence.reach import Outsider, Reach
from tests.recommendations.principal_rows import (
    Document,
    Tables,
    allow,
    arn,
    deny,
    joined,
    organization,
    role,
    root,
    user,
)
from tests.recommendations.secret_rows import KEY, key, lets_in, secret, secret_arn
from tests.recommendations.support import DEVELOPMENT, MANAGEMENT, PRODUCTION, facts_of

GET = "secretsmanager:GetSecretValue"
NAMED = arn("role", "named", PRODUCTION)
STRANGER = "999999999999"

PRINCIPALS = joined(
    organization(deny(GET, "*", {"StringEquals": {"aws:PrincipalTag/team": "out"}})),
    role("administrator", allow("*"), account=PRODUCTION),
    role("all", allow("secretsmanager:*"), account=PRODUCTION),
    role("exact", allow(GET, secret_arn("prod/a/1")), account=PRODUCTION),
    role("pattern", allow(GET, secret_arn("prod/a/*")), account=PRODUCTION),
    role("odd-pattern", allow(GET, "arn:*:secret:prod/?/2*"), account=PRODUCTION),
    role("by-tag", allow(GET, secret_arn("prod/${aws:PrincipalTag/app}/*")), account=PRODUCTION,
         tags={"app": "b"}),
    role("out", allow("*"), account=PRODUCTION, tags={"team": "out"}),
    role("denied", allow(GET), deny(GET, secret_arn("prod/a/*")), account=PRODUCTION),
    role("rest", {"Effect": "Allow", "Action": GET, "NotResource": secret_arn("prod/a/1")},
         account=PRODUCTION),
    role("none", allow("s3:*"), account=PRODUCTION),
    role("named", account=PRODUCTION),
    role("linked", allow(GET), account=PRODUCTION, path="/aws-service-role/x.amazonaws.com/"),
    user("ada", allow(GET, "*", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
         account=PRODUCTION),
    role("abroad", allow("*")),
    role("abroad-too", allow("s3:*")),
)  # fmt: skip
POLICIES: list[Document | None] = [
    None,
    lets_in({"AWS": NAMED}),
    lets_in(root(PRODUCTION)),
    lets_in(root(DEVELOPMENT)),
    lets_in({"AWS": [arn("role", "abroad-too"), arn("role", "abroad")]}),
    lets_in("*", Effect="Deny"),
    lets_in({"AWS": arn("role", "all", PRODUCTION)}, Effect="Deny"),
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Deny",
            "NotPrincipal": {"AWS": [arn("role", "all", PRODUCTION), NAMED]},
            "Action": GET,
            "Resource": "*",
        },
    },
]


def pairs(rows: Tables) -> set[tuple[str, str]]:
    facts = facts_of(rows)
    reach = Reach(facts.permissions, GET)
    things = [each.thing for each in facts.secrets]
    found = [(thing, reader) for thing, reader in reach.inside(things)]
    found += [(thing, reader) for thing in things for reader in reach.across(thing)]
    every = [(reader.principal.name, thing.target.arn) for thing, reader in found]
    assert len(every) == len(set(every))
    return set(every)


def asked_one_by_one(rows: Tables) -> set[tuple[str, str]]:
    facts = facts_of(rows)
    return {
        (principal.name, each.arn)
        for principal in facts.permissions.estate.principals.values()
        for each in facts.secrets
        if not principal.is_service_linked
        and "deny"
        not in evaluate(
            Request(principal.arn, GET, each.arn, each.account_id, dict(principal.known)),
            identity=principal.identity,
            scps=principal.guards,
            resource_policy=each.thing.target.policy,
        ).outcome
    }


@pytest.mark.parametrize("policy_", POLICIES)
def test_it_is_the_same_as_asking_for_each_pair(policy_: Document | None) -> None:
    names = ("prod/a/1", "prod/a/2", "prod/b/2", "other")
    # A customer's key that is open to all: what it decides is tested below.
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    secrets = [secret(name, resource_policy=policy_, kms_key_id=KEY) for name in names]
    rows = joined(PRINCIPALS, *secrets, key({"Statement": anybody}))
    found = pairs(rows)
    assert found == asked_one_by_one(rows)
    denies_all = policy_ == lets_in("*", Effect="Deny")
    assert bool(found) is not denies_all


@pytest.mark.parametrize(
    ("more", "reads"),
    [
        ({"Principal": root(PRODUCTION)}, False),  # hands on to policies, which do not allow it
        ({"Principal": {"AWS": arn("role", "exact", PRODUCTION)}}, True),
        (
            {"Principal": "*", "Condition": {"StringEquals": {"kms:CallerAccount": PRODUCTION}}},
            True,
        ),
        ({"Principal": "*", "Condition": {"StringEquals": {"kms:CallerAccount": STRANGER}}}, False),
        ({"Principal": "*", "Condition": {"StringLike": {"kms:ViaService": "secrets*"}}}, True),
        ({"Principal": "*", "Condition": {"StringLike": {"kms:ViaService": "s3*"}}}, False),
    ],
)
def test_the_policy_of_a_customers_key_decides_too(more: dict[str, Any], reads: bool) -> None:
    statement = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", **more}
    exact = role("exact", allow(GET, secret_arn("prod/a/1")), account=PRODUCTION)
    for name in (KEY, "1", "alias/secrets"):
        rows = joined(exact, secret("prod/a/1", kms_key_id=name), key({"Statement": statement}))
        assert bool(pairs(rows)) is reads


def test_principals_of_one_profile_are_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = allow(GET, secret_arn("prod/*"))
    readers = [role(f"r{n}", reads, account=PRODUCTION) for n in range(20)]
    facts = facts_of(joined(*readers, secret("prod/a/1")))
    asked = []

    def counted(*given: Any, **more: Any) -> Any:
        asked.append(given)
        return evaluate(*given, **more)

    monkeypatch.setattr("awsbasics.iam.access.evaluate", counted)
    found = list(Reach(facts.permissions, GET).inside(each.thing for each in facts.secrets))
    assert (len(found), len(asked)) == (20, 1)


def test_whom_a_policy_for_everybody_lets_in_is_told_of_those_asked_about() -> None:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    opened = secret(resource_policy=lets_in("*"), kms_key_id=KEY)
    facts = facts_of(joined(PRINCIPALS, opened, key({"Statement": anybody})))
    [thing] = [each.thing for each in facts.secrets]
    abroad = [p for p in facts.permissions.estate.principals.values() if p.name == "abroad"]
    assert not list(Reach(facts.permissions, GET).across(thing))
    some = Reach(facts.permissions, GET, abroad)
    assert [each.principal for each in some.across(thing)] == abroad


def outsiders(policy_: Document) -> list[Outsider]:
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    rows = joined(
        organization(members=(DEVELOPMENT, PRODUCTION)),
        secret(resource_policy=policy_, kms_key_id=KEY),
        key({"Statement": anybody}),
    )
    facts = facts_of(rows)
    return Reach(facts.permissions, GET).outsiders(facts.secrets[0].thing)


@pytest.mark.parametrize(
    ("principal", "condition", "kinds"),
    [
        ("*", None, {"public", "organization", "inside"}),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"organization", "inside"}),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-2"}}, set()),
        ("*", {"StringEquals": {"aws:PrincipalAccount": DEVELOPMENT}}, {"account"}),
        ("*", {"StringEquals": {"aws:PrincipalAccount": PRODUCTION}}, {"inside"}),
        ("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x-*"}}, {"public"}),
        ({"AWS": STRANGER}, None, {"account"}),
        ({"AWS": [f"arn:aws:iam::{STRANGER}:user/eve", NAMED]}, None, {"account"}),
        ({"AWS": NAMED}, None, set()),
        (root(PRODUCTION), None, set()),
        ({"Service": "lambda.amazonaws.com"}, None, set()),
    ],
)
def test_whom_a_policy_lets_in_together(
    principal: Any, condition: Document | None, kinds: set[str]
) -> None:
    assert {each.kind for each in outsiders(lets_in(principal, condition))} == kinds


def test_an_outsider_comes_with_the_names_it_goes_by() -> None:
    eve = f"arn:aws:iam::{STRANGER}:user/eve"
    [found] = outsiders(lets_in({"AWS": [eve, NAMED]}))
    assert (found.account_id, found.names) == (STRANGER, (eve,))


def test_a_condition_on_what_is_not_known_is_a_condition() -> None:
    [found] = outsiders(
        lets_in(root(MANAGEMENT), {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}})
    )
    assert found.verdict.status.name == "CONDITIONAL"
