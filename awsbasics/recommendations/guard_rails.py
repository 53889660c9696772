"""R02: guard rails by service control policies and permission boundaries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    Severity,
    fail,
    not_applicable,
    ok,
)
from awsbasics.recommendations.evidence.accounts import (
    NO_ORGANIZATION,
    active_accounts,
    severity_in,
)
from awsbasics.recommendations.evidence.boundaries import enforced_boundaries
from awsbasics.recommendations.evidence.escalation import escalation
from awsbasics.recommendations.evidence.governance_answers import sharing_is_blocked
from awsbasics.recommendations.evidence.guard_rail_matrix import guard_rails_hold
from awsbasics.recommendations.evidence.principals import GUARD_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.resource_perimeter import closed_to_strangers
from awsbasics.recommendations.evidence.rows import from_json, rows
from awsbasics.recommendations.evidence.scp_hygiene import scp_hygiene
from awsbasics.recommendations.organizations import SCP_TYPE

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "organizations_policy_targets"


class Tree(NamedTuple):
    """The organization as policies see it: each node's parent, and the guard rails on each node."""

    parents: Mapping[str, str]
    attached: Mapping[str, frozenset[str]]

    def above(self, node: str | None) -> frozenset[str]:
        """Names of the guard rails on a node and on all that it lies in."""
        found: set[str] = set()
        seen: set[str] = set()
        while node is not None and node not in seen:
            seen.add(node)
            found |= self.attached.get(node, frozenset())
            node = self.parents.get(node)
        return frozenset(found)


def covered_by_guard_rails(facts: "Facts") -> Iterator[Result]:
    """SCP.1: every OU and every account is under a service control policy that limits something."""
    home = facts.home_account_id
    if facts.management_account_id is None:
        yield not_applicable(home, NO_ORGANIZATION)
        return
    tree = _tree(facts)
    for ou in rows(facts.frame("organizations_ous"), "id", "arn", "path"):
        yield _judge(home, ou.arn or ou.id, f"OU {ou.path}", tree.above(ou.id))
    for account in active_accounts(facts):
        if account.is_management:
            title = (
                f"Service control policies do not bind the management account {account.label}:"
                " whoever administers it is held back by its own policies only."
            )
            yield not_applicable(account.id, title)
            continue
        severity = severity_in(account.environment, "high")
        yield _judge(account.id, "", f"Account {account.label}", tree.above(account.id), severity)


def _judge(
    account_id: str,
    resource: str,
    name: str,
    guard_rails: frozenset[str],
    severity: Severity = "high",
) -> Result:
    if guard_rails:
        return ok(account_id, resource)
    title = f"{name} is under no service control policy other than FullAWSAccess."
    more: dict[str, Any] = {"severity": severity, "table": TABLE}
    return fail(account_id, resource, key="uncovered", title=title, **more)


def _tree(facts: "Facts") -> Tree:
    parents = {
        row.id: row.parent_id
        for table in ("organizations_ous", "organizations_accounts")
        for row in rows(facts.frame(table), "id", "parent_id")
        if row.parent_id
    }
    names = _guard_rails(facts) if _enabled(facts) else {}
    attached: dict[str, set[str]] = defaultdict(set)
    for row in rows(facts.frame(TABLE), "policy_id", "target_id"):
        if row.policy_id in names:
            attached[row.target_id].add(names[row.policy_id])
    return Tree(parents, {target: frozenset(found) for target, found in attached.items()})


def _enabled(facts: "Facts") -> bool:
    """Attachments of a type that is switched off have no effect."""
    roots = rows(facts.frame("organizations_roots"), "policy_types")
    kinds = (kind for root in roots for kind in from_json(root.policy_types) or ())
    return any(k["Type"] == SCP_TYPE and k.get("Status") == "ENABLED" for k in kinds)


def _guard_rails(facts: "Facts") -> dict[str, str]:
    """Names of the service control policies that limit something, by id."""
    frame = facts.frame("organizations_policies")
    return {
        row.id: row.name
        for row in rows(frame, "id", "name", "type", "content")
        if row.type == SCP_TYPE and row.name != "FullAWSAccess" and not _allows_all(row.content)
    }


