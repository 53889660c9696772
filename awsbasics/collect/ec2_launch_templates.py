"""Launch templates: the groups and roles of instances to come (SG.6, APP.2, APP.11).

User data are never kept: people put secrets there.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from awsbasics.collect.ec2_network import ARN
from awsbasics.collect.shaping import regional_arn
from awsbasics.collect.table import Caller, Column, Item, Table, dig

OPERATION, PATH = "DescribeLaunchTemplateVersions", "LaunchTemplateVersions"
# Without naming a template, these versions of all templates come in one list.
IN_USE: Mapping[str, Any] = {"Versions": ["$Latest", "$Default"], "MaxResults": 200}


def _versions(call: Caller) -> Iterator[Item]:
    """The latest and the default version of each template, once where they are the same."""
    seen = set()
    for version in call.items("ec2", OPERATION, PATH, **IN_USE):
        key = (version["LaunchTemplateId"], version["VersionNumber"])
        if key not in seen:
            seen.add(key)
            arn = regional_arn(call, "ec2", f"launch-template/{version['LaunchTemplateId']}")
            yield {**version, "arn": arn, **_data(version.get("LaunchTemplateData", {}))}


def _data(data: Item) -> Item:
    groups = [*(data.get("SecurityGroupIds") or ()), *dig(data, "NetworkInterfaces[].Groups[]")]
    profile = data.get("IamInstanceProfile", {})
    return {
        "group_ids": sorted(set(groups)),
        "instance_profile": profile.get("Arn") or profile.get("Name"),
    }


TABLES = (
    Table(
        name="ec2_launch_template_versions",
        description="The latest and the default version of each launch template.",
        service="ec2",
        operation=OPERATION,
        path=PATH,
        parameters=IN_USE,
        gather=_versions,
        columns=(
            Column("id", "string", "LaunchTemplateId", "AWS's id of the template, lt-…"),
            ARN,
            Column("name", "string", "LaunchTemplateName", "Name of the template."),
            Column("version", "int", "VersionNumber", "Number of the version."),
            Column("is_default", "bool", "DefaultVersion", "Whether it is the default version."),
            Column("image_id", "string", "LaunchTemplateData.ImageId", "What instances start."),
            Column(
                "instance_profile", "string", "", "ARN or name of the instance profile, if any."
            ),
            Column("group_ids", "json", "", "List of security groups that it names by id."),
            Column(
                "group_names",
                "json",
                "LaunchTemplateData.SecurityGroups",
                "List of security groups that it names by name.",
            ),
            Column("created", "timestamp", "CreateTime", "When the version was made."),
        ),
    ),
)
