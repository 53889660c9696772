import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.ownership.resources import MAX_TEXT, identify


@pytest.mark.parametrize(
    ("text", "service", "kind", "region", "own", "name"),
    [
        ("arn:aws:iam::000000000012:role/a/b/x", "iam", "role", "", "a/b/x", "x"),
        ("arn:aws-cn:iam::000000000012:policy/x", "iam", "policy", "", "x", "x"),
        ("arn:aws:iam::000000000012:root", "iam", "", "", "root", "root"),
        (
            "arn:aws:secretsmanager:eu-west-1:000000000012:secret:prod/a/b-AbCdE1",
            *("secretsmanager", "secret", "eu-west-1", "prod/a/b-AbCdE1", "prod/a/b"),
        ),
        (
            "arn:aws-us-gov:ec2:us-gov-west-1:000000000012:security-group/sg-1",
            *("ec2", "security-group", "us-gov-west-1", "sg-1", "sg-1"),
        ),
        ("arn:aws:s3:::bucket", "s3", "", "", "bucket", "bucket"),
        (
            "arn:aws:lambda:eu-west-1:000000000012:function:x",
            *("lambda", "function", "eu-west-1", "x", "x"),
        ),
        (
            "arn:aws:logs:eu-west-1:000000000012:log-group:/aws/x:*",
            *("logs", "log-group", "eu-west-1", "/aws/x", "/aws/x"),
        ),
        ("sg-0123", "ec2", "security-group", "", "sg-0123", ""),
        ("i-0123", "ec2", "instance", "", "i-0123", ""),
        ("billing-role", "", "", "", "billing-role", "billing-role"),
        ("arn:aws:iam", "", "", "", "arn:aws:iam", "arn:aws:iam"),
        ("", "", "", "", "", ""),
    ],
)
def test_a_resource_is_taken_apart(
    text: str, service: str, kind: str, region: str, own: str, name: str
) -> None:
    found = identify(text)
    assert (found.service, found.kind, found.region) == (service, kind, region)
    assert (found.id, found.name) == (own, name)


def test_what_is_longer_than_any_arn_has_no_parts() -> None:
    assert identify("x" * MAX_TEXT).name == "x" * MAX_TEXT
    assert identify("x" * (MAX_TEXT + 1)).name == ""


@given(st.text() | st.from_regex(r"arn:[a-z:/*-]{0,40}"))
def test_any_text_is_taken_apart(text: str) -> None:
    found = identify(text)
    assert found.name in text
    assert found.id in text
