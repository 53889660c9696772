"""What each of pathfinding.cloud's paths means; its facts are in the data file beside the code."""

from collections.abc import Mapping

from awsbasics.iam.paths.declaration import Gain
from awsbasics.iam.paths.shape import Shape, carried, passed

FUNCTION = carried("lambda.amazonaws.com", "lambda_functions", "a function with the role")
_INSTANCE = carried("ec2.amazonaws.com", "ec2_instances", "an instance with the role")
PROJECT = carried("codebuild.amazonaws.com", "codebuild_projects", "a project with the role")
_STACK = carried("cloudformation.amazonaws.com", "cloudformation_stacks", "a stack with the role")
_NOTEBOOK = carried(
    "sagemaker.amazonaws.com", "sagemaker_notebook_instances", "a notebook with the role"
)
_CLUSTER = passed("ecs_clusters", "an ECS cluster")
_JOB = passed("glue_jobs", "a Glue job")

SHAPES: Mapping[str, Shape] = {
    "apprunner-001": passed(),
    "apprunner-002": carried(
        "tasks.apprunner.amazonaws.com", "apprunner_services", "an App Runner service with the role"
    ),
    "bedrock-001": passed(),
    "bedrock-002": carried(
        "bedrock-agentcore.amazonaws.com", "", "a code interpreter with the role"
    ),
    "cloudformation-001": passed(),
    "cloudformation-002": _STACK,
    "cloudformation-003": passed(),
    "cloudformation-004": passed(
        "cloudformation_stack_sets", "a stack set", "cloudformation.amazonaws.com"
    ),
    "cloudformation-005": _STACK,
    "codebuild-001": passed(),
    "codebuild-002": PROJECT,
    "codebuild-003": PROJECT,
    "codebuild-004": passed(),
    "datapipeline-001": passed(),
    "ec2instanceconnect-003": _INSTANCE,
    "ec2-001": passed(),
    "ec2-002": _INSTANCE,
    "ec2-003": passed(),
    "ec2-004": carried(
        "ec2.amazonaws.com", "ec2_launch_template_versions", "a launch template with the role"
    ),
    "ecs-001": passed(),
    "ecs-002": passed(),
    "ecs-003": _CLUSTER,
    "ecs-004": _CLUSTER,
    "ecs-005": _CLUSTER,
    "glue-001": passed(),
    "glue-002": carried("glue.amazonaws.com", "", "a development endpoint with the role"),
    "glue-003": passed(),
    "glue-004": passed(),
    "glue-005": _JOB,
    "glue-006": _JOB,
    "iam-001": Shape(Gain.SELF, {}),
    "iam-002": Shape(Gain.USER, {}),
    "iam-003": Shape(Gain.USER, {}),
    "iam-004": Shape(Gain.USER, {}),
    "iam-005": Shape(Gain.SELF, {}, only="role"),
    "iam-006": Shape(Gain.USER, {}),
    "iam-007": Shape(Gain.SELF, {}, only="user"),
    "iam-008": Shape(Gain.SELF, {}, only="user"),
    "iam-009": Shape(Gain.SELF, {}, only="role"),
    "iam-010": Shape(Gain.SELF, {}, only="user"),
    "iam-011": Shape(Gain.SELF, {}, only="user"),
    "iam-012": Shape(Gain.ROLE, {}),
    "iam-013": Shape(Gain.GROUP, {}, only="user"),
    "iam-014": Shape(Gain.CHANGED_ROLE, {}),
    "iam-015": Shape(Gain.CHANGED_USER, {}),
    "iam-016": Shape(Gain.CHANGED_ROLE, {}),
    "iam-017": Shape(Gain.CHANGED_ROLE, {}),
    "iam-018": Shape(Gain.CHANGED_USER, {}),
    "iam-019": Shape(Gain.CHANGED_ROLE, {}),
    "iam-020": Shape(Gain.CHANGED_ROLE, {}),
    "iam-021": Shape(Gain.CHANGED_ROLE, {}),
    "lambda-001": passed(),
    "lambda-002": passed(),
    "lambda-003": FUNCTION,
    "lambda-004": FUNCTION,
    "lambda-005": FUNCTION,
    "lambda-006": passed(),
    "sagemaker-001": passed(),
    "sagemaker-002": passed(),
    "sagemaker-003": passed(),
    "sagemaker-004": _NOTEBOOK,
    "sagemaker-005": _NOTEBOOK,
    "ssm-001": _INSTANCE,
    "ssm-002": _INSTANCE,
    "sts-001": Shape(Gain.ROLE, {}),
}
