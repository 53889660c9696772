"""SEP.6: from sandbox and development into production."""

from pathlib import Path
from typing import Any

import pytest

from awsbasics.engagement import Engagement
from tests.recommendations.principal_rows import (
    Tables,
    allow,
    arn,
    joined,
    organization,
    role,
    root,
    trust,
    user,
)
from tests.recommendations.support import (
    ARCHIVE,
    DEVELOPMENT,
    MANAGEMENT,
    PRODUCTION,
    REGION,
    SANDBOX,
    failures,
    judged,
    results,
    statuses,
)

ORGANIZATION = organization(members=(DEVELOPMENT, PRODUCTION, SANDBOX, ARCHIVE))
OPS = role("ops", allow("*"), account=PRODUCTION, trusts=trust(root(DEVELOPMENT)))
ENTERS = role("ci", allow("sts:AssumeRole", arn("role", "ops", PRODUCTION)))


def found(*parts: Tables) -> list[Any]:
    return failures("SEP.6", joined(ORGANIZATION, *parts))


def said(*parts: Tables) -> list[str]:
    return statuses(results("SEP.6", joined(ORGANIZATION, *parts)))


def test_a_role_that_development_takes_up_is_critical() -> None:
    [each] = found(OPS, ENTERS)
    assert (each.resource, each.key) == (arn("role", "ops", PRODUCTION), "trust")
    assert (each.severity, each.facts["can_enter"]) == ("critical", ["Role ci"])


def test_a_role_that_development_could_take_up_is_high() -> None:
    [each] = found(OPS)
    assert (each.severity, each.facts["from"]) == ("high", [DEVELOPMENT])


def test_a_way_over_an_account_of_tools_is_found() -> None:
    onwards = allow("sts:AssumeRole", arn("role", "ops", PRODUCTION))
    tools = role("pipeline", onwards, account=ARCHIVE, trusts=trust(root(DEVELOPMENT)))
    ops = role("ops", account=PRODUCTION, trusts=trust(root(ARCHIVE)))
    ada = user("ada", allow("sts:AssumeRole", arn("role", "pipeline", ARCHIVE)))
    [each] = found(ops, tools, ada)
    assert each.facts["can_enter"] == [f"User ada by way of pipeline ({ARCHIVE})"]
    assert each.facts["from"] == [DEVELOPMENT]
    assert said(ops, tools) == ["ok"]


def test_roles_for_production_and_for_tools_are_in_order() -> None:
    own = role("app", account=PRODUCTION, trusts=trust(root(PRODUCTION)))
    tools = role("audit", account=PRODUCTION, trusts=trust(root(ARCHIVE)))
    assert said(own, tools) == ["ok", "ok"]


def test_production_may_lead_down() -> None:
    down = role("deploy", account=DEVELOPMENT, trusts=trust(root(PRODUCTION)))
    assert said(down) == []


def test_a_guard_rail_that_denies_assuming_closes_the_door() -> None:
    closed = organization(
        {"Effect": "Deny", "Action": "sts:AssumeRole", "Resource": f"arn:aws:iam::{PRODUCTION}:*"},
        members=(DEVELOPMENT, PRODUCTION, SANDBOX, ARCHIVE),
    )
    assert statuses(results("SEP.6", joined(closed, OPS, ENTERS))) == ["ok"]


def test_a_trust_policy_that_was_not_read_is_unknown() -> None:
    unread = role("ops", account=PRODUCTION)
    unread["iam_roles"][0]["trust_policy"] = None
    assert said(unread) == ["unknown"]


def peering(other: str, status: str = "active") -> Tables:
    row = {
        "region": REGION,
        "id": "pcx-1",
        "status": status,
        "requester_account_id": other,
        "requester_region": REGION,
        "requester_vpc_id": "vpc-other",
        "accepter_account_id": PRODUCTION,
        "accepter_region": REGION,
        "accepter_vpc_id": "vpc-prod",
    }
    table = "ec2_vpc_peering_connections"
    return {table: [{"account_id": other, **row}, {"account_id": PRODUCTION, **row}]}


