"""The accounts and the environment of each, by the engagement file's rules."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pandas as pd

from awsbasics.engagement.model import EnvironmentRule
from awsbasics.ownership.tags import find_tag, read_tags

COLUMNS = ("account_id", "name", "ou_path", "environment", "rule", "is_management", "status")


# As in a snapshot's frames: text, NaN where there is none.
_STRING = pd.StringDtype(na_value=float("nan"))


class Owner(NamedTuple):
    """What owns a thing, or None; `rule` says how that is known, or why it is not."""

    value: str | None
    rule: str


class _Account(NamedTuple):
    id: str
    name: str
    ou_path: str
    status: str
    is_management: bool
    tags: object


def account_frame(
    organization_accounts: pd.DataFrame,
    rules: tuple[EnvironmentRule, ...],
    account_ids: Iterable[str] = (),
    management_account_id: str | None = None,
) -> pd.DataFrame:
    """One row per account: account_id, name, ou_path, environment, rule, is_management, status.

    The accounts are the organization's, and those of `account_ids` that it does not list (all
    of them where there is no organization). `ou_path` is as in the snapshot; an environment
    that no rule gives is None. Sorted by id.
    """
    accounts = _listed(organization_accounts, management_account_id)
    for account_id in account_ids:
        is_management = account_id == management_account_id
        accounts.setdefault(account_id, _Account(account_id, "", "", "", is_management, None))
    records = []
    for _, account in sorted(accounts.items()):
        owner = _environment(account, rules)
        place = (account.id, account.name, account.ou_path)
        records.append((*place, *owner, account.is_management, account.status))
    frame = pd.DataFrame.from_records(records, columns=list(COLUMNS))
    texts = [column for column in COLUMNS if column != "is_management"]
    return frame.astype({"is_management": bool} | dict.fromkeys(texts, _STRING))


def _environment(account: _Account, rules: Iterable[EnvironmentRule]) -> Owner:
    """The environment by the first rule that fits; the management account has one without."""
    for rule in rules:
        if _fits(rule, account):
            return Owner(rule.environment, str(rule))
    if account.is_management:
        return Owner("management", "the management account")
    return Owner(None, "no rule fits")


def _listed(frame: pd.DataFrame, management_account_id: str | None) -> dict[str, _Account]:
    names = ("id", "name", "ou_path", "status", "is_management", "tags")
    accounts: dict[str, _Account] = {}
    for account_id, name, ou_path, status, is_management, tags in zip(
        *(frame[column].tolist() for column in names), strict=True
    ):
        managing = account_id == management_account_id or is_management is True
        place = (_text(name), _text(ou_path), _text(status))
        accounts[account_id] = _Account(account_id, *place, managing, tags)
    return accounts


def _fits(rule: EnvironmentRule, account: _Account) -> bool:
    if rule.account is not None:
        return account.id == rule.account
    if rule.name is not None:
        return bool(account.name) and fnmatchcase(account.name, rule.name)
    if rule.ou is not None:
        return _is_below(_segments(account.ou_path), _segments(rule.ou))
    return rule.tag is not None and _tag_fits(account.tags, rule.tag, rule.value or "*")


def _tag_fits(tags: object, key: str, pattern: str) -> bool:
    found = find_tag(read_tags(tags), (key,))
    return found is not None and fnmatchcase(found[1], pattern)


def _is_below(path: list[str], rule: list[str]) -> bool:
    """Whether a path is that of the rule's OU or of one below it, one segment after the other."""
    if not rule or len(path) < len(rule):
        return False
    return all(fnmatchcase(own, wanted) for own, wanted in zip(path, rule, strict=False))


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
