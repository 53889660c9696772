"""Identity providers, by OpenID Connect."""

import json

from tests.collect.fake_caller import read, refused, rows_of
from tests.collect.recordings.identity import RECORDED

ANSWERS = RECORDED["iam_oidc_providers"]


def test_a_provider_has_its_address_and_its_audiences() -> None:
    (row,) = rows_of("iam_oidc_providers", ANSWERS)
    assert row["url"] == "token.actions.githubusercontent.com"
    assert json.loads(row["client_ids"]) == ["sts.amazonaws.com"]
    assert json.loads(row["tags"]) == {"team": "platform"}


def test_a_provider_that_was_deleted_meanwhile_is_absent_and_one_that_is_denied_is_not() -> None:
    for code, status, coverage in (
        ("NoSuchEntity", "absent", "ok"),
        ("AccessDenied", "denied", "partial"),
    ):
        found = read("iam_oidc_providers", {**ANSWERS, "GetOpenIDConnectProvider": refused(code)})
        (row,) = found.rows
        assert (row["url"], row["url_status"]) == (None, status)
        assert found.coverage.status == coverage
