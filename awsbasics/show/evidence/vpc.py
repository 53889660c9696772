"""R09: VPCs, which of them are AWS's default ones, and whether their traffic is recorded."""

from collections import Counter

from awsbasics.assessment import Assessment
from awsbasics.facts import Facts
from awsbasics.recommendations.evidence.rows import from_json, rows
from awsbasics.show.blocks import Column, Table
from awsbasics.show.charts import Bars, Series, counted
from awsbasics.show.evidence.common import environment, findings_of, table, yes_no
from awsbasics.show.exhibits import Exhibits, FigureExhibit, TableExhibit
from awsbasics.show.names import short_account_names
from awsbasics.show.text import plural

TABLES = ("ec2_vpcs", "ec2_network_interfaces", "ec2_flow_logs")
RECORDED, SILENT, EMPTY = "in use, recorded", "in use, not recorded", "in use by nothing"


def vpcs_by_record(assessment: Assessment) -> Bars | None:
    """VPCs per account: recorded by flow logs, not recorded, or empty."""
    facts = assessment.facts
    names = short_account_names(facts)
    found = list(rows(facts.frame("ec2_vpcs"), "account_id", "id", "arn", "is_default"))
    if not found:
        return None
    silent = {each.resource for each in findings_of(assessment, "VPC.4")}
    living = _interfaces(facts)
    kinds = [
        EMPTY if not living[vpc.id] else SILENT if {vpc.id, vpc.arn} & silent else RECORDED
        for vpc in found
    ]
    series = (Series(RECORDED, "good"), Series(SILENT, "bad"), Series(EMPTY, "neutral"))
    default = sum(bool(vpc.is_default) for vpc in found)
    return Bars(
        title="VPCs by use and record",
        summary=f"{plural(len(found), 'VPC')}, {default:,} of them AWS’s default ones: "
        f"{kinds.count(SILENT):,} in use without a record of their traffic, "
        f"{kinds.count(EMPTY):,} in use by nothing.",
        label="Account",
        series=series,
        values=counted([names[vpc.account_id] for vpc in found], kinds, series),
    )


def vpcs(assessment: Assessment) -> Table:
    """VPCs that something lives in, or that are no default ones."""
    facts = assessment.facts
    names, living = short_account_names(facts), _interfaces(facts)
    gateways = {
        vpc
        for row in rows(facts.frame("ec2_internet_gateways"), "vpc_ids")
        for vpc in from_json(row.vpc_ids) or ()
    }
    logs = {row.resource_id for row in rows(facts.frame("ec2_flow_logs"), "resource_id")}
    columns = ("account_id", "region", "id", "arn", "cidr_block", "is_default", "tags")
    found = [
        vpc
        for vpc in rows(facts.frame("ec2_vpcs"), *columns)
        if living[vpc.id] or not vpc.is_default
    ]
    return table(
        "VPCs in use, or made on purpose",
        (
            Column("VPC", "code"),
            Column("Account"),
            Column("Environment"),
            Column("Region"),
            Column("Range", "code"),
            Column("Application"),
            Column("Default"),
            Column("Internet gateway"),
            Column("Flow log"),
            Column("Interfaces", "number"),
        ),
        (
            (v.id, names[v.account_id], environment(facts, v.account_id), v.region, v.cidr_block,
             facts.ownership.application(v.account_id, v.region, v.id, tags=v.tags).value,
             yes_no(v.is_default), yes_no(v.id in gateways), yes_no(v.id in logs), living[v.id])
            for v in found
        ),
        empty="There is none.",
    )  # fmt: skip


def _interfaces(facts: Facts) -> Counter[str]:
    """How many network interfaces each VPC has."""
    frame = facts.frame("ec2_network_interfaces")
    return Counter(row.vpc_id for row in rows(frame, "vpc_id") if row.vpc_id)


EXHIBITS = Exhibits(
    figures={"vpcs_by_record": FigureExhibit(TABLES, vpcs_by_record, "There are no VPCs.")},
    tables={"vpcs": TableExhibit((*TABLES, "ec2_internet_gateways"), vpcs)},
)
