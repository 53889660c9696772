"""Templates worked out: as far as what is known goes, and no further."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.cloudformation.load import load_template
from awsbasics.cloudformation.resolve import Context, Stack, resolve
from awsbasics.cloudformation.values import Either, Open

ACCOUNT = "000000000012"
HERE = Context(
    account_id=ACCOUNT, region="eu-central-1", partition="aws", stack_name="billing-prod"
)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/billing"

TEMPLATE = """
Parameters:
  Phase: {Type: String, Default: prod}
  Size: {Type: Number, Default: 3}
  Kind: {Type: String, AllowedValues: [a, b]}
  Free: {Type: String}
  Subnets: {Type: CommaDelimitedList, Default: "x, y"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /images/newest}
  Password: {Type: String, NoEcho: true, Default: hunter2}
Mappings:
  Sizes: {prod: {small: t1}, dev: {small: t2}}
Conditions:
  IsProd: !Equals [!Ref Phase, prod]
  IsFree: !Equals [!Ref Free, x]
  Never: !And [!Condition IsFree, !Not [!Condition IsProd]]
  Always: !Or [!Condition IsFree, !Condition IsProd]
  KnownApart: !Equals [!Sub "a-${Free}", b]
  Itself: !Not [!Condition Itself]
  IsC: !Equals [!Ref Kind, c]
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties: {RoleName: billing, Path: /service/}
  Bucket: {Type: AWS::S3::Bucket}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${Phase}-jobs"}}
  X:
    Type: Custom::X
    Properties:
      Value: VALUE
"""


def value(expression: str, context: Context = HERE) -> Any:
    text = TEMPLATE.replace("VALUE", expression)
    return resolve(load_template(text), context).resources["X"].properties.get("Value")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Phase", "prod"),
        ("!Ref Size", "3"),
        ("!Ref Subnets", ["x", "y"]),
        ("!Ref AWS::AccountId", ACCOUNT),
        ("!Ref AWS::URLSuffix", "amazonaws.com"),
        ("!Ref Role", "billing"),
        ("!GetAtt Role.Arn", ROLE),
        ("!GetAtt Queue.Arn", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:prod-jobs"),
        ("!Sub '${Phase}/${AWS::Region}'", "prod/eu-central-1"),
        ("!Sub ['${a}-${Phase}', {a: !Ref Size}]", "3-prod"),
        ("!Sub '${Role.Arn}/x'", f"{ROLE}/x"),
        ("!Sub 'home/${!aws:username}'", "home/${aws:username}"),
        ("!Join [':', [a, !Ref Phase, 1]]", "a:prod:1"),
        ("!Join [',', !Ref Subnets]", "x,y"),
        ("!Split ['-', 'a-b']", ["a", "b"]),
        ("!Select [1, !Split ['-', !Ref AWS::Region]]", "central"),
        ("!Select ['0', !Ref Subnets]", "x"),
        ("!FindInMap [Sizes, !Ref Phase, small]", "t1"),
        ("!FindInMap [Sizes, nowhere, small, {DefaultValue: t9}]", "t9"),
        ("!If [IsProd, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("!If [Always, a, b]", "a"),
        ("!If [KnownApart, a, b]", "b"),
        ("!If [IsC, a, b]", "b"),
        ("!Base64 abc", "YWJj"),
        ("!Cidr [10.0.0.0/16, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("[a, !If [IsProd, !Ref 'AWS::NoValue', b], c]", ["a", "c"]),
        ("{a: !If [IsProd, !Ref 'AWS::NoValue', b], c: d}", {"c": "d"}),
        ("{'Fn::Length': !Ref Subnets}", 2),
        ("{'Fn::ToJsonString': {a: !Ref Phase}}", '{"a": "prod"}'),
    ],
)
def test_what_is_known_is_worked_out(expression: str, expected: Any) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("!Ref Free", "${Free}"),
        ("!Ref Password", "${Password}"),
        ("!Ref Image", "${Image}"),
        ("!Ref Bucket", "${Bucket}"),
        ("!Ref Queue", "${Queue}"),
        ("!Ref Missing", "${Missing}"),
        ("!GetAtt Bucket.Arn", "arn:aws:s3:::${Bucket}"),
        ("!GetAtt Bucket.DomainName", "${Bucket.DomainName}"),
        ("!Sub '${Phase}-${Free}-x'", "prod-${Free}-x"),
        ("!Join ['', [a, !Ref Free]]", "a${Free}"),
        ("!ImportValue shared-role", "${shared-role}"),
        ("!FindInMap [Sizes, !Ref Free, small]", "${Fn::FindInMap Sizes.${Free}.small}"),
        ("{'Fn::Transform': {Name: Include}}", "${Fn::Transform Include}"),
        ("!Select [9, [a]]", "${Fn::Select}"),
        ("!Cidr [10.0.0.0/30, 300, 1]", "${Fn::Cidr}"),
    ],
)
def test_what_is_not_known_stays_marked(expression: str, shown: str) -> None:
    found = value(expression)
    assert isinstance(found, Open)
    assert str(found) == shown


def test_a_condition_that_cannot_be_told_leaves_both_values() -> None:
    assert value("!If [IsFree, a, b]") == Either("IsFree", ("a", "b"))
    assert value("!If [Itself, a, b]") == Either("Itself", ("a", "b"))
    assert value("!If [NotDeclared, a, b]") == Either("NotDeclared", ("a", "b"))


def test_a_parameter_with_allowed_values_alone_is_one_of_them() -> None:
    assert value("!Ref Kind") == Either("Kind", ("a", "b"))


def test_what_was_given_goes_before_defaults_but_secrets_stay_open() -> None:
    given = Context(parameters={"Phase": "dev", "Password": "x", "Free": "y"})
    assert value("!Sub '${Phase} ${Free}'", given) == "dev y"
    assert isinstance(value("!Ref Password", given), Open)


def test_without_defaults_parameters_are_open() -> None:
    assert isinstance(value("!Ref Phase", Context(defaults=False)), Open)


def test_a_deployed_stack_tells_names_and_other_stacks_exports() -> None:
    live = Context(
        account_id=ACCOUNT,
        partition="aws",
        physical_ids={"Bucket": "logs-7f3a", "Role": "billing-XYZ"},
        exports={"shared-role": ROLE},
    )
    assert value("!Ref Bucket", live) == "logs-7f3a"
    assert value("!GetAtt Bucket.Arn", live) == "arn:aws:s3:::logs-7f3a"
    assert value("!ImportValue shared-role", live) == ROLE


def test_the_partition_is_never_guessed() -> None:
    found = value("!GetAtt Role.Arn", Context(account_id=ACCOUNT))
    assert str(found) == f"arn:${{AWS::Partition}}:iam::{ACCOUNT}:role/service/billing"


def test_a_resource_says_whether_it_is_made() -> None:
    text = TEMPLATE.replace("Type: Custom::X", "Type: Custom::X\n    Condition: COND")
    for name, expected in (("IsProd", True), ("Never", False), ("IsFree", None)):
        found = resolve(load_template(text.replace("COND", name)), HERE)
        assert found.resources["X"].condition is expected


def test_loops_are_written_out() -> None:
    template = load_template("""
