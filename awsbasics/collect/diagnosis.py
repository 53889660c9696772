"""What `awsbasics doctor` found out: the facts, what follows from them, and the text."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from awsbasics.collect.iam_last_accessed import LAST_ACCESSED
from awsbasics.collect.outcome import Failure
from awsbasics.collect.permissions import ENTERING, Policy
from awsbasics.collect.probe import Call
from awsbasics.collect.scope import Scope
from awsbasics.coverage import Coverage
from awsbasics.session import Identity

Why = Literal["not allowed", "explicit deny", "scp", "elsewhere"]

_EXPLAINED: Mapping[Why, str] = {
    "not allowed": "not allowed",
    "explicit deny": "explicitly denied; no policy that is added helps",
    "scp": "closed by a service control policy",
    "elsewhere": "answered only in the management account or a delegated administrator's",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that AWS refused, why, and the IAM action that it needs."""

    call: Call
    action: str
    why: Why
    reason: Failure


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What was found; `healthy` if a gather would miss nothing of what was tried.

    `entered` says for each member account why it cannot be entered ("" where it can), and is
    empty where no role was given. `tried` are the accounts whose calls were tried, `calls` how
    many in all; `failures` are tables that failed for another reason than a refused call.
    """

    identity: Identity
    scope: Scope
    regions_off: tuple[str, ...]
    role: str | None
    entered: Mapping[str, str]
    tried: tuple[str, ...]
    region: str
    calls: int
    refusals: tuple[Refusal, ...]
    failures: tuple[Coverage, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing was refused, failed, or could not be entered."""
        return not (self.refusals or self.failures or self.closed)

    @property
    def closed(self) -> dict[str, str]:
        """The accounts that cannot be entered, and why."""
        return {account: why for account, why in self.entered.items() if why}

    def policies(self) -> dict[str, Policy]:
        """What to add, by whom to add it to: an account's role, or who asked."""
        found = {account: self._policy(account) for account in self.tried}
        return {account: policy for account, policy in found.items() if policy}

    def _policy(self, account: str) -> Policy | None:
        here = [r for r in self.refusals if r.call.account_id == account]
        actions = sorted({r.action for r in here if r.why == "not allowed"})
        statements = [_statement("Gather", actions, "*")] if actions else []
        if account == self.identity.account_id and self.closed:
            arn = f"arn:{self.identity.partition}:iam::*:role/{self.role}"
            statements.append(_statement("EnterMembers", [ENTERING], arn))
        return {"Version": "2012-10-17", "Statement": statements} if statements else None


def describe(found: Diagnosis) -> str:
    """The diagnosis as text for a terminal."""
    return "\n".join(_lines(found))


def _statement(sid: str, actions: list[str], resource: str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}


def _lines(found: Diagnosis) -> Iterator[str]:
    identity, scope = found.identity, found.scope
    yield f"who           {identity.arn}, account {identity.account_id}"
    yield f"organization  {_organization(scope)}"
    yield from _accounts(found)
    off = f"; {len(found.regions_off)} are off" if found.regions_off else ""
    yield f"regions       {', '.join(scope.regions)} are on{off}"
    yield from _calls(found)
    yield from _advice(found)


def _organization(scope: Scope) -> str:
    if not scope.organization:
        return "none that these credentials can list"
    management, asked = scope.management_account_id, scope.organization_read_from
    if asked is None:
        return f"that of {management}, which this account may not list"
    by = "" if asked == management else f", read from its delegated administrator {asked}"
    return f"{len(scope.accounts)} accounts, management account {management}{by}"


def _accounts(found: Diagnosis) -> Iterator[str]:
    others = [a for a in found.scope.accounts if a.gathered and a.id != found.identity.account_id]
    if others and not found.role:
        yield f"accounts      {len(others)} beside this one; give --role NAME to enter them"
    elif others:
        entered = len(found.entered) - len(found.closed)
        yield f"accounts      {entered} of {len(others)} can be entered with role {found.role}"
    else:
        yield "accounts      only this one"
    for account, why in found.closed.items():
        yield f"  {account} {_name(found, account)}: {why}"
    for left_out in found.scope.accounts:
        if not left_out.gathered:
            yield f"  {left_out.id} {left_out.name}: left out, {left_out.reason}"


def _name(found: Diagnosis, account_id: str) -> str:
    return next((a.name for a in found.scope.accounts if a.id == account_id), "")


def _calls(found: Diagnosis) -> Iterator[str]:
    where = " and ".join(found.tried)
    yield f"calls         {found.calls} tried in {where}, {found.region}"
    refused = (
        (f"{r.action}: {_EXPLAINED[r.why]}", r.call.account_id, r.reason) for r in found.refusals
    )
    yield from _by_call(refused)
    failed = (
        (f"{row.operation}: {row.status}", row.account_id, _reason(row)) for row in found.failures
    )
    yield from _by_call(failed)
    yield f"not tried     {LAST_ACCESSED}: a gather reads it only with --last-accessed"


def _by_call(problems: Iterable[tuple[str, str, Failure]]) -> Iterator[str]:
    """Each problem once, with the accounts that have it and what AWS said in the first."""
    accounts: dict[str, list[str]] = defaultdict(list)
    said: dict[str, Failure] = {}
    for text, account, reason in problems:
        said.setdefault(text, reason)
        if account not in accounts[text]:
            accounts[text].append(account)
    for text, reason in said.items():
        yield f"  {text} (in {', '.join(accounts[text])})"
        yield f"      {reason.code}: {reason.message}"


def _reason(row: Coverage) -> Failure:
    return Failure(row.status, row.error_code, row.error_message)


def _advice(found: Diagnosis) -> Iterator[str]:
    if found.healthy:
        yield "all well: a gather can read whatever was tried"
        return
    for account, policy in found.policies().items():
        own = account == found.identity.account_id
        whom = _caller(found.identity) if own else f"role {found.role} in the member accounts"
        yield f"\nAdd to {whom}:"
        yield json.dumps(policy, indent=2)
    if found.closed:
        yield (
            f"\nEach of these accounts needs a role {found.role} that trusts "
            f"{_caller(found.identity)} (with the external id, where it asks for one); "
            "deploy/read-only-role.yaml makes one."
        )


def _caller(identity: Identity) -> str:
    """Who asked, as whom a policy is attached to: the role, not its session."""
    kind, _, name = identity.arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role":
        return f"role {name.partition('/')[0]} of account {identity.account_id}"
    return identity.arn
