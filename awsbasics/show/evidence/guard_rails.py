"""R02: which service control policies reach which account."""

from collections import defaultdict

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.accounts import active_accounts
from awsbasics.recommendations.evidence.principals import GUARD_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.rows import from_json, rows
from awsbasics.recommendations.organizations import SCP_TYPE
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Grid, Mark
from awsbasics.show.evidence.common import table, yes_no
from awsbasics.show.evidence.guard_rail_coverage import (
    guard_rail_coverage,
    guard_rails_by_account,
    under_boundaries,
    ways_up,
)
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.text import plural

TABLES = (
    "organizations_accounts",
    "organizations_ous",
    "organizations_policies",
    "organizations_policy_targets",
)
FULL_ACCESS = "FullAWSAccess"
MOST_COLUMNS = 8
EXEMPT: Mark = "none"


def scp_coverage(assessment: Assessment) -> Grid | None:
    """Account by policy: attached to it or above it, or not; the management account is exempt."""
    facts = assessment.facts
    policies = _policies(facts)
    accounts = active_accounts(facts)
    if facts.management_account_id is None or not policies or not accounts:
        return None
    attached = _attached(facts)
    columns = sorted(policies, key=lambda id_: (-_reach(attached, id_), policies[id_]))[
        :MOST_COLUMNS
    ]
    values = []
    bare = 0
    for account in accounts:
        marks = (EXEMPT,) * len(columns)
        if not account.is_management:
            above = _above(facts, account.id)
            on = {policy for node in above for policy in attached.get(node, ())}
            marks = _marks(on, columns)
            bare += not on & policies.keys()
        values.append((account.name or account.id, marks))
    return Grid(
        title="Service control policies, by account",
        summary=f"{plural(len(policies), 'policy', 'policies')} beside {FULL_ACCESS}; "
        f"{plural(bare, 'member account')} under none of them. "
        "None of them binds the management account.",
        label="Account",
        columns=tuple(policies[policy] for policy in columns),
        values=tuple(values),
    )


def policies(assessment: Assessment) -> Table:
    """Each service control policy with what it is attached to."""
    facts = assessment.facts
    names = _node_names(facts)
    targets: dict[str, list[str]] = defaultdict(list)
    for row in rows(facts.frame("organizations_policy_targets"), "policy_id", "target_id"):
        targets[row.policy_id].append(names.get(row.target_id, row.target_id))
    frame = facts.frame("organizations_policies")
    found = rows(frame[frame["type"] == SCP_TYPE], "id", "name", "aws_managed", "content")
    return table(
        "Service control policies",
        (
            Column("Policy"),
            Column("Id", "code"),
            Column("AWS’s own"),
            Column("Statements", "number"),
            Column("Attached to", "list"),
        ),
        (
            (
                p.name,
                p.id,
                yes_no(p.aws_managed),
                _statements(p.content),
                tuple(sorted(targets[p.id])),
            )
            for p in found
        ),
        empty="There is none.",
    )


def _marks(reached: set[str], policies: list[str]) -> tuple[Mark, ...]:
    return tuple("yes" if policy in reached else "no" for policy in policies)


def _policies(facts: Facts) -> dict[str, str]:
    frame = facts.frame("organizations_policies")
    found = rows(frame[frame["type"] == SCP_TYPE], "id", "name")
    return {row.id: row.name for row in found if row.name != FULL_ACCESS}


def _attached(facts: Facts) -> dict[str, set[str]]:
    """Policies by the root, OU or account that they are attached to."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows(facts.frame("organizations_policy_targets"), "policy_id", "target_id"):
        found[row.target_id].add(row.policy_id)
    return found


def _reach(attached: dict[str, set[str]], policy: str) -> int:
    return sum(policy in policies for policies in attached.values())


def _above(facts: Facts, account_id: str) -> list[str]:
    """An account and all that it lies in, up to the root."""
    parents = {
        row.id: row.parent_id
        for name in ("organizations_accounts", "organizations_ous")
        for row in rows(facts.frame(name), "id", "parent_id")
    }
    chain: list[str] = []
    node: str | None = account_id
    while node is not None and node not in chain:
        chain.append(node)
        node = parents.get(node)
    return chain


def _node_names(facts: Facts) -> dict[str, str]:
    names = {row.id: "the root" for row in rows(facts.frame("organizations_roots"), "id")}
    names |= {
        row.id: f"OU {row.path}" for row in rows(facts.frame("organizations_ous"), "id", "path")
    }
    accounts = rows(facts.frame("organizations_accounts"), "id", "name")
    return names | {row.id: f"account {row.name or row.id}" for row in accounts}


def _statements(content: str | None) -> int:
    statements = (from_json(content) or {}).get("Statement") or []
    return len(statements) if isinstance(statements, list) else 1


EXHIBITS = Exhibits(
    figures={
        "scp_coverage": FigureExhibit(
            TABLES, scp_coverage, "There is no service control policy to draw."
        ),
        "guard_rail_coverage": FigureExhibit(
            GUARD_TABLES, guard_rail_coverage, "There is no organization with member accounts."
        ),
        "under_boundaries": FigureExhibit(
            IAM_TABLES, under_boundaries, "There are no users and roles to count."
        ),
    },
    tables={
        "policies": TableExhibit((*TABLES, "organizations_roots"), policies),
        "guard_rails_by_account": TableExhibit(GUARD_TABLES, guard_rails_by_account),
        "ways_up": TableExhibit(IAM_TABLES, ways_up),
    },
)
