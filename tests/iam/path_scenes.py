"""An account for each declared path, in which it leads up for who holds what it needs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from awsbasics.iam.estate import Carrier, Estate, Group, MaybePolicy, Principal
from awsbasics.iam.paths import Gain, On, Path, escalation_path_declarations
from tests.iam.estates import (
    ACCOUNT,
    ADMINISTRATOR,
    allow,
    arn,
    estate,
    policy,
    role,
    statuses,
    user,
)

PATHS = tuple(escalation_path_declarations().values())
SOURCE = "source"
OWN, THEIRS, LIMIT = arn("policy", "own"), arn("policy", "theirs"), arn("policy", "limit")
SAML, OIDC = arn("saml-provider", "corp"), arn("oidc-provider", "host")
EVERYTHING = policy(allow("*"), name="FullAWSAccess")
BOUNDED = {Gain.UNBOUND}
# One that is kept by its boundary alone holds everything, in whatever words.
UNHELD = [path for path in PATHS if path.gain not in BOUNDED]
# Whoever owns the resource that exists names it: another one is no way.
NAMED = {On.SELF, On.TARGET, On.PASSED, On.GROUP, On.POLICY, On.BOUNDARY, On.PROVIDER, On.ASSUME}


def actions_of(path: Path) -> list[str]:
    return [need.action for need in path.needs]


def scene(path: Path, *held: MaybePolicy, **more: Any) -> tuple[Estate, Principal]:
    """An account in which the path leads up, if the source holds what it needs."""
    source = source_of(path, *held, **more)
    target = target_of(path, source)
    things: dict[str, Any] = {
        "groups": {
            arn("group", "mine"): Group(arn("group", "mine"), ACCOUNT, "mine"),
            arn("group", "admins"): Group(
                arn("group", "admins"), ACCOUNT, "admins", (ADMINISTRATOR,)
            ),
        },
        "customer_policies": {OWN: "v2", THEIRS: "v1", LIMIT: "v1"},
        "profiles": {arn("instance-profile", "p"): (target.arn,)},
        "management_account_id": ACCOUNT,
        "instance_of_identity_center": ("arn:aws:sso:::instance/ssoins-1",),
        "root_sessions": True,
        "accounts": (ACCOUNT, "444455556666"),
    }
    if path.table:
        things["carriers"] = {path.table: (Carrier(ACCOUNT, "arn:aws:x:::thing", target.arn),)}
        things["present"] = {path.table: frozenset({ACCOUNT})}
    made = estate(source, target, role("idle"))
    read = made.read | {(path.table, ACCOUNT)}
    return replace(made, **things, read=read), source


def source_of(path: Path, *held: MaybePolicy, **more: Any) -> Principal:
    kind = "role" if path.only == "role" else "user"
    whole: dict[str, Any] = {"attached": (OWN,), **more}
    if kind == "user":
        whole.setdefault("groups", (arn("group", "mine"),))
    if path.gain in BOUNDED:
        # The boundary is what keeps it from being an administrator.
        whole.setdefault("boundary", policy(allow(actions_of(path)), name="limit"))
        whole.setdefault("boundary_arn", LIMIT)
        held = (*held, EVERYTHING) if held else held
    make = role if kind == "role" else user
    return make(SOURCE, *held, **whole)


def target_of(path: Path, source: Principal) -> Principal:
    if path.gain in {Gain.USER, Gain.CHANGED_USER}:
        held = (ADMINISTRATOR,) if path.gain is Gain.USER else ()
        return user("target", *held, attached=(THEIRS,))
    trusts: dict[str, Any] = {"Service": list(path.services)}
    if any(need.on is On.ASSUME for need in path.needs):
        trusts["AWS"] = f"arn:aws:iam::{ACCOUNT}:root"
    if path.gain is Gain.FEDERATED:
        trusts["Federated"] = [SAML, OIDC]
    held = () if path.gain is Gain.CHANGED_ROLE else (ADMINISTRATOR,)
    target = role("target", *held, trusts=trusts, attached=(THEIRS,))
    if path.gain is not Gain.FEDERATED:
        return target
    actions = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"]
    trust = {"Effect": "Allow", "Principal": {"Federated": [SAML, OIDC]}, "Action": actions}
    return replace(target, trust=policy(trust))


def each_path(paths: Sequence[Path] = PATHS) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.id)


def reached(path: Path, *held: MaybePolicy, **more: Any) -> set[str]:
    return statuses(*scene(path, *held, **more), path.id)
