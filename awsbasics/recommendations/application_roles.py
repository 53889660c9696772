"""R05: applications have roles and policies of their own, made with the application."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import (
    Check,
    Choice,
    Question,
    Recommendation,
    Result,
    fail,
    ok,
)
from awsbasics.recommendations.evidence.application_administrators import (
    application_administrators,
)
from awsbasics.recommendations.evidence.application_policies import exact_policies
from awsbasics.recommendations.evidence.passed_roles import passed_roles
from awsbasics.recommendations.evidence.principals import IAM_TABLES
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import rows, text_of
from awsbasics.recommendations.evidence.template_policies import live_equals_templates

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def owned_by_code(facts: "Facts") -> Iterator[Result]:
    """APP.1: each role and each customer policy belongs to a stack, CDK or Terraform.

    What Terraform made without tags looks the same as what a person made: nothing here calls it
    made by hand.
    """
    frame = facts.frame("iam_roles")
    for role in rows(frame, "account_id", "arn", "name", "path", "tags", "created"):
        if not is_exempt(role, facts.engagement):
            yield _judge(facts, role, "Role", "iam_roles")
    frame = facts.frame("iam_policies")
    for policy in rows(frame, "account_id", "arn", "name", "path", "aws_managed", "created"):
        provisioned = facts.engagement.roles.is_provisioning(policy.name, policy.path or "/")
        if not policy.aws_managed and not provisioned:
            yield _judge(facts, policy, "Policy", "iam_policies")


def _judge(facts: "Facts", thing: Any, kind: str, table: str) -> Result:
    tags = getattr(thing, "tags", None)
    owner = facts.ownership.managed_by(thing.account_id, "global", thing.arn, tags=tags)
    if owner.value is not None:
        return ok(thing.account_id, thing.arn)
    title = f"{kind} {thing.name} belongs to no stack, and no tag says that other code owns it."
    seen = {"created": text_of(thing.created), "why": owner.rule}
    return fail(thing.account_id, thing.arn, title=title, facts=seen, table=table)


CODE_FIX = """\
1. Find out which application needs the role or policy, and whether any does: the console shows
under IAM, Roles, Last activity when a role was used.
2. Put it into the application's stack. CloudFormation can adopt what exists: in the console open
the stack, Stack actions, Import resources into stack, with the role in the template.
    Type: AWS::IAM::Role
    DeletionPolicy: Retain
3. Delete what no application needs.
To verify:
    aws cloudformation describe-stack-resources --physical-resource-id NAME
It names the stack."""

EXACT_FIX = """\
1. Look up what the application really calls: in the console under IAM, Roles, the role, Last
Accessed, or let IAM Access Analyzer generate a policy from its CloudTrail events.
2. Write those actions and the ARNs of the stack's own resources into its template:
    - Effect: Allow
      Action: [dynamodb:GetItem, dynamodb:PutItem]
      Resource: !GetAtt InvoiceTable.Arn
3. Deploy to development, let the tests run, then go on to production.
To verify:
    aws iam simulate-principal-policy --policy-source-arn ROLE --action-names s3:DeleteBucket
What the application does not need answers implicitDeny."""

ADMINISTRATOR_FIX = """\
1. Look up what the application really calls: in the console under IAM, Roles, the role, Last
Accessed, or let IAM Access Analyzer generate a policy from its CloudTrail events.
2. Write these actions and the stack's own resources into its template, deploy, and take the wide
policy off:
    aws iam detach-role-policy --role-name ROLE --policy-arn POLICY
3. Until then put a permission boundary on the role, which takes effect at once:
    aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary POLICY
To verify:
    aws iam simulate-principal-policy --policy-source-arn ROLE --action-names iam:CreateUser
It answers implicitDeny."""

HAND_OVER_FIX = """\
1. Name the roles that are handed over, and the service that takes them, in every statement that
allows iam:PassRole:
    - Effect: Allow
      Action: iam:PassRole
      Resource: !GetAtt TaskRole.Arn
      Condition:
        StringEquals: {"iam:PassedToService": ecs-tasks.amazonaws.com}
