"""REV.8: accounts to come get the detective services by themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.accounts import NO_ORGANIZATION
from awsbasics.recommendations.evidence.places import Places
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

DELEGATED = "organizations_delegated_administrators"
STACK_SETS = "cloudformation_stack_sets"
RESOURCES = "cloudformation_stack_resources"
RECORDER = "AWS::Config::ConfigurationRecorder"
# Control Tower's own stack sets roll its baseline out to each account that it enrols.
CONTROL_TOWER = "AWSControlTowerBP-BASELINE-CONFIG"
UNREAD = frozenset({"denied", "error"})


@dataclass(frozen=True, slots=True)
class Automatic:
    """A service that its administrator can switch on for new accounts, region by region."""

    key: str
    name: str
    table: str
    principals: tuple[str, ...]
    columns: tuple[str, ...]
    is_on: Callable[[Any], bool | None]


def _guardduty(row: Any) -> bool | None:
    if row.organization_auto_enable_status in UNREAD:
        return None
    return str(row.organization_auto_enable) in ("ALL", "NEW")


def _hub(row: Any) -> bool | None:
    """Either of two ways: the switch for new accounts, or policies of a central configuration."""
    configuration = from_json(row.organization_configuration)
    central = isinstance(configuration, dict) and configuration.get("ConfigurationType")
    if central == "CENTRAL" or row.organization_auto_enable:
        return True
    states = {row.organization_auto_enable_status, row.organization_configuration_status}
    return None if states & UNREAD else False


def _analyzer(row: Any) -> bool | None:
    return (row.type, row.status) == ("ORGANIZATION", "ACTIVE")


SERVICES = (
    Automatic(
        "guardduty",
        "GuardDuty",
        "guardduty_detectors",
        ("guardduty.amazonaws.com",),
        ("organization_auto_enable", "organization_auto_enable_status"),
        _guardduty,
    ),
    Automatic(
        "securityhub",
        "Security Hub",
        "securityhub_hubs",
        ("securityhub.amazonaws.com",),
        (
            "organization_auto_enable",
            "organization_auto_enable_status",
            "organization_configuration",
            "organization_configuration_status",
        ),
        _hub,
    ),
    Automatic(
        "external_access",
        "Access Analyzer",
        "accessanalyzer_analyzers",
        ("access-analyzer.amazonaws.com",),
        ("type", "status"),
        _analyzer,
    ),
)
NEW_ACCOUNT_TABLES = (
    *(service.table for service in SERVICES),
    DELEGATED,
    STACK_SETS,
    RESOURCES,
)


def new_accounts(facts: "Facts") -> Iterator[Result]:
    """REV.8: one result per service, at the management account."""
    home = facts.home_account_id
    if facts.management_account_id is None:
        yield not_applicable(home, NO_ORGANIZATION)
        return
    places = Places(facts, [*(service.table for service in SERVICES), RESOURCES])
    for service in SERVICES:
        yield _judged(facts, places, service)
    yield _config(facts, places)


def _judged(facts: "Facts", places: Places, service: Automatic) -> Result:
    home = facts.home_account_id
    frame = facts.frame(service.table)
    states = [
        (row.region, service.is_on(row))
        for row in rows(frame, "account_id", "region", *service.columns)
    ]
    on = {region for region, state in states if state}
    missing = [region for region in places.regions(home) if region not in on]
    more: dict[str, Any] = {"key": service.key, "table": service.table}
    if not missing:
        return ok(home)
    hidden = _administrators(facts, service) - set(facts.accounts)
    blind = {a for a in _administrators(facts, service) | {home} if a in facts.accounts}
    unread = not all(places.was_read_everywhere(service.table, account) for account in blind)
    if hidden or unread or any(state is None for region, state in states if region in missing):
        title = f"Whether new accounts get {service.name} by themselves was not read."
        return unknown(home, title, facts={"administrators": sorted(hidden)}, **more)
    where = "" if not on else f" in {listed(shown(missing))}"
    title = f"New accounts do not get {service.name} by themselves{where}."
    return fail(home, title=title, facts={"regions_without": shown(missing)}, **more)


def _administrators(facts: "Facts", service: Automatic) -> set[str]:
    """The members that administer a service, beside the management account."""
    return {
        row.id
        for row in rows(facts.frame(DELEGATED), "id", "services")
        if set(service.principals) & set(from_json(row.services) or ())
    }


def _config(facts: "Facts", places: Places) -> Result:
    """Config has no switch for new accounts: a stack set that deploys itself makes recorders."""
    home = facts.home_account_id
    sets = list(rows(facts.frame(STACK_SETS), "name", "auto_deployment"))
    made = {
        row.stack_name
        for row in rows(facts.frame(RESOURCES), "stack_name", "type")
        if row.type == RECORDER and row.stack_name
    }
    for each in sets:
        # "StackSet-NAME-UUID" is what a stack set calls its stacks.
        deploys = any(name.startswith(f"StackSet-{each.name}-") for name in made)
        if each.name == CONTROL_TOWER or (each.auto_deployment and deploys):
            return ok(home)
    blind = [a for a in facts.accounts if not places.was_read_everywhere(RESOURCES, a)]
    if blind and any(each.auto_deployment for each in sets):
        title = "Whether a stack set makes recorders of AWS Config in new accounts was not read."
        return unknown(home, title, key="config", table=RESOURCES)
    title = "New accounts do not get a recorder of AWS Config by themselves: no stack set makes it."
    seen = {"stack_sets": shown(each.name for each in sets)}
    return fail(home, key="config", title=title, facts=seen, table=STACK_SETS)
