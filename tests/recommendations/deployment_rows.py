"""Rows of stacks, what they made, and the roles that they deploy with."""

from collections.abc import Mapping
from typing import Any

from awsbasics.engagement.model import Applications
from tests.recommendations.principal_rows import Tables, arn
from tests.recommendations.support import PRODUCTION, REGION, engagement

NAMES = engagement(applications=Applications(stack_pattern=("{application}-{phase}",)))


def stack(
    name: str,
    deploys_with: str = "",
    *,
    account: str = PRODUCTION,
    made: Mapping[str, str] | None = None,
    **more: Any,
) -> Tables:
    """A stack; `made` are types of resources by their physical ids."""
    stack_id = f"arn:aws:cloudformation:{REGION}:{account}:stack/{name}/1"
    own = {"account_id": account, "region": REGION}
    row = {
        **own,
        "id": stack_id,
        "arn": stack_id,
        "name": name,
        "status": "CREATE_COMPLETE",
        "role_arn": arn("role", deploys_with, account) if deploys_with else None,
        **more,
    }
    resources = [
        {
            **own,
            "stack_id": stack_id,
            "stack_name": name,
            "logical_id": f"Resource{number}",
            "physical_id": physical_id,
            "type": kind,
            "status": "CREATE_COMPLETE",
        }
        for number, (physical_id, kind) in enumerate((made or {}).items())
    ]
    return {"cloudformation_stacks": [row], "cloudformation_stack_resources": resources}
