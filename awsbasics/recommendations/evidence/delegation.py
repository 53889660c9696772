"""ORG.8 and ORG.10: what the management account hands to members, and to which."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from awsbasics.iam.policy import Statement, statements
from awsbasics.recommendations.base import Result, Severity, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import (
    CLOSED_STATES,
    NO_ORGANIZATION,
    WORKLOAD_ENVIRONMENTS,
)
from awsbasics.recommendations.evidence.actions import is_whole_service, matching
from awsbasics.recommendations.evidence.rows import listed, rows, shown, texts_in

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ADMINISTRATORS = "organizations_delegated_administrators"
ACCESS = "organizations_service_access"
POLICY = "organizations_resource_policy"
# Service principals by the name that people know (Organizations user guide, "AWS services that
# you can use with AWS Organizations"). The organization's trail is ORG.7's.
SECURITY_SERVICES: Mapping[str, str] = {
    "access-analyzer.amazonaws.com": "IAM Access Analyzer",
    "config.amazonaws.com": "AWS Config",
    "config-multiaccountsetup.amazonaws.com": "AWS Config",
    "detective.amazonaws.com": "Detective",
    "fms.amazonaws.com": "Firewall Manager",
    "guardduty.amazonaws.com": "GuardDuty",
    "inspector2.amazonaws.com": "Inspector",
    "macie.amazonaws.com": "Macie",
    "securityhub.amazonaws.com": "Security Hub",
    "securitylake.amazonaws.com": "Security Lake",
}
# Whoever administers these can act in other accounts as anybody: Identity Center assigns
# permissions, stack sets deploy roles, IAM opens root sessions.
POWERFUL_SERVICES = frozenset(
    {
        "iam.amazonaws.com",
        "member.org.stacksets.cloudformation.amazonaws.com",
        "sso.amazonaws.com",
    }
)
CHANGING = frozenset({"Write", "Permissions management", "Tagging"})


def security_is_delegated(facts: "Facts") -> Iterator[Result]:
    """ORG.8: one result per security service that works for the organization."""
    home = facts.management_account_id
    if home is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    principals = {row.service_principal for row in rows(facts.frame(ACCESS), "service_principal")}
    admins, unread = _administrators(facts)
    working = {SECURITY_SERVICES[each] for each in principals & SECURITY_SERVICES.keys()}
    given = {SECURITY_SERVICES[s] for s, to in admins.items() if s in SECURITY_SERVICES and to}
    for name in sorted(working | given):
        if name in given:
            yield ok(home)
        elif unread:
            title = f"Whether {name} is delegated was not read of {listed(shown(unread))}."
            yield unknown(home, title, key=name, table=ADMINISTRATORS)
        else:
            title = f"{name} is run from the management account: no member administers it."
            yield fail(home, key=name, title=title, table=ADMINISTRATORS)
    if not working | given:
        title = "No security service works for the whole organization; REV.8 says which should."
        yield not_applicable(home, title)


def delegated_as_expected(facts: "Facts") -> Iterator[Result]:
    """ORG.10: one result per delegated administrator, and per account in the delegation policy.

    Expected are accounts of security and infrastructure; where applications run, whoever takes
    over a workload would administer the service for all accounts.
    """
    home = facts.management_account_id
    if home is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    columns = ("id", "name", "status", "services", "services_status")
    for row in rows(facts.frame(ADMINISTRATORS), *columns):
        yield _administrator(facts, home, row)
    for row in rows(facts.frame(POLICY), "arn", "id", "content"):
        yield from _policy(facts, home, row)


def _administrators(facts: "Facts") -> tuple[dict[str, list[str]], list[str]]:
    """The accounts that administer each service, and those whose services were not read."""
    found: dict[str, list[str]] = defaultdict(list)
    unread: list[str] = []
    for row in rows(facts.frame(ADMINISTRATORS), "id", "services", "services_status"):
        if row.services_status in ("denied", "error"):
            unread.append(row.id)
        for service in texts_in(row.services):
            found[service].append(row.id)
    return found, unread


def _administrator(facts: "Facts", home: str, row: Any) -> Result:
    services = texts_in(row.services)
    environment = facts.ownership.environment(row.id).value
    seen = {"account": row.id, "environment": environment, "services": shown(services)}
    more: dict[str, Any] = {"key": f"administrator/{row.id}", "facts": seen}
    more["table"] = ADMINISTRATORS
    what = listed(shown(services)) or "services that were not read"
    label = f"{row.name} ({row.id})" if row.name else row.id
    if row.status in CLOSED_STATES:
        return fail(home, title=f"Account {label} is closed and administers {what}.", **more)
    if environment in WORKLOAD_ENVIRONMENTS:
        severity: Severity = "critical" if POWERFUL_SERVICES & set(services) else "high"
        title = f"The {environment} account {label} administers {what} for all accounts."
        return fail(home, title=title, severity=severity, **more)
    if environment is None:
        title = f"Account {label} administers {what}: which environment it is of is not known."
        return unknown(home, title, **more)
    return ok(home)


def _policy(facts: "Facts", home: str, row: Any) -> Iterator[Result]:
    """Whom the delegation policy gives power, by account; who may only read has none."""
    given: dict[str, set[str]] = defaultdict(set)
    for statement in statements(row.content or ""):
        power = _power(statement) if statement.effect != "Deny" else set()
        for account in _accounts(statement) if power else ():
            given[account] |= power
    members = {each.id for each in rows(facts.frame("organizations_accounts"), "id")}
    for account, actions in sorted(given.items()):
        environment = facts.ownership.environment(account).value
        seen = {"account": account, "environment": environment, "actions": shown(actions)}
        more: dict[str, Any] = {"key": f"policy/{account}", "facts": seen, "table": POLICY}
        place = (home, row.arn or row.id or "")
        what = listed(shown(actions)[:3])
        if account == "*" or (members and account not in members):
            who = "everybody" if account == "*" else f"account {account} of another organization"
            title = f"The delegation policy lets {who} change the organization: {what}."
            yield fail(*place, title=title, severity="critical", **more)
        elif environment in WORKLOAD_ENVIRONMENTS:
            title = (
                f"The delegation policy lets the {environment} account {account} change the"
                f" organization: {what}."
            )
            yield fail(*place, title=title, **more)
        elif environment is None:
            title = f"The delegation policy names account {account}, of no known environment."
            yield unknown(home, title, place[1], **more)
        else:
            yield ok(*place)


def _power(statement: Statement) -> set[str]:
    """What a statement allows beyond reading, as it writes it."""
    if "NotAction" in statement.elements:
        return {"all but a few actions"}
    return {
        pattern
        for pattern in statement.actions
        if is_whole_service(pattern)
        or any(action.level in CHANGING for action in matching(pattern))
    }


def _accounts(statement: Statement) -> set[str]:
    """The accounts of a statement's principals; `*` for everybody."""
    if "NotPrincipal" in statement.elements:
        return {"*"}
    found = {each.id for each in statement.principals if each.kind == "AWS"}
    return {text if text.isdigit() else (text.split(":") + ["*"] * 5)[4] for text in found} - {""}
