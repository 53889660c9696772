from datetime import UTC, datetime
from decimal import Decimal

import pytest

from awsbasics.iam.operators import binary, date, network, number, operator_of


@pytest.mark.parametrize(
    ("name", "family", "negated", "quantifier", "if_exists"),
    [
        ("StringEquals", "string", False, "", False),
        ("StringNotEqualsIgnoreCase", "string", True, "", False),
        ("stringnotlikeifexists", "string", True, "", True),
        ("ForAllValues:StringLike", "string", False, "all", False),
        ("ForAnyValue:ArnNotEqualsIfExists", "arn", True, "any", True),
        ("NumericGreaterThanEquals", "numeric", False, "", False),
        ("DateNotEquals", "date", True, "", False),
        ("NotIpAddress", "ip", True, "", False),
        ("BinaryEquals", "binary", False, "", False),
        ("BoolIfExists", "bool", False, "", True),
        ("Null", "null", False, "", False),
    ],
)
def test_an_operators_name_is_taken_apart(
    name: str, family: str, negated: bool, quantifier: str, if_exists: bool
) -> None:
    found = operator_of(name)
    assert found is not None
    assert (found.family.name, found.negated) == (family, negated)
    assert (found.quantifier, found.if_exists) == (quantifier, if_exists)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "StringIs",
        "NullIfExists",
        "ForAllValues:Null",
        "ForSomeValues:StringEquals",
        "StringEqualsIfExistsIfExists",
        "NotBool",
        "IfExists",
        "ForAnyValue:",
        " StringEquals",
    ],
)
def test_other_names_are_no_operators(name: str) -> None:
    assert operator_of(name) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", "1"), ("-1.50", "-1.5"), (".5", "0.5"), ("1e3", "1000"), ("+7", "7")],
)
def test_numbers(text: str, value: str) -> None:
    assert number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "one", "1_000", "NaN", "Infinity", "0x1", "1,5", "9" * 200])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


def test_dates_are_moments() -> None:
    assert date("2026-11-01T14:00:00+02:00") == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert date("1793534400") == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert date("2026-02-30") is None
    assert date("0" * 1000) is None


@pytest.mark.parametrize(
    ("text", "version", "size"),
    [
        ("10.0.0.0/8", 4, 1 << 24),
        ("10.1.2.3/8", 4, 1 << 24),
        ("10.1.2.3", 4, 1),
        ("::/0", 6, 1 << 128),
    ],
)
def test_networks(text: str, version: int, size: int) -> None:
    found = network(text)
    assert found is not None
    assert (found.version, found.last - found.first + 1) == (version, size)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0/8",
        "10.0.0.0/255.0.0.0",
        "fe80::1%eth0",
        "x",
        "10.0.0.0/٨",
    ],
)
def test_what_is_no_network(text: str) -> None:
    assert network(text) is None


def test_binary_is_base64() -> None:
    assert binary("QQ==") == b"A"
    assert binary("QQ") is None
    assert binary("ü") is None
