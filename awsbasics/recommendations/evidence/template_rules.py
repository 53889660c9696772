"""SG.3: the rules of security groups that stacks own are those that the templates name.

Drift detection of a stack does not see rules that were added beside its own
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html),
so live rules are compared with all templates of their account and region.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.cloudformation.compare import MOST_PAIRS, text_could_be
from awsbasics.cloudformation.pairing import Pairing
from awsbasics.cloudformation.resolve import Stack
from awsbasics.cloudformation.security_groups import ALONE, GROUP, Rule, has_default_egress, rules
from awsbasics.cloudformation.values import is_known, options
from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.deployed_stacks import Deployed
from awsbasics.recommendations.evidence.group_owners import group_label
from awsbasics.recommendations.evidence.live_rules import (
    RULES,
    LiveGroups,
    could_become,
    is_a_controllers,
    is_default_egress,
    names_a_peer,
    peer_text,
    template_text,
)
from awsbasics.recommendations.evidence.ports import ports_text
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

RULE_ID = "sgr-"

Place = tuple[str, str]  # account and region


@dataclass
class Templates:
    """What all templates of one account and region say of rules.

    `alone` are rules that are resources of their own, with the physical id where that is known;
    `owned` the ids of live rules that stacks made, with what the template says (None: not read);
    `unread` the stacks that may have made rules which cannot be told from others.
    """

    alone: list[tuple[Rule, str]] = field(default_factory=list)
    owned: dict[str, Rule | None] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Made:
    """A live group and the resource of a stack that made it."""

    deployed: Deployed
    stack: Stack
    logical_id: str
    group: Any

    @property
    def place(self) -> tuple[str, str, str]:
        """Where its findings belong: account, resource, region."""
        return self.group.account_id, self.group.arn or self.group.id, self.group.region


def live_rules_equal_templates(facts: "Facts") -> Iterator[Result]:
    """SG.3: one result per group of a stack, or one per rule in which it differs."""
    stacks = [pair for pair in facts.templates if _has_rules(pair[0])]
    templates: dict[Place, Templates] = defaultdict(Templates)
    for deployed, stack in stacks:
        _note(templates[deployed.account_id, deployed.region], deployed, stack)
    live = LiveGroups(facts)
    for deployed, stack in stacks:
        found = _groups(deployed, live)
        if found and stack is None:
            title = f"The template of stack {deployed.name} was not read."
            yield unknown(deployed.account_id, title, deployed.arn, deployed.region)
            continue
        for logical_id, group in found.items():
            if stack is not None and logical_id in stack.resources:
                made = Made(deployed, stack, logical_id, group)
                yield from _compared(made, live, templates[deployed.account_id, deployed.region])


def _has_rules(deployed: Deployed) -> bool:
    return any(kind == GROUP or kind in ALONE for kind in deployed.types.values())


def _groups(deployed: Deployed, live: LiveGroups) -> dict[str, Any]:
    """The stack's groups that are there, by their name in the template."""
    named = [name for name, kind in deployed.types.items() if kind == GROUP]
    place = (deployed.account_id, deployed.region)
    found = {name: live.group(*place, deployed.physical_ids[name]) for name in named}
    return {name: group for name, group in found.items() if group is not None}


def _note(templates: Templates, deployed: Deployed, stack: Stack | None) -> None:
    said = {} if stack is None else {rule.logical_id: rule for rule in rules(stack)}
    for logical_id, kind in deployed.types.items():
        if kind not in ALONE:
            continue
        physical_id, rule = deployed.physical_ids[logical_id], said.get(logical_id)
        if rule is not None:
            templates.alone.append((rule, physical_id))
        elif not physical_id.startswith(RULE_ID):
            templates.unread.append(deployed.name)
        if physical_id.startswith(RULE_ID):
            templates.owned[physical_id] = rule


