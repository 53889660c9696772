"""Principals of the engine as findings name them, and which of them checks leave alone."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Estate, Person, Principal
from awsbasics.iam.verdict import Verdict
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# What the engine takes a principal's own permissions from.
IAM_TABLES = (
    "iam_users",
    "iam_groups",
    "iam_group_members",
    "iam_roles",
    "iam_policies",
    "iam_attachments",
    "iam_inline_policies",
)
GUARD_TABLES = (
    "organizations_organization",
    "organizations_roots",
    "organizations_ous",
    "organizations_accounts",
    "organizations_policies",
    "organizations_policy_targets",
)
CENTER_TABLES = (
    "sso_instances",
    "sso_permission_sets",
    "sso_assignments",
    "identitystore_users",
    "identitystore_groups",
    "identitystore_group_members",
)
RESERVED_PATH = "/aws-reserved/sso.amazonaws.com/"
RESERVED_NAME = "AWSReservedSSO_"


class Subject(NamedTuple):
    """How a finding names a principal: `resource` is the permission set's of a reserved role."""

    account_id: str
    resource: str
    label: str
    table: str


def subject(facts: "Facts", principal: Principal) -> Subject:
    """A principal, or the permission set that its role comes from."""
    name = permission_set_name(principal)
    if name:
        resource = facts.permissions.estate.permission_sets.get(name, principal.arn)
        return Subject(
            principal.account_id, resource, f"Permission set {name}", "sso_permission_sets"
        )
    kind, table = ("User", "iam_users") if principal.kind == "user" else ("Role", "iam_roles")
    return Subject(principal.account_id, principal.arn, f"{kind} {principal.name}", table)


def permission_set_name(principal: Principal) -> str:
    """The permission set that a reserved role (`AWSReservedSSO_<set>_<digits>`) comes from."""
    if principal.kind != "role" or not principal.path.startswith(RESERVED_PATH):
        return ""
    return principal.name.rpartition("_")[0].removeprefix(RESERVED_NAME)


def is_left_alone(facts: "Facts", principal: Principal) -> bool:
    """Whether checks leave a principal alone: a service's own, or what provisions accounts."""
    if principal.kind == "user":
        return False
    roles = facts.engagement.roles
    return principal.is_service_linked or roles.is_provisioning(principal.name, principal.path)


def is_break_glass(facts: "Facts", principal: Principal) -> bool:
    """Whether it is the emergency access, by the engagement file."""
    return facts.engagement.roles.is_break_glass(principal.name, principal.path)


def is_human(facts: "Facts", principal: Principal) -> bool:
    """Whether an IAM user is a person's, by the engagement file."""
    humans = facts.engagement.humans
    return principal.kind == "user" and humans.includes(principal.name, principal.path)


def runs_a_service(principal: Principal) -> bool:
    """Whether a role's trust policy lets a service take it up."""
    rules = principal.trust.rules if isinstance(principal.trust, CompiledPolicy) else ()
    return any(p.kind == "Service" for rule in rules if rule.allows for p in rule.source.principals)


def iam_was_read(estate: Estate, account_id: str) -> bool:
    """Whether everything is known that decides what an account's principals can do."""
    return all(estate.was_read(table, account_id) for table in IAM_TABLES)


def people_by_role(estate: Estate) -> Mapping[str, tuple[tuple[Person, str], ...]]:
    """Who signs in with each reserved role in Identity Center, and through which group."""
    found: dict[str, list[tuple[Person, str]]] = defaultdict(list)
    for person in estate.people:
        for sign_in in person.sign_ins:
            found[sign_in.role_arn].append((person, sign_in.through))
    return {arn: tuple(each) for arn, each in found.items()}


def needs_text(verdict: Verdict) -> str:
    """What a verdict depends on, in words."""
    return listed(shown(verdict.missing))
