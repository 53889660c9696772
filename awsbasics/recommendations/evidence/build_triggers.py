"""DEP.8: who can make a build run their code, and as whom it runs.

Sources: the CodeBuild user guide, "Use webhooks with AWS CodeBuild" (best practices: filters by
actor, a role with no more than the build needs) and "Pull request comment approval".
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.estate import Principal
from awsbasics.iam.matrix import Matrix
from awsbasics.iam.vocabulary import Bits
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.application_administrators import HOW
from awsbasics.recommendations.evidence.deployers import can_deploy
from awsbasics.recommendations.evidence.deployment_power import changes_in_iam
from awsbasics.recommendations.evidence.elevation import heavy_actions
from awsbasics.recommendations.evidence.principals import iam_was_read
from awsbasics.recommendations.evidence.rows import from_json, rows

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "codebuild_projects"
COLUMNS = (
    "account_id",
    "region",
    "arn",
    "name",
    "webhook",
    "build_specification",
    "service_role_arn",
)
# What CodeBuild's own example of a service role has, and what every build needs.
_OF_ANY_BUILD = ("logs:*", "codebuild:*", "s3:*", "ecr:*", "codestar-connections:*")
_SECRETS = ("secretsmanager:GetSecretValue", "ssm:GetParameter", "ssm:GetParameters")
_APPROVED = frozenset({"ALL_PULL_REQUESTS", "FORK_PULL_REQUESTS"})
_BRANCHES = frozenset({"HEAD_REF", "BASE_REF", "TAG_NAME", "RELEASE_NAME"})

Group = Sequence[Mapping[str, Any]]


class Power(NamedTuple):
    """What a build's role may do, in words, and how much it weighs who can start the build."""

    text: str
    severity: Severity


class Fault(NamedTuple):
    """One way in which too many can start a build; `text` goes on after the project's name."""

    key: str
    text: str


def build_triggers(facts: "Facts") -> Iterator[Result]:
    """DEP.8: one result per build project, or one per fault of it.

    Whoever may start a build that only writes its logs, reports and artifacts does no harm: that
    is how AWS advises to build pull requests.
    """
    matrix = facts.permissions.matrix
    heavy = Weights(changes_in_iam(matrix.vocabulary), _other_changes(matrix))
    for project in rows(facts.frame(TABLE), *COLUMNS):
        role = facts.permissions.estate.principals.get(project.service_role_arn or "")
        power = None if role is None else _power(facts, role, heavy)
        faults = list(_faults(project)) if power else []
        yield from (_failed(project, fault, power) for fault in faults if power)
        if role is not None and not power and matrix.profile(role).unread_identity:
            if iam_was_read(facts.permissions.estate, role.account_id):
                place = (project.arn, project.region)
                title = f"A policy of the role of build project {project.name} was not read."
                yield unknown(project.account_id, title, *place, key="role", table=TABLE)
        elif not faults:
            yield ok(project.account_id, project.arn, project.region)


class Weights(NamedTuple):
    """Rows of actions: what changes permissions, and what else a build should not do for all."""

    iam: Bits
    other: Bits


def _other_changes(matrix: Matrix) -> Bits:
    """What changes something beside logs, reports and artifacts, and reading secrets."""
    row = heavy_actions(matrix) & ~matrix.vocabulary.row(_OF_ANY_BUILD)
    return row | matrix.vocabulary.row(_SECRETS)


def _power(facts: "Facts", role: Principal, heavy: Weights) -> Power | None:
    profile = facts.permissions.matrix.profile(role)
    row = profile.granted & profile.possible
    if profile.title:
        return Power(HOW[profile.title], "high")
    if can_deploy(facts, role):
        return Power("deploying stacks", "high")
    if (row & heavy.iam).any():
        return Power("changing IAM", "high")
    return (
        Power("changing things or reading secrets", "medium") if (row & heavy.other).any() else None
    )


def _failed(project: Any, fault: Fault, power: Power) -> Result:
    seen = {
        "role": project.service_role_arn,
        "role_is_allowed": power.text,
        "build_specification": project.build_specification,
    }
    more: dict[str, Any] = {"facts": seen, "severity": power.severity, "table": TABLE}
    place = (project.account_id, project.arn, project.region)
    title = f"Build project {project.name} {fault.text}; its role is allowed {power.text}."
    return fail(*place, key=fault.key, title=title, **more)


def _faults(project: Any) -> Iterator[Fault]:
    webhook = from_json(project.webhook)
    if not isinstance(webhook, dict):
        return  # a pipeline or a person starts it
    listed = webhook.get("filterGroups")
    groups = [each for each in listed if isinstance(each, list)] if isinstance(listed, list) else []
    if not groups and not webhook.get("branchFilter"):
        yield Fault("events", "is started by every push and every pull request, whoever made it")
        return
    policy = webhook.get("pullRequestBuildPolicy")
    approved = isinstance(policy, dict) and policy.get("requiresCommentApproval") in _APPROVED
    if not approved and any(map(_takes_any_pull_request, groups)):
        text = "builds pull requests before anyone has approved them"
        if project.build_specification == "source":
            text += ", with the commands that they bring along"
        yield Fault("pull_requests", text)
    if any(map(_takes_any_branch, groups)):
        yield Fault("branches", "is started by a push to any branch")


def _takes_any_pull_request(group: Group) -> bool:
    return "PULL_REQUEST" in _events(group) and not any(map(_names_actors, group))


def _takes_any_branch(group: Group) -> bool:
    """Whether pushes start it, no filter says to which branch, and none says by whom."""
    limits = any(each.get("type") in _BRANCHES for each in group if _is_filter(each))
    return "PUSH" in _events(group) and not limits and not any(map(_names_actors, group))


def _events(group: Group) -> str:
    """The events that a group takes in, as its filter lists them."""
    found = [each for each in group if _is_filter(each) and each.get("type") == "EVENT"]
    return ",".join(str(each.get("pattern", "")) for each in found)


def _names_actors(filter_: Mapping[str, Any]) -> bool:
    """Whether a filter says who; a pattern that is found anywhere in an id fits others, too."""
    if not _is_filter(filter_) or filter_.get("type") != "ACTOR_ACCOUNT_ID":
        return False
    pattern = str(filter_.get("pattern", ""))
    alternatives = pattern.split("|") if "(" not in pattern else [pattern]
    anchored = all(each.startswith("^") and each.endswith("$") for each in alternatives)
    return anchored and not filter_.get("excludeMatchedPattern")


def _is_filter(value: object) -> bool:
    return isinstance(value, dict)
