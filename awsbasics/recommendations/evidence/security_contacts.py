"""ORG.9: whom AWS calls about an account's security, and accounts that are being closed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from awsbasics.recommendations.base import Result, fail, ok
from awsbasics.recommendations.evidence.accounts import CLOSED_STATES, active_accounts
from awsbasics.recommendations.evidence.rows import counted, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "account_alternate_contacts"
ACCOUNTS = "organizations_accounts"


def security_contacts(facts: "Facts") -> Iterator[Result]:
    """ORG.9: one result per account that was gathered; one for all where none has a contact.

    Each account has contacts of its own (Account Management reference, "Update the alternate
    contacts for your AWS account"). Accounts that are closed are listed, which is no fault.
    """
    known = {
        row.account_id
        for row in rows(facts.frame(TABLE), "account_id", "type")
        if row.type == "SECURITY"
    }
    gathered = [each for each in active_accounts(facts) if each.id in facts.accounts]
    without = [each for each in gathered if each.id not in known]
    if len(without) == len(gathered) > 1:
        title = f"None of the {len(without)} accounts has a security contact."
        seen = {"accounts": shown(each.label for each in without)}
        yield fail(facts.home_account_id, key="contacts", title=title, facts=seen, table=TABLE)
        without = []
    for account in without:
        title = f"Account {account.label} has no security contact."
        yield fail(account.id, key="contact", title=title, table=TABLE)
    yield from (ok(each.id) for each in gathered if each.id in known)
    yield from _closing(facts)


def _closing(facts: "Facts") -> Iterator[Result]:
    found = {
        row.id: f"{row.name or ''} ({row.id}), {row.status}"
        for row in rows(facts.frame(ACCOUNTS), "id", "name", "status")
        if row.status in CLOSED_STATES and row.status != "PENDING_ACTIVATION"
    }
    if not found:
        return
    verb = "is" if len(found) == 1 else "are"
    title = f"{counted(len(found), 'account', 'accounts')} {verb} closed or suspended."
    seen = {"accounts": shown(found.values())}
    yield Result(
        status="not_applicable",
        account_id=facts.home_account_id,
        key="suspended",
        title=title,
        facts=seen,
        table=ACCOUNTS,
    )
