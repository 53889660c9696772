"""What the tests of the gather share."""

import pytest

from awsbasics.collect import doctor, options
from awsbasics.collect.tables import TABLES, registry

FEW = (
    "organizations_",
    "iam_",
    "cloudtrail_",
    "ec2_regions",
    "ec2_vpcs",
    "ec2_security_group",
    "secretsmanager_",
)


@pytest.fixture
def few_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gather and doctor read some thirty tables of every scope, in a third of the time.

    For tests about accounts, regions and credentials rather than about what is read.
    """
    few = registry(table for table in TABLES.values() if table.name.startswith(FEW))
    assert {table.scope for table in few.values()} == {"organization", "account", "region"}
    monkeypatch.setattr(options, "TABLES", few)
    monkeypatch.setattr(doctor, "TABLES", few)
