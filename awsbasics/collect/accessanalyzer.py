"""IAM Access Analyzer: its analyzers, how much they found (REV.5), and who from outside gets in.

Of findings the open ones on external access are listed, to hold beside what the kit works out by
itself. Those on internal and unused access are only counted: there may be tens of thousands.
"""

from collections.abc import Iterator, Mapping

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, tagged
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table

SERVICE = "accessanalyzer"
GONE = ("ResourceNotFoundException",)
OF_OTHER_ACCESS = ("_UNUSED_ACCESS", "_INTERNAL_ACCESS")
"""How the types of analyzers end that `ListFindings` does not take: it is for external access."""
STILL_OPEN = {"status": {"eq": ["ACTIVE"]}}


def _findings(call: Caller, analyzer: Item) -> Mapping[str, Answer]:
    return {
        "findings": call.answer(
            SERVICE,
            "GetFindingsStatistics",
            "findingsStatistics",
            absent=GONE,
            analyzerArn=analyzer["arn"],
        )
    }


def _external_findings(call: Caller) -> Iterator[Item]:
    analyzers = call.items(SERVICE, "ListAnalyzers", "analyzers")
    external = [one["arn"] for one in analyzers if not one["type"].endswith(OF_OTHER_ACCESS)]
    for found in call.map(lambda arn: _of(call, arn), external):
        yield from found


def _of(call: Caller, analyzer: str) -> list[Item]:
    operation = "ListFindings"
    found = call.listed(
        SERVICE, operation, "findings", absent=GONE, analyzerArn=analyzer, filter=STILL_OPEN
    )
    if found.status in ("denied", "error"):
        call.note(found, operation)
    return [{**finding, "analyzer_arn": analyzer} for finding in found.value or ()]


TABLES = (
    Table(
        name="accessanalyzer_analyzers",
        description="Analyzers of external, internal and unused access.",
        service=SERVICE,
        operation="ListAnalyzers",
        path="analyzers",
        split=tagged("tags"),
        each=_findings,
        follow_ups=(FollowUp(service=SERVICE, operation="GetFindingsStatistics"),),
        columns=(
            Column("arn", "string", "arn", "ARN of the analyzer."),
            Column("name", "string", "name", "Name of the analyzer."),
            Column(
                "type",
                "string",
                "type",
                "ACCOUNT or ORGANIZATION (external access), with _UNUSED_ACCESS or "
                "_INTERNAL_ACCESS.",
            ),
            Column("status", "string", "status", "ACTIVE, CREATING, DISABLED or FAILED."),
            Column("created", "timestamp", "createdAt", "When it was made."),
            Column(
                "last_analyzed",
                "timestamp",
                "lastResourceAnalyzedAt",
                "When it last looked at something.",
            ),
            Column(
                "findings", "json", "", "Numbers of findings by kind and status.", follow_up=True
            ),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
    Table(
        name="accessanalyzer_findings",
        description="What analyzers found open to somebody outside, and nobody archived; "
        "roles in each region that has an analyzer.",
        service=SERVICE,
        operation="ListAnalyzers",
        path="analyzers",
        gather=_external_findings,
        follow_ups=(
            FollowUp(service=SERVICE, operation="ListFindings", per="analyzer of external access"),
        ),
        columns=(
            Column("id", "string", "id", "AWS's id of the finding."),
            Column("analyzer_arn", "string", "", "The analyzer that found it."),
            Column("resource", "string", "resource", "ARN of what can be reached."),
            Column("resource_type", "string", "resourceType", "AWS::S3::Bucket, AWS::IAM::Role, …"),
            Column(
                "resource_account_id", "string", "resourceOwnerAccount", "The account that owns it."
            ),
            Column("principal", "json", "principal", "Object: who can reach it, as in {AWS: …}."),
            Column("actions", "json", "action", "List of what they can do."),
            Column(
                "conditions", "json", "condition", "Object: condition keys that they have to meet."
            ),
            Column("is_public", "bool", "isPublic", "Whether anybody is among them."),
            Column("error", "string", "error", "Why the analyzer could not look at it, if so."),
            Column("created", "timestamp", "createdAt", "When it was found."),
            Column("analyzed", "timestamp", "analyzedAt", "When the analyzer last looked at it."),
        ),
    ),
)
