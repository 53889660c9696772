import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.iam.policy import Condition, Principal, Statement, parse_policy, statements


def one(**elements: Any) -> Statement:
    """The only statement of a policy with these elements over an allowed `s3:GetObject`."""
    whole = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **elements}
    given_elements = {name: value for name, value in whole.items() if value is not None}
    (found,) = statements({"Version": "2012-10-17", "Statement": given_elements})
    return found


def test_a_statement_has_its_parts_as_tuples() -> None:
    found = one(Sid="Read", Action=["s3:Get*", "s3:List*"])
    assert found.sid == "Read"
    assert found.effect == "Allow"
    assert found.actions == ("s3:Get*", "s3:List*")
    assert found.resources == ("*",)
    assert found.not_actions == ()
    assert found.problems == ()


def test_a_document_may_be_text() -> None:
    text = json.dumps({"Statement": [{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}]})
    (found,) = statements(text)
    assert (found.effect, found.not_actions) == ("Deny", ("iam:*",))


def test_statements_keep_their_place() -> None:
    item = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = parse_policy({"Statement": [item, "nonsense", item]})
    assert [each.index for each in policy.statements] == [0, 2]
    assert policy.problems == ("statement 1 is not an object",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("*", "*"),
        ("arn:aws:sqs", "arn:aws:sqs:*:*:*"),
        ("arn:*", "arn:*:*:*:*:*"),
        ("arn:aws:sqs:eu-west-1:1111*", "arn:aws:sqs:eu-west-1:1111*:*"),
        ("arn:aws:sqs:${aws:PrincipalTag/region}", "arn:aws:sqs:${aws:PrincipalTag/region}:*:*"),
        ("arn:aws:s3:::data/a:b", "arn:aws:s3:::data/a:b"),
        ("bucket", "bucket"),
    ],
)
def test_an_incomplete_arn_is_completed_as_aws_does(written: str, meant: str) -> None:
    assert one(Resource=written).resources == (meant,)
    assert one(Resource=None, NotResource=[written]).not_resources == (meant,)


def test_everyone_is_written_in_two_ways() -> None:
    assert one(Principal="*").principals == one(Principal={"AWS": "*"}).principals
    assert one(Principal="*").principals == (Principal("AWS", "*"),)


def test_principals_have_a_kind() -> None:
    found = one(Principal={"Service": ["ec2.amazonaws.com"], "AWS": ["000000000012", "x"]})
    assert set(found.principals) == {
        Principal("Service", "ec2.amazonaws.com"),
        Principal("AWS", "000000000012"),
        Principal("AWS", "x"),
    }
    assert one(NotPrincipal={"AWS": "x"}).not_principals == (Principal("AWS", "x"),)


def test_conditions_are_lines_of_operator_key_and_values() -> None:
    found = one(
        Condition={
            "Bool": {"aws:SecureTransport": True},
            "NumericLessThan": {"s3:max-keys": [10, "20"], "aws:MultiFactorAuthAge": 3600},
        }
    )
    assert found.conditions == (
        Condition("Bool", "aws:SecureTransport", ("true",)),
        Condition("NumericLessThan", "s3:max-keys", ("10", "20")),
        Condition("NumericLessThan", "aws:MultiFactorAuthAge", ("3600",)),
    )


def test_an_empty_list_is_told_from_an_element_that_is_not_there() -> None:
    assert "NotAction" in one(Action=None, NotAction=[]).elements
    assert "NotAction" not in one().elements


def test_the_version_has_iams_default() -> None:
    assert parse_policy({"Statement": []}).version == "2008-10-17"
    assert parse_policy({"Version": "2012-10-17", "Statement": []}).version == "2012-10-17"


