"""SEP.4: services that stay in a sandbox longer than a test takes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from awsbasics.recommendations.base import Result, fail, ok, unknown
from awsbasics.recommendations.evidence.accounts import active_accounts
from awsbasics.recommendations.evidence.long_running import SERVICES, Kind, Running, running
from awsbasics.recommendations.evidence.rows import counted, shown, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts


def short_lived(facts: "Facts") -> Iterator[Result]:
    """SEP.4: one result per sandbox, region and kind of service with something too old.

    What is rebuilt often (instances of a group that scales) is as young as its last start.
    """
    sandboxes = [each.id for each in active_accounts(facts) if each.environment == "sandbox"]
    faulty: set[str] = set()
    for kind in SERVICES:
        found: dict[tuple[str, str], list[Running]] = defaultdict(list)
        for each in running(facts, kind):
            if each.account_id in sandboxes:
                found[each.account_id, each.region].append(each)
        for (account, region), things in sorted(found.items()):
            judged = list(_judged(facts, kind, account, region, things))
            faulty |= {result.account_id for result in judged}
            yield from judged
    yield from (ok(account) for account in sandboxes if account not in faulty)


def _judged(
    facts: "Facts", kind: Kind, account: str, region: str, things: list[Running]
) -> Iterator[Result]:
    days = facts.engagement.thresholds["sandbox_age_days"]
    ages = {each.arn: facts.as_of - each.since for each in things if each.since is not None}
    old = [each for each in things if each.arn in ages and ages[each.arn].days >= days]
    ageless = [each.arn for each in things if each.arn not in ages]
    more: dict[str, Any] = {"key": kind.table, "table": kind.table}
    if old:
        number = counted(len(old), kind.one, kind.many)
        verb = "has" if len(old) == 1 else "have"
        title = f"{number} {verb} run in sandbox {account} for {days:g} days or more."
        oldest = min(each.since for each in old if each.since is not None)
        seen = {
            "count": len(old),
            "which": shown(each.arn for each in old),
            "oldest": text_of(oldest),
            "limit_days": days,
        }
        yield fail(account, "", region, title=title, facts=seen, **more)
    elif ageless:
        number = counted(len(ageless), kind.one, kind.many)
        title = f"The age of {number} in sandbox {account} was not read."
        yield unknown(account, title, "", region, facts={"which": shown(ageless)}, **more)