def test_a_peering_is_said_once_of_production() -> None:
    [each] = found(peering(SANDBOX))
    assert (each.account_id, each.region, each.resource) == (PRODUCTION, REGION, "pcx-1")


def test_peerings_with_others_and_old_ones_are_in_order() -> None:
    assert said(peering(ARCHIVE)) == ["ok"]
    assert said(peering(SANDBOX, "deleted")) == []


def gateway(*attached: tuple[str, str | None], accepts: str = "disable", guest: str = "") -> Tables:
    row = {
        "region": REGION,
        "id": "tgw-1",
        "state": "available",
        "owner_id": PRODUCTION,
        "auto_accept_shared_attachments": accepts,
    }
    views = [{"account_id": each, **row} for each in (PRODUCTION, guest) if each]
    attachments = [
        {
            "account_id": PRODUCTION,
            "region": REGION,
            "id": f"tgw-attach-{account}",
            "transit_gateway_id": "tgw-1",
            "resource_owner_id": account,
            "state": "available",
            "route_table_id": table,
        }
        for account, table in attached
    ]
    return {"ec2_transit_gateways": views, "ec2_transit_gateway_attachments": attachments}


def test_a_transit_gateway_joins_what_shares_a_route_table() -> None:
    [each] = found(gateway((PRODUCTION, "tgw-rtb-1"), (DEVELOPMENT, "tgw-rtb-1")))
    assert (each.key, each.facts["from"]) == ("transit_gateway", [DEVELOPMENT])


def test_route_tables_of_their_own_may_still_lead_to_each_other() -> None:
    assert said(gateway((PRODUCTION, "tgw-rtb-1"), (DEVELOPMENT, "tgw-rtb-2"))) == ["unknown"]


def test_a_transit_gateway_for_production_alone_is_in_order() -> None:
    assert said(gateway((PRODUCTION, "tgw-rtb-1"), (ARCHIVE, "tgw-rtb-1"))) == ["ok"]


def test_a_gateway_that_takes_whoever_it_is_shared_with_is_open() -> None:
    [each] = found(gateway((PRODUCTION, "t"), accepts="enable", guest=SANDBOX))
    assert each.key == "auto_accept"
    assert said(gateway((PRODUCTION, "t"), accepts="enable", guest=ARCHIVE)) == ["ok"]


def share(principal: str, **more: Any) -> Tables:
    place = {"account_id": PRODUCTION, "region": REGION}
    row = {**place, "arn": "arn:share", "name": "subnets", "sharing": "own", "status": "ACTIVE"}
    inside = [("PRINCIPAL", principal), ("RESOURCE", "arn:aws:ec2:eu-west-1:2:subnet/subnet-1")]
    return {
        "ram_resource_shares": [{**row, **more}],
        "ram_resource_share_associations": [
            {**place, "share_arn": "arn:share", "type": t, "associated_entity": e, "status": s}
            for (t, e), s in zip(inside, ["ASSOCIATED"] * 2, strict=True)
        ],
    }


@pytest.mark.parametrize(
    "principal",
    [
        DEVELOPMENT,
        f"arn:aws:iam::{DEVELOPMENT}:role/ci",
        f"arn:aws:organizations::{MANAGEMENT}:organization/o-1",
    ],
)
def test_what_production_shares_with_development_is_found(principal: str) -> None:
    [each] = found(share(principal))
    assert (each.account_id, each.region, each.resource) == (PRODUCTION, REGION, "arn:share")
    assert DEVELOPMENT in each.facts["from"]


def test_other_shares_are_in_order() -> None:
    assert said(share(ARCHIVE)) == ["ok"]
    assert said(share(DEVELOPMENT, status="DELETED")) == []


