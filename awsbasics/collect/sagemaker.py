"""SageMaker's endpoints and notebook instances, by age (SEP.4)."""

from collections.abc import Mapping
from typing import Any

from awsbasics.collect.table import Column, Table

PAGE: Mapping[str, Any] = {"MaxResults": 100}
CREATED = Column("created", "timestamp", "CreationTime", "When it was made.")

TABLES = (
    Table(
        name="sagemaker_endpoints",
        description="Endpoints that serve models.",
        service="sagemaker",
        operation="ListEndpoints",
        path="Endpoints",
        parameters=PAGE,
        columns=(
            Column("arn", "string", "EndpointArn", "ARN of the endpoint."),
            Column("name", "string", "EndpointName", "Name of the endpoint."),
            Column("status", "string", "EndpointStatus", "InService, Creating, Failed, …"),
            CREATED,
        ),
    ),
    Table(
        name="sagemaker_notebook_instances",
        description="Notebook instances.",
        service="sagemaker",
        operation="ListNotebookInstances",
        path="NotebookInstances",
        parameters=PAGE,
        columns=(
            Column("arn", "string", "NotebookInstanceArn", "ARN of the notebook instance."),
            Column("name", "string", "NotebookInstanceName", "Name of the notebook instance."),
            Column("status", "string", "NotebookInstanceStatus", "InService, Stopped, …"),
            CREATED,
        ),
    ),
)
