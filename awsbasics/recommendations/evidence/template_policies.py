"""APP.6: what roles, users and policies of stacks are allowed is what the templates say.

Drift detection does not see policies that were attached or embedded by hand
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html),
so live policies are compared with all templates of the account.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.cloudformation.compare import could_be, text_could_be
from awsbasics.cloudformation.extract import (
    PRINCIPAL_TYPES,
    Policy,
    document,
    policies,
    principals,
)
from awsbasics.cloudformation.resolve import Stack
from awsbasics.cloudformation.values import NO_VALUE, forms, options
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.live_policies import (
    ATTACHED,
    EMBEDDED,
    TABLES,
    LivePolicies,
)
from awsbasics.recommendations.evidence.rows import from_json

if TYPE_CHECKING:
    from awsbasics.facts import Facts

MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
_HOLDERS = {"Roles": "AWS::IAM::Role", "Users": "AWS::IAM::User", "Groups": "AWS::IAM::Group"}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a template gives to a principal: an embedded policy or an attached ARN.

    `value` is the document or the ARN; `surely` says that the stack makes it in any case.
    """

    kind: str
    holder: Any
    name: Any
    value: Any
    surely: bool


@dataclass
class Templates:
    """All that the templates of one account say; `unread` names stacks whose are not known."""

    said: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `key` tells it from others on the same thing, `text` ends a sentence.

    `table` is the one that shows what is live.
    """

    key: str
    text: str
    facts: Mapping[str, Any]
    table: str
    surely: bool = True


def live_equals_templates(facts: "Facts") -> Iterator[Result]:
    """APP.6: each role, user, group and managed policy of a stack, against all templates."""
    stacks, live = facts.templates, facts.live_policies
    templates: dict[str, Templates] = defaultdict(Templates)
    for deployed, stack in stacks:
        _note(templates[deployed.account_id], deployed, stack)
    for deployed, stack in stacks:
        if stack is None:
            title = f"The template of stack {deployed.name} was not read."
            yield unknown(deployed.account_id, title, deployed.arn, deployed.region)
            continue
        yield from _managed_policies(deployed, stack, live)
        yield from _principals(deployed, stack, live, templates[deployed.account_id])


def _note(templates: Templates, deployed: Deployed, stack: Stack | None) -> None:
    if stack is None or stack.unresolved:
        templates.unread.append(deployed.name)
    if stack is None:
        return
    for policy in policies(stack):
        surely = stack.resources[policy.logical_id].condition is True
        kind = stack.resources[policy.logical_id].type
        for said in _of_policy(policy, kind, deployed, surely=surely):
            templates.said[said.kind].append(said)
    for principal in principals(stack):
        holder = deployed.physical_ids.get(principal.logical_id)
        for value in principal.managed_policy_arns if holder else ():
            said = Said(f"attached {principal.type}", holder, None, value, surely=False)
            templates.said[said.kind].append(said)


def _of_policy(policy: Policy, kind: str, deployed: Deployed, *, surely: bool) -> Iterator[Said]:
    own = deployed.physical_ids.get(policy.logical_id)
    if policy.use != "identity" or own is None:
        return
    if kind in PRINCIPAL_TYPES:
        yield Said(f"embedded {kind}", own, policy.name, policy.document, surely=surely)
    for key, holder in policy.holders:
        holder_kind = _HOLDERS[key]
        if kind == MANAGED_POLICY:
            yield Said(f"attached {holder_kind}", holder, None, own, surely=surely)
        else:
            name = policy.name if policy.name is not None else own
            yield Said(f"embedded {holder_kind}", holder, name, policy.document, surely=surely)


def _managed_policies(deployed: Deployed, stack: Stack, live: LivePolicies) -> Iterator[Result]:
    said: dict[str, list[Policy]] = defaultdict(list)
    for policy in policies(stack):
        if stack.resources[policy.logical_id].type == MANAGED_POLICY:
            said[policy.logical_id].append(policy)
    for logical_id, written in said.items():
        row = live.policies.get(deployed.physical_ids.get(logical_id, ""))
        if row is None:
            continue  # deleted by hand, or not read: coverage tells the second
        there = from_json(row.document) or {}
        if any(could_be(policy.document, there) for policy in written):
            yield ok(deployed.account_id, row.arn)
        else:
            text = "is not what the template says"
            found = Difference("document", text, {"template": logical_id}, "iam_policies")
            yield _failed(deployed, row.arn, f"Policy {row.name}", found)


def _principals(
    deployed: Deployed, stack: Stack, live: LivePolicies, templates: Templates
) -> Iterator[Result]:
    for principal in principals(stack):
        name = deployed.physical_ids.get(principal.logical_id, "")
        row = live.principals.get((principal.type, deployed.account_id, name))
        if row is None:
            continue
        resource = stack.resources[principal.logical_id]
        found = [
            *_embedded(row, live, _for(name, templates.said[f"embedded {principal.type}"])),
            *_attached(row, live, _for(name, templates.said[f"attached {principal.type}"])),
            *_trust(row, resource.properties.get("AssumeRolePolicyDocument")),
            *_boundary(row, principal.boundary, TABLES[principal.type]),
        ]
        kind = principal.type.rpartition(":")[2]
        if not found:
            yield ok(deployed.account_id, row.arn)
        for difference in found:
            if difference.surely or not templates.unread:
                yield _failed(deployed, row.arn, f"{kind} {name}", difference)
            else:
                title = (
                    f"{kind} {name} {difference.text}, unless one of the stacks whose templates"
                    " were not read does."
                )
                yield unknown(deployed.account_id, title, row.arn, key=difference.key)


def _failed(deployed: Deployed, arn: str, thing: str, found: Difference) -> Result:
    return fail(
        deployed.account_id,
        arn,
        key=found.key,
        title=f"{thing} of stack {deployed.name} {found.text}.",
        facts={"stack": deployed.name, **found.facts},
        table=found.table,
    )


def _embedded(row: Any, live: LivePolicies, said: Sequence[Said]) -> Iterator[Difference]:
    names = [policy.name for policy in live.embedded.get(row.arn, ())]
    for policy in live.embedded.get(row.arn, ()):
        same_name = [
            one for one in said if one.name is None or text_could_be(one.name, policy.name)
        ]
        facts = {"policy": policy.name}
        if not same_name:
            text = f"embeds the policy {policy.name}, which no template has"
            yield Difference(f"embedded/{policy.name}", text, facts, EMBEDDED, surely=False)
        elif not any(could_be(one.value, from_json(policy.document) or {}) for one in same_name):
            text = f"embeds the policy {policy.name}, which differs from the template's"
            yield Difference(f"embedded/{policy.name}", text, facts, EMBEDDED)
    for one in said:
        if one.surely and not any(_named(one, name) for name in names):
            text = f"lacks the policy {one.name} that its template embeds"
            yield Difference(f"missing/{one.name}", text, {"policy": str(one.name)}, EMBEDDED)


def _named(said: Said, name: str) -> bool:
    return said.name is None or text_could_be(said.name, name)


def _attached(row: Any, live: LivePolicies, said: Sequence[Said]) -> Iterator[Difference]:
    arns = [attachment.policy_arn for attachment in live.attached.get(row.arn, ())]
    for arn in arns:
        if not any(text_could_be(one.value, arn) for one in said):
            text = f"has the policy {arn} attached, which no template attaches"
            yield Difference(f"attached/{arn}", text, {"policy": arn}, ATTACHED, surely=False)
    for one in said:
        if one.surely and not any(text_could_be(one.value, arn) for arn in arns):
            text = f"lacks the policy {one.value} that a template attaches"
            yield Difference(f"detached/{one.value}", text, {"policy": str(one.value)}, ATTACHED)


def _for(name: str, said: Iterable[Said]) -> list[Said]:
    return [one for one in said if text_could_be(one.holder, name)]


def _trust(row: Any, expected: Any) -> Iterator[Difference]:
    live = from_json(getattr(row, "trust_policy", None))
    if live is not None and expected is not None and not could_be(document(expected), live):
        yield Difference("trust", "has another trust policy than the template's", {}, "iam_roles")


def _boundary(row: Any, expected: Any, table: str) -> Iterator[Difference]:
    live = getattr(row, "boundary_arn", None)
    if live is None:
        if expected is not None and NO_VALUE not in forms(expected):
            facts = {"template": str(expected)}
            text = "lacks the permission boundary of its template"
            yield Difference("boundary", text, facts, table)
    elif not any(text_could_be(one, live) for one in options(expected) if one is not None):
        text = f"has the permission boundary {live}, which its template does not set"
        yield Difference("boundary", text, {"boundary": live}, table)
