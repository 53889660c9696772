"""R07: deployment can update policies, with a role of its own."""

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
from awsbasics.recommendations.evidence.application_deployers import (
    deploying_people,
    deployment_roles,
)
from awsbasics.recommendations.evidence.build_triggers import build_triggers
from awsbasics.recommendations.evidence.deployed_stacks import HOLLOW, STACK_SET_PREFIX
from awsbasics.recommendations.evidence.deployment_power import deployment_power
from awsbasics.recommendations.evidence.own_deployment import own_deployment
from awsbasics.recommendations.evidence.pipeline_keys import pipeline_keys
from awsbasics.recommendations.evidence.principals import IAM_TABLES
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.evidence.same_policies import same_policies
from awsbasics.recommendations.remediation import deployment as remediation

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "cloudformation_stacks"
# What tells which roles deploy which applications.
DEPLOYER_TABLES = (TABLE, "cloudformation_stack_resources", "codebuild_projects")
COLUMNS = ("account_id", "region", "arn", "name", "status", "role_arn", "parent_id")


def stacks(facts: "Facts") -> Iterator[Result]:
    """DEP.5: each stack deploys with a service role; production's cannot be deleted by mistake."""
    for stack in rows(facts.frame(TABLE), *COLUMNS, "termination_protection"):
        if stack.parent_id or stack.status in HOLLOW or stack.name.startswith(STACK_SET_PREFIX):
            continue  # nested stacks take both from their root stack
        environment = facts.ownership.environment(stack.account_id).value
        problems = list(_problems(stack, environment))
        place = (stack.account_id, stack.arn, stack.region)
        if not problems:
            yield ok(*place)
        for key, title in problems:
            seen = {"status": stack.status, "environment": environment}
            yield fail(*place, key=key, title=title, facts=seen, table=TABLE)


def _problems(stack: Any, environment: str | None) -> Iterator[tuple[str, str]]:
    if not stack.role_arn:
        text = (
            "deploys with the permissions of whoever starts the deployment, not with its own role"
        )
        yield "service_role", f"Stack {stack.name} {text}."
    if environment == "production" and not stack.termination_protection:
        text = f"Stack {stack.name} in production can be deleted by a single call."
        yield "termination_protection", text


BY_PEOPLE = Question(
    "Do people deploy to production themselves?",
    (
        Choice("never", "Never", "pass"),
        Choice("break_glass", "Only in an emergency, by the break-glass role", "pass"),
        Choice("sometimes", "Sometimes", "fail"),
        Choice("normally", "Normally", "fail"),
    ),
)

RECOMMENDATION = Recommendation(
    id="R07",
    prefix="DEP",
    slug="deployment",
    title="Let deployment update policies",
    summary=(
        "A deployment role updates the application's policies with the application, and nothing"
        " else. Engineers use it in the sandbox; pipelines use the same everywhere."
    ),
    checks=(
        Check(
            id="DEP.1",
            title="Each application has a deployment role",
            severity="medium",
            tables=("iam_roles", *DEPLOYER_TABLES),
            run=deployment_roles,
            remediation=remediation.ROLE_FIX,
        ),
        Check(
            id="DEP.2",
            title="A deployment role updates its own application's roles and policies only",
            severity="high",
            tables=(*IAM_TABLES, *DEPLOYER_TABLES),
            absence=(),
            run=deployment_power,
            remediation=remediation.POWER_FIX,
        ),
        Check(
            id="DEP.3",
            title="Engineers deploy by that role in sandbox and development, not in production",
            severity="medium",
            tables=(*IAM_TABLES, *DEPLOYER_TABLES),
            absence=(),
            run=deploying_people,
            remediation=remediation.PEOPLE_FIX,
            sandboxes=True,
        ),
        Check(
            id="DEP.4",
            title="An application has the same policies in every environment",
            severity="high",
            tables=(
                "cloudformation_stacks",
                "cloudformation_stack_resources",
                "iam_roles",
                "iam_users",
                "iam_groups",
                "iam_policies",
                "iam_inline_policies",
                "iam_attachments",
            ),
            run=same_policies,
            remediation=remediation.SAME_FIX,
        ),
        Check(
            id="DEP.5",
            title="Stacks deploy with a service role; production's are protected from deletion",
            severity="low",
            tables=(TABLE,),
            absence=(),
            run=stacks,
            remediation=remediation.STACKS_FIX,
        ),
        Check(
            id="DEP.6",
            title="Pipelines sign in by federation, not with long-lived keys",
            severity="high",
            tables=(*IAM_TABLES, *DEPLOYER_TABLES, "iam_access_keys", "iam_credential_report"),
            absence=(),
            run=pipeline_keys,
            remediation=remediation.KEYS_FIX,
        ),
        Check(
            id="DEP.7",
            title="Deployment uses the roles that the stack made, and cannot lift its own limits",
            severity="high",
            tables=(*IAM_TABLES, *DEPLOYER_TABLES),
            absence=("iam_attachments", "cloudformation_stacks", "cloudformation_stack_resources"),
            run=own_deployment,
            remediation=remediation.OWN_FIX,
        ),
        Check(
            id="DEP.8",
            title="Only those meant to can make the pipeline run their code",
            severity="high",
            tables=(*IAM_TABLES, "codebuild_projects"),
            absence=(),
            run=build_triggers,
            remediation=remediation.BUILDS_FIX,
        ),
        Check(
            id="DEP.A",
            title="People do not deploy to production",
            severity="medium",
            question=BY_PEOPLE,
            remediation=(
                "1. Deploy to production by the pipeline's role only, and keep a break-glass "
                "role, with an alarm, for the day when the pipeline fails.\n"
                "To verify: CloudTrail shows UpdateStack in production only from that role."
            ),
        ),
    ),
)
