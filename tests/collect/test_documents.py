"""Documents as canonical text, whatever form they came in."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsbasics.collect.documents import canonical_json, policy_json

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*"}]}
CANONICAL = '{"Statement":[{"Action":"*","Effect":"Allow"}],"Version":"2012-10-17"}'

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.parametrize(
    "form",
    [POLICY, json.dumps(POLICY), json.dumps(POLICY, indent=4), quote(json.dumps(POLICY))],
    ids=["dict", "text", "indented", "url-encoded"],
)
def test_every_form_of_a_document_is_the_same_text(form: Any) -> None:
    assert canonical_json(form) == CANONICAL


def test_a_percent_sign_in_plain_json_is_not_decoded() -> None:
    assert canonical_json('{"Sid": "100%25"}') == '{"Sid":"100%25"}'


@pytest.mark.parametrize(
    "text", ["", "no JSON", '{"Statement": [', "{'a': 1}", '{"a": NaN}', "%7B"]
)
def test_what_is_no_json_stays_as_it_came(text: str) -> None:
    assert canonical_json(text) == text
    assert policy_json(text) == text


def test_depth_without_end_stays_text() -> None:
    text = "[" * 100_000
    assert canonical_json(text) == text


def test_half_a_surrogate_pair_can_still_be_written() -> None:
    text = canonical_json('{"Sid": "\\ud800"}')
    assert text == '{"Sid":"\\ud800"}'
    text.encode()


def test_letters_beyond_ascii_stay_readable() -> None:
    assert canonical_json({"team": "Zürich"}) == '{"team":"Zürich"}'


def test_times_are_utc() -> None:
    assert canonical_json({"at": datetime(2026, 1, 2, tzinfo=UTC)}) == (
        '{"at":"2026-01-02T00:00:00+00:00"}'
    )


@given(st.dictionaries(st.text(), json_values) | st.lists(json_values))
def test_canonical_text_holds_the_same_data_and_is_its_own_canonical_text(document: Any) -> None:
    text = canonical_json(document)
    assert json.loads(text) == document
    assert canonical_json(text) == text


@given(st.text())
def test_no_text_stops_a_gather(text: str) -> None:
    canonical_json(text)
