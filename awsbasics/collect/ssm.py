"""Systems Manager's parameters, by name and type (SEC.8): no call here reads a value."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.table import Column, Table

PAGE: Mapping[str, Any] = {"MaxResults": 50}

TABLES = (
    Table(
        name="ssm_parameters",
        description="Parameters, without their values.",
        service="ssm",
        operation="DescribeParameters",
        path="Parameters",
        parameters=PAGE,
        columns=(
            Column("arn", "string", "ARN", "ARN of the parameter."),
            Column("name", "string", "Name", "Name of the parameter."),
            Column("type", "string", "Type", "String, StringList or SecureString (encrypted)."),
            Column("data_type", "string", "DataType", "text, aws:ec2:image or what integrates it."),
            Column("key_id", "string", "KeyId", "The key of a SecureString."),
            Column("version", "int", "Version", "How often it was written."),
            Column("last_modified", "timestamp", "LastModifiedDate", "When it was last written."),
        ),
    ),
)
