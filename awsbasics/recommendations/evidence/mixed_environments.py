"""SEP.3: accounts that hold things of several environments, by what these call themselves."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.engagement.model import NAMED_ENVIRONMENTS
from awsbasics.ownership.tags import find_tag, read_tags
from awsbasics.patterns import first_match
from awsbasics.recommendations.base import Result, Severity, fail, ok
from awsbasics.recommendations.evidence.accounts import (
    WORKLOAD_ENVIRONMENTS,
    Account,
    active_accounts,
    severity_in,
)
from awsbasics.recommendations.evidence.deployed_stacks import HOLLOW
from awsbasics.recommendations.evidence.rows import counted, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# How people call the tag, in any case; AWS's tagging guide ("Tagging categories") has the first.
TAGS = ("environment", "env", "stage", "phase")


class Sign(NamedTuple):
    """One thing that names its environment, and whether by stack name, tag or secret name."""

    account_id: str
    environment: str
    kind: str
    name: str


WORDS = {
    "stack": ("stack", "stacks"),
    "tag": ("tagged resource", "tagged resources"),
    "secret": ("secret", "secrets"),
}


def unmixed(facts: "Facts") -> Iterator[Result]:
    """SEP.3: one result per account where applications run, or of which that is not known.

    An account's own environment counts as one of those that it holds. Accounts of security,
    infrastructure and management hold tools for all environments.
    """
    signs: dict[str, list[Sign]] = defaultdict(list)
    for sign in _signs(facts):
        signs[sign.account_id].append(sign)
    for account in active_accounts(facts):
        if account.environment is None or account.environment in WORKLOAD_ENVIRONMENTS:
            yield _judged(account, signs.get(account.id, []))


def _judged(account: Account, signs: list[Sign]) -> Result:
    by_environment: dict[str, list[Sign]] = defaultdict(list)
    for sign in signs:
        by_environment[sign.environment].append(sign)
    held = {*by_environment, *([account.environment] if account.environment else [])}
    if len(held) < 2:
        return ok(account.id)
    severity: Severity = "high" if "production" in held else "medium"
    foreign = {e: found for e, found in by_environment.items() if e != account.environment}
    what = listed(f"{_counts(found)} of {e}" for e, found in sorted(foreign.items()))
    kind = f"The {account.environment} account" if account.environment else "Account"
    seen = {"environment": account.environment, "found": _examples(by_environment)}
    return fail(
        account.id,
        key="mixed",
        title=f"{kind} {account.label} holds {what}, by name and tag.",
        facts=seen,
        table="organizations_accounts",
        severity=severity_in(account.environment, severity),
    )


def _counts(signs: list[Sign]) -> str:
    numbers = {kind: sum(sign.kind == kind for sign in signs) for kind in WORDS}
    return listed(counted(n, *WORDS[kind]) for kind, n in numbers.items() if n)


def _examples(signs: Mapping[str, list[Sign]]) -> Mapping[str, Mapping[str, list[str]]]:
    return {
        environment: {
            kind: shown(sign.name for sign in found if sign.kind == kind)
            for kind in WORDS
            if any(sign.kind == kind for sign in found)
        }
        for environment, found in sorted(signs.items())
    }


def _signs(facts: "Facts") -> Iterator[Sign]:
    engagement = facts.engagement
    patterns = engagement.compile(engagement.applications.stack_pattern)
    for row in rows(
        facts.frame("cloudformation_stacks"), "account_id", "name", "status", "tags", "parent_id"
    ):
        if row.status in HOLLOW or row.parent_id:
            continue  # a nested stack is named after the stack that it is in
        fit = first_match(patterns, row.name or "")
        word = fit[1].get("environment", "") if fit else ""
        yield from _sign(facts, row, "stack", row.name, word or _tag(row.tags))
    for row in rows(facts.frame("tagging_resources"), "account_id", "arn", "tags"):
        if ":cloudformation:" not in (row.arn or ""):
            yield from _sign(facts, row, "tag", row.arn, _tag(row.tags))
    columns = ("account_id", "name", "deleted", "owning_service", "primary_region")
    for row in rows(facts.frame("secretsmanager_secrets"), *columns):
        if row.deleted is None and row.owning_service is None and row.primary_region is None:
            word = (engagement.secret_name(row.name or "") or {}).get("phase", "")
            yield from _sign(facts, row, "secret", row.name, word)


def _sign(facts: "Facts", row: Any, kind: str, name: str, word: str) -> Iterator[Sign]:
    environment = facts.engagement.environment_of(word) if word else None
    if environment in NAMED_ENVIRONMENTS:
        yield Sign(row.account_id, environment, kind, name or "")


def _tag(tags: object) -> str:
    found = find_tag(read_tags(tags), TAGS)
    return found[1] if found else ""
