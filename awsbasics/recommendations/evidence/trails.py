"""What a CloudTrail trail does and leaves out: shared by ORG.7 and REV.4."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, Severity, fail, ok, unknown
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "cloudtrail_trails"
UNREAD = frozenset({"denied", "error"})
COLUMNS = (
    "account_id",
    "region",
    "arn",
    "name",
    "home_region",
    "is_multi_region",
    "is_organization",
    "log_file_validation",
    "kms_key_id",
    "bucket_name",
    "bucket_prefix",
    "is_logging",
    "is_logging_status",
    "latest_delivery_time",
    "latest_delivery_error",
    "latest_delivery_error_status",
    "stop_logging_time",
    "event_selectors",
    "event_selectors_status",
    "advanced_event_selectors",
    "advanced_event_selectors_status",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing asked of a trail; `met` is None where it is not known, `unread` says why."""

    key: str
    met: bool | None
    severity: Severity
    title: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    table: str = TABLE
    unread: str = ""

    def result(self, trail: Any) -> Result:
        """The part as a check's result."""
        place = (trail.account_id, trail.arn, trail.region)
        more: dict[str, Any] = {"key": self.key, "facts": dict(self.facts), "table": self.table}
        if self.met:
            return ok(*place)
        if self.met is None:
            title = self.unread or f"Trail {trail.name}: whether it does its work was not read."
            account, arn, region = place
            return unknown(account, title, arn, region, **more)
        return fail(*place, title=self.title, severity=self.severity, **more)


def trails(facts: "Facts") -> list[Any]:
    """Every trail once, at the account that owns it."""
    return list(rows(facts.frame(TABLE), *COLUMNS))


def all_regions_gathered(facts: "Facts") -> bool:
    """Whether a trail cannot hide in a region that is on but was left out of the gather."""
    known = list(rows(facts.frame("ec2_regions"), "name", "opt_in_status"))
    on = {region.name for region in known if region.opt_in_status != "not-opted-in"}
    return bool(on) and on <= set(facts.snapshot.manifest["regions"])


def recording_parts(trail: Any) -> Iterator[Part]:
    """Whether a trail records now, delivers, can be validated, and leaves nothing out."""
    yield _logging(trail)
    yield _delivery(trail)
    yield Part(
        key="validation",
        met=bool(trail.log_file_validation),
        severity="medium",
        title=f"Trail {trail.name} makes no digests: nobody can prove that its log is whole.",
    )
    yield _events(trail)


def is_recording(trail: Any) -> bool | None:
    """Whether it records now; None where that was not read."""
    return _logging(trail).met


def records_everything(trail: Any) -> bool | None:
    """Whether it records all management events of all regions, now; None where it may."""
    parts = (bool(trail.is_multi_region), is_recording(trail), _events(trail).met)
    if all(parts):
        return True
    return False if False in parts else None


def left_out(
    classic: Sequence[Mapping[str, Any]] | None, advanced: Sequence[Mapping[str, Any]] | None
) -> list[str]:
    """What selectors leave out of the management events, in words; empty if nothing.

    A trail without selectors records all of them (CloudTrail user guide, "Logging management
    events"). `classic` are EventSelectors, `advanced` AdvancedEventSelectors.
    """
    if not classic and not advanced:
        return []
    views = [*map(_classic_view, classic or ()), *map(_advanced_view, advanced or ())]
    words: list[str] = []
    for side in ("read", "write"):
        limits = [limit for sides, limit in views if side in sides]
        if not limits:
            words.append(f"{side} events")
        else:
            words.extend(f"{side} events {text}" for text in sorted(set.intersection(*limits)))
    return words


def _logging(trail: Any) -> Part:
    return Part(
        key="logging",
        met=None if trail.is_logging_status in UNREAD else bool(trail.is_logging),
        severity="critical",
        title=f"Trail {trail.name} is switched off: nothing is recorded.",
        facts={"stopped": text_of(trail.stop_logging_time)},
    )


def _delivery(trail: Any) -> Part:
    error = trail.latest_delivery_error
    seen = {"error": error, "latest_delivery": text_of(trail.latest_delivery_time)}
    return Part(
        key="delivery",
        met=None if trail.latest_delivery_error_status in UNREAD else not error,
        severity="critical",
        title=f"Trail {trail.name} cannot write its log to the bucket: {error}.",
        facts=seen,
    )


def _events(trail: Any) -> Part:
    unread = {trail.event_selectors_status, trail.advanced_event_selectors_status} & UNREAD
    missing = left_out(from_json(trail.event_selectors), from_json(trail.advanced_event_selectors))
    return Part(
        key="events",
        met=None if unread else not missing,
        severity="critical",
        title=f"Trail {trail.name} leaves out {listed(missing)}.",
        facts={"left_out": missing},
    )


def _classic_view(selector: Mapping[str, Any]) -> tuple[frozenset[str], set[str]]:
    """Which sides of the management events a selector takes, and its limits in words."""
    if not selector.get("IncludeManagementEvents", True):
        return frozenset(), set()
    sides = {"ReadOnly": {"read"}, "WriteOnly": {"write"}}
    chosen = sides.get(selector.get("ReadWriteType", "All"), {"read", "write"})
    excluded = selector.get("ExcludeManagementEventSources") or ()
    return frozenset(chosen), {f"of {source}" for source in excluded}


def _advanced_view(selector: Mapping[str, Any]) -> tuple[frozenset[str], set[str]]:
    """The same for an advanced selector, whose fields all have to fit."""
    fields = selector.get("FieldSelectors") or ()
    category = next((f.get("Equals", ()) for f in fields if f.get("Field") == "eventCategory"), ())
    if "Management" not in category:
        return frozenset(), set()
    sides, limits = {"read", "write"}, set[str]()
    for item in fields:
        if item.get("Field") == "readOnly":
            sides &= _sides(item)
        elif item.get("Field") != "eventCategory":
            limits |= _limits(item)
    return frozenset(sides), limits


def _sides(item: Mapping[str, Any]) -> set[str]:
    word = {"true": "read", "false": "write"}
    wanted = {word[value] for value in item.get("Equals") or word if value in word}
    return wanted - {word[value] for value in item.get("NotEquals") or () if value in word}


def _limits(item: Mapping[str, Any]) -> set[str]:
    """`eventSource NotEquals kms` leaves kms out; `Equals kms` leaves out all others."""
    name, limits = item.get("Field", ""), set[str]()
    for operator, values in item.items():
        if operator == "Field" or not values:
            continue
        if operator.startswith("Not"):
            limits |= {_exclusion(name, operator, value) for value in values}
        else:
            limits.add(f"other than {name} {operator} {listed(sorted(values))}")
    return limits


def _exclusion(name: str, operator: str, value: str) -> str:
    if name == "eventSource" and operator == "NotEquals":
        return f"of {value}"
    return f"with {name} {operator[3:]} {value}"
