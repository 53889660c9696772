"""APP.10: what outside accounts can read in the roles that are for them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.vocabulary import Bits
from awsbasics.recommendations.base import (
    SEVERITIES,
    Result,
    Severity,
    fail,
    not_applicable,
    ok,
    unknown,
)
from awsbasics.recommendations.evidence.data_reading import reading_data
from awsbasics.recommendations.evidence.outsiders import (
    EVERYONE,
    organization_was_read,
    outsiders,
)
from awsbasics.recommendations.evidence.principals import iam_was_read, is_left_alone
from awsbasics.recommendations.evidence.rows import listed, shown

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_roles"
NONE = "No role is for an account outside the organization."


def outside_readers(facts: "Facts") -> Iterator[Result]:
    """APP.10: one result per role that an outside account can assume, by whatever condition.

    High where it reads all data of a kind, medium where a policy names what it reads, or where
    the engagement file trusts every account that comes; both: low.
    """
    matrix = facts.permissions.matrix
    reading = reading_data(matrix.vocabulary)
    known = organization_was_read(facts)
    found = False
    for role in facts.permissions.estate.principals.values():
        if role.kind != "role" or role.is_protected or is_left_alone(facts, role):
            continue
        if not isinstance(role.trust, CompiledPolicy):
            continue  # APP.7 says so
        visitors = [each.account_id for each in outsiders(facts, role) if each.enters_at_all]
        if visitors:
            found = True
            yield from _judged(facts, role, visitors, reading, known=known)
    if not found:
        yield not_applicable(facts.home_account_id, NONE)


def _judged(
    facts: "Facts", role: Principal, visitors: list[str], reading: Bits, *, known: bool
) -> Iterator[Result]:
    profile = facts.permissions.matrix.profile(role)
    names = facts.permissions.matrix.vocabulary.names
    row = reading & profile.granted & profile.possible
    actions = [str(name) for name in names[facts.permissions.matrix.vocabulary.places(row)]]
    if not actions and not profile.unread_identity:
        yield ok(role.account_id, role.arn)
        return
    if not actions:
        if iam_was_read(facts.permissions.estate, role.account_id):
            title = f"A policy of role {role.name} was not read: outside accounts may read by it."
            yield unknown(role.account_id, title, role.arn, key="data", table=TABLE)
        return
    widely = bool((reading & profile.definite).any())
    who = "every AWS account" if EVERYONE in visitors else f"account {listed(shown(visitors))}"
    what = "data" if widely else "some data"
    title = f"Role {role.name} lets {who} read {what} ({listed(shown(actions))})."
    seen = {"accounts": shown(visitors), "actions": shown(actions), "on_everything": widely}
    if not known and EVERYONE not in visitors:
        text = f"{title[:-1]}; whether that is one of the organization's was not read."
        yield unknown(role.account_id, text, role.arn, key="data", facts=seen, table=TABLE)
        return
    if profile.is_unread:
        text = f"{title[:-1]}, unless what was not read forbids it."
        yield unknown(role.account_id, text, role.arn, key="data", facts=seen, table=TABLE)
        return
    severity = _severity(widely, trusted=set(visitors) <= set(facts.engagement.trusted_accounts))
    more: dict[str, Any] = {"facts": seen, "severity": severity, "table": TABLE}
    yield fail(role.account_id, role.arn, key="data", title=title, **more)


def _severity(widely: bool, *, trusted: bool) -> Severity:
    """One step lower for each thing that makes it less bad."""
    return SEVERITIES[SEVERITIES.index("high") + (not widely) + trusted]
