"""R03: production apart from the sandbox."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    ask,
    fail,
    ok,
)
from awsbasics.recommendations.evidence.accounts import Account, active_accounts
from awsbasics.recommendations.evidence.crossings import TABLES as CROSSING_TABLES
from awsbasics.recommendations.evidence.crossings import crossings
from awsbasics.recommendations.evidence.long_running import SERVICE_TABLES
from awsbasics.recommendations.evidence.management_workloads import TABLES as MANAGEMENT_TABLES
from awsbasics.recommendations.evidence.management_workloads import nothing_runs
from awsbasics.recommendations.evidence.mixed_environments import unmixed
from awsbasics.recommendations.evidence.policy_testing import policies_can_be_tested
from awsbasics.recommendations.evidence.principals import CENTER_TABLES, IAM_TABLES
from awsbasics.recommendations.evidence.rows import shown
from awsbasics.recommendations.evidence.sandbox_services import short_lived

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "organizations_accounts"


def environments(facts: "Facts") -> Iterator[Result]:
    """SEP.1: every account has an environment; one that no rule fits is never guessed."""
    for account in active_accounts(facts):
        if account.environment is not None:
            yield ok(account.id)
            continue
        title = f"No rule says which environment account {account.label} belongs to."
        seen = {"name": account.name, "ou_path": account.ou_path}
        yield fail(account.id, key="environment", title=title, facts=seen, table=TABLE)


def sandbox(facts: "Facts") -> Iterator[Result]:
    """SEP.2: a sandbox exists, and shares no OU with production."""
    home, accounts = facts.home_account_id, active_accounts(facts)
    sandboxes = [account for account in accounts if account.environment == "sandbox"]
    production = [account for account in accounts if account.environment == "production"]
    if not sandboxes:
        yield _none_known(home, accounts)
    for account in sandboxes:
        neighbours = [other for other in production if _share_an_ou(account, other)]
        if not neighbours:
            yield ok(account.id)
            continue
        where = "the root" if account.under_root else f"the OU {account.ou_path}"
        title = f"The sandbox {account.label} lies together with production in {where}."
        seen = {"production": shown(other.label for other in neighbours), "ou": account.ou_path}
        yield fail(account.id, key="same_ou", title=title, facts=seen, table=TABLE)


def _none_known(home: str, accounts: list[Account]) -> Result:
    unclassified = [account for account in accounts if account.environment is None]
    if unclassified:
        title = "Which account is the sandbox? Some accounts have no environment yet."
        seen = {"unclassified": shown(account.label for account in unclassified)}
        return ask(home, title, key="sandbox", facts=seen, table=TABLE)
    title = "There is no sandbox account where engineers can test their policies."
    return fail(home, key="sandbox", title=title, table=TABLE)


def _share_an_ou(sandbox_account: Account, production: Account) -> bool:
    """Whether the OU that holds a production account also holds the sandbox, at any depth."""
    if sandbox_account.parent_id is None or production.parent_id is None:
        return False
    if sandbox_account.parent_id == production.parent_id:
        return True
    outer, inner = production.ou_path or "", sandbox_account.ou_path or ""
    return not production.under_root and inner.startswith(f"{outer}/")


ENVIRONMENT_FIX = """\
1. Decide what the account is for: production, test, development, sandbox, security,
infrastructure or management.
2. Say so in the engagement file, best by OU, so that new accounts are covered too:
    environments:
      - {ou: "Workloads/Prod", environment: production}
      - {account: "000000000012", environment: sandbox}
3. An account with two purposes needs a split: one environment, one account.
To verify: `awsbasics engagement check FILE`, then assess again."""

SANDBOX_FIX = """\
1. Make an OU for sandboxes directly under the root, so that production's policies and exceptions
never meet it, and a sandbox's freedom never meets production.
    aws organizations create-organizational-unit --parent-id ROOT --name Sandbox
2. Create a sandbox account, or move the one that exists:
    aws organizations move-account --account-id ACCOUNT --source-parent-id OU \\
        --destination-parent-id SANDBOX_OU
3. Attach guard rails and a budget to the OU.
To verify: `aws organizations list-parents --child-id ACCOUNT` names the sandbox OU."""

MIXED_FIX = """\
1. Read in the finding what calls itself by which environment. Where a name misleads, correct
`phases` or `applications.stack_pattern` in the engagement file.
2. Make an account for the smaller part, in an OU of its environment:
    aws organizations create-account --account-name APPLICATION-dev --email ADDRESS
3. Deploy the same templates there, with the same permissions, move data that must move, and delete
the stacks that were in the wrong account:
    aws cloudformation delete-stack --stack-name STACK
To verify: `aws cloudformation list-stacks --stack-status-filter CREATE_COMPLETE UPDATE_COMPLETE`
in the account names stacks of one environment; then assess again."""

SERVICES_FIX = """\
1. Ask the engineers who made it whether the test is over. What is to stay belongs in a development
account, deployed from a template.
2. Delete it, best with its stack:
    aws cloudformation delete-stack --stack-name STACK
3. Let a schedule do it from now on: delete what is older than the agreed age in all sandboxes
(aws-nuke or the like), and set a budget with an alarm.
4. Another age that was agreed: `thresholds.sandbox_age_days` in the engagement file.
To verify: the list command of the service (`aws ec2 describe-instances`, `aws rds
describe-db-instances`) shows nothing older in the region that the finding names."""

MANAGEMENT_FIX = """\
1. No guard rail binds this account, and whoever takes over what runs in it is near to governing
everything: move it to a member account, by deploying its template there.
2. What watches or pays for the organization moves to a delegated administrator's account:
    aws organizations register-delegated-administrator --account-id ACCOUNT \\
        --service-principal SERVICE
