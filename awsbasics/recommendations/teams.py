"""R06: team groups match the applications that the team maintains."""

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from awsbasics.iam.policy import Statement, statements
from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    ok,
    unknown,
)
from awsbasics.recommendations.evidence.application_assets import TABLES as ASSET_TABLES
from awsbasics.recommendations.evidence.copying_sessions import copying_sessions
from awsbasics.recommendations.evidence.documents import Document, inline_policies, managed_policies
from awsbasics.recommendations.evidence.expected_team_access import (
    access_matrix,
    as_expected,
    only_maintained,
)
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, GUARD_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.rows import counted, rows, shown
from awsbasics.recommendations.remediation.teams import (
    ASSUME_FIX,
    EXPECTED_FIX,
    MAINTAINED_FIX,
    MATRIX_FIX,
    SESSIONS_FIX,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# What the access of teams to applications is found from.
ACCESS_TABLES = (*IAM_TABLES, *GUARD_TABLES, *CENTER_TABLES, *ASSET_TABLES)

OWN_USER = "${aws:username}"

ASSUMING = frozenset({"sts:assumerole", "sts:tagsession", "sts:setsourceidentity"})

# What the console asks for before people can manage their own credentials, besides what names
# their own user (IAM user guide, "AWS: Allows MFA-authenticated IAM users to manage their own
# credentials on the Security credentials page").
SELF_SERVICE = frozenset(
    {
        "iam:changepassword",
        "iam:getaccountpasswordpolicy",
        "iam:getaccountsummary",
        "iam:getuser",
        "iam:listaccountaliases",
        "iam:listmfadevices",
        "iam:listusers",
        "iam:listvirtualmfadevices",
        "sts:getcalleridentity",
        "sts:getsessiontoken",
    }
)


def assuming_rather_than_standing(facts: "Facts") -> Iterator[Result]:
    """TEAM.3: each team's group lets its members assume roles, and allows nothing else."""
    documents = _documents_by_holder(facts)
    missing = _documents_missing(facts, documents)
    for group in rows(facts.frame("iam_groups"), "account_id", "arn", "name", "path"):
        team = facts.ownership.team_of_group(group.name, group.path).value
        if team is None:
            continue  # ENG.2 names groups of no team
        own = documents.get(group.arn, [])
        unread = [document.name for document in own if document.text is None]
        unread += missing.get(group.arn, [])
        if unread:
            title = (
                f"Team group {group.name}: the policies {', '.join(shown(unread))} were not read."
            )
            yield unknown(group.account_id, title, group.arn, table="iam_policies")
        else:
            yield _judge(group, team, own)


def _judge(group: Any, team: str, documents: list[Document]) -> Result:
    assuming, standing = 0, dict[str, int]()
    for document in documents:
        yes, no = counts(document.text or "")
        assuming += yes
        if no:
            standing[document.name] = no
    if not standing:
        return ok(group.account_id, group.arn)
    every = assuming + sum(standing.values())
    share = round(assuming / every, 3)
    where = f"{every - assuming} of {counted(every, 'statement', 'statements')}"
    title = f"Team group {group.name} has standing permissions, in {where}."
    seen = {"assuming": assuming, "standing": standing, "share_assuming": share}
    more: dict[str, Any] = {"facts": seen, "table": "iam_attachments", "team": team}
    return fail(group.account_id, group.arn, title=title, **more)


@lru_cache(maxsize=65536)
def counts(document: str) -> tuple[int, int]:
    """How many statements of a policy (JSON text) let roles be assumed, and how many stand.

    Managing one's own user counts as neither.
    """
    allowed = [statement for statement in statements(document) if statement.effect == "Allow"]
    assuming = sum(map(_is_assuming, allowed))
    standing = sum(not _is_assuming(each) and not _is_self_service(each) for each in allowed)
    return assuming, standing


def _is_assuming(statement: Statement) -> bool:
    actions = {action.casefold() for action in statement.actions}
    return bool(actions) and actions <= ASSUMING


def _is_self_service(statement: Statement) -> bool:
    actions = {action.casefold() for action in statement.actions}
    if actions and actions <= SELF_SERVICE:
        return True
    return any(OWN_USER in resource.casefold() for resource in statement.resources)


def _documents_by_holder(facts: "Facts") -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = defaultdict(list)
    for source in (managed_policies, inline_policies):
        for document in source(facts):
            for holder in document.holders:
                found[holder].append(document)
    return found


def _documents_missing(
    facts: "Facts", documents: dict[str, list[Document]]
) -> dict[str, list[str]]:
    """Attached policies that the snapshot does not have, by holder."""
    known = {holder: {each.resource for each in own} for holder, own in documents.items()}
    missing: dict[str, list[str]] = defaultdict(list)
    for row in rows(facts.frame("iam_attachments"), "principal_arn", "policy_arn"):
        if row.policy_arn not in known.get(row.principal_arn, ()):
            missing[row.principal_arn].append(row.policy_arn)
    return missing


WHO_MAINTAINS = Question(
    "Is it written down which team maintains which application, where tags do not say?",
    (
        Choice("all", "Yes, for every application", "pass"),
        Choice("some", "For some", "fail"),
        Choice("none", "For none", "fail"),
    ),
)

TEAM_CHANGES = Question(
    "Is access reviewed when people change teams?",
    (
        Choice("automatic", "Automatically, with the change", "pass"),
        Choice("periodic", "At regular intervals", "pass"),
        Choice("on_request", "On request", "fail"),
        Choice("no", "No", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R06",
    prefix="TEAM",
    slug="teams",
    title="Match team groups to the applications that the team maintains",
    summary=(
        "A team has full access to its applications in development, reads them in test, and reads"
        " or has nothing in production. Assuming a role for it keeps anybody from copying"
        " production by accident."
    ),
    checks=(
        Check(
            id="TEAM.1",
            title="What each team can do to each application in each environment",
            severity="info",
            tables=ACCESS_TABLES,
            absence=(),
            run=access_matrix,
            remediation=MATRIX_FIX,
        ),
        Check(
            id="TEAM.2",
            title="Teams can do what is expected in each environment, and no more",
            severity="high",
            tables=ACCESS_TABLES,
            absence=(),
            run=as_expected,
            remediation=EXPECTED_FIX,
        ),
        Check(
            id="TEAM.3",
            title="Team groups let people assume roles instead of granting permissions",
            severity="medium",
            tables=("iam_groups", "iam_attachments", "iam_inline_policies", "iam_policies"),
            absence=(),
            run=assuming_rather_than_standing,
            remediation=ASSUME_FIX,
        ),
        Check(
            id="TEAM.4",
            title="No team reaches applications that it does not maintain",
            severity="high",
            tables=ACCESS_TABLES,
            absence=(),
            run=only_maintained,
            remediation=MAINTAINED_FIX,
        ),
        Check(
            id="TEAM.5",
            title="No session can both read production data and write elsewhere",
            severity="medium",
            tables=ACCESS_TABLES,
            absence=(),
            run=copying_sessions,
            remediation=SESSIONS_FIX,
        ),
        Check(
            id="TEAM.A",
            title="It is known which team maintains which application",
            severity="medium",
            question=WHO_MAINTAINS,
            remediation=(
                "1. Tag each stack with its application, and write under `teams: maintain:` in "
                "the engagement file which team maintains what.\n"
                "To verify: every application of the reports has a team."
            ),
        ),
        Check(
            id="TEAM.B",
            title="Access follows people who change teams",
            severity="low",
            question=TEAM_CHANGES,
            remediation=(
                "1. Take group memberships from the personnel system, or let each team's lead "
                "confirm them every quarter.\n"
                "To verify: take three people who changed teams, and look at the groups that "
                "they are in."
            ),
        ),
    ),
)
