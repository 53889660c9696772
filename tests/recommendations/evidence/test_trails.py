"""What selectors leave out of the management events."""

from typing import Any

import pytest

from awsbasics.recommendations.evidence.trails import left_out


def classic(kind: str = "All", *excluded: str, include: bool = True) -> dict[str, Any]:
    return {
        "ReadWriteType": kind,
        "IncludeManagementEvents": include,
        "ExcludeManagementEventSources": list(excluded),
    }


def advanced(category: str = "Management", **fields: dict[str, list[str]]) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [{"Field": "eventCategory", "Equals": [category]}]
    selectors += [{"Field": name, **operators} for name, operators in fields.items()]
    return {"Name": "", "FieldSelectors": selectors}


def test_a_trail_without_selectors_records_everything() -> None:
    assert left_out(None, None) == []
    assert left_out([], []) == []


@pytest.mark.parametrize(
    ("selectors", "missing"),
    [
        ([classic()], []),
        ([{}], []),  # AWS's defaults: all, management events included
        ([classic("ReadOnly")], ["write events"]),
        ([classic("WriteOnly")], ["read events"]),
        ([classic("ReadOnly"), classic("WriteOnly")], []),
        ([classic(include=False)], ["read events", "write events"]),
        (
            [classic("All", "kms.amazonaws.com")],
            ["read events of kms.amazonaws.com", "write events of kms.amazonaws.com"],
        ),
        ([classic("All", "kms.amazonaws.com"), classic()], []),
        (
            [classic("All", "kms.amazonaws.com"), classic("WriteOnly")],
            ["read events of kms.amazonaws.com"],
        ),
    ],
)
def test_basic_selectors(selectors: list[dict[str, Any]], missing: list[str]) -> None:
    assert left_out(selectors, None) == missing


@pytest.mark.parametrize(
    ("selectors", "missing"),
    [
        ([advanced()], []),
        ([advanced("Data")], ["read events", "write events"]),
        ([advanced(readOnly={"Equals": ["true"]})], ["write events"]),
        ([advanced(readOnly={"NotEquals": ["true"]})], ["read events"]),
        ([advanced(readOnly={"Equals": ["true"]}), advanced(readOnly={"Equals": ["false"]})], []),
        (
            [advanced(eventSource={"NotEquals": ["kms.amazonaws.com"]})],
            ["read events of kms.amazonaws.com", "write events of kms.amazonaws.com"],
        ),
        (
            [advanced(readOnly={"Equals": ["false"]}), advanced(eventName={"StartsWith": ["Get"]})],
            ["read events other than eventName StartsWith Get"],
        ),
        ([advanced("Data"), advanced()], []),
    ],
)
def test_advanced_selectors(selectors: list[dict[str, Any]], missing: list[str]) -> None:
    assert left_out(None, selectors) == missing
