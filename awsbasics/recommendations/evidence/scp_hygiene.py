"""SCP.5: service control policies that nobody uses, that hardly fit, or that do nothing."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.policy import Condition, Statement, parse_policy
from awsbasics.iam.vocabulary import resource_pattern
from awsbasics.recommendations.base import Result, Severity, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import NO_ORGANIZATION
from awsbasics.recommendations.evidence.actions import is_whole_service, matching
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

POLICIES = "organizations_policies"
TARGETS = "organizations_policy_targets"
SCP = "SERVICE_CONTROL_POLICY"

# AWS doubled both on 15 May 2026: ten policies on a root, OU or account, and 10,240 characters
# each (Organizations user guide, "Quotas and service limits"). Near is nine tenths.
MOST_ATTACHED = 10
MOST_CHARACTERS = 10_240
NEAR = 0.9

# Control Tower writes and repairs these (Control Tower user guide, "About controls").
CONTROL_TOWER = "aws-guardrails-"
_NEGATIVE = re.compile(
    r"(foranyvalue:|forallvalues:)?(string|arn)not(like|equals)(ignorecase)?(ifexists)?"
)
# Everybody, all of IAM's principals of some account, or all of its roles or users.
_EVERYBODY = re.compile(
    r"\*+|arn:[^:]*:(iam|sts|\*):[^:]*:[^:]*:(\*+|(role|user|assumed-role)/\*+)"
)


def scp_hygiene(facts: "Facts") -> Iterator[Result]:
    """SCP.5: one result per fault of a policy that people wrote, one per node that is full.

    AWS's own policies are left alone, and of Control Tower's only the attachments count. What an
    action is comes from AWS's service authorization reference, as the kit has it.
    """
    home = facts.management_account_id
    if home is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    columns = ("id", "arn", "name", "type", "aws_managed", "content", "content_status")
    policies = [row for row in rows(facts.frame(POLICIES), *columns) if row.type == SCP]
    kinds = {row.id for row in policies}
    attached: Counter[str] = Counter()
    targets: dict[str, str] = {}
    used: set[str] = set()
    for row in rows(facts.frame(TARGETS), "policy_id", "target_id", "target_arn", "target_name"):
        if row.policy_id in kinds:
            used.add(row.policy_id)
            attached[row.target_id] += 1
            targets[row.target_id] = row.target_name or row.target_id
    for policy in policies:
        if not policy.aws_managed and not (policy.name or "").startswith(CONTROL_TOWER):
            yield from _judged(home, policy, is_used=policy.id in used)
    for target, number in sorted(attached.items()):
        if number >= MOST_ATTACHED * NEAR:
            title = f"{targets[target]} has {number} of at most {MOST_ATTACHED} policies."
            seen = {"attached": number, "limit": MOST_ATTACHED}
            yield fail(home, target, key="attachments", title=title, facts=seen, table=TARGETS)


def _judged(home: str, policy: Any, *, is_used: bool) -> Iterator[Result]:
    resource = policy.arn or policy.id
    found = 0
    for key, severity, title, seen in _faults(policy, is_used=is_used):
        found += 1
        more: dict[str, Any] = {"key": key, "severity": severity, "facts": seen}
        table = TARGETS if key == "unattached" else POLICIES
        yield fail(home, resource, title=title, table=table, **more)
    if policy.content is None and policy.content_status != "ok":
        title = f"The content of policy {policy.name} was not read."
        yield unknown(home, title, resource, key="content", table=POLICIES)
    elif not found:
        yield ok(home, resource)


def _faults(policy: Any, *, is_used: bool) -> Iterator[tuple[str, Severity, str, dict[str, Any]]]:
    name = policy.name or policy.id
    if not is_used:
        yield "unattached", "low", f"Service control policy {name} is attached to nothing.", {}
    size = _size(policy.content)
    if size >= MOST_CHARACTERS * NEAR:
        title = f"Service control policy {name} has {size:,} of {MOST_CHARACTERS:,} characters."
        yield "size", "low", title, {"characters": size, "limit": MOST_CHARACTERS}
    statements = parse_policy(policy.content or "").statements
    missing = [text for each in statements for text in _missing(each)]
    if missing:
        title = f"Service control policy {name} names actions that AWS does not list."
        yield "actions", "low", title, {"actions": shown(missing)}
    never = [_label(each) for each in statements if each.effect == "Deny" and _never(each)]
    if never:
        which = listed(shown(never))
        title = f"Service control policy {name} has denials that never match: {which}."
        yield "never", "medium", title, {"statements": shown(never)}
    spared = {_label(each): found for each in statements if (found := _spared(each))}
    if spared:
        title = f"Service control policy {name} exempts everybody in {listed(shown(spared))}."
        yield "exemption", "medium", title, {"exempt": spared}


def _size(content: str | None) -> int:
    """Its characters without white space, which the console takes out too."""
    document = from_json(content)
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False)) if document else 0


def _label(statement: Statement) -> str:
    return statement.sid or f"statement {statement.index + 1}"


def _missing(statement: Statement) -> Iterator[str]:
    """The actions that a statement names and AWS does not have.

    Whole services pass (`a4b:*`): AWS's own samples name some that are gone.
    """
    for pattern in (*statement.actions, *statement.not_actions):
        service = pattern.partition(":")[0]
        is_open = is_whole_service(pattern) or set(service) & {"*", "?"}
        if not is_open and not matching(pattern):
            yield pattern


def _never(statement: Statement) -> bool:
    """Whether a denial is about nothing: all but everything, no such action, no such resource.

    An action whose resources a policy cannot name matches `*` alone (IAM user guide, "IAM JSON
    policy elements: Resource").
    """
    if "*" in statement.not_actions or "*" in statement.not_resources:
        return True
    missing = set(_missing(statement))
    actions = [pattern for pattern in statement.actions if pattern not in missing]
    if not actions:
        return bool(missing)
    services = {text.split(":")[2] for text in statement.resources if text.startswith("arn:")}
    named = all(text.startswith("arn:") for text in statement.resources) and bool(services)
    known = all(matching(pattern) for pattern in actions)
    if not named or not known or any(set(service) & set("*?$") for service in services):
        return False
    return not any(services & _arn_services(pattern) for pattern in actions)


def _arn_services(pattern: str) -> set[str]:
    """The services in the ARNs of what actions can be limited to; none for those that cannot."""
    found: set[str] = set()
    for action in matching(pattern):
        service = action.name.partition(":")[0]
        for kind in action.resource_types:
            form = resource_pattern(service, kind)
            found.add(form.split(":")[2] if form.count(":") >= 2 else service)
    return found


def _spared(statement: Statement) -> list[str]:
    """The exemptions of a denial that take in everybody."""
    if statement.effect != "Deny":
        return []
    return [
        f"{line.operator} {line.key}: {value}"
        for line in statement.conditions
        if _is_exemption(line)
        for value in line.values
        if _EVERYBODY.fullmatch(value)
    ]


def _is_exemption(line: Condition) -> bool:
    key = line.key.casefold()
    return key == "aws:principalarn" and bool(_NEGATIVE.fullmatch(line.operator.casefold()))