def _allows_all(content: str | None) -> bool:
    """Whether a policy is FullAWSAccess under another name."""
    statements = (from_json(content) or {}).get("Statement") or []
    if isinstance(statements, dict):
        statements = [statements]
    return bool(statements) and all(
        statement.get("Effect") == "Allow"
        and statement.get("Action") in ("*", ["*"])
        and statement.get("Resource", "*") in ("*", ["*"])
        and not statement.get("Condition")
        for statement in statements
    )


GUARD_RAIL_FIX = """\
1. Write a first guard rail that no workload can miss: nobody leaves the organization, nobody stops
the trail.
    {"Version": "2012-10-17", "Statement": [{"Sid": "KeepTheRecord", "Effect": "Deny",
     "Action": ["organizations:LeaveOrganization", "cloudtrail:StopLogging",
                "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail",
                "cloudtrail:PutEventSelectors"],
     "Resource": "*"}]}
2. Attach it to one OU with a test account first, and use the account for a day.
3. Attach it to the OUs named in the findings, or to the root:
    aws organizations attach-policy --policy-id POLICY --target-id OU
4. Add further guard rails per OU: regions, root user, security services.
To verify:
    aws organizations list-policies-for-target --target-id OU --filter SERVICE_CONTROL_POLICY
It lists more than FullAWSAccess."""

MATRIX_FIX = """\
1. Write one service control policy per purpose. Deny the requests that the finding names under
"requests", and except only the roles that must do it:
    {"Version": "2012-10-17", "Statement": [{"Sid": "KeepDetectors", "Effect": "Deny",
     "Action": ["guardduty:DeleteDetector", "guardduty:UpdateDetector",
                "guardduty:DisassociateFromAdministratorAccount"],
     "Resource": "*",
     "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/security-automation"}}}]}
2. Where it "depends on" a condition, an administrator chooses the value: leave the condition out,
or use a key that the caller cannot choose.
3. Attach it to an OU with a test account first, then to the OUs of the accounts in the findings:
    aws organizations attach-policy --policy-id POLICY --target-id OU
To verify: as an administrator of a test account under that OU, try one of the requests:
    aws guardduty delete-detector --detector-id DETECTOR
The answer is AccessDenied, "with an explicit deny in a service control policy"."""

ESCALATION_FIX = """\
1. Read the steps in the finding: they say what the principal does, one call after the other. Take
away the first permission that its task does not need; the finding's source explains the path.
2. Where the permission is needed, bound it: name the resources (never `*`), name the service with
iam:PassedToService, demand a boundary with iam:PermissionsBoundary, or ask for MFA.
3. Stop what nobody needs with a service control policy (SCP.2).
To verify: aws iam simulate-principal-policy with the action and resource of the first step:
    aws iam simulate-principal-policy --policy-source-arn PRINCIPAL --action-names ACTION
It answers implicitDeny or explicitDeny; then assess again."""

BOUNDARY_FIX = """\
1. Write the boundary: a managed policy with the most that roles of this kind may ever do.
2. Allow making and changing roles only with it, and deny loosening it:
    {"Effect": "Allow", "Action": ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
     "Resource": "arn:aws:iam::ACCOUNT:role/APPLICATION/*",
     "Condition": {"StringEquals": {"iam:PermissionsBoundary": "ARN of the boundary"}}},
    {"Effect": "Deny", "Action": ["iam:DeleteRolePermissionsBoundary", "iam:CreatePolicyVersion",
      "iam:SetDefaultPolicyVersion", "iam:DeletePolicyVersion"], "Resource": "*"}
3. Put it on the roles that exist:
    aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary POLICY
To verify: as the principal in the finding,
    aws iam create-role --role-name boundary-test --assume-role-policy-document file://trust.json
answers AccessDenied, and succeeds with the option for the boundary."""