2. A path will do where the roles come later (role/APPLICATION/*), a bare role/* will not.
To verify:
    aws iam simulate-principal-policy --policy-source-arn PRINCIPAL --action-names iam:PassRole \\
        --resource-arns ANOTHER_ROLE
It answers implicitDeny."""

TEMPLATE_FIX = """\
1. Decide whether the application needs what was changed by hand. CloudTrail tells who did it and
when: look for AttachRolePolicy, PutRolePolicy, CreatePolicyVersion and UpdateAssumeRolePolicy.
2. If it does, write it into the template, reviewed like any other change. If not, take it away:
    aws iam detach-role-policy --role-name ROLE --policy-arn POLICY
    aws iam delete-role-policy --role-name ROLE --policy-name NAME
3. Deploy the stack. Where nothing in the template changed, CloudFormation changes nothing: to put
a policy back to what the template says, change it there (its description is enough) and deploy.
To verify:
    aws iam list-attached-role-policies --role-name ROLE
    aws iam list-role-policies --role-name ROLE
They list what the template lists."""

REVIEW = Question(
    "Does the security team review changes of templates?",
    (
        Choice("every_change", "Every change", "pass"),
        Choice("iam_and_network", "Changes of IAM and networks", "pass"),
        Choice("sampled", "Samples", "fail"),
        Choice("none", "None", "fail"),
    ),
)

VERSION_CONTROL = Question(
    "Are templates and policies version controlled?",
    (
        Choice("all", "All of them", "pass"),
        Choice("some", "Some of them", "fail"),
        Choice("none", "None", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R05",
    prefix="APP",
    slug="application_roles",
    title="Give applications roles and policies of their own",
    summary=(
        "Roles and policies are made with the application, in its stack, under version control."
        " They name the exact resources that the application needs."
    ),
    checks=(
        Check(
            id="APP.1",
            title="Roles and policies belong to stacks",
            severity="medium",
            tables=(
                "iam_roles",
                "iam_policies",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            absence=("cloudformation_stacks", "cloudformation_stack_resources"),
            run=owned_by_code,
            remediation=CODE_FIX,
        ),
        Check(
            id="APP.2",
            title="Each role serves one application",
            severity="medium",
        ),
        Check(
            id="APP.3",
            title="Policies name actions and resources instead of using wildcards",
            severity="high",
            tables=(
                "iam_users",
                "iam_roles",
                "iam_policies",
                "iam_inline_policies",
                "iam_attachments",
            ),
            absence=(),
            run=exact_policies,
            remediation=EXACT_FIX,
        ),
        Check(
            id="APP.4",
            title="Reading, writing and deploying are separate policies",
            severity="low",
        ),
        Check(
            id="APP.5",
            title="No application role is an administrator",
            severity="critical",
            tables=IAM_TABLES,
            absence=(),
            run=application_administrators,
            remediation=ADMINISTRATOR_FIX,
        ),
        Check(
            id="APP.6",
            title="Live policies equal the templates'",
            severity="high",
            tables=(
                "cloudformation_stacks",
                "cloudformation_stack_resources",
                "cloudformation_templates",
                "iam_roles",
                "iam_users",
                "iam_groups",
                "iam_policies",
                "iam_inline_policies",
                "iam_attachments",
            ),
            run=live_equals_templates,
            remediation=TEMPLATE_FIX,
        ),
        Check(
            id="APP.7",
            title="Trust policies name who may assume the role",
            severity="critical",
        ),
        Check(
            id="APP.8",
            title="Passing roles is limited to named roles and services",
            severity="high",
            tables=IAM_TABLES,
            absence=(),
            run=passed_roles,
            remediation=HAND_OVER_FIX,
        ),
        Check(
            id="APP.9",
            title="Services that a role may use are used",
            severity="low",
        ),
        Check(
            id="APP.10",
            title="Roles of outside accounts cannot read data",
            severity="high",
        ),
        Check(
            id="APP.11",
            title="Long-running compute has a role of its own",
            severity="medium",
        ),
        Check(
            id="APP.A",
            title="The security team reviews changes of templates",
            severity="medium",
            question=REVIEW,
            remediation=(
                "1. Make the security team owners of the templates' IAM and network parts "
                "(CODEOWNERS or the like), so that such a change cannot be merged without them.\n"
                "To verify: take three changes of last month, and find who approved each."
            ),
        ),
        Check(
            id="APP.B",
            title="Templates and policies are version controlled",
            severity="medium",
            question=VERSION_CONTROL,
            remediation=(
                "1. Keep every template and policy in a repository, and deploy only from there.\n"
                "To verify: `aws cloudformation get-template --stack-name NAME` gives what the "
                "repository holds."
            ),
        ),
    ),
)
