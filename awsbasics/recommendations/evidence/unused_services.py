"""APP.9: services that a role may use and never used, where a gather was asked to read that."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.recommendations.base import Result, fail, not_applicable, ok
from awsbasics.recommendations.evidence.roles import is_exempt
from awsbasics.recommendations.evidence.rows import counted, listed, rows, shown, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

TABLE = "iam_service_last_accessed"
NOT_ASKED = "Which services roles use was not asked for (collect --last-accessed)."


def unused_services(facts: "Facts") -> Iterator[Result]:
    """APP.9: one result per role that has been there for long enough to tell.

    AWS's tracking period is 400 days (IAM user guide, "Refine permissions using last accessed
    information"). The emergency role is meant not to be used.
    """
    if not facts.was_asked_for(TABLE):
        yield not_applicable(facts.home_account_id, NOT_ASKED)
        return
    used: dict[str, dict[str, bool]] = defaultdict(dict)
    columns = ("role_arn", "service_namespace", "last_authenticated")
    for row in rows(facts.frame(TABLE), *columns):
        used[row.role_arn][row.service_namespace] = row.last_authenticated is not None
    oldest = facts.as_of - pd.Timedelta(days=facts.engagement.thresholds["unused_days"])
    for role in rows(facts.frame("iam_roles"), "account_id", "arn", "name", "path", "created"):
        emergency = facts.engagement.roles.is_break_glass(role.name, role.path or "/")
        is_new = role.created is not None and role.created > oldest
        if role.arn in used and not (emergency or is_new or is_exempt(role, facts.engagement)):
            yield _judged(role, used[role.arn])


def _judged(role: Any, services: dict[str, bool]) -> Result:
    unused = [name for name, was_used in services.items() if not was_used]
    if not unused:
        return ok(role.account_id, role.arn)
    many = counted(len(unused), "service", "services")
    title = f"Role {role.name} never used {many} that it may use: {listed(shown(unused))}."
    seen = {
        "unused": shown(unused),
        "count": len(unused),
        "of": len(services),
        "created": text_of(role.created),
    }
    return fail(role.account_id, role.arn, key="unused", title=title, facts=seen, table=TABLE)
