"""APP.11: what runs for long has a role, so that its credentials are its own and short-lived."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.rows import counted, from_json, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

INSTANCES, GROUPS, TASKS = "ec2_instances", "autoscaling_groups", "ecs_task_definitions"
GONE = frozenset({"terminated", "shutting-down"})


def roleless_compute(facts: "Facts") -> Iterator[Result]:
    """APP.11: one result per instance and per task definition that a service runs.

    Instances of an auto scaling group are told as the group, since its template is what lacks
    the profile.
    """
    yield from _instances(facts)
    columns = ("account_id", "region", "arn", "family", "task_role_arn", "in_service")
    for task in rows(facts.frame(TASKS), *columns):
        place = (task.account_id, task.arn, task.region)
        if task.in_service and task.task_role_arn:
            yield ok(*place)
        elif task.in_service:
            title = f"Services run tasks of {task.family} that have no task role."
            yield fail(*place, key="task_role", title=title, facts={}, table=TASKS)


def _instances(facts: "Facts") -> Iterator[Result]:
    group_of, names = _groups(facts)
    lacking: dict[tuple[str, str, str], list[str]] = {}
    columns = ("account_id", "region", "id", "arn", "state", "instance_profile_arn")
    for each in rows(facts.frame(INSTANCES), *columns):
        if each.state in GONE:
            continue
        if each.instance_profile_arn:
            yield ok(each.account_id, each.arn, each.region)
            continue
        resource = group_of.get((each.account_id, each.region, each.id), each.arn)
        lacking.setdefault((each.account_id, resource, each.region), []).append(each.id)
    for place, ids in lacking.items():
        count = counted(len(ids), "instance has", "instances have")
        name = names.get(place[1])
        what = f"{count} no instance profile" if name else f"Instance {ids[0]} has no profile"
        title = f"In auto scaling group {name} {what}." if name else f"{what}, hence no role."
        more: dict[str, Any] = {"facts": {"instances": shown(ids), "count": len(ids)}}
        yield fail(*place, key="instance_profile", title=title, table=INSTANCES, **more)


def _groups(facts: "Facts") -> tuple[dict[tuple[str, str, str], str], dict[str, str]]:
    """The auto scaling group of each instance, and the names of groups, by ARN."""
    members: dict[tuple[str, str, str], str] = {}
    names: dict[str, str] = {}
    columns = ("account_id", "region", "arn", "name", "instance_ids")
    for group in rows(facts.frame(GROUPS), *columns):
        names[group.arn] = group.name
        ids = from_json(group.instance_ids)
        for instance_id in ids if isinstance(ids, list) else ():
            members[group.account_id, group.region, str(instance_id)] = group.arn
    return members, names