HYGIENE_FIX = """\
1. Attach a policy that was forgotten, or delete it:
    aws organizations delete-policy --policy-id POLICY
2. Correct the action names by the service authorization reference. A denial that never matches
guards nothing: mend its actions, or write "Resource": "*" for actions that know no resources.
3. Let an exemption name its roles: "arn:aws:iam::*:role/security-automation", never "role/*".
4. Where a policy or a node is nearly full, move what all need up to the root, and join policies of
one purpose:
    aws organizations update-policy --policy-id POLICY --content file://policy.json
To verify: `aws accessanalyzer validate-policy --policy-type SERVICE_CONTROL_POLICY
--policy-document file://policy.json` finds no errors; then try the request in a test account."""

PERIMETER_FIX = """\
1. Switch resource control policies on, in the management account:
    aws organizations enable-policy-type --policy-type RESOURCE_CONTROL_POLICY --root-id ROOT
2. Deny all who are neither of the organization nor an AWS service, and except your partners:
    {"Version": "2012-10-17", "Statement": [{"Sid": "OwnOrganization", "Effect": "Deny",
     "Principal": "*", "Action": ["s3:*", "sqs:*", "kms:*", "secretsmanager:*", "sts:AssumeRole"],
     "Resource": "*", "Condition": {
       "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example",
                                   "aws:PrincipalAccount": ["PARTNER"]},
       "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}]}
3. Attach it to an OU with a test account first: what was shared on purpose closes too.
    aws organizations attach-policy --policy-id POLICY --target-id OU
To verify: from an account outside, with a secret whose policy names it:
    aws secretsmanager get-secret-value --secret-id ARN
The answer is AccessDenied, "with an explicit deny in a resource control policy"."""

SHARING = Question(
    "How is sharing resources outside the organization handled?",
    (
        Choice("approved", "It needs an approval, and what is shared is listed", "pass"),
        Choice("blocked", "It is blocked", "pass"),
        Choice("informal", "Informally", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R02",
    prefix="SCP",
    slug="guard_rails",
    title="Put up guard rails: service control policies and permission boundaries",
    summary=(
        "A thoughtful set of guard rails stops privilege escalation before it happens, so that"
        " not every change to a permission needs a security review."
    ),
    sandboxes=True,
    checks=(
        Check(
            id="SCP.1",
            title="Every OU and account is under a service control policy that limits something",
            severity="high",
            tables=(
                "organizations_organization",
                "organizations_roots",
                "organizations_ous",
                "organizations_accounts",
                "organizations_policies",
                "organizations_policy_targets",
            ),
            run=covered_by_guard_rails,
            remediation=GUARD_RAIL_FIX,
        ),
        Check(
            id="SCP.2",
            title="The important guard rails hold in every account",
            severity="high",
            tables=GUARD_TABLES,
            run=guard_rails_hold,
            remediation=MATRIX_FIX,
        ),
        Check(
            id="SCP.3",
            title="Nobody who is not an administrator can become one",
            severity="critical",
            tables=IAM_TABLES,
            absence=(),
            run=escalation,
            remediation=ESCALATION_FIX,
        ),
        Check(
            id="SCP.4",
            title="Whoever can make roles or users must attach a permission boundary",
            severity="high",
            tables=IAM_TABLES,
            absence=(),
            run=enforced_boundaries,
            remediation=BOUNDARY_FIX,
        ),
        Check(
            id="SCP.5",
            title="Service control policies are attached, fit, and do what they seem to do",
            severity="low",
            tables=(
                "organizations_organization",
                "organizations_policies",
                "organizations_policy_targets",
            ),
            run=scp_hygiene,
            remediation=HYGIENE_FIX,
        ),
        Check(
            id="SCP.6",
            title="Resources are closed to principals from outside the organization",
            severity="medium",
            tables=GUARD_TABLES,
            run=closed_to_strangers,
            remediation=PERIMETER_FIX,
        ),
        Check(
            id="SCP.A",
            title="Sharing outside the organization is under control",
            severity="low",
            tables=("ram_resource_share_associations",),
            absence=(),
            run=sharing_is_blocked,
            question=SHARING,
            remediation=(
                "1. Write down which resources may be shared, with whom and until when; who "
                "approves it; and where the list is kept.\n"
                "To verify: compare the list with `aws ram list-resources --resource-owner "
                "SELF` and with Access Analyzer's findings."
            ),
        ),
    ),
)
