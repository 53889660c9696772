"""What others rely on: names, arguments, columns and their types."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from awsbasics import iam
from awsbasics.iam import effective_permissions, escalation_paths, evaluate
from tests.snapshots import write_snapshot

REQUIRED = inspect.Parameter.empty


@pytest.mark.parametrize("name", iam.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(iam, name).__doc__


def test_the_promised_names_are_among_them() -> None:
    assert {
        "Request",
        "evaluate",
        "compile_policy",
        "effective_permissions",
        "escalation_paths",
        "permission_changes",
        "UNKNOWN",
    } <= set(iam.__all__)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (
            iam.Request,
            {
                "principal": REQUIRED,
                "action": REQUIRED,
                "resource": "*",
                "resource_account": None,
                "context": None,
                "role_arn": None,
            },
        ),
        (
            evaluate,
            {
                "request": REQUIRED,
                "identity": (),
                "boundary": None,
                "session": None,
                "scps": None,
                "rcps": None,
                "resource_policy": None,
                "unknown_keys": "depends",
            },
        ),
        (
            effective_permissions,
            {
                "snapshot": REQUIRED,
                "principals": None,
                "actions": None,
                "access_levels": None,
                "as_of": None,
            },
        ),
        (escalation_paths, {"snapshot": REQUIRED, "as_of": None}),
    ],
)
def test_arguments_have_their_names_order_and_defaults(
    function: Callable[..., Any], arguments: dict[str, Any]
) -> None:
    found = inspect.signature(function).parameters
    assert list(found) == list(arguments)
    # A default that is made for each call has no value to compare.
    known = {name: value for name, value in arguments.items() if name != "context"}
    assert {name: found[name].default for name in known} == known


def test_the_layers_of_evaluate_go_by_name() -> None:
    kinds = {each.kind for each in list(inspect.signature(evaluate).parameters.values())[1:]}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}


TEXT = pd.Series(["a"]).astype("str").dtype
PERMISSIONS = ["principal_arn", "account_id", "action", "access_level", "outcome"]
WAYS = [
    *("principal_arn", "account_id", "path_id", "target_arn", "hops"),
    *("steps", "status", "blocked_by", "missing"),
]
ANN = "arn:aws:iam::111111111111:user/ann"
OWN_POLICY = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "iam:PutUserPolicy", "Resource": ANN},
}
HELD = {
    "iam_users": [{"arn": ANN, "name": "ann"}],
    "iam_inline_policies": [
        {
            "principal_arn": ANN,
            "principal_type": "user",
            "name": "own",
            "document": json.dumps(OWN_POLICY),
        }
    ],
}


@pytest.mark.parametrize("rows", [{}, HELD], ids=["without rows", "with rows"])
def test_frames_have_their_columns_and_types(rows: dict[str, Any], tmp_path: Path) -> None:
    snapshot = write_snapshot(tmp_path / "s", rows)
    permissions, ways = effective_permissions(snapshot), escalation_paths(snapshot)
    assert [permissions.empty, ways.empty] == [not rows, not rows]
    assert dict(permissions.dtypes) == dict.fromkeys(PERMISSIONS, TEXT)
    assert dict(ways.dtypes) == {**dict.fromkeys(WAYS, TEXT), "hops": pd.Int64Dtype()}
    assert list(permissions.columns) == PERMISSIONS
    assert list(ways.columns) == WAYS
