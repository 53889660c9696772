import json
from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, Shape, StructureShape
from botocore.validate import ParamValidator

from awsbasics.collect.export_shape import CONTENT, IDENTITY, OPERATION, documented_list
from tests.authorization_details import authorization_details

ROLE: dict[str, Any] = {
    "Arn": "arn:aws:iam::000000000012:role/app",
    "RoleName": "app",
    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
}


@pytest.fixture(scope="module")
def output() -> Shape:
    model = botocore.session.get_session().get_service_model("iam")
    shape = model.operation_model(OPERATION).output_shape
    assert shape is not None
    return shape


def _structures(shape: Shape) -> Iterator[StructureShape]:
    if isinstance(shape, ListShape):
        yield from _structures(shape.member)
    elif isinstance(shape, StructureShape):
        yield shape
        for member in shape.members.values():
            yield from _structures(member)


def _members(value: Any, shape: Shape) -> Iterator[str]:
    """The documented members that a value shows somewhere."""
    if isinstance(shape, ListShape):
        for part in value:
            yield from _members(part, shape.member)
    elif isinstance(shape, StructureShape):
        for name, part in value.items():
            yield f"{shape.name}.{name}"
            yield from _members(part, shape.members[name])


def _with_texts(value: Any, shape: Shape) -> Any:
    """As the API answers it: policy documents are texts."""
    if isinstance(shape, ListShape):
        return [_with_texts(part, shape.member) for part in value]
    if isinstance(shape, StructureShape):
        return {
            name: _with_texts(part, shape.members[name]) if name in shape.members else part
            for name, part in value.items()
        }
    return json.dumps(value) if isinstance(value, Mapping) else value


def test_the_made_up_export_is_what_aws_documents(output: Shape) -> None:
    details = _with_texts(authorization_details(), output)
    report = ParamValidator().validate(details, output)
    assert report.generate_report() == ""


def test_the_made_up_export_shows_every_member_that_aws_documents(output: Shape) -> None:
    documented = {f"{shape.name}.{name}" for shape in _structures(output) for name in shape.members}
    shown = set(_members(authorization_details(), output))
    of_pages = {f"{output.name}.IsTruncated", f"{output.name}.Marker"}
    of_templates = {name for name in documented if "SourceRoleTemplate" in name}
    assert documented - shown == of_pages | of_templates


def test_names_that_the_import_relies_on_are_aws_own(output: Shape) -> None:
    members = {shape.name: set(shape.members) for shape in _structures(output)}
    for needed in (IDENTITY, CONTENT):
        for shape, names in needed.items():
            assert members[shape].issuperset(names)


def test_the_made_up_export_passes_whole() -> None:
    details = authorization_details()
    for name, items in details.items():
        kept, faults = documented_list(name, items)
        assert faults == []
        assert [set(item) for item in kept] == [set(item) for item in items]


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"Tags": 5}, ["RoleDetailList[0].Tags"]),
        ({"Tags": [{"Key": 1, "Value": "x"}]}, ["RoleDetailList[0].Tags[0].Key"]),
        ({"Tags": [{"Value": "x"}]}, ["RoleDetailList[0].Tags[0].Key"]),
        ({"Tags": [None]}, ["RoleDetailList[0].Tags[0]"]),
        (
            {"RolePolicyList": [{"PolicyDocument": {}}]},
            ["RoleDetailList[0].RolePolicyList[0].PolicyName"],
        ),
        ({"CreateDate": "yesterday"}, ["RoleDetailList[0].CreateDate"]),
        ({"CreateDate": True}, ["RoleDetailList[0].CreateDate"]),
        ({"CreateDate": "0001-01-01T00:00:00+14:00"}, ["RoleDetailList[0].CreateDate"]),
        (
            {"PermissionsBoundary": {}},
            ["RoleDetailList[0].PermissionsBoundary.PermissionsBoundaryArn"],
        ),
        ({"AssumeRolePolicyDocument": 1}, ["RoleDetailList[0].AssumeRolePolicyDocument"]),
        ({"AssumeRolePolicyDocument": None}, ["RoleDetailList[0].AssumeRolePolicyDocument"]),
    ],
)
def test_what_is_not_documented_is_left_out_and_its_place_told(
    change: dict[str, Any], places: list[str]
) -> None:
    kept, faults = documented_list("RoleDetailList", [{**ROLE, **change}])
    assert faults == places
    assert [role["RoleName"] for role in kept] == ["app"]
    assert all(name not in kept[0] or kept[0][name] == [] for name in change)


@pytest.mark.parametrize(
    "item", [1, "x", None, [], {}, {**ROLE, "RoleName": None}, {**ROLE, "Arn": 1}]
)
def test_an_item_that_does_not_say_what_it_is_is_left_out(item: Any) -> None:
    kept, faults = documented_list("RoleDetailList", [ROLE, item])
    assert [role["Arn"] for role in kept] == [ROLE["Arn"]]
    assert faults
    assert all(place.startswith("RoleDetailList[1]") for place in faults)


def test_null_stands_for_what_is_absent_and_unknown_members_are_let_by() -> None:
    role = {**ROLE, "Tags": None, "PermissionsBoundary": None, "Novelty": {"a": [1]}}
    kept, faults = documented_list("RoleDetailList", [role])
    assert faults == []
    assert kept[0].keys() == ROLE.keys()


def test_half_a_surrogate_pair_becomes_text_that_can_be_written() -> None:
    role = {**ROLE, "Tags": [{"Key": "k\ud800", "Value": "v"}]}
    kept, faults = documented_list("RoleDetailList", [role])
    assert faults == []
    assert kept[0]["Tags"] == [{"Key": "k\\ud800", "Value": "v"}]
