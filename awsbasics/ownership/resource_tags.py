"""The tags of resources, as the snapshot's tables have them."""

from collections.abc import Callable, Mapping

import pandas as pd

from awsbasics.ownership.resources import Resource
from awsbasics.ownership.tags import NO_TAGS, read_tags

# Which table has the tags of what, by an ARN's service and kind.
TABLES: Mapping[tuple[str, str], str] = {
    ("iam", "role"): "iam_roles",
    ("iam", "user"): "iam_users",
    ("ec2", "instance"): "ec2_instances",
    ("ec2", "internet-gateway"): "ec2_internet_gateways",
    ("ec2", "network-interface"): "ec2_network_interfaces",
    ("ec2", "security-group"): "ec2_security_groups",
    ("ec2", "subnet"): "ec2_subnets",
    ("ec2", "vpc"): "ec2_vpcs",
    ("secretsmanager", "secret"): "secretsmanager_secrets",
}


class ResourceTags:
    """Looks up a resource's tags; each table is read when a resource of its kind is asked for."""

    def __init__(self, frame: Callable[[str], pd.DataFrame]) -> None:
        self._frame = frame
        self._by_table: dict[str, dict[tuple[str, str], object]] = {}

    def of(self, account_id: str, resource: Resource) -> Mapping[str, str]:
        """The tags in the snapshot; none where the resource or its table is not there."""
        table = TABLES.get((resource.service, resource.kind))
        if table is None:
            return NO_TAGS
        if table not in self._by_table:
            self._by_table[table] = self._read(table, by_id=resource.service == "ec2")
        key = resource.id if resource.service == "ec2" else resource.text
        return read_tags(self._by_table[table].get((account_id, key)))

    def _read(self, table: str, *, by_id: bool) -> dict[tuple[str, str], object]:
        frame = self._frame(table)
        keys = zip(frame["account_id"], frame["id" if by_id else "arn"], strict=True)
        return dict(zip(keys, frame["tags"].tolist(), strict=True))
