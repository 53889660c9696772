"""APP.8: who may pass roles names them, and the service that they are for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.estate import Principal
from awsbasics.iam.policy import Statement, parse_policy
from awsbasics.iam.rule import compile_rule
from awsbasics.iam.verdict import Status, Verdict
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.actions import is_whole_service
from awsbasics.recommendations.evidence.documents import Document, inline_policies, managed_policies
from awsbasics.recommendations.evidence.principals import is_left_alone
from awsbasics.recommendations.evidence.rows import shown
from awsbasics.recommendations.evidence.wildcards import statement_key

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ACTION = "iam:PassRole"
# Nobody has made them: whoever may pass this role, to this service, may pass any to any.
SOME_ROLE = "awsbasics-any-role"
SOME_SERVICE = "awsbasics.amazonaws.com"


def passed_roles(facts: "Facts") -> Iterator[Result]:
    """APP.8: one result per statement that allows iam:PassRole and takes effect for somebody.

    Statements that allow whole services are APP.3's, administrators APP.5's and SCP.3's.
    """
    holders = _holders(facts)
    for source in (managed_policies, inline_policies):
        for document in source(facts):
            if document.aws_managed:
                continue
            held = [each for arn in document.holders for each in holders.get(arn, ())]
            if document.holders and document.text is None:
                yield _not_read(document)
            elif held and document.text:
                for statement in _about_passing(document.text):
                    yield from _judged(facts, document, statement, held)


def _holders(facts: "Facts") -> dict[str, list[Principal]]:
    """The principals that a policy on a user, group or role is for; administrators left out."""
    permissions = facts.permissions
    found: dict[str, list[Principal]] = {}
    for principal, profile in permissions.matrix.profiles():
        if profile.title or principal.is_protected or is_left_alone(facts, principal):
            continue
        for arn in (principal.arn, *principal.groups):
            found.setdefault(arn, []).append(principal)
    return found


def _about_passing(text: str) -> Iterator[Statement]:
    if "iam:" not in text.casefold():
        return
    for statement in parse_policy(text).statements:
        named = [pattern for pattern in statement.actions if not is_whole_service(pattern)]
        if statement.effect != "Allow" or not named:
            continue
        rule = compile_rule(statement, policy=text, variables=True, problems=[])
        if rule.matches_action(ACTION.lower()) is not False:
            yield statement


def _judged(
    facts: "Facts", document: Document, statement: Statement, held: list[Principal]
) -> Iterator[Result]:
    key = document.key(statement_key(statement))
    place = (document.account_id, document.resource)
    wide = "NotResource" in statement.elements or any(map(_names_no_role, statement.resources))
    holes = [
        ("roles", wide, "does not name the roles", [_role(p) for p in held], None),
        (
            "service",
            not _names_service(statement),
            "does not name the service (iam:PassedToService)",
            [_named_role(statement, p) for p in held],
            SOME_SERVICE,
        ),
    ]
    sound = True
    for hole, suspected, what, roles, service in holes:
        if not suspected:
            continue
        verdicts = [
            (each, _passes(facts, each, role, service))
            for each, role in zip(held, roles, strict=True)
        ]
        open_ = [each for each, verdict in verdicts if verdict.status <= Status.CONDITIONAL]
        unsure = [each for each, verdict in verdicts if verdict.status is Status.POSSIBLE]
        if not open_ and not unsure:
            continue
        sound = False
        seen: dict[str, Any] = {
            "statement": statement.sid or statement_key(statement),
            "policy": document.name,
            "resources": shown(statement.resources),
            "held_by": shown(each.arn for each in open_ or unsure),
        }
        title = f"Policy {document.name} allows iam:PassRole and {what}."
        more: dict[str, Any] = {"key": f"{key}/{hole}", "facts": seen, "table": document.table}
        if open_:
            yield fail(*place, title=title, **more)
        else:
            title = f"{title[:-1]}; whether that takes effect is not known."
            yield unknown(place[0], title, place[1], **more)
    if sound:
        yield ok(*place)


def _passes(facts: "Facts", principal: Principal, role: str, service: str | None) -> Verdict:
    context: dict[str, Any] = {"aws:ResourceAccount": principal.account_id}
    if service is not None:
        context["iam:PassedToService"] = service
    return facts.permissions.access.can(principal, ACTION, role, context)


def _role(principal: Principal) -> str:
    return f"arn:{principal.partition}:iam::{principal.account_id}:role/{SOME_ROLE}"


def _named_role(statement: Statement, principal: Principal) -> str:
    """A role that the statement is about."""
    for resource in statement.resources:
        if set(resource) != {"*"} and "${" not in resource:
            head, _, tail = resource.partition(":role")
            account = f":{principal.account_id}" if "*" in head else ""
            base = f"arn:{principal.partition}:iam:{account}" if account else head
            return f"{base}:role{tail}".replace("*", "awsbasics").replace("?", "x")
    return _role(principal)


def _names_no_role(resource: str) -> bool:
    """`*`, or an ARN of roles without any name: `arn:aws:iam::111122223333:role/*`."""
    tail = resource.rpartition(":role/")[2]
    return set(tail) <= {"*", "/", "?"} or set(resource) <= {"*", ":"}


def _names_service(statement: Statement) -> bool:
    """Whether a condition demands certain services; IfExists will do, the key is always there."""
    return any(
        line.key.casefold() == "iam:passedtoservice"
        and line.operator.casefold().split(":")[-1].removesuffix("ifexists")
        in ("stringequals", "stringlike", "stringequalsignorecase")
        and not any(set(value) == {"*"} for value in line.values)
        for line in statement.conditions
    )


def _not_read(document: Document) -> Result:
    title = f"The document of policy {document.name} was not read: it may allow iam:PassRole."
    place = (document.account_id, title, document.resource)
    return unknown(*place, key=document.key("document"), table=document.table)
