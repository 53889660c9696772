"""ENG.4: what people may do as IAM users without a second factor, and to whom with one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.examples import example_resources
from awsbasics.iam.permissions import Permissions
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.entrants import HOW, WITHOUT_MFA
from awsbasics.recommendations.evidence.people import (
    SOMEBODY,
    alike,
    has_unread_policy,
    human_users,
)
from awsbasics.recommendations.evidence.principals import iam_was_read
from awsbasics.recommendations.evidence.rows import counted, listed, rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_users"

# What registering a device and signing in with it needs, and the pages on which one does it. The
# IAM user guide excepts the first eight from its Deny ("AWS: Allows MFA-authenticated IAM users to
# manage their own credentials"), and earlier editions of it the lists, and deleting a device that
# nobody signs in with. To change a password takes the old one: the guide lets that in for those
# who must set a new one as they sign in.
ENROLLING = frozenset(
    {
        "iam:CreateVirtualMFADevice",
        "iam:EnableMFADevice",
        "iam:GetUser",
        "iam:GetMFADevice",
        "iam:ListMFADevices",
        "iam:ListVirtualMFADevices",
        "iam:ResyncMFADevice",
        "sts:GetSessionToken",
        "sts:GetCallerIdentity",
        "iam:ChangePassword",
        "iam:DeleteVirtualMFADevice",
        "iam:GetAccountPasswordPolicy",
        "iam:GetAccountSummary",
        "iam:ListAccessKeys",
        "iam:ListAccountAliases",
        "iam:ListSSHPublicKeys",
        "iam:ListServiceSpecificCredentials",
        "iam:ListSigningCertificates",
        "iam:ListUsers",
    }
)
# What takes over, or takes away, what somebody signs in with.
CREDENTIALS = (
    "iam:CreateAccessKey",
    "iam:UpdateAccessKey",
    "iam:DeleteAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:DeleteLoginProfile",
    "iam:EnableMFADevice",
    "iam:DeactivateMFADevice",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "iam:UploadSSHPublicKey",
    "iam:UploadSigningCertificate",
)
CHANGING = ("Permissions management", "Write", "Tagging")
ACTIONS_SHOWN = 10
# More than this the matrix tells well enough; fewer are decided one by one.
DECIDED = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a user's permissions: `text` follows the user's name."""

    key: str
    text: str
    severity: Severity = "high"
    seen: Mapping[str, Any] = field(default_factory=dict)


def self_management(facts: "Facts") -> Iterator[Result]:
    """ENG.4: one result per IAM user of a person, and per fault of it.

    Without MFA it may register a device and no more, in the console and by an access key; with
    MFA it manages its own credentials and nobody else's. Whoever administers IAM is SCP.3's.
    """
    changers = _may_change_passwords(facts)
    for users in alike(facts.permissions, human_users(facts)):
        first = users[0]
        if has_unread_policy(first):
            yield from _unread(facts, users)
            continue
        faults = [*_without_mfa(facts, first), *_others(facts, first)]
        for user in users:
            own = [*faults, *_self(facts, user, first, changers)]
            place = (user.account_id, user.arn)
            for fault in own:
                title = f"IAM user {user.name} {fault.text}."
                more: dict[str, Any] = {"facts": fault.seen, "severity": fault.severity}
                yield fail(*place, key=fault.key, title=title, table=TABLE, **more)
            if not own:
                yield ok(*place)


def _unread(facts: "Facts", users: list[Principal]) -> Iterator[Result]:
    for user in users:
        if iam_was_read(facts.permissions.estate, user.account_id):
            title = f"A policy of IAM user {user.name} was not read: what it may do without MFA."
            yield unknown(user.account_id, title, user.arn, key="policies", table=TABLE)


