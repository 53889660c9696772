"""TMP.5: the emergency access exists, asks for MFA, is short, and somebody is told of its use."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from awsbasics.iam.compile import CompiledPolicy
from awsbasics.iam.estate import Principal
from awsbasics.iam.verdict import Status
from awsbasics.recommendations.base import Result, fail, not_applicable, ok, unknown
from awsbasics.recommendations.evidence.entrants import (
    HOW,
    WITHOUT_MFA,
    can_without_mfa,
    trusted_accounts,
)
from awsbasics.recommendations.evidence.people import alike_to_roles, human_users, somebody
from awsbasics.recommendations.evidence.principals import is_break_glass
from awsbasics.recommendations.evidence.rows import from_json, listed, rows, shown, text_of

if TYPE_CHECKING:
    from awsbasics.facts import Facts

ROLES = "iam_roles"
RULES = "events_rules"
WATCHING = (RULES, "logs_metric_filters", "cloudwatch_alarms")
SECONDS = 3600
ASSUMES = "AssumeRole"
# The texts of a pattern, of an event or of a log filter; AWS's ARNs and names, and wildcards.
WORD = re.compile(r"[\w+=,.@:/*-]+")
# A beginning of a name that is shorter says nothing.
SHORTEST = 5


class Watch(NamedTuple):
    """What tells somebody of an event: where it is, and the words of its pattern."""

    account_id: str
    words: frozenset[str]
    is_rule: bool


def break_glass(facts: "Facts") -> Iterator[Result]:
    """TMP.5: one result per emergency role or user, and per fault of it.

    What is one, the engagement file's `roles.break_glass` says; one in the organization will do.
    That its use is logged at all, ORG.7 judges.
    """
    principals = facts.permissions.estate.principals.values()
    found = [each for each in principals if is_break_glass(facts, each) and not each.is_protected]
    if not found:
        yield _missing(facts)
        return
    entering = _entering(facts)
    names = {each.name for each in found}
    watches = [each for each in _watches(facts) if _may_tell(each, names)]
    frame = facts.frame(ROLES)
    columns = ("arn", "last_used", "max_session_duration", "max_session_duration_status")
    known = {row.arn: row for row in rows(frame, *columns)}
    for each in found:
        faults = list(_alarm(facts, each, watches))
        row = known.get(each.arn)
        if row is not None:
            faults += [*_mfa(facts, each, entering.get(each.arn, [])), *_session(facts, each, row)]
            used = {"last_used": text_of(row.last_used)}
            faults = [replace(fault, facts={**fault.facts, **used}) for fault in faults]
        yield from faults or [ok(each.account_id, each.arn)]


def _missing(facts: "Facts") -> Result:
    environments = {facts.ownership.environment(account).value for account in facts.accounts}
    if "production" not in environments:
        title = "There is no production account that an emergency could be in."
        return not_applicable(facts.home_account_id, title)
    title = "No role or user is there for an emergency (roles.break_glass of the engagement file)."
    seen = {"patterns": list(facts.engagement.roles.break_glass)}
    return fail(facts.home_account_id, key="missing", title=title, facts=seen, table=ROLES)


def _entering(facts: "Facts") -> Mapping[str, list[list[Principal]]]:
    """The people who can assume each role: IAM users, by kinds, and the roles they sign in as."""
    permissions = facts.permissions
    estate = permissions.estate
    arns = {sign_in.role_arn for person in estate.people for sign_in in person.sign_ins}
    signing_in = [estate.principals[arn] for arn in sorted(arns) if arn in estate.principals]
    found: dict[str, list[list[Principal]]] = defaultdict(list)
    for people in [*alike_to_roles(facts, human_users(facts)), *([each] for each in signing_in)]:
        for arn, verdict in permissions.candidates.assumable(people[0]).items():
            if verdict.status <= Status.POSSIBLE:
                found[arn].append(people)
    return found


def _mfa(facts: "Facts", role: Principal, people: list[list[Principal]]) -> Iterator[Result]:
    """By the users who can assume it; where nobody can yet, by its trust policy alone."""
    if not isinstance(role.trust, CompiledPolicy):
        title = f"The trust policy of the emergency role {role.name} was not read."
        yield unknown(role.account_id, title, role.arn, key="mfa", table=ROLES)
        return
    ways, who = set(), []
    for users in (each for each in people if each[0].kind == "user"):
        open_ = [
            how
            for how in WITHOUT_MFA
            if facts.permissions.signed_in(how).access.assume(users[0], role).status
            <= Status.POSSIBLE
        ]
        ways |= set(open_)
        who += [f"{user.name} ({user.account_id})" for user in users if open_]
    anybody = [somebody(role.partition, account) for account in trusted_accounts(role)]
    if who:
        way = listed(HOW[how] for how in WITHOUT_MFA if how in ways)
        title = f"The emergency role {role.name} can be assumed without MFA, {way}."
    elif not people and any(can_without_mfa(user, role) for user in anybody):
        title = f"The emergency role {role.name} asks for no MFA in its trust policy."
    else:
        return
    seen = {"people": shown(who)}
    yield fail(role.account_id, role.arn, key="mfa", title=title, facts=seen, table=ROLES)


def _session(facts: "Facts", role: Principal, row: Any) -> Iterator[Result]:
    limit = facts.engagement.thresholds["break_glass_hours"]
    if row.max_session_duration is None:
        title = f"How long sessions of the emergency role {role.name} last was not read."
        yield unknown(role.account_id, title, role.arn, key="session", table=ROLES)
    elif row.max_session_duration > limit * SECONDS:
        hours = row.max_session_duration / SECONDS
        title = f"Sessions of the emergency role {role.name} last {hours:g} hours, over {limit:g}."
        seen = {"hours": hours, "limit": limit}
        yield fail(role.account_id, role.arn, key="session", title=title, facts=seen, table=ROLES)


def _alarm(facts: "Facts", principal: Principal, watches: list[Watch]) -> Iterator[Result]:
    if any(_tells_of(watch, principal) for watch in watches):
        return
    label = f"the emergency {principal.kind} {principal.name}"
    estate = facts.permissions.estate
    unread = [
        account
        for account in estate.accounts
        if not all(estate.was_read(table, account) for table in WATCHING)
    ]
    if unread:
        title = f"Whether somebody is told when {label} is used was not read."
        more: dict[str, Any] = {"facts": {"accounts": shown(unread)}, "table": RULES}
        yield unknown(principal.account_id, title, principal.arn, key="alarm", **more)
        return
    title = f"Nobody is told when {label} is used: no rule or alarm names it."
    yield fail(principal.account_id, principal.arn, key="alarm", title=title, table=RULES)


def _watches(facts: "Facts") -> Iterator[Watch]:
    """Rules that are on and have a target, and metric filters whose alarm tells somebody."""
    columns = ("account_id", "state", "event_pattern", "targets", "targets_status")
    for rule in rows(facts.frame(RULES), *columns):
        told = from_json(rule.targets) or rule.targets_status not in ("ok", "absent")
        if told and (rule.state or "").startswith("ENABLED"):
            yield Watch(rule.account_id, _words(rule.event_pattern), is_rule=True)
    alarmed = _alarmed_metrics(facts)
    frame = facts.frame("logs_metric_filters")
    for each in rows(frame, "account_id", "region", "pattern", "metrics"):
        metrics = from_json(each.metrics) or ()
        if any(
            (each.account_id, each.region, metric.get("metricNamespace"), metric.get("metricName"))
            in alarmed
            for metric in metrics
            if isinstance(metric, dict)
        ):
            yield Watch(each.account_id, _words(each.pattern), is_rule=False)


def _alarmed_metrics(facts: "Facts") -> set[tuple[str, str, str | None, str | None]]:
    columns = ("account_id", "region", "namespace", "metric_name")
    frame = facts.frame("cloudwatch_alarms")
    return {
        (row.account_id, row.region, row.namespace, row.metric_name)
        for row in rows(frame, *columns, "actions_enabled", "alarm_actions")
        if row.actions_enabled and from_json(row.alarm_actions)
    }


def _words(pattern: str | None) -> frozenset[str]:
    return frozenset(WORD.findall(pattern or ""))


def _may_tell(watch: Watch, names: set[str]) -> bool:
    """Whether it could tell of any of these, wherever they are: most rules are about others."""
    return ASSUMES in watch.words or any(_fits(w, name) for w in watch.words for name in names)


def _tells_of(watch: Watch, principal: Principal) -> bool:
    """Whether its pattern names the principal, or the assuming of any role.

    A rule sees the events of its own account; a trail's log group has those of others too.
    """
    if watch.is_rule and watch.account_id != principal.account_id:
        return False
    if any(_names(word, principal) for word in watch.words):
        return True
    named = any(":role/" in word or ":assumed-role/" in word for word in watch.words)
    return principal.kind == "role" and ASSUMES in watch.words and not named


def _names(word: str, principal: Principal) -> bool:
    """Whether a word of a pattern is the principal's name or ARN, whole, by wildcards or begun."""
    account = re.search(r":(\d{12}):", word)
    if account and account[1] != principal.account_id:
        return False
    return _fits(word, principal.name)


def _fits(word: str, name: str) -> bool:
    last = re.split("[:/]", word)[-1]
    core = last.strip("*")
    if len(core) < min(SHORTEST, len(name)):
        return False
    return fnmatchcase(name, last) or name.startswith(core)
