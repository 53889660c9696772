"""REV.5, services: GuardDuty, Security Hub, Config and Access Analyzer in each account and region.

A thing that is missing is said once per account, with the regions; one that every account lacks
is said once.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.places import Places, living_regions
from awsbasics.recommendations.evidence.rows import counted, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

Place = tuple[str, str]  # account and region
State = Callable[[Any], bool | None]
UNREAD = frozenset({"denied", "error"})
ORGANIZATION = "ORGANIZATION"


@dataclass(frozen=True, slots=True)
class Service:
    """A detective service: its table and whether a row of it shows that it is on.

    `once` says that one region is enough; `shared` tells the rows that stand for all accounts
    of the organization.
    """

    key: str
    name: str
    table: str
    columns: tuple[str, ...]
    is_on: State
    severity: Severity = "high"
    once: bool = False
    shared: Callable[[Any], bool] = lambda _: False


def _detector(row: Any) -> bool | None:
    return None if row.status_status in UNREAD else row.status == "ENABLED"


def _recorder(row: Any) -> bool | None:
    """Recorders that services made for themselves record for those only."""
    if row.service_principal:
        return False
    if UNREAD & {row.recording_status, row.last_status_status}:
        return None
    return bool(row.recording) and str(row.last_status).upper() != "FAILURE"


def _analyzer(suffix: str) -> State:
    types = {f"ACCOUNT{suffix}", f"{ORGANIZATION}{suffix}"}
    return lambda row: row.type in types and row.status == "ACTIVE"


def _for_all(row: Any) -> bool:
    return str(row.type).startswith(ORGANIZATION)


SERVICES = (
    Service(
        "guardduty", "GuardDuty", "guardduty_detectors", ("status", "status_status"), _detector
    ),
    Service("securityhub", "Security Hub", "securityhub_hubs", (), lambda _: True),
    Service(
        "config",
        "AWS Config",
        "config_recorders",
        (
            "service_principal",
            "recording",
            "recording_status",
            "last_status",
            "last_status_status",
        ),
        _recorder,
    ),
    Service(
        "external_access",
        "Access Analyzer for external access",
        "accessanalyzer_analyzers",
        ("type", "status"),
        _analyzer(""),
        shared=_for_all,
    ),
    # IAM is global: one region is enough ("Getting started with Access Analyzer").
    Service(
        "unused_access",
        "Access Analyzer for unused access",
        "accessanalyzer_analyzers",
        ("type", "status"),
        _analyzer("_UNUSED_ACCESS"),
        severity="medium",
        once=True,
        shared=_for_all,
    ),
)
SERVICE_TABLES = tuple(dict.fromkeys(service.table for service in SERVICES))


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where a service is missing in one account, and where that is not known."""

    account_id: str
    regions: tuple[str, ...]
    missing: tuple[str, ...]
    unsure: tuple[str, ...]

    @property
    def nowhere(self) -> bool:
        """Whether it is on in no region."""
        return len(self.missing) == len(self.regions)


def detective_services(facts: "Facts") -> Iterator[Result]:
    """REV.5: one result per account and service."""
    places, living = Places(facts, SERVICE_TABLES), living_regions(facts)
    accounts = [
        account
        for account in facts.accounts
        if facts.ownership.environment(account).value != "sandbox" and places.regions(account)
    ]
    for service in SERVICES:
        states = _states(facts, service)
        found = [_coverage(places, states, service, account) for account in accounts]
        yield from _told(facts, service, found, living)


def _states(facts: "Facts", service: Service) -> Mapping[Place, bool | None]:
    """Whether it is on, by account and region; by no account for what stands for all."""
    found: dict[Place, bool | None] = {}
    frame = facts.frame(service.table)
    for row in rows(frame, "account_id", "region", *service.columns):
        state = service.is_on(row)
        owners = [row.account_id, ""] if service.shared(row) else [row.account_id]
        for owner in owners:
            place = (owner, row.region)
            found[place] = found.get(place, False) or state
    return found


def _coverage(
    places: Places, states: Mapping[Place, bool | None], service: Service, account: str
) -> Coverage:
    regions = places.regions(account)
    on, unsure = set(), set()
    for region in regions:
        own, shared = states.get((account, region), False), states.get(("", region), False)
        if own or shared:
            on.add(region)
        elif None in (own, shared) or not places.was_read(service.table, account, region):
            unsure.add(region)
    if service.once and on:
        return Coverage(account, regions, (), ())
    missing = [region for region in regions if region not in on | unsure]
    if service.once and unsure:
        missing = []
    return Coverage(account, regions, tuple(missing), tuple(sorted(unsure)))


def _told(
    facts: "Facts", service: Service, found: list[Coverage], living: set[Place]
) -> Iterator[Result]:
    if len(found) > 1 and all(each.nowhere for each in found):
        title = f"{service.name} is on in none of the {len(found)} accounts."
        seen = {"accounts": len(found), "examples": shown(each.account_id for each in found)}
        more: dict[str, Any] = {"severity": service.severity, "facts": seen}
        yield fail(facts.home_account_id, key=service.key, title=title, table=service.table, **more)
        return
    for each in found:
        if each.missing:
            yield _missing(service, each, living)
        if each.unsure:
            regions = listed(shown(each.unsure))
            title = f"Whether {service.name} is on in {regions} was not read."
            more = {"key": service.key, "table": service.table}
            yield unknown(each.account_id, title, **more)
        if not each.missing and not each.unsure:
            yield ok(each.account_id)


def _missing(service: Service, each: Coverage, living: set[Place]) -> Result:
    """In regions where nothing lives it weighs less."""
    used = [region for region in each.missing if (each.account_id, region) in living]
    everything = service.once or each.nowhere
    where = "" if everything else f" in {listed(shown(each.missing))}"
    title = f"{service.name} is not on{where}."
    if not everything:
        title = f"{service.name} is not on{where}, though it is elsewhere in the account."
    return fail(
        each.account_id,
        key=service.key,
        title=title,
        severity=service.severity if used or everything else "medium",
        facts={
            "regions_without": shown(each.missing),
            "regions_in_use_without": shown(used),
            "regions": counted(len(each.regions), "region looked at", "regions looked at"),
        },
        table=service.table,
    )