def _compared(made: Made, live: LiveGroups, templates: Templates) -> Iterator[Result]:
    own = sorted(live.rules(made.group), key=lambda rule: str(rule.id))
    said = _said(made, {rule.id for rule in own}, templates)
    extra, missing = _unpaired(own, said, live)
    if has_default_egress(made.stack.resources[made.logical_id]):
        extra = [rule for rule in extra if not is_default_egress(rule)]
    extra = [rule for rule in extra if not _is_let_pass(rule, live, templates)]
    for rule in extra:
        yield _added(made, rule, templates)
    for named in missing:
        yield _missing(made, named)
    if not extra and not missing:
        yield ok(*made.place)


def _is_let_pass(rule: Any, live: LiveGroups, templates: Templates) -> bool:
    """Whether a rule that no template names is a controller's, a developer's or a stack's."""
    of_unread = rule.id in templates.owned and templates.owned[rule.id] is None
    return of_unread or is_a_controllers(rule) or live.is_for_developers(rule)


def _said(made: Made, own: set[str], templates: Templates) -> list[tuple[Rule, bool]]:
    """The rules that templates name for a group, and whether each has to be there."""
    inside = [
        rule
        for rule in rules(made.stack)
        if rule.group is None and rule.logical_id == made.logical_id
    ]
    found = [(rule, rule.surely) for rule in inside]
    for rule, physical_id in templates.alone:
        if physical_id in own:
            found.append((rule, rule.surely))
        elif _is_of(rule, made.group):
            found.append((rule, rule.surely and is_known(rule.group)))
    return found


def _is_of(rule: Rule, group: Any) -> bool:
    """Whether a rule of its own may be for a group, by the group's id or its name."""
    forms = [form for form in options(rule.group) if form is not None]
    return any(text_could_be(form, name) for form in forms for name in (group.id, group.name))


def _unpaired(
    own: list[Any], said: list[tuple[Rule, bool]], live: LiveGroups
) -> tuple[list[Any], list[Rule]]:
    """The live rules that no template names, and the named ones that are not there."""
    whole = {rule.is_egress for rule, _ in said if rule.properties is None}
    named = [pair for pair in said if pair[0].properties is not None]
    # Rules that are known go first: each fits one live rule at most, which is then its own.
    named.sort(key=lambda pair: not is_known(pair[0].properties))
    fits = [[could_become(rule, each, live) for rule, _ in named] for each in own]
    pairing = Pairing(fits)
    small = len(own) * len(named) <= MOST_PAIRS
    extra = [
        rule
        for place, rule in enumerate(own)
        if bool(rule.is_egress) not in whole
        and not (pairing.place(place) if small else any(fits[place]))
    ]
    missing = [
        rule
        for place, (rule, surely) in enumerate(named)
        if surely and names_a_peer(rule) and not any(row[place] for row in fits)
    ]
    return extra, missing


def _added(made: Made, rule: Any, templates: Templates) -> Result:
    way = "lets out to" if rule.is_egress else "lets in"
    what = f"{group_label(made.group)} {way} {peer_text(rule)} ({ports_text(rule)})"
    seen: dict[str, Any] = {
        "stack": made.deployed.name,
        "rule": rule.id,
        "ports": ports_text(rule),
        "peer": peer_text(rule),
        "description": rule.description,
    }
    account, resource, region = made.place
    more: dict[str, Any] = {"key": rule.id, "facts": seen, "table": RULES}
    if templates.unread:
        names = listed(shown(templates.unread))
        title = f"{what}, which no template names, unless that of {names} does, which was not read."
        return unknown(account, title, resource, region, **more)
    by_stack = rule.id in templates.owned
    told = "which is not what its template says" if by_stack else "which no template names"
    title = f"{what}, {told}."
    severity = "medium" if rule.is_egress else None
    return fail(account, resource, region, title=title, severity=severity, **more)


def _missing(made: Made, rule: Rule) -> Result:
    text = template_text(rule)
    title = f"{group_label(made.group)} lacks a rule that a template names: {text}."
    seen = {"stack": made.deployed.name, "template": rule.logical_id, "rule": text}
    more: dict[str, Any] = {"severity": "medium", "facts": seen, "table": RULES}
    key = f"missing/{rule.logical_id}/{text}"
    return fail(*made.place, key=key, title=title, **more)
