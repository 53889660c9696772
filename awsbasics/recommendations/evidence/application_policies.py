"""APP.3: policies of applications name their actions and the resources that they are for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.documents import Document, inline_policies, managed_policies
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import listed, rows, shown
from awsbasics.recommendations.evidence.wildcards import Wildcard, unreadable, wildcards

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# AWS writes the policies below this path for one service's own roles; there is no narrower one.
SERVICE_ROLE_PATH = "/service-role/"


def exact_policies(facts: "Facts") -> Iterator[Result]:
    """APP.3: one result per policy, or one per statement of it that is too wide."""
    applications = _application_principals(facts)
    for document in _documents(facts):
        held = applications.intersection(document.holders)
        if document.aws_managed:
            yield from _borrowed(document, held)
        elif held or _is_spare(document):
            yield from _own(document, held)


def _documents(facts: "Facts") -> Iterator[Document]:
    yield from managed_policies(facts)
    yield from inline_policies(facts)


def _application_principals(facts: "Facts") -> set[str]:
    """Roles that are not exempt, and users that are programs; people's are judged elsewhere."""
    engagement = facts.engagement
    found: set[str] = set()
    for role in rows(facts.frame("iam_roles"), "arn", "name", "path"):
        emergency = engagement.roles.is_break_glass(role.name, role.path or "/")
        if not emergency and not is_exempt(role, engagement):
            found.add(role.arn)
    for user in rows(facts.frame("iam_users"), "arn", "name", "path"):
        if not engagement.humans.includes(user.name, user.path or "/"):
            found.add(user.arn)
    return found


def _is_spare(document: Document) -> bool:
    """Whether a policy waits to be attached. Boundaries are wide on purpose: they grant nothing."""
    return not document.inline and not document.holders and not document.boundary_count


def _own(document: Document, held: set[str]) -> Iterator[Result]:
    """The statements of a policy that somebody here wrote."""
    place = (document.account_id, document.resource)
    if document.text is None or unreadable(document.text):
        yield _not_read(document)
        return
    found = wildcards(document.text)
    if not found:
        yield ok(*place)
    for wildcard in found:
        if not wildcard.certain:
            yield _unknown_actions(document, wildcard)
            continue
        seen = {**_facts(wildcard), "policy": document.name, "held_by": shown(held)}
        more: dict[str, Any] = {"facts": seen, "severity": wildcard.severity}
        title = f"Policy {document.name} allows {_what(wildcard)}."
        key = document.key(wildcard.key)
        yield fail(*place, key=key, title=title, table=document.table, **more)


def _borrowed(document: Document, held: set[str]) -> Iterator[Result]:
    """A policy of AWS's on an application's principal: too wide where it takes whole services."""
    if document.path == SERVICE_ROLE_PATH or not held:
        return
    if document.text is None:
        yield _not_read(document)
        return
    whole = [each for each in wildcards(document.text) if each.actions]
    for principal in sorted(held):
        if not whole:
            yield ok(document.account_id, principal)
            continue
        name = principal.rpartition("/")[2]
        title = f"{name} has AWS's policy {document.name}, which allows {_what(whole[0])}."
        worst = "high" if any(each.severity == "high" for each in whole) else "medium"
        seen = {"policy": document.resource, "actions": shown(a for w in whole for a in w.actions)}
        more: dict[str, Any] = {"facts": seen, "severity": worst, "table": "iam_attachments"}
        yield fail(document.account_id, principal, key=document.resource, title=title, **more)


def _not_read(document: Document) -> Result:
    title = f"The document of policy {document.name} was not read."
    place = (document.account_id, title, document.resource)
    return unknown(*place, key=document.key("document"), table=document.table)


def _unknown_actions(document: Document, wildcard: Wildcard) -> Result:
    names = listed(shown(wildcard.unknown))
    title = f"Policy {document.name} allows {names} on all resources: what that does is not known."
    place = (document.account_id, title, document.resource)
    return unknown(*place, key=document.key(wildcard.key), facts=_facts(wildcard))


def _what(wildcard: Wildcard) -> str:
    if "*" in wildcard.actions:
        return "every action"
    if "NotAction" in wildcard.actions:
        return "every action but a few (NotAction)"
    if wildcard.actions:
        return f"every action of a service ({listed(shown(wildcard.actions))})"
    return f"{listed(shown(wildcard.on_everything))} on all resources"


def _facts(wildcard: Wildcard) -> dict[str, Any]:
    return {
        "statement": wildcard.sid or wildcard.key,
        "access_level": wildcard.level,
        "whole_services": list(wildcard.actions),
        "on_all_resources": shown(wildcard.on_everything),
        "not_in_vocabulary": shown(wildcard.unknown),
    }
