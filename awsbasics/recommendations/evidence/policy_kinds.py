"""APP.4: an application's policies for reading, for writing and for deploying are apart."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from awsbasics.iam.policy import Statement, parse_policy
from awsbasics.iam.vocabulary import LEVELS
from awsbasics.recommendations.base import Result, fail, not_applicable, ok
from awsbasics.recommendations.evidence.actions import Action, matching
from awsbasics.recommendations.evidence.deployers import DEPLOYING
from awsbasics.recommendations.evidence.documents import Document, inline_policies, managed_policies
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import listed, rows
from awsbasics.recommendations.evidence.wildcards import LOG_WRITES

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Kind = Literal["reading", "writing", "deploying"]
KINDS: tuple[Kind, ...] = ("reading", "writing", "deploying")
NONE = "No policy belongs to an application that is known."
TABLE = "iam_policies"


def separate_policies(facts: "Facts") -> Iterator[Result]:
    """APP.4: one result per application in each account.

    What kind a policy is follows from the access levels of its actions: deploying where it
    changes stacks or permissions, reading where it changes nothing. Writing logs is no change.
    """
    found = _kinds(facts)
    for (account, application), kinds in sorted(found.items(), key=lambda item: item[0]):
        missing = [kind for kind in KINDS if kind not in kinds]
        if not missing:
            yield ok(account)
            continue
        title = f"Application {application} has no policy of its own for {listed(missing)} alone."
        seen = {kind: sorted(names)[:10] for kind, names in kinds.items()}
        more: dict[str, Any] = {"facts": seen, "application": application, "table": TABLE}
        yield fail(account, key=application, title=title, **more)
    if not found:
        yield not_applicable(facts.home_account_id, NONE)


def _kinds(facts: "Facts") -> Mapping[tuple[str, str], dict[Kind, set[str]]]:
    """The names of each application's policies by kind."""
    found: dict[tuple[str, str], dict[Kind, set[str]]] = defaultdict(lambda: defaultdict(set))
    exempt = {
        role.arn
        for role in rows(facts.frame("iam_roles"), "arn", "name", "path")
        if is_exempt(role, facts.engagement)
    }
    for source in (managed_policies, inline_policies):
        for document in source(facts):
            if document.aws_managed or document.text is None or document.resource in exempt:
                continue
            place = (document.account_id, "global", document.resource)
            application = facts.ownership.application(*place).value
            kind = _kind(document.text) if application else None
            if application and kind and not _is_boundary(document):
                found[document.account_id, application][kind].add(document.name)
    return found


def _is_boundary(document: Document) -> bool:
    return bool(document.boundary_count) and not document.holders


@lru_cache(maxsize=131072)
def _kind(text: str) -> Kind | None:
    """What a policy is for; None where it allows nothing, or only writing logs."""
    actions = [a for s in parse_policy(text).statements for a in _allowed(s)]
    if any(each is None or _deploys(each) for each in actions):
        return "deploying"
    known = [each for each in actions if each is not None and each.name not in LOG_WRITES]
    if any(each.level in LEVELS[:3] for each in known):
        return "writing"
    return "reading" if known else None


def _allowed(statement: Statement) -> Iterator[Action | None]:
    """The actions that a statement allows; None for all, or all but some."""
    if statement.effect != "Allow":
        return
    if "NotAction" in statement.elements:
        yield None
    for pattern in statement.actions:
        if set(pattern) <= {"*", ":"}:
            yield None
        else:
            yield from matching(pattern)


def _deploys(action: Action) -> bool:
    return action.name in DEPLOYING or (
        action.name.startswith("iam:") and action.level == LEVELS[0]
    )
