"""ORG.7: the organization's trail, and the bucket that holds its log."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, not_applicable, unknown
from awsbasics.recommendations.evidence.rows import rows
from awsbasics.recommendations.evidence.trail_buckets import bucket_parts
from awsbasics.recommendations.evidence.trails import (
    TABLE,
    Part,
    all_regions_gathered,
    recording_parts,
    trails,
)

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def organization_trail(facts: "Facts") -> Iterator[Result]:
    """One result per part of the best organization trail; the others are judged by REV.4."""
    home = facts.home_account_id
    if facts.management_account_id is None:
        yield not_applicable(home, "Without an organization there is no organization trail.")
        return
    candidates = [trail for trail in trails(facts) if trail.is_organization]
    if not candidates:
        yield _none_seen(facts)
        return
    judged = [(trail, list(_parts(facts, trail))) for trail in candidates]
    trail, parts = max(judged, key=lambda pair: _worth(pair[1]))
    yield from (part.result(trail) for part in parts)


def _none_seen(facts: "Facts") -> Result:
    """Only the management account owns organization trails, in any of its regions."""
    home = facts.home_account_id
    if home not in facts.accounts:
        title = "Organization trails belong to the management account, which was not gathered."
        return unknown(home, title, key="exists", table=TABLE)
    if not all_regions_gathered(facts):
        title = "No organization trail was seen, but not all regions were gathered."
        return unknown(home, title, key="exists", table=TABLE)
    title = "No organization trail exists: nothing records every account."
    return fail(home, key="exists", title=title, table=TABLE)


def _worth(parts: list[Part]) -> tuple[int, int]:
    """More parts met is better; fewer failed decides between equals."""
    return sum(bool(part.met) for part in parts), -sum(part.met is False for part in parts)


def _parts(facts: "Facts", trail: Any) -> Iterator[Part]:
    yield from recording_parts(trail)
    yield Part(
        key="multi_region",
        met=bool(trail.is_multi_region),
        severity="critical",
        title=f"Trail {trail.name} records {trail.home_region} only, not all regions.",
    )
    yield _key_part(facts, trail)
    yield from bucket_parts(facts, trail)


def _key_part(facts: "Facts", trail: Any) -> Part:
    state = _key_state(facts, trail)
    if not trail.kms_key_id:
        title = f"Trail {trail.name} does not encrypt its log with a KMS key."
    else:
        title = f"The KMS key of trail {trail.name} is in the state {state}."
    return Part(
        key="kms_key",
        met=bool(trail.kms_key_id) and state in (None, "Enabled"),
        severity="medium",
        title=title,
        facts={"kms_key_id": trail.kms_key_id, "state": state},
    )


def _key_state(facts: "Facts", trail: Any) -> str | None:
    """The state of the trail's key; None where its account was not gathered or may not say."""
    keys = rows(facts.frame("kms_trail_keys"), "trail_arn", "state")
    return next((key.state for key in keys if key.trail_arn == trail.arn), None)
