"""Policy documents in few words, as JSON text."""

import json
from datetime import datetime
from typing import Any

Statement = dict[str, Any]


def document(*statements: Statement) -> str:
    """A policy document of these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    actions: str | list[str], resources: str | list[str] = "*", condition: Any = None
) -> Statement:
    """A statement that allows actions on resources, under a condition block where given."""
    found: Statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return found | ({"Condition": condition} if condition else {})


def deny(
    actions: str | list[str], resources: str | list[str] = "*", condition: Any = None
) -> Statement:
    """A statement that denies actions on resources, under a condition block where given."""
    return allow(actions, resources, condition) | {"Effect": "Deny"}


def trust(principal: Any, condition: Any = None, action: Any = "sts:AssumeRole") -> str:
    """A trust policy: who may assume a role, under a condition block where given."""
    found: Statement = {"Effect": "Allow", "Principal": principal, "Action": action}
    return document(found | ({"Condition": condition} if condition else {}))


def service_trust(name: str) -> str:
    """A trust policy for an AWS service, by the name before `.amazonaws.com`."""
    return trust({"Service": f"{name}.amazonaws.com"})


def window(start: datetime | None, end: datetime | None) -> dict[str, dict[str, str]]:
    """A condition block that holds between two times."""
    bounds = {"DateGreaterThan": start, "DateLessThan": end}
    return {
        operator: {"aws:CurrentTime": time.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for operator, time in bounds.items()
        if time is not None
    }
