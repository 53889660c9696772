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
from awsbasics.recommendations.evidence.outside_readers import outside_readers
from awsbasics.recommendations.evidence.passed_roles import passed_roles
from awsbasics.recommendations.evidence.policy_kinds import separate_policies
from awsbasics.recommendations.evidence.principals import IAM_TABLES
from awsbasics.recommendations.evidence.roleless_compute import roleless_compute
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import rows, text_of
from awsbasics.recommendations.evidence.shared_roles import shared_roles
from awsbasics.recommendations.evidence.template_policies import live_equals_templates
from awsbasics.recommendations.evidence.trust_policies import trust_policies
from awsbasics.recommendations.evidence.unused_services import unused_services
from awsbasics.recommendations.remediation import application_roles as remediation

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
            remediation=remediation.CODE_FIX,
        ),
        Check(
            id="APP.2",
            title="Each role serves one application",
            severity="high",
            tables=(
                "iam_roles",
                "iam_instance_profiles",
                "ec2_instances",
                "lambda_functions",
                "ecs_task_definitions",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            absence=("cloudformation_stacks", "cloudformation_stack_resources"),
            run=shared_roles,
            remediation=remediation.SHARED_FIX,
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
            remediation=remediation.EXACT_FIX,
        ),
        Check(
            id="APP.4",
            title="Reading, writing and deploying are separate policies",
            severity="low",
            tables=(
                "iam_roles",
                "iam_policies",
                "iam_inline_policies",
                "iam_attachments",
                "cloudformation_stacks",
                "cloudformation_stack_resources",
            ),
            run=separate_policies,
            remediation=remediation.SEPARATE_FIX,
        ),
        Check(
            id="APP.5",
            title="No application role is an administrator",
            severity="critical",
            tables=IAM_TABLES,
            absence=(),
            run=application_administrators,
            remediation=remediation.ADMINISTRATOR_FIX,
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
            remediation=remediation.TEMPLATE_FIX,
        ),
        Check(
            id="APP.7",
            title="Trust policies name who may assume the role",
            severity="critical",
            tables=("iam_roles",),
            absence=(),
            run=trust_policies,
            remediation=remediation.TRUST_FIX,
        ),
        Check(
            id="APP.8",
            title="Passing roles is limited to named roles and services",
            severity="high",
            tables=IAM_TABLES,
            absence=(),
            run=passed_roles,
            remediation=remediation.HAND_OVER_FIX,
        ),
        Check(
            id="APP.9",
            title="Services that a role may use are used",
            severity="low",
            tables=("iam_roles", "iam_service_last_accessed"),
            absence=(),
            run=unused_services,
            remediation=remediation.UNUSED_FIX,
            where_asked=True,
        ),
        Check(
            id="APP.10",
            title="Roles of outside accounts cannot read data",
            severity="high",
            tables=IAM_TABLES,
            absence=(),
            run=outside_readers,
            remediation=remediation.OUTSIDE_FIX,
        ),
        Check(
            id="APP.11",
            title="Long-running compute has a role of its own",
            severity="medium",
            tables=("ec2_instances", "autoscaling_groups", "ecs_task_definitions"),
            absence=(),
            run=roleless_compute,
            remediation=remediation.ROLELESS_FIX,
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
