"""APP.2: a role serves one application."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.recommendations.base import Result, Severity, fail, ok
from awsbasics.recommendations.evidence.principals import is_left_alone
from awsbasics.recommendations.evidence.rows import listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

CARRIERS = ("ec2_instances", "lambda_functions")
TASKS = "ecs_task_definitions"


class Use(NamedTuple):
    """Something of an application that runs with a role; `fetching`: ECS alone uses it."""

    arn: str
    application: str
    table: str
    fetching: bool = False


def shared_roles(facts: "Facts") -> Iterator[Result]:
    """APP.2: one result per role that instances, functions or tasks of an application use.

    What belongs to no application that is known says nothing. A role that ECS only fetches
    images and secrets with is less than one that the code of several has.
    """
    estate = facts.permissions.estate
    for arn, uses in sorted(_uses(facts).items()):
        role = estate.principals.get(arn)
        if role is None or role.is_protected or is_left_alone(facts, role):
            continue
        applications = {use.application for use in uses}
        if len(applications) == 1:
            yield ok(role.account_id, arn)
            continue
        running = {use.application for use in uses if not use.fetching}
        severity: Severity = "high" if len(running) > 1 else "medium"
        title = f"Role {role.name} serves several applications: {listed(shown(applications))}."
        seen = {"applications": shown(applications), "used_by": shown(use.arn for use in uses)}
        more: dict[str, Any] = {"facts": seen, "severity": severity, "table": uses[0].table}
        yield fail(role.account_id, arn, key="shared", title=title, **more)


def _uses(facts: "Facts") -> Mapping[str, list[Use]]:
    """What runs with each role, by the role's ARN."""
    found: dict[str, list[Use]] = defaultdict(list)
    for table in CARRIERS:
        for carrier in facts.permissions.estate.carriers.get(table, ()):
            application = _application(facts, carrier.account_id, carrier.arn)
            if application:
                found[carrier.role_arn].append(Use(carrier.arn, application, table))
    columns = ("account_id", "arn", "task_role_arn", "execution_role_arn", "tags")
    for task in rows(facts.frame(TASKS), *columns):
        application = _application(facts, task.account_id, task.arn or "", task.tags)
        if application:
            for role, fetching in ((task.task_role_arn, False), (task.execution_role_arn, True)):
                if role:
                    found[role].append(Use(task.arn, application, TASKS, fetching))
    return found


def _application(facts: "Facts", account_id: str, arn: str, tags: Any = None) -> str | None:
    region = arn.split(":", 4)[3] if arn.count(":") > 4 else "global"
    return facts.ownership.application(account_id, region, arn, tags=tags).value
