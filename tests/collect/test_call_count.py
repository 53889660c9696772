"""How many calls a gather makes, against the least that the declarations allow."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from awsbasics.collect import collect
from awsbasics.collect.table import FollowUp, Table
from awsbasics.collect.tables import TABLES
from awsbasics.demo import DemoOrganization
from awsbasics.snapshot import Snapshot
from tests.collect.members import member_session
from tests.faulty_aws import Fault, FaultyAws

NO_ORGANIZATION = Fault("AWSOrganizationsNotInUseException", "not a member", status=400)
ORGANIZATION_CALLS = ("DescribeOrganization", "ListRoots", "ListDelegatedAdministrators")

COUNTED: Mapping[str, Callable[[Snapshot], int]] = {
    "user with an access key": lambda s: s.frame("iam_access_keys")["user_arn"].nunique(),
    "key made since": lambda s: 0,
    "analyzer of external access": lambda s: int(
        (~s.frame("accessanalyzer_analyzers")["type"].str.endswith("_ACCESS")).sum()
    ),
    "region with a recorder": lambda s: int(len(s.frame("config_recorders")) > 0),
    "rule for events": lambda s: int((s.frame("events_rules")["targets_status"] == "ok").sum()),
    "log group of a trail": lambda s: len(s.frame("logs_trail_log_groups")),
    "region that blocks": lambda s: int(
        (s.frame("ec2_block_public_access")["vpc_internet_gateway_block_mode"] != "off").sum()
    ),
    "owner": lambda s: 2,
    "kind of association": lambda s: 2,
    "secret of a customer": lambda s: s.frame("secretsmanager_secret_versions")[
        "secret_arn"
    ].nunique(),
    "self-managed stack set": lambda s: int(
        (s.frame("cloudformation_stack_sets")["permission_model"] == "SELF_MANAGED").sum()
    ),
    "hundred build projects": lambda s: -(-len(s.frame("codebuild_projects")) // 100),
    "ten ECS services": lambda s: -(-len(s.frame("ecs_services")) // 10),
    "five search domains": lambda s: -(-len(s.frame("opensearch_domains")) // 5),
    "policy of AWS's in use": lambda s: int(s.frame("iam_policies")["aws_managed"].sum()),
    "user with another device": lambda s: int(
        (s.frame("iam_mfa_devices")["kind"] != "virtual").sum()
    ),
    "bucket of a trail": lambda s: s.frame("cloudtrail_trails")["bucket_name"].nunique(),
    "prefix list of a customer": lambda s: int(
        (s.frame("ec2_prefix_lists")["owner_id"] != "AWS").sum()
    ),
}


def floor(snapshot: Snapshot) -> int:
    """The least number of calls for what the snapshot holds: each list once, each row once."""
    tables = [table for table in TABLES.values() if not table.optional]
    calls = {(table.service, table.operation): 1 for table in tables}
    for table in tables:
        if table.scope != "organization":
            for follow_up in table.follow_ups:
                call = (follow_up.service, follow_up.operation)
                calls[call] = max(calls.get(call, 0), times(snapshot, table, follow_up))
    return sum(calls.values())


def times(snapshot: Snapshot, table: Table, follow_up: FollowUp) -> int:
    """How often a follow-up has to be called."""
    if follow_up.per == "once":
        return 1
    if follow_up.per in COUNTED:
        return COUNTED[follow_up.per](snapshot)
    return len(snapshot.frame(table.name if follow_up.per == "row" else follow_up.per))


@pytest.mark.parametrize("name", ["billing-production", "development", "log-archive", "sandbox"])
def test_one_account_and_region_costs_no_more_than_half_again_the_floor(
    faulty_demo: FaultyAws, organization: DemoOrganization, tmp_path: Path, name: str
) -> None:
    session = member_session(organization, name)
    for operation in ORGANIZATION_CALLS:
        faulty_demo.faults[operation] = NO_ORGANIZATION
    faulty_demo.calls.clear()
    snapshot = collect(tmp_path / "s", session=session, regions=["us-east-1"])

    made = sum(faulty_demo.calls.values()) - faulty_demo.calls["GetCallerIdentity"]
    least = floor(snapshot)
    assert made <= 1.5 * least, f"{made} calls, floor {least}: {faulty_demo.calls.most_common(12)}"
    assert made == int(snapshot.coverage["calls"].sum()) + _before_tables(faulty_demo)


def _before_tables(aws: FaultyAws) -> int:
    """Calls that find the scope, before any table asks: the organization, the regions."""
    return aws.calls["DescribeOrganization"] + aws.calls["DescribeRegions"]
