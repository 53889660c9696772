"""ORG.5: the root user of each account, by its row in the credential report."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.collect.iam_credentials import ROOT_USER
from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.accounts import active_accounts
from awsbasics.recommendations.evidence.rows import rows, text_of, texts_in

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_credential_report"
FEATURES = "iam_organizations_features"
USES = ("password_last_used", "access_key_1_last_used_date", "access_key_2_last_used_date")
COLUMNS = (
    "account_id",
    "user",
    "arn",
    "password_enabled",
    "mfa_active",
    "access_key_1_active",
    "access_key_2_active",
    *USES,
    "generated",
)


def root_users(facts: "Facts") -> Iterator[Result]:
    """ORG.5: for each account that was gathered, keys, MFA, use, and whether members need them.

    A root user without password and keys cannot sign in: MFA does not apply. The report says
    FALSE of the password of accounts that Organizations made, and nothing of older ones (IAM
    user guide, "Generate credential reports"): what it does not say counts as a password.
    """
    central = _central(facts)
    roots = root_rows(facts)
    for account in active_accounts(facts):
        if account.id in roots:
            yield from _judged(facts, roots[account.id])
            if central and not account.is_management:
                yield from _left(roots[account.id])
        elif account.id in facts.accounts:
            title = f"The credential report of account {account.label} has no root user."
            yield unknown(account.id, title, key="root", table=TABLE)
    home = facts.management_account_id
    if home is not None and len(active_accounts(facts)) > 1:
        yield _central_result(home, central=central)


def root_rows(facts: "Facts") -> Mapping[str, Any]:
    """The root user's row of each account's credential report."""
    return {row.account_id: row for row in rows(facts.frame(TABLE), *COLUMNS) if _is_root(row)}


def _is_root(row: Any) -> bool:
    return bool(row.user == ROOT_USER or (row.arn or "").endswith(":root"))


def _judged(facts: "Facts", root: Any) -> Iterator[Result]:
    account, found = root.account_id, 0
    for key, severity, title in _faults(facts, root):
        found += 1
        seen = {
            "password": root.password_enabled,
            "mfa": root.mfa_active,
            "last_used": text_of(_last_used(root)),
            "report_of": text_of(root.generated),
        }
        more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE}
        yield fail(account, root.arn or "", key=key, title=title, **more)
    unread = None in (root.access_key_1_active, root.access_key_2_active)
    if unread or (_needs_mfa(root) and root.mfa_active is None):
        title = f"The report does not say all of the root user of account {account}."
        yield unknown(account, title, root.arn or "", key="report", table=TABLE)
    elif not found:
        yield ok(account, root.arn or "")


def _faults(facts: "Facts", root: Any) -> Iterator[tuple[str, Severity, str]]:
    account = root.account_id
    if root.access_key_1_active or root.access_key_2_active:
        yield "access_key", "critical", f"The root user of account {account} has an access key."
    if root.mfa_active is False and _needs_mfa(root):
        yield "mfa", "critical", f"The root user of account {account} has no MFA."
    used, days = _last_used(root), facts.engagement.thresholds["unused_days"]
    if used is not None and (facts.as_of - used).days < days:
        when = used.strftime("%d %B %Y").lstrip("0")
        yield "used", "medium", f"The root user of account {account} was used on {when}."


def _needs_mfa(root: Any) -> bool:
    """Whether there is anything to sign in with."""
    keys = (root.access_key_1_active, root.access_key_2_active)
    return root.password_enabled is not False or any(keys)


def _last_used(root: Any) -> pd.Timestamp | None:
    return max((used for name in USES if (used := getattr(root, name)) is not None), default=None)


def _left(root: Any) -> Iterator[Result]:
    """A member whose root credentials could be removed and are not."""
    keys = root.access_key_1_active or root.access_key_2_active
    if not root.password_enabled and not keys:
        return
    what = "a password" if root.password_enabled else "access keys"
    title = f"The root user of member {root.account_id} still has {what}: no member needs that."
    more: dict[str, Any] = {"severity": "medium", "table": TABLE}
    yield fail(root.account_id, root.arn or "", key="credentials", title=title, **more)


def _central(facts: "Facts") -> bool:
    """Whether the organization can remove its members' root credentials."""
    return any(
        "RootCredentialsManagement" in texts_in(row.enabled_features)
        for row in rows(facts.frame(FEATURES), "enabled_features")
    )


def _central_result(home: str, *, central: bool) -> Result:
    if central:
        return ok(home)
    title = "Members' root credentials are not managed centrally, so each can be recovered by mail."
    more: dict[str, Any] = {"severity": "medium", "table": FEATURES}
    return fail(home, key="central_root_access", title=title, **more)
