"""Tags of whatever has them, for services whose lists leave them out (TEAM.1, APP.2).

The tagging API knows what is tagged or once was; it does not know IAM's users and roles.
"""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.shaping import TAGS_COLUMN_TEXT, tagged
from awsbasics.collect.table import Column, Table

PAGE: Mapping[str, Any] = {"ResourcesPerPage": 100}

TABLES = (
    Table(
        name="tagging_resources",
        description="Resources of all services that have or once had tags.",
        service="resourcegroupstaggingapi",
        operation="GetResources",
        path="ResourceTagMappingList",
        parameters=PAGE,
        split=tagged("Tags"),
        columns=(
            Column("arn", "string", "ResourceARN", "ARN of the resource."),
            Column("tags", "json", "", TAGS_COLUMN_TEXT),
        ),
    ),
)