def bucket(principal: Any, action: Any = "s3:GetObject", account: str = PRODUCTION) -> Tables:
    statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
    }
    row = {
        "account_id": account,
        "arn": "arn:aws:s3:::orders",
        "name": "orders",
        "policy": {"Version": "2012-10-17", "Statement": [statement]},
    }
    return {"s3_buckets": [row]}


def test_a_bucket_that_a_sandbox_reads_is_critical() -> None:
    [each] = found(bucket(root(SANDBOX)))
    assert (each.severity, each.facts["actions"]) == ("critical", ["s3:GetObject"])


def test_a_bucket_of_another_environment_or_for_others_is_in_order() -> None:
    assert said(bucket(root(ARCHIVE))) == ["ok"]
    assert said(bucket(root(SANDBOX), account=DEVELOPMENT)) == []


def test_a_public_bucket_lets_the_sandbox_in_unless_it_is_restricted() -> None:
    rows = bucket("*")
    assert len(found(rows)) == 1
    rows["s3_buckets"][0]["public_access_block"] = {"RestrictPublicBuckets": True}
    assert said(rows) == ["ok"]


def test_a_bucket_for_the_whole_organization_lets_development_in_whatever_was_read_there() -> None:
    rows = bucket("*")
    whole = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    rows["s3_buckets"][0]["policy"]["Statement"][0]["Condition"] = whole
    [each] = found(rows)
    assert each.facts["principals"] == ["*"]


def test_other_kinds_of_policies_are_judged_too() -> None:
    key = f"arn:aws:kms:{REGION}:{PRODUCTION}:key/1"
    use = {**allow("kms:*"), "Principal": root(DEVELOPMENT)}
    row = {"account_id": PRODUCTION, "region": REGION, "arn": key}
    [each] = found({"kms_keys": [{**row, "policy": {"Statement": [use]}}]})
    assert "kms:Decrypt" in each.facts["actions"]
    unread = {**row, "policy_status": "denied"}
    assert said({"kms_keys": [unread]}) == ["unknown"]


def copies(table: str, account: str, owner: str, **more: Any) -> Tables:
    place = {"account_id": account, "region": REGION, "owner_id": owner}
    return {table: [{**place, "arn": f"arn:copy-{n}", **more} for n in range(2)]}


def test_copies_of_production_in_a_sandbox_are_one_finding_with_their_number() -> None:
    [each] = found(copies("ec2_shared_snapshots", SANDBOX, PRODUCTION, sharing="received"))
    assert (each.account_id, each.severity, each.facts["count"]) == (SANDBOX, "critical", 2)
    [each] = found(copies("rds_shared_snapshots", DEVELOPMENT, PRODUCTION))
    assert each.key == f"rds_shared_snapshots/{PRODUCTION}"


def test_what_production_made_public_is_its_own_finding() -> None:
    [each] = found(copies("ec2_shared_images", PRODUCTION, PRODUCTION, sharing="public"))
    assert (each.account_id, each.severity) == (PRODUCTION, "medium")


def test_copies_of_others_are_left_alone() -> None:
    assert said(copies("ec2_shared_images", SANDBOX, ARCHIVE, sharing="received")) == []


def test_accounts_without_an_environment_leave_it_open() -> None:
    [first, *_] = results("SEP.6", joined(ORGANIZATION, OPS), engagement=Engagement())
    assert (first.status, first.key) == ("unknown", "unclassified")


def test_without_two_sides_there_is_nothing_to_keep_apart() -> None:
    only = organization(members=(PRODUCTION,))
    found = results("SEP.6", only, accounts=[PRODUCTION, MANAGEMENT])
    assert statuses(found) == ["not_applicable"]


def test_what_was_not_read_is_unknown(tmp_path: Path) -> None:
    rows = joined(ORGANIZATION, user("ada"))
    found = judged("SEP.6", tmp_path, rows, ("iam_roles", PRODUCTION, "*"))
    unknown = [each for each in found if each.status == "unknown"]
    assert {each.account_id for each in unknown} == {PRODUCTION}
