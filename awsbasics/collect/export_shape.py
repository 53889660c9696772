"""What of an exported answer is as AWS documents it, by botocore's model of the output.

An export may have been edited, cut by other tools or printed by another SDK (which write
null for what is absent). What is not of its documented type is left out, as small a part as
possible, and its place is told.
"""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import botocore.session
from botocore.model import ListShape, Shape, StructureShape

from awsbasics.collect.documents import canonical_json
from awsbasics.collect.engine import convert
from awsbasics.collect.table import Item

OPERATION = "GetAccountAuthorizationDetails"
DOCUMENT = "policyDocumentType"

# Without these a part says nothing: it is left out.
IDENTITY: Mapping[str, tuple[str, ...]] = {
    "UserDetail": ("Arn", "UserName"),
    "GroupDetail": ("Arn", "GroupName"),
    "RoleDetail": ("Arn", "RoleName"),
    "ManagedPolicyDetail": ("Arn", "PolicyName"),
    "PolicyDetail": ("PolicyName",),
    "AttachedPolicy": ("PolicyArn",),
    "AttachedPermissionsBoundary": ("PermissionsBoundaryArn",),
    "InstanceProfile": ("Arn", "InstanceProfileName"),
    "Role": ("Arn",),
    "PolicyVersion": ("Document",),
    "Tag": ("Key",),
}
# Without these a part stays, and is known not to be whole.
CONTENT: Mapping[str, tuple[str, ...]] = {
    "RoleDetail": ("AssumeRolePolicyDocument",),
    "PolicyDetail": ("PolicyDocument",),
}


def documented_list(name: str, value: Any) -> tuple[list[Item], list[str]]:
    """The items of one of the export's lists that are as documented, and the places of faults.

    Policy documents come back as canonical JSON text, or as they came where they are no JSON.
    Raises TypeError if the value is no list.
    """
    if not isinstance(value, list):
        raise TypeError(f"{name} is not a list")
    faults: list[str] = []
    return _documented(value, _output().members[name], name, faults), faults


@functools.cache
def _output() -> StructureShape:
    """The shape of the call's output; loading the model takes a tenth of a second."""
    model = botocore.session.get_session().get_service_model("iam").operation_model(OPERATION)
    shape = model.output_shape
    if not isinstance(shape, StructureShape):
        raise TypeError(f"botocore knows no output of {OPERATION}")
    return shape


def _documented(value: Any, shape: Shape, place: str, faults: list[str]) -> Any:
    """The documented part of a value; None where there is none, with its place in `faults`."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        return _structure(value, shape, place, faults)
    if isinstance(shape, ListShape) and isinstance(value, list):
        parts = [
            _documented(part, shape.member, f"{place}[{index}]", faults)
            for index, part in enumerate(value)
        ]
        return [part for part in parts if part is not None]
    kept = _scalar(value, DOCUMENT if shape.name == DOCUMENT else shape.type_name)
    if kept is None:
        faults.append(place)
    return kept


def _structure(
    value: Item, shape: StructureShape, place: str, faults: list[str]
) -> dict[str, Any] | None:
    parts = {
        name: _documented(value[name], member, f"{place}.{name}", faults)
        for name, member in shape.members.items()
        if value.get(name) is not None
    }
    kept = {name: part for name, part in parts.items() if part is not None}
    identity = IDENTITY.get(shape.name, ())
    missing = [name for name in (*identity, *CONTENT.get(shape.name, ())) if name not in kept]
    faults.extend(f"{place}.{name}" for name in missing if name not in parts)
    return None if set(missing) & set(identity) else kept


def _scalar(value: Any, kind: str) -> Any:
    try:
        return _SCALARS[kind](value) if kind in _SCALARS else None
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _text(value: Any) -> str | None:
    """Text; half a surrogate pair, which no UTF-8 can hold, is shown as its escape."""
    return value.encode(errors="backslashreplace").decode() if isinstance(value, str) else None


def _document(value: Any) -> str | None:
    if isinstance(value, str | Mapping):
        return _text(canonical_json(value))
    return None


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _time(value: Any) -> Any:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return convert(value, "timestamp") if numeric or isinstance(value, str) else None


_SCALARS: Mapping[str, Callable[[Any], Any]] = {
    DOCUMENT: _document,
    "string": _text,
    "integer": _number,
    "boolean": _truth,
    "timestamp": _time,
}
