"""Environment variables keep their names and lose their values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.collect.environment_variables import (
    kinds_of,
    kinds_of_pairs,
    without_credentials,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("hunter2", "literal"),
        ("", "empty"),
        ("arn:aws:secretsmanager:eu-west-1:000000000012:secret:prod/db-AbCdEf", "pointer"),
        ("arn:aws-cn:ssm:cn-north-1:000000000012:parameter/db", "pointer"),
        ("{{resolve:secretsmanager:prod/db:SecretString:password}}", "pointer"),
        ("arn:aws:iam::000000000012:role/x and a password", "literal"),
        ("my {{resolve:ssm:x}} text", "literal"),
    ],
)
def test_a_value_is_only_told_by_its_kind(value: str, kind: str) -> None:
    assert kinds_of({"NAME": value}) == {"NAME": kind}
    assert kinds_of_pairs([{"name": "NAME", "value": value}]) == {"NAME": kind}


@given(st.dictionaries(st.text(), st.text()))
def test_no_value_is_kept(variables: dict[str, str]) -> None:
    kinds = kinds_of(variables)
    assert kinds is not None
    assert list(kinds) == list(variables)
    assert set(kinds.values()) <= {"literal", "pointer", "empty"}


def test_variables_that_were_not_told_are_not_none_at_all() -> None:
    assert kinds_of(None) is None
    assert kinds_of({}) == {}
    assert kinds_of_pairs(None) == {}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://github.com/example/app.git", "https://github.com/example/app.git"),
        ("https://bot:t0ken@github.com/example/app.git", "https://github.com/example/app.git"),
        ("https://t0ken@github.com/a?key=t0ken#t0ken", "https://github.com/a"),
        ("https://[t0ken", None),
        ("bucket/folder/source.zip", "bucket/folder/source.zip"),
        (None, None),
    ],
)
def test_a_url_loses_what_may_be_a_credential(url: str | None, kept: str | None) -> None:
    assert without_credentials(url) == kept
