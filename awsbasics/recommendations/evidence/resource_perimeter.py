"""SCP.6: resource control policies that keep strangers out, whatever a resource's policy says."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import compile_policy
from awsbasics.iam.estate import Guards
from awsbasics.iam.evaluate import evaluate
from awsbasics.iam.layers import UNKNOWN
from awsbasics.iam.request import Request
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import (
    NO_ORGANIZATION,
    Account,
    active_accounts,
    severity_in,
)
from awsbasics.recommendations.evidence.organization_tree import organization_id
from awsbasics.recommendations.evidence.rows import counted, listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "organizations_policy_targets"
# An account of nobody here, in an organization of its own.
STRANGER = "arn:{}:iam::999999999999:role/awsbasics-stranger"
# The services that resource control policies bound first hold what is worth most; a request of
# each (Organizations user guide, "Resource control policies", list of supported services).
PROBES = (
    ("s3:GetObject", "arn:{}:s3:::awsbasics-example/object"),
    ("sts:AssumeRole", "arn:{}:iam::{}:role/awsbasics-example"),
    ("kms:Decrypt", "arn:{}:kms:{}:{}:key/11111111-2222-3333-4444-555555555555"),
    ("sqs:ReceiveMessage", "arn:{}:sqs:{}:{}:awsbasics-example"),
    ("secretsmanager:GetSecretValue", "arn:{}:secretsmanager:{}:{}:secret:awsbasics-example"),
)
_OPEN = compile_policy(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
    }
)
_EVERYTHING = compile_policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
)


class Perimeter(NamedTuple):
    """What a stranger may still ask of an account's resources, and what that depends on."""

    account: Account
    open: tuple[str, ...]
    needs: tuple[str, ...]
    is_read: bool = True


def closed_to_strangers(facts: "Facts") -> Iterator[Result]:
    """SCP.6: one result per member account; one for all where no account has such a policy.

    It asks for a stranger whom a resource's policy lets in. Partners are let in by exceptions in
    the policy: their accounts are not asked for.
    """
    home = facts.management_account_id
    if home is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    found = list(_perimeters(facts))
    if found and all(each.is_read and len(each.open) == len(PROBES) for each in found):
        number = counted(len(found), "account", "accounts")
        title = f"No resource control policy keeps strangers from the resources of {number}."
        seen = {"requests": [action for action, _ in PROBES]}
        yield fail(home, key="perimeter", title=title, facts=seen, table=TABLE)
        return
    for each in found:
        yield _result(each)


def _result(perimeter: Perimeter) -> Result:
    account = perimeter.account
    seen = {"open": list(perimeter.open), "needs": list(perimeter.needs)}
    more: dict[str, Any] = {"key": "perimeter", "facts": seen, "table": TABLE}
    if not perimeter.is_read:
        title = f"The resource control policies over account {account.label} were not all read."
        return unknown(account.id, title, **more)
    if not perimeter.open:
        return ok(account.id)
    depends = f", depending on {listed(shown(perimeter.needs))}" if perimeter.needs else ""
    title = (
        f"Resource control policies leave account {account.label} open to strangers:"
        f" {listed(perimeter.open)}{depends}."
    )
    severity = severity_in(account.environment, "medium")
    return fail(account.id, title=title, severity=severity, **more)


def _perimeters(facts: "Facts") -> Iterator[Perimeter]:
    guards = facts.permissions.estate.resource_guards
    for account in active_accounts(facts):
        if account.is_management or account.id not in guards:
            continue
        above = guards[account.id]
        if above is UNKNOWN or (above and any(UNKNOWN in level for level in above)):
            yield Perimeter(account, (), (), is_read=False)
            continue
        yield Perimeter(account, *_left_open(facts, account.id, above))


def _left_open(
    facts: "Facts", account: str, guards: Guards
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The requests that are not denied, and the condition keys that they depend on."""
    partition = str(facts.snapshot.manifest.get("partition") or "aws")
    opened: list[str] = []
    needs: set[str] = set()
    for action, form in PROBES:
        parts = (partition, account) if form.count("{}") == 2 else (partition, "us-east-1", account)
        context = _context(facts)
        caller = STRANGER.format(partition)
        request = Request(caller, action, form.format(*parts), account, context)
        decision = evaluate(request, identity=(_EVERYTHING,), rcps=guards, resource_policy=_OPEN)
        if "deny" not in decision.outcome:
            opened.append(action)
            needs |= set(decision.missing_keys)
    return tuple(opened), tuple(sorted(needs))


def _context(facts: "Facts") -> Mapping[str, Any]:
    return {
        **facts.permissions.estate.clock,
        "aws:PrincipalOrgID": "o-awsbasicsstranger",
        "aws:PrincipalOrgPaths": ["o-awsbasicsstranger/r-0000/"],
        "aws:ResourceOrgID": organization_id(facts),
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
        **dict.fromkeys(("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID")),
    }
