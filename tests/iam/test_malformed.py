"""Documents that nobody can read: the rest goes on, nothing raises, all of it is reported."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsbasics.iam import Request, compile_policy, evaluate
from tests.policy_documents import MALFORMED

REQUEST = Request("arn:aws:iam::111122223333:user/ann", "s3:GetObject", "arn:aws:s3:::data/x")
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
ELEMENTS = (
    "Sid",
    "Effect",
    *(prefix + name for prefix in ("", "Not") for name in ("Action", "Resource", "Principal")),
    "Condition",
)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


STRANGE: list[Any] = [
    None,
    5,
    1.5,
    float("nan"),
    True,
    "",
    "\x00",
    "ü*",
    "\ud800",
    10**5000,
    [],
    {},
    [None],
    [[]],
    {"AWS": None},
    {"StringEquals": None},
    {"StringEquals": {"aws:username": None}},
    {"StringIs": {"aws:username": "x"}},
    nested(50_000),
    b"bytes",
    object(),
]


def in_every_layer(document: Any) -> list[str]:
    """The outcomes with a document in each layer, the others allowing."""
    allow = {"Version": "2012-10-17", "Statement": ALL}
    everyone = {"Version": "2012-10-17", "Statement": {**ALL, "Principal": "*"}}
    decisions = [
        evaluate(REQUEST, identity=[document]),
        evaluate(REQUEST, identity=[allow], boundary=[document]),
        evaluate(REQUEST, identity=[allow], session=[document]),
        evaluate(REQUEST, identity=[allow], scps=[[allow], [document]]),
        evaluate(REQUEST, identity=[allow], rcps=[[everyone], [document]]),
        evaluate(REQUEST, identity=[allow], resource_policy=document),
    ]
    for decision in decisions:
        assert decision.reason
        assert str(decision.expression)
    return [decision.outcome for decision in decisions]


@pytest.mark.parametrize("element", ELEMENTS)
def test_no_value_of_an_element_raises(element: str) -> None:
    for value in STRANGE:
        document = {"Version": "2012-10-17", "Statement": [{**ALL, element: value}]}
        assert in_every_layer(document)


def test_no_document_raises() -> None:
    for document in [*MALFORMED, *STRANGE, {"Statement": nested(50_000)}]:
        assert compile_policy(document).problems
        assert in_every_layer(document)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            {**ALL, "Condition": {"StringIs": {"a": "b"}}},
            "statement 0: unknown operator 'StringIs'",
        ),
        (
            {**ALL, "Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}},
            "statement 0: 'aws:CurrentTime': 'soon' is no date value",
        ),
        (
            {**ALL, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/99"}}},
            "statement 0: 'aws:SourceIp': '10.0.0.0/99' is no ip value",
        ),
        ({**ALL, "NotAction": "x"}, "statement 0: both Action and NotAction"),
        ({**ALL, "Effect": "Perhaps"}, "statement 0: unknown Effect 'Perhaps'"),
        ({**ALL, "Action": 5}, "statement 0: Action holds something that is not text"),
        ({**ALL, "Action": None}, "statement 0: Action holds something that is not text"),
        ({**ALL, "Resource": [True]}, "statement 0: Resource holds something that is not text"),
        (None, "statement 0 is not an object"),
        ("everything", "statement 0 is not an object"),
    ],
)
def test_what_is_not_understood_is_reported(statement: Any, problem: str) -> None:
    document = {"Version": "2012-10-17", "Statement": [statement]}
    assert problem in compile_policy(document).problems


def test_a_deny_whose_action_is_a_number_is_not_dropped() -> None:
    deny = {"Statement": [{**ALL, "Effect": "Deny", "Action": ["s3:Put*", 5]}]}
    assert evaluate(REQUEST, identity=[{"Statement": ALL}, deny]).outcome == "depends"


def test_an_unknown_version_is_reported() -> None:
    problems = compile_policy({"Version": "2030-01-01", "Statement": []}).problems
    assert problems == ("unknown Version '2030-01-01': read as the newest",)


def test_a_good_policy_has_no_problems() -> None:
    assert compile_policy({"Version": "2012-10-17", "Statement": [ALL]}).problems == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
operators = st.sampled_from(["StringLike", "NotIpAddress", "ForAllValues:ArnLike", "Null", "Odd"])
condition_like = st.dictionaries(operators, st.dictionaries(st.just("aws:username"), json_values))
statement_like = st.dictionaries(
    st.sampled_from(ELEMENTS),
    json_values | condition_like | st.sampled_from(["*", "Allow", "Deny", "s3:*", "${a, 'b'}"]),
)


@given(st.fixed_dictionaries({"Version": json_values, "Statement": st.lists(statement_like)}))
@settings(max_examples=60, deadline=None)
def test_nothing_that_looks_like_a_policy_raises(document: dict[str, Any]) -> None:
    assert in_every_layer(document)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), json_values)
@settings(max_examples=200, deadline=None)
def test_no_request_raises(principal: str, action: str, resource: str, value: Any) -> None:
    request = Request(principal, action, resource, context={"aws:username": value})
    policy = {"Statement": {**ALL, "Condition": {"StringLike": {"aws:username": "a*"}}}}
    assert evaluate(request, identity=[policy], scps=[[policy]], resource_policy=policy).reason


def test_a_document_of_many_megabytes_is_read() -> None:
    names = [f"arn:aws:s3:::bucket-{number}/*" for number in range(100_000)]
    names.append("arn:aws:s3:::data/*")
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": {**ALL, "Resource": names, "Sid": "x" * 3_000_000}}
    )
    assert len(document) > 6_000_000
    assert evaluate(REQUEST, identity=[document]).outcome == "allow"


def test_ten_thousand_statements_are_read() -> None:
    def statement(number: int) -> dict[str, Any]:
        condition = {"StringEquals": {f"aws:RequestTag/t{number}": "x"}}
        return {**ALL, "Action": f"s{number}:*", "Condition": condition}

    document = {"Statement": [*map(statement, range(10_000)), {**ALL, "Effect": "Deny"}]}
    assert evaluate(REQUEST, identity=[document]).outcome == "explicit_deny"
    decision = evaluate(
        Request(REQUEST.principal, "s77:DoIt"), identity=[{"Statement": document["Statement"][:-1]}]
    )
    assert decision.missing_keys == ("aws:RequestTag/t77",)


def test_ten_thousand_statements_on_one_action_leave_it_open() -> None:
    statements = [
        {**ALL, "Condition": {"StringEquals": {f"aws:RequestTag/t{number}": "x"}}}
        for number in range(10_000)
    ]
    decision = evaluate(REQUEST, identity=[{"Statement": statements}])
    assert decision.outcome == "depends"
    assert len(decision.missing_keys) == 10_000


def test_patterns_that_grow_without_end_leave_it_open() -> None:
    patterns = ["*a" * 30 + "b", "*b" * 30, "*a*b*c*d*" * 5]
    condition = {"StringLike": {"aws:UserAgent": patterns}}
    statement = {**ALL, "Condition": condition}
    assert evaluate(REQUEST, identity=[{"Statement": statement}]).outcome == "depends"
