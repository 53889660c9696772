"""Where parts of a template stand."""

import json

import pytest

from awsbasics.cloudformation.lines import lines_of

YAML = """\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub
        - "${a}"
        - a: b
      Policies:
        - PolicyName: x
        - PolicyName: y
          PolicyDocument:
            Statement: []
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("Resources",), 1),
        (("Resources", "Role"), 2),
        (("Resources", "Role", "Properties", "Policies", 1), 10),
        (("Resources", "Role", "Properties", "Policies", 1, "PolicyDocument", "Statement"), 12),
        (("Resources", "Role", "Properties", "RoleName", "Fn::Sub", 1, "a"), 7),
    ],
)
def test_each_part_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert lines_of(YAML).of(path) == line


def test_a_part_without_a_line_has_that_of_what_it_is_in() -> None:
    assert lines_of(YAML).of(("Resources", "Role", "Metadata", "x")) == 2
    assert lines_of(YAML).of(("Outputs",)) == 1


def test_json_has_lines_too() -> None:
    text = json.dumps({"Resources": {"A": {"Type": "T"}}}, indent=2)
    assert lines_of(text).of(("Resources", "A", "Type")) == 4


def test_text_that_is_no_yaml_has_no_lines() -> None:
    assert lines_of("{a: [").of(("a",)) == 1
    assert lines_of("").of(("a",)) == 1