def _without_mfa(facts: "Facts", user: Principal) -> Iterator[Fault]:
    allowed = {how: _allowed(facts.permissions.signed_in(how), user) for how in WITHOUT_MFA}
    names = sorted({name for each in allowed.values() for name in each})
    if not names:
        return
    vocabulary = facts.permissions.matrix.vocabulary
    has, row = vocabulary.has, vocabulary.of_levels(CHANGING)
    heaviest = vocabulary.of_levels(CHANGING[:1])
    changing = [name for name in names if has(row, name)]
    ways = [how for how in WITHOUT_MFA if allowed[how]]
    what = counted(len(names), "action", "actions")
    reads = "" if changing else ", all of them reading"
    yield Fault(
        "without_mfa",
        f"may do {what} without MFA, {listed(HOW[how] for how in ways)}{reads}",
        "high" if changing else "medium",
        {
            "ways": ways,
            "actions": len(names),
            "changing": len(changing),
            "examples": sorted(changing or names, key=lambda n: (not has(heaviest, n), n))[
                :ACTIONS_SHOWN
            ],
        },
    )


def _allowed(permissions: Permissions, user: Principal) -> list[str]:
    """The actions beyond registering a device that a user may do somewhere."""
    vocabulary = permissions.matrix.vocabulary
    profile = permissions.matrix.profile(user)
    row = profile.granted & profile.possible
    names = [str(vocabulary.names[place]) for place in vocabulary.places(row)]
    names = [name for name in names if name not in ENROLLING]
    if len(names) > DECIDED:
        return names
    can = permissions.access.anywhere
    return [name for name in names if can(user, name).status <= Status.POSSIBLE]


def _others(facts: "Facts", user: Principal) -> Iterator[Fault]:
    permissions = facts.permissions.signed_in("mfa")
    if permissions.matrix.profile(user).title:
        return
    hits = {action: arn for action in CREDENTIALS if (arn := _other(permissions, user, action))}
    if hits:
        yield Fault(
            "others",
            "may manage the credentials of others: "
            + listed(name.removeprefix("iam:") for name in hits),
            seen={"actions": sorted(hits), "for_example": sorted(set(hits.values()))},
        )


def _other(permissions: Permissions, user: Principal, action: str) -> str | None:
    """Another user to whom a user may do this; also one whose name only begins like its own."""
    if not permissions.access.granted(user, action):
        return None
    folder = user.arn.rpartition("/")[0]
    named = example_resources(user, action, permissions.matrix.vocabulary)
    for arn in (f"{folder}/{SOMEBODY}", f"{user.arn}-{SOMEBODY}", *named):
        if ":user/" in arn and arn != user.arn and _can(permissions, user, action, arn):
            return arn
    return None


def _self(
    facts: "Facts", user: Principal, like: Principal, changers: frozenset[str]
) -> Iterator[Fault]:
    """What a user cannot do for itself; `like` is a user of the same policies."""
    permissions = facts.permissions
    missing = []
    if not _can(permissions.signed_in("console"), like, "iam:EnableMFADevice", like.arn):
        missing.append("register an MFA device")
    changes = user.account_id in changers or not permissions.estate.passwords.get(user.arn)
    if not changes and not _can(permissions.signed_in("mfa"), like, "iam:ChangePassword", like.arn):
        missing.append("change its password")
    if missing:
        yield Fault("self", f"cannot {' or '.join(missing)} by itself", "medium")


def _can(permissions: Permissions, user: Principal, action: str, arn: str) -> bool:
    context = {"aws:ResourceAccount": user.account_id}
    return permissions.access.can(user, action, arn, context).status <= Status.POSSIBLE


def _may_change_passwords(facts: "Facts") -> frozenset[str]:
    """The accounts whose password policy lets everybody change their own, or was not read."""
    estate = facts.permissions.estate
    frame = facts.frame("iam_password_policy")
    by_policy = {
        row.account_id
        for row in rows(frame, "account_id", "allow_users_to_change_password")
        if row.allow_users_to_change_password
    }
    unread = {a for a in estate.accounts if not estate.was_read("iam_password_policy", a)}
    return frozenset(by_policy | unread)