@pytest.mark.parametrize(
    ("elements", "problem"),
    [
        ({"Effect": None}, "no Effect"),
        ({"Effect": "Permit"}, "unknown Effect 'Permit'"),
        ({"Effect": ["Allow"]}, "unknown Effect \"['Allow']\""),
        ({"Action": None}, "no Action"),
        ({"NotAction": "x"}, "both Action and NotAction"),
        ({"NotResource": "x"}, "both Resource and NotResource"),
        ({"Action": {"a": 1}}, "Action holds something that is not text"),
        ({"Action": ["x", None]}, "Action holds something that is not text"),
        ({"Principal": "x"}, "Principal is neither * nor an object"),
        ({"Principal": {"IAM": "x"}}, "unknown element 'IAM'"),
        ({"Principal": {"AWS": [["x"]]}}, "Principal.AWS holds something that is not text"),
        ({"Condition": []}, "Condition is not an object"),
        ({"Condition": {"Bool": "x"}}, "the condition 'Bool' is not an object"),
        ({"Condition": {"Bool": {"k": {}}}}, "'Bool'.'k' holds something that is not text"),
        ({"Sid": 5}, "Sid is not text"),
        ({"Comment": "x"}, "unknown element 'Comment'"),
        ({"action": "x"}, "Action twice"),
    ],
)
def test_what_is_malformed_is_named(elements: dict[str, Any], problem: str) -> None:
    assert problem in one(**elements).problems


def test_what_is_malformed_does_not_take_the_rest_along() -> None:
    found = one(Action=["s3:*", None], Condition=[])
    assert found.actions == ("s3:*",)
    assert found.effect == "Allow"


@pytest.mark.parametrize("document", ["", "{", "[]", "null", "5", "[" * 100_000, None, 1.5, []])
def test_what_is_no_policy_has_a_problem_and_no_statements(document: Any) -> None:
    policy = parse_policy(document)
    assert policy.statements == ()
    assert policy.problems


def test_a_document_without_statements_has_a_problem() -> None:
    assert parse_policy({}).problems == ("no Statement",)


def test_all_problems_say_which_statement_they_are_in() -> None:
    policy = parse_policy({"Statement": {"Effect": "Allow"}, "Extra": 1})
    assert policy.all_problems == ("unknown element 'Extra'", "statement 0: no Action")


def test_elements_are_found_in_any_case() -> None:
    (found,) = statements({"statement": {"effect": "allow", "ACTION": "*", "resource": "*"}})
    assert (found.effect, found.actions, found.resources) == ("Allow", ("*",), ("*",))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
ELEMENTS = [
    "Sid",
    "Effect",
    *(prefix + name for prefix in ("", "Not") for name in ("Action", "Resource", "Principal")),
    "Condition",
]
policy_like = st.fixed_dictionaries(
    {"Statement": st.lists(st.dictionaries(st.sampled_from(ELEMENTS), json_values), max_size=3)}
)
texts = st.text(max_size=12)


@given(json_values | policy_like)
def test_no_json_raises(document: Any) -> None:
    policy = parse_policy(document)
    assert policy.statements or policy.problems or document.get("Statement") == []
    hash(policy)


@given(policy_like)
def test_text_and_mapping_give_the_same(document: Any) -> None:
    assert parse_policy(json.dumps(document)) == parse_policy(json.loads(json.dumps(document)))


@given(st.text())
def test_no_text_raises(text: str) -> None:
    parse_policy(text)


@given(texts, texts, texts, texts)
def test_a_scalar_equals_a_list_of_one(action: str, resource: str, user: str, value: str) -> None:
    def document(*, listed: bool) -> dict[str, Any]:
        def put(item: Any) -> Any:
            return [item] if listed else item

        statement = {
            "Effect": "Allow",
            "Action": put(action),
            "Resource": put(resource),
            "Principal": {"AWS": put(user)},
            "Condition": {"StringLike": {"aws:PrincipalTag/team": put(value)}},
        }
        return {"Statement": put(statement)}

    assert statements(document(listed=True)) == statements(document(listed=False))
    assert statements(document(listed=True))[0].actions == (action,)
