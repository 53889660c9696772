"""IAM Access Analyzer: its analyzers and how much they found (REV.5).

The findings themselves are left out: the kit works out by itself who can reach what.
"""

from collections.abc import Mapping

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, tagged
from awsbasics.collect.table import Answer, Caller, Column, FollowUp, Item, Table


def _findings(call: Caller, analyzer: Item) -> Mapping[str, Answer]:
    return {
        "findings": call.answer(
            "accessanalyzer",
            "GetFindingsStatistics",
            "findingsStatistics",
            absent=("ResourceNotFoundException",),
            analyzerArn=analyzer["arn"],
        )
    }


TABLES = (
    Table(
        name="accessanalyzer_analyzers",
        description="Analyzers of external, internal and unused access.",
        service="accessanalyzer",
        operation="ListAnalyzers",
        path="analyzers",
        split=tagged("tags"),
        each=_findings,
        follow_ups=(FollowUp(service="accessanalyzer", operation="GetFindingsStatistics"),),
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
)
