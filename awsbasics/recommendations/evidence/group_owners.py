"""SG.1 and SG.2: which application a security group serves, and which code owns it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.rows import from_json, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

GROUPS = "ec2_security_groups"
RULES = "ec2_security_group_rules"
INTERFACES = "ec2_network_interfaces"
DEFAULT = "default"

# Tags and descriptions by which services and the load balancer controller of Kubernetes mark the
# groups that they make and look after. Only AWS can set tags that begin with `aws:`.
SERVICE_TAGS = ("aws:", "elbv2.k8s.aws/")
CODE_TAGS = ("aws:cloudformation:",)
SERVICE_DESCRIPTIONS = (
    "AWS created security group for ",
    "EKS created security group applied to ",
)

Place = tuple[str, str, str]  # account, region, id


@dataclass(slots=True)
class Use:
    """What a group is attached to: interfaces, and the applications that they belong to."""

    interfaces: list[str] = field(default_factory=list)
    applications: set[str] = field(default_factory=set)


def groups_and_applications(facts: "Facts") -> Iterator[Result]:
    """SG.1: no group serves several applications, each has its own, and default groups none."""
    uses, living = _uses(facts)
    ruled = {(row.account_id, row.region, row.group_id) for row in _rules(facts)}
    groups = list(_groups(facts))
    for group in groups:
        place = (group.account_id, group.region, group.id)
        use = uses.get(place, Use())
        if group.name == DEFAULT:
            yield _default_group(group, use, in_use=group.vpc_id in living, ruled=place in ruled)
        else:
            yield _shared_group(group, use)
    default = {(g.account_id, g.region, g.id) for g in groups if g.name == DEFAULT}
    yield from _applications(uses, default)


def groups_by_code(facts: "Facts") -> Iterator[Result]:
    """SG.2: each group belongs to a stack or other code; those that none owns, by name."""
    owned_rules, all_rules = _rule_counts(facts)
    uses, _ = _uses(facts)
    for group in _groups(facts):
        if group.name == DEFAULT or is_a_services_own(group):
            continue  # nobody makes these: SG.1 judges the default group
        place = (group.account_id, group.region, group.id)
        where = (group.account_id, group.arn or group.id, group.region)
        owner = facts.ownership.managed_by(*place, tags=group.tags)
        if owner.value is not None:
            yield ok(*where)
            continue
        title = f"{group_label(group)} was made by hand: no stack or other code owns it."
        seen = {
            "rules": all_rules.get(place, 0),
            "rules_of_stacks": owned_rules.get(place, 0),
            "interfaces_seen": len(uses[place].interfaces) if place in uses else 0,
            "vpc_id": group.vpc_id,
        }
        yield fail(*where, title=title, facts=seen, table="cloudformation_stack_resources")


def _default_group(group: Any, use: Use, *, in_use: bool, ruled: bool) -> Result:
    """Attached is worst; with rules it waits to be attached by mistake, where anything lives."""
    where = (group.account_id, group.arn or group.id, group.region)
    seen: dict[str, Any] = {"interfaces": shown(use.interfaces), "vpc_id": group.vpc_id}
    if use.interfaces:
        title = f"The default security group {group.id} is in use."
        return fail(*where, key="default_in_use", title=title, facts=seen, table=INTERFACES)
    if in_use and ruled:
        title = f"The default security group {group.id} still has rules."
        more: dict[str, Any] = {"facts": seen, "table": RULES, "severity": "low"}
        return fail(*where, key="default_rules", title=title, **more)
    return ok(*where)


def _shared_group(group: Any, use: Use) -> Result:
    where = (group.account_id, group.arn or group.id, group.region)
    if len(use.applications) < 2:
        return ok(*where)
    title = f"{group_label(group)} is attached to {len(use.applications)} applications."
    seen = {"applications": shown(use.applications), "interfaces": shown(use.interfaces)}
    return fail(*where, key="shared", title=title, facts=seen, table=INTERFACES)


def _applications(uses: Mapping[Place, Use], default: set[Place]) -> Iterator[Result]:
    """One result per application that has interfaces in an account and region."""
    groups: dict[tuple[str, str, str], list[tuple[str, bool]]] = defaultdict(list)
    for (account, region, group_id), use in uses.items():
        own = len(use.applications) == 1 and (account, region, group_id) not in default
        for application in use.applications:
            groups[account, region, application].append((group_id, own))
    for (account, region, application), attached in sorted(groups.items()):
        if any(own for _, own in attached):
            yield ok(account, "", region)
            continue
        title = f"Application {application} has no security group of its own."
        seen = {"groups": shown(group_id for group_id, _ in attached)}
        more: dict[str, Any] = {"facts": seen, "table": INTERFACES, "application": application}
        yield fail(account, "", region, key=application, title=title, **more)


def _uses(facts: "Facts") -> tuple[dict[Place, Use], set[str]]:
    """The use of each attached group, and the VPCs that have interfaces."""
    uses: dict[Place, Use] = defaultdict(Use)
    living: set[str] = set()
    frame = facts.frame(INTERFACES)
    names = ("account_id", "region", "id", "vpc_id", "group_ids", "instance_id", "tags")
    for interface in rows(frame, *names):
        living.add(interface.vpc_id)
        application = application_of_interface(facts, interface)
        for group_id in from_json(interface.group_ids) or ():
            use = uses[interface.account_id, interface.region, group_id]
            use.interfaces.append(interface.id)
            if application is not None:
                use.applications.add(application)
    return uses, living


def application_of_interface(facts: "Facts", interface: Any) -> str | None:
    """The application of an interface: its own stack or tags, then its instance's."""
    place = (interface.account_id, interface.region)
    owner = facts.ownership.application(*place, interface.id, tags=interface.tags)
    if owner.value is None and interface.instance_id:
        owner = facts.ownership.application(*place, interface.instance_id)
    return owner.value


def _rule_counts(facts: "Facts") -> tuple[dict[Place, int], dict[Place, int]]:
    """How many rules of each group are resources of a stack, and how many there are."""
    owned: dict[Place, int] = defaultdict(int)
    every: dict[Place, int] = defaultdict(int)
    for rule in _rules(facts):
        place = (rule.account_id, rule.region, rule.group_id)
        every[place] += 1
        owner = facts.ownership.managed_by(rule.account_id, rule.region, rule.id, tags=rule.tags)
        owned[place] += owner.value is not None
    return owned, every


def _groups(facts: "Facts") -> Iterator[Any]:
    names = ("account_id", "region", "id", "arn", "name", "vpc_id", "description", "tags")
    return rows(facts.frame(GROUPS), *names)


def _rules(facts: "Facts") -> Iterator[Any]:
    return rows(facts.frame(RULES), "account_id", "region", "id", "group_id", "tags")


def is_a_services_own(group: Any) -> bool:
    """Whether an AWS service or a cluster's controller made the group and looks after it."""
    if (group.description or "").startswith(SERVICE_DESCRIPTIONS):
        return True
    tags = from_json(group.tags) or {}
    return any(key.startswith(SERVICE_TAGS) and not key.startswith(CODE_TAGS) for key in tags)


def group_label(group: Any) -> str:
    """A security group as sentences begin with it: a row with `name` and `id`."""
    return f"Security group {group.name} ({group.id})"