3. Delete what is left:
    aws cloudformation delete-stack --stack-name STACK
4. Accept what must stay by name in the engagement file:
    allow:
      management_account: ["account-factory-*"]
To verify: `aws resourcegroupstaggingapi get-resources` in each region lists nothing that runs;
then assess again."""

CROSSINGS_FIX = """\
1. Role: name in its trust policy only principals of production, or of the account that deploys:
    aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json
2. Resource policy: take the statements out that the finding's principals are in. Where production
gives data on purpose, copy it, masked, to a bucket of a test account instead.
3. Network: delete the peering, or move production's attachments to a route table of their own:
    aws ec2 delete-vpc-peering-connection --vpc-peering-connection-id PEERING
    aws ec2 modify-transit-gateway --transit-gateway-id GATEWAY \\
        --options AutoAcceptSharedAttachments=disable
4. Share: take the account or its OU out; snapshots and images: take the permission back:
    aws ram disassociate-resource-share --resource-share-arn SHARE --principals ACCOUNT
    aws ec2 modify-snapshot-attribute --snapshot-id SNAPSHOT --attribute createVolumePermission \\
        --operation-type remove --user-ids ACCOUNT
To verify: in the account that the finding names, try it:
    aws sts assume-role --role-arn ROLE --role-session-name test
The answer is AccessDenied; then assess again."""

TESTING_FIX = """\
1. Give the engineers' group a permission set in the sandbox that makes roles and policies, each
role under a boundary:
    {"Effect": "Allow", "Action": ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"],
     "Resource": "arn:aws:iam::SANDBOX:role/*",
     "Condition": {"StringEquals": {"iam:PermissionsBoundary": "ARN of the boundary"}}},
    {"Effect": "Allow", "Action": ["iam:CreatePolicy", "iam:DeleteRole"], "Resource": "*"}
2. Assign it:
    aws sso-admin create-account-assignment --instance-arn INSTANCE --target-id SANDBOX \\
        --target-type AWS_ACCOUNT --permission-set-arn SET --principal-type GROUP \\
        --principal-id GROUP
3. Administrators of the sandbox are bounded by a service control policy that denies making roles
and users, and giving them policies, unless iam:PermissionsBoundary is the boundary.
To verify: as an engineer in the sandbox,
    aws iam create-role --role-name test --assume-role-policy-document file://trust.json
answers AccessDenied, and succeeds with --permissions-boundary."""

CLEANING = Question(
    "How are sandboxes cleaned, and do they have a budget?",
    (
        Choice("automatic_budget", "Cleaned automatically, with a budget that alarms", "pass"),
        Choice("automatic", "Cleaned automatically, without a budget", "fail"),
        Choice("by_hand", "By hand, now and then", "fail"),
        Choice("never", "Not at all", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R03",
    prefix="SEP",
    slug="separation",
    title="Keep production apart from the sandbox",
    summary=(
        "Engineers need a place to get permissions right, where they cannot reach what they"
        " should not. It has no long-running services, and nothing leads from it to production."
    ),
    sandboxes=True,
    checks=(
        Check(
            id="SEP.1",
            title="Every account has an environment",
            severity="medium",
            tables=(TABLE,),
            run=environments,
            remediation=ENVIRONMENT_FIX,
        ),
        Check(
            id="SEP.2",
            title="A sandbox exists, in another account and OU than production",
            severity="high",
            tables=(TABLE,),
            run=sandbox,
            remediation=SANDBOX_FIX,
        ),
        Check(
            id="SEP.3",
            title="No account mixes environments",
            severity="high",
            tables=(TABLE, "cloudformation_stacks", "tagging_resources", "secretsmanager_secrets"),
            absence=(),
            run=unmixed,
            remediation=MIXED_FIX,
        ),
        Check(
            id="SEP.4",
            title="Sandboxes have no long-running services",
            severity="medium",
            tables=(TABLE, *SERVICE_TABLES),
            absence=(),
            run=short_lived,
            remediation=SERVICES_FIX,
        ),
        Check(
            id="SEP.5",
            title="The management account runs nothing",
            severity="high",
            tables=MANAGEMENT_TABLES,
            absence=("cloudformation_stack_resources",),
            home_only=True,
            run=nothing_runs,
            remediation=MANAGEMENT_FIX,
        ),
        Check(
            id="SEP.6",
            title="Nothing leads from sandbox or development into production",
            severity="critical",
            tables=CROSSING_TABLES,
            absence=(),
            run=crossings,
            remediation=CROSSINGS_FIX,
        ),
        Check(
            id="SEP.7",
            title="Engineers can test policies in a sandbox, under a boundary",
            severity="medium",
            tables=(TABLE, *IAM_TABLES, *CENTER_TABLES),
            absence=(*IAM_TABLES, *CENTER_TABLES),
            run=policies_can_be_tested,
            remediation=TESTING_FIX,
        ),
        Check(
            id="SEP.A",
            title="Sandboxes are cleaned and have a budget",
            severity="low",
            question=CLEANING,
            remediation=(
                "1. Delete what is old in sandboxes by a schedule (aws-nuke or the like), and "
                "set a budget with an alarm for each: AWS Budgets, Create budget, Cost budget.\n"
                "To verify: nothing older than the agreed age is left on the day after the "
                "clean-up."
            ),
        ),
    ),
)
