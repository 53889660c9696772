"""SEP.5: what runs in the management account, where nothing should."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.engagement.model import fits
from awsbasics.recommendations.base import Result, fail, not_applicable, ok
from awsbasics.recommendations.evidence.accounts import NO_ORGANIZATION
from awsbasics.recommendations.evidence.deployed_stacks import HOLLOW
from awsbasics.recommendations.evidence.long_running import SERVICES, Kind, Running, running
from awsbasics.recommendations.evidence.rows import counted, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

# What AWS's own provisioning is called: StackSets (CloudFormation user guide, "Stack instances"),
# Control Tower's baselines, and the CDK's bootstrap stack.
PROVISIONED = ("StackSet-", "AWSControlTower", "aws-controltower", "CDKToolkit")
BATCH = Kind(
    table="batch_compute_environments",
    one="Batch compute environment",
    many="Batch compute environments",
    since="",
)
FUNCTIONS = Kind(table="lambda_functions", one="function", many="functions", since="")
STACKS = Kind(
    table="cloudformation_stacks",
    one="stack",
    many="stacks",
    more=("status",),
    counts=lambda row: row.status not in HOLLOW,
)
INTERFACES = Kind(
    table="ec2_network_interfaces", one="network interface", many="network interfaces", since=""
)
# What governs accounts and watches them. A stack of nothing else is no workload: guard rails,
# roles and permission sets, trails, alarms with their topics, queues, keys and buckets.
GOVERNING = frozenset(
    {
        "AccessAnalyzer",
        "Budgets",
        "CDK",
        "CE",
        "Chatbot",
        "CloudFormation",
        "CloudTrail",
        "CloudWatch",
        "Config",
        "ControlTower",
        "Detective",
        "Events",
        "FMS",
        "GuardDuty",
        "IAM",
        "InspectorV2",
        "KMS",
        "Logs",
        "Macie",
        "Organizations",
        "RAM",
        "S3",
        "SNS",
        "SQS",
        "SSM",
        "SSO",
        "SecurityHub",
        "ServiceCatalog",
    }
)
KINDS = (*SERVICES, BATCH, FUNCTIONS, STACKS, INTERFACES)
TABLES = (
    "organizations_organization",
    *(kind.table for kind in KINDS),
    "cloudformation_stack_resources",
)


def nothing_runs(facts: "Facts") -> Iterator[Result]:
    """SEP.5: one result per region and kind of thing that `allow.management_account` leaves.

    Network interfaces count in regions where nothing else was found that they would belong to.
    """
    home = facts.management_account_id
    if home is None:
        yield not_applicable(facts.home_account_id, NO_ORGANIZATION)
        return
    busy: set[str] = set()
    for kind in KINDS:
        found: dict[str, list[str]] = defaultdict(list)
        for each in _counted(facts, kind, home):
            if kind is not INTERFACES or each.region not in busy:
                found[each.region].append(each.arn)
        for region, arns in sorted(found.items()):
            busy.add(region)
            yield _result(home, region, kind, arns)
    if not busy:
        yield ok(home)


def _result(home: str, region: str, kind: Kind, arns: list[str]) -> Result:
    verb = "is" if len(arns) == 1 else "are"
    title = f"{counted(len(arns), kind.one, kind.many)} {verb} in the management account."
    seen: dict[str, Any] = {"count": len(arns), "which": shown(arns)}
    return fail(home, "", region, key=kind.table, title=title, facts=seen, table=kind.table)


def _counted(facts: "Facts", kind: Kind, home: str) -> Iterator[Running]:
    governing = _governing_stacks(facts, home) if kind is STACKS else frozenset()
    for each in running(facts, kind):
        if each.account_id == home and each.arn not in governing and not _is_allowed(facts, each):
            yield each


def _is_allowed(facts: "Facts", each: Running) -> bool:
    """Whether the engagement file accepts it by its ARN, or an id or name in it; or AWS made it."""
    patterns = facts.engagement.allow.management_account
    inside = re.split("[:/]", each.arn.split(":", 5)[-1])
    if any(text.startswith(PROVISIONED) for text in inside):
        return True
    return any(fits(patterns, text) for text in (each.arn, *inside) if text)


def _governing_stacks(facts: "Facts", home: str) -> frozenset[str]:
    """The stacks of the management account that hold nothing but what governs."""
    services: dict[str, set[str]] = defaultdict(set)
    columns = ("account_id", "stack_id", "type", "status")
    for row in rows(facts.frame("cloudformation_stack_resources"), *columns):
        if row.account_id == home and row.status != "DELETE_COMPLETE":
            services[row.stack_id].add(_service(row.type or ""))
    return frozenset(stack for stack, found in services.items() if found <= GOVERNING)


def _service(resource_type: str) -> str:
    """`IAM` of `AWS::IAM::Role`; a custom resource is of no service."""
    maker, _, rest = resource_type.partition("::")
    return rest.partition("::")[0] if maker == "AWS" else resource_type
