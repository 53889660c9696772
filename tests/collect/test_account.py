"""The security contact."""

from tests.collect.fake_caller import fake_caller, rows_of
from tests.collect.recordings.identity import RECORDED

ANSWERS = RECORDED["account_alternate_contacts"]


def test_the_security_contact_is_asked_for_and_its_telephone_number_not_kept() -> None:
    caller = fake_caller(ANSWERS)
    (row,) = rows_of("account_alternate_contacts", caller)
    session = caller.session
    assert session.asked[0].parameters == {"AlternateContactType": "SECURITY"}  # type: ignore[attr-defined]
    assert row["email"] == "security@example.com"
    assert "7946" not in str(row)