Parameters: {Names: {Type: CommaDelimitedList, Default: "a-1,b"}}
Resources:
  'Fn::ForEach::Topics':
    - Name
    - !Ref Names
    - 'Topic&{Name}':
        Type: AWS::SNS::Topic
        Properties: {TopicName: !Ref Name, DisplayName: !Sub "the ${Name}"}
  'Fn::ForEach::Unknown': [N, !Ref Missing, {'X${N}': {Type: Custom::X}}]
""")
    stack = resolve(template)
    shown = {name: dict(one.properties) for name, one in stack.resources.items()}
    assert shown == {
        "Topica1": {"TopicName": "a-1", "DisplayName": "the a-1"},
        "Topicb": {"TopicName": "b", "DisplayName": "the b"},
    }
    assert stack.unresolved == ("Resources.Fn::ForEach::Unknown",)


def test_loops_within_loops_are_bounded() -> None:
    names = [f"n{number}" for number in range(100)]
    inner = {"Fn::ForEach::B": ["B", names, {"R${A}${B}": {"Type": "Custom::X"}}]}
    stack = resolve({"Resources": {"Fn::ForEach::A": ["A", names, inner]}})
    assert len(stack.resources) <= 1000
    assert stack.unresolved


def test_resources_that_a_macro_makes_are_told() -> None:
    stack = resolve({"Resources": {"Fn::Transform": {"Name": "Include"}, "A": {"Type": "T"}}})
    assert list(stack.resources) == ["A"]
    assert stack.unresolved == ("Resources.Fn::Transform",)


def test_a_name_made_of_itself_ends() -> None:
    stack = resolve(
        {
            "Resources": {
                "A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Ref": "A"}}}
            }
        }
    )
    assert isinstance(stack.resources["A"].properties["BucketName"], Open)


KEYS = [
    "Ref",
    "Condition",
    "Type",
    "A",
    "Properties",
    "RoleName",
    "Path",
    "Fn::Sub",
    "Fn::Join",
    "Fn::If",
    "Fn::GetAtt",
    "Fn::Select",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::Or",
    "Fn::ForEach::L",
    "Fn::Transform",
    "Fn::Length",
]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("A"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=2,
        )
    ),
    max_leaves=15,
)


@given(ODD, ODD, ODD, ODD)
def test_no_template_raises(resources: Any, conditions: Any, parameters: Any, name: Any) -> None:
    stack = resolve(
        {
            "Parameters": {"A": parameters},
            "Conditions": {"A": conditions},
            "Mappings": {"A": parameters},
            "Resources": {
                "A": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name, "X": resources}},
                "B": resources,
            },
            "Outputs": {"A": resources},
        }
    )
    assert isinstance(stack, Stack)
    assert "A" in stack.resources


@given(ODD)
def test_no_section_of_any_form_raises(part: Any) -> None:
    names = ("Parameters", "Conditions", "Mappings", "Resources", "Outputs")
    assert isinstance(resolve(dict.fromkeys(names, part)), Stack)
