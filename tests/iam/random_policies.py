"""Random policies, requests and contexts in which most things meet, made from one seed.

Names are few, so that statements of one random case are about the same actions, resources and
keys; `POOL` has values for every key, among them none, that take all sides of the conditions.
A seed costs hypothesis far less than drawing every name: it buys many more cases a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from awsbasics.iam import Request

LEAN = settings(max_examples=150, deadline=None)
THOROUGH = settings(max_examples=1000, deadline=None)

HOME, AWAY = "111122223333", "444455556666"
USER = f"arn:aws:iam::{HOME}:user/ann"
ROLE = f"arn:aws:iam::{HOME}:role/app"
PRINCIPALS = (
    USER,
    ROLE,
    f"arn:aws:sts::{HOME}:assumed-role/app/s",
    f"arn:aws:iam::{HOME}:root",
    f"arn:aws:sts::{HOME}:federated-user/guest",
    f"arn:aws:iam::{AWAY}:role/audit",
    "ec2.amazonaws.com",
    "*",
)
ACTIONS = ("s3:GetObject", "s3:PutObject", "sts:AssumeRole", "kms:Decrypt")
RESOURCES = (
    "arn:aws:s3:::data/ann/x",
    "arn:aws:s3:::data/k",
    f"arn:aws:iam::{HOME}:role/target",
    f"arn:aws:kms:eu-west-1:{HOME}:key/1",
)
REGION, TAGS, MFA = "aws:RequestedRegion", "aws:TagKeys", "aws:MultiFactorAuthPresent"
ADDRESS, SIZE, TIME = "aws:SourceIp", "s3:max-keys", "aws:CurrentTime"
POOL: dict[str, list[Any]] = {
    REGION: [None, "eu-west-1", "us-east-1", "eu-north-1", "EU-WEST-1", "eu-*", "x", ""],
    TAGS: [None, [], ["a"], ["b"], ["ab"], ["a", "b"], ["b", "c"], ["c"], ["a", "ab", "c"]],
    MFA: [None, "true", "false"],
    ADDRESS: [None, "10.0.0.1", "10.200.0.1", "192.0.2.1", "::1", "2001:db8::1"],
    SIZE: [None, "1", "5", "7.5", "10", "100"],
    TIME: [None, "2025-01-01", "2026-01-01T00:00:00Z", "2026-06-01", "2027-01-01"],
}
_OPERATORS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    REGION: (
        (
            "StringEquals",
            "StringLike",
            "StringNotEquals",
            "StringNotLike",
            "StringEqualsIgnoreCase",
        ),
        ("eu-west-1", "us-east-1", "eu-*", "*-1", "${aws:username}"),
    ),
    TAGS: (
        tuple(
            f"{quantifier}:{name}"
            for quantifier in ("ForAllValues", "ForAnyValue")
            for name in ("StringEquals", "StringLike", "StringNotEquals")
        ),
        ("a", "b", "a*"),
    ),
    MFA: (("Bool",), ("true", "false")),
    ADDRESS: (("IpAddress", "NotIpAddress"), ("10.0.0.0/8", "10.128.0.0/9", "::/0", "192.0.2.1")),
    SIZE: (("NumericEquals", "NumericLessThan", "NumericGreaterThanEquals"), ("5", "10")),
    TIME: (("DateLessThan", "DateGreaterThan", "DateNotEquals"), ("2026-01-01", "2026-12-31")),
}


@dataclass(frozen=True)
class Scenario:
    """A request, the layers that it meets, and a context with a word on every key of `POOL`."""

    request: Request
    layers: dict[str, Any]
    context: dict[str, Any]
    statement: dict[str, Any]
    policy: dict[str, Any]
    random: Random


def scenarios() -> st.SearchStrategy[Scenario]:
    """Scenarios with everything but RCPs, for which a service may be unknown.

    `statement` and `policy` are spare ones, to be added; `random` is the case's own.
    """
    return st.integers(0, 2**40).map(_scenario)


def _scenario(seed: int) -> Scenario:
    random = Random(seed)  # noqa: S311 — for variety, not for secrets
    layers: dict[str, Any] = {"identity": _several(random)}
    if random.random() < 0.4:
        layers["boundary"] = _several(random)
    if random.random() < 0.2:
        layers["session"] = _several(random)
    if random.random() < 0.4:
        layers["scps"] = [_several(random) for _ in range(random.randint(1, 2))]
    if random.random() < 0.5:
        layers["resource_policy"] = _policy(random, principal=True)
    return Scenario(
        request=_request(random),
        layers=layers,
        context={key: random.choice(values) for key, values in POOL.items()},
        statement=_statement(random),
        policy=_policy(random),
        random=random,
    )


def _request(random: Random) -> Request:
    known = [key for key in POOL if random.random() < 0.3]
    return Request(
        principal=random.choice(PRINCIPALS),
        action=random.choice(ACTIONS),
        resource=random.choice(RESOURCES),
        resource_account=random.choice([None, None, HOME]),
        context={key: random.choice(POOL[key]) for key in known},
    )


def _several(random: Random) -> list[dict[str, Any]]:
    return [_policy(random) for _ in range(random.randint(1, 2))]


def _policy(random: Random, *, principal: bool = False) -> dict[str, Any]:
    statements = [_statement(random, principal=principal) for _ in range(random.randint(1, 3))]
    return {"Version": "2012-10-17", "Statement": statements}


def _statement(random: Random, *, principal: bool = False) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": random.choice(["Allow", "Allow", "Deny"])}
    action = random.choice(["Action", "Action", "NotAction"])
    statement[action] = _some(random, (*ACTIONS, "s3:*", "*", "*", "*:Get?bject"))
    resource = random.choice(["Resource", "Resource", "NotResource"])
    patterns = (*RESOURCES, "*", "*", "arn:aws:s3:::data/*", "arn:aws:s3:::data/${aws:username}/*")
    statement[resource] = _some(random, patterns)
    if principal:
        someone = {"AWS": _some(random, (*PRINCIPALS[:6], HOME, AWAY))}
        who = random.choice(["*", someone, someone, {"Service": PRINCIPALS[6]}])
        statement[random.choice(["Principal", "Principal", "NotPrincipal"])] = who
    condition = _condition(random)
    return {**statement, "Condition": condition} if condition else statement


def _condition(random: Random) -> dict[str, Any]:
    block: dict[str, Any] = {}
    for key in random.sample(list(_OPERATORS), random.choice([0, 0, 1, 1, 2])):
        operators, values = _OPERATORS[key]
        name = random.choice([*operators, *operators, "Null"])
        if name == "Null":
            block.setdefault(name, {})[key] = random.choice(["true", "false"])
        else:
            name += random.choice(["", "", "IfExists"])
            block.setdefault(name, {})[key] = _some(random, values)
    return block


def _some(random: Random, values: Sequence[str]) -> list[str]:
    return random.sample(values, random.randint(1, 2))
