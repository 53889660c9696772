"""Which accounts and regions a gather is about, found out from where the credentials stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from awsbasics.collect.caller import AwsCaller
from awsbasics.collect.outcome import AWS_ERRORS, failure
from awsbasics.collect.tables import TABLES
from awsbasics.errors import AccessError, OrganizationError, UsageError

OrganizationMode = Literal["auto", "yes", "no"]
NOT_IN_USE = "AWSOrganizationsNotInUseException"
CLOSED = ("denied", "scp_denied", "unsupported", "region_off")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the organization and whether it is gathered; `reason` says why not."""

    id: str
    name: str = ""
    status: str = "ACTIVE"
    gathered: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is gathered: accounts and regions, and what is known of the organization.

    `organization_read_from` is the account that the organization's accounts were listed from:
    the management account or a delegated administrator. It is None where neither asked; a plain
    member learns by `DescribeOrganization` that there is an organization, and nothing else.
    """

    accounts: tuple[Account, ...]
    regions: tuple[str, ...]
    organization: bool
    management_account_id: str | None
    organization_read_from: str | None = None


def find_scope(
    caller: AwsCaller,
    mode: OrganizationMode,
    accounts: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
) -> Scope:
    """Accounts and regions in scope; for the errors see `find_accounts` and `find_regions`."""
    scope = find_accounts(caller, mode, accounts)
    return replace(scope, regions=find_regions(caller, regions))


def find_accounts(caller: AwsCaller, mode: OrganizationMode, wanted: Sequence[str] | None) -> Scope:
    """The accounts in scope (regions are left to `find_regions`).

    Raises OrganizationError or AccessError where an organization is asked for and not to be
    had, UsageError where a wanted account is not part of it.
    """
    organization = _organization(caller, mode)
    home = caller.account_id
    if organization is None:
        _check_wanted(wanted, {home})
        return Scope((Account(home),), (), False, None)
    management = organization.get("MasterAccountId")
    listed = _listed(caller, mode)
    if listed is None:
        _check_wanted(wanted, {home})
        return Scope((Account(home),), (), True, management)
    _check_wanted(wanted, {account.id for account in listed})
    accounts = tuple(_in_scope(account, wanted) for account in listed)
    return Scope(accounts, (), True, management, organization_read_from=home)


def find_regions(caller: AwsCaller, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The regions in scope: those that are on in the caller's account, or those that are named.

    Where `DescribeRegions` is denied, all regions of the partition that botocore knows: those
    that are off then answer for themselves. Raises UsageError for a region that does not exist,
    AccessError where AWS does not answer.
    """
    session = caller.session.session
    known = set(session.get_available_regions("ec2", caller.partition))
    try:
        described = described_regions(caller)
    except AWS_ERRORS as error:
        if not wanted and failure(error).status not in CLOSED:
            raise AccessError(_failed("ec2:DescribeRegions", error, "--regions")) from error
        described = dict.fromkeys(known, True)
    unknown = [region for region in wanted or () if region not in known | described.keys()]
    if unknown:
        raise UsageError(f"there is no region {unknown[0]!r} in partition {caller.partition}")
    if wanted:
        return tuple(dict.fromkeys(wanted))
    return tuple(sorted(region for region, on in described.items() if on))


def described_regions(caller: AwsCaller) -> dict[str, bool]:
    """Each region of the partition and whether it is on in the caller's account."""
    table = TABLES["ec2_regions"]
    items = caller.items(table.service, table.operation, table.path, **table.parameters)
    return {item["RegionName"]: item.get("OptInStatus") != "not-opted-in" for item in items}


def _organization(caller: AwsCaller, mode: OrganizationMode) -> dict[str, Any] | None:
    if mode == "no":
        return None
    try:
        found = caller.items("organizations", "DescribeOrganization", "Organization")
        return dict(found[0])
    except AWS_ERRORS as error:
        if failure(error).code == NOT_IN_USE:
            if mode == "yes":
                raise OrganizationError(
                    f"account {caller.account_id} is not in an organization; use --organization no"
                ) from error
            return None
        _refuse_unless_closed(caller, mode, "DescribeOrganization", error)
        return None


def _listed(caller: AwsCaller, mode: OrganizationMode) -> list[Account] | None:
    """The organization's accounts; None where only others than this one may list them."""
    try:
        items = caller.items("organizations", "ListAccounts", "Accounts")
    except AWS_ERRORS as error:
        _refuse_unless_closed(caller, mode, "ListAccounts", error)
        return None
    return [
        Account(item["Id"], item.get("Name", ""), item.get("State") or item.get("Status", ""))
        for item in items
    ]


def _refuse_unless_closed(
    caller: AwsCaller, mode: OrganizationMode, operation: str, error: Exception
) -> None:
    """Only `auto` may go on with one account, and only where AWS closes the call for good."""
    call = f"organizations:{operation}"
    if failure(error).status not in CLOSED:
        raise AccessError(_failed(call, error, "--organization no")) from error
    if mode == "yes":
        raise OrganizationError(
            f"account {caller.account_id} may not call {call} ({failure(error).code}); use the "
            "management or a delegated administrator account, or --organization no"
        ) from error


def _in_scope(account: Account, wanted: Sequence[str] | None) -> Account:
    if wanted and account.id not in wanted:
        return replace(account, gathered=False, reason="not selected by --accounts")
    if account.status != "ACTIVE":
        return replace(account, gathered=False, reason=f"its status is {account.status}")
    return account


def _check_wanted(wanted: Sequence[str] | None, known: set[str]) -> None:
    unknown = [account for account in wanted or () if account not in known]
    if unknown:
        raise UsageError(f"account {unknown[0]} is not among those that can be seen")


def _failed(call: str, error: Exception, instead: str) -> str:
    reason = failure(error)
    return f"{call} failed ({reason.code}: {reason.message}); try again, or use {instead}"
