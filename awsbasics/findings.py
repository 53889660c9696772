"""Findings: what the results of checks become, with stable ids, owners and accepted exceptions."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from awsbasics.engagement import ExceptionRule
from awsbasics.facts import Facts
from awsbasics.recommendations.base import Check, Recommendation, Result

if TYPE_CHECKING:
    from awsbasics.assessment import Assessment

STATUSES = ("fail", "unknown", "ask", "excepted", "not_applicable", "pass")
EXCEPTION_COLUMNS = ("check", "match", "reason", "owner", "expires", "state", "matched")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row of `findings`; the columns are those of the design, in its order."""

    id: str
    recommendation: str
    check: str
    key: str
    status: str
    severity: str
    account_id: str
    region: str
    resource: str
    application: str | None
    team: str | None
    environment: str | None
    title: str
    evidence: str
    remediation: str
    first_seen: pd.Timestamp | None = None


COLUMNS = tuple(field.name for field in fields(Finding))


def finding_id(check: str, account_id: str, region: str, resource: str, key: str) -> str:
    """The id that a finding keeps from run to run: it depends on what, never on wording."""
    identity = f"{check}|{account_id}|{region}|{resource}|{key}"
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def make_finding(
    facts: Facts, recommendation: Recommendation, check: Check, result: Result
) -> Finding:
    """A result as a finding: owner and environment filled in, exceptions applied."""
    rule = exception_for(facts, check, result) if result.status == "fail" else None
    excepted = rule is not None and not rule.expired(facts.as_of.date())
    status = "excepted" if excepted else "pass" if result.status == "ok" else result.status
    return Finding(
        id=finding_id(check.id, result.account_id, result.region, result.resource, result.key),
        recommendation=recommendation.id,
        check=check.id,
        key=result.key,
        status=status,
        severity=result.severity or check.severity,
        account_id=result.account_id,
        region=result.region,
        resource=result.resource,
        application=_application(facts, result),
        team=result.team,
        environment=facts.ownership.environment(result.account_id).value,
        title=result.title,
        evidence=_evidence(facts, result, rule),
        remediation="" if result.status in ("ok", "not_applicable") else check.remediation,
    )


def exception_for(facts: Facts, check: Check, result: Result) -> ExceptionRule | None:
    """The accepted exception that covers a failure: one still in force before an expired one."""
    place = (result.account_id, result.resource, result.region, result.key)
    rules = [rule for rule in facts.engagement.exceptions if rule.matches(check.id, *place)]
    rules.sort(key=lambda rule: rule.expired(facts.as_of.date()))
    return rules[0] if rules else None


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a frame: text columns, and `first_seen` in UTC."""
    rows = [tuple(getattr(finding, name) for name in COLUMNS) for finding in findings]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    text = {name: "str" for name in COLUMNS if name != "first_seen"}
    return frame.astype({**text, "first_seen": "datetime64[us, UTC]"})


def exceptions_frame(findings: Iterable[Finding], facts: Facts) -> pd.DataFrame:
    """What became of each accepted exception: active, expired, or unmatched."""
    matched: dict[ExceptionRule, int] = {}
    for finding in findings:
        if finding.status in ("fail", "excepted"):
            place = (finding.account_id, finding.resource, finding.region, finding.key)
            for rule in facts.engagement.exceptions:
                matched[rule] = matched.get(rule, 0) + rule.matches(finding.check, *place)
    rows = [
        _exception_row(rule, matched.get(rule, 0), rule.expired(facts.as_of.date()))
        for rule in facts.engagement.exceptions
    ]
    frame = pd.DataFrame(rows, columns=list(EXCEPTION_COLUMNS))
    return frame.astype({name: "str" for name in EXCEPTION_COLUMNS if name != "matched"})


def changed_findings(before: "Assessment", after: "Assessment") -> pd.DataFrame:
    """Failures that are new or gone between two assessments: `change` and a finding's columns.

    What was not assessed on one side is no change.
    """
    old, new = before.findings, after.findings
    appeared = _only_in(new, old).assign(change="new")
    vanished = _only_in(old, new).assign(change="gone")
    both = pd.concat([appeared, vanished], ignore_index=True)
    return both[["change", *COLUMNS]]


def _only_in(these: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    failing = these[these["status"] == "fail"]
    known = set(others.loc[others["status"].isin(["fail", "excepted"]), "id"])
    blind = others[others["status"] == "unknown"]
    places = set(zip(blind["check"], blind["account_id"], blind["region"], strict=True))
    unseen = [
        not places.isdisjoint({(check, account, region), (check, account, "global")})
        for check, account, region in zip(
            failing["check"], failing["account_id"], failing["region"], strict=True
        )
    ]
    return failing[~failing["id"].isin(known) & ~pd.Series(unseen, index=failing.index, dtype=bool)]


def _exception_row(rule: ExceptionRule, matched: int, expired: bool) -> tuple[Any, ...]:
    state = "unmatched" if not matched else "expired" if expired else "active"
    match = ", ".join(f"{part}: {pattern}" for part, pattern in rule.match.items())
    return (rule.check, match, rule.reason, rule.owner, rule.expires.isoformat(), state, matched)


def _application(facts: Facts, result: Result) -> str | None:
    if result.application is not None or not result.resource:
        return result.application
    return facts.ownership.application(result.account_id, result.region, result.resource).value


def _evidence(facts: Facts, result: Result, rule: ExceptionRule | None) -> str:
    evidence: dict[str, Any] = dict(result.facts)
    if result.table:
        evidence["table"] = result.table
        evidence["read_at"] = facts.read_at(result.table, result.account_id, result.region)
    if rule is not None:
        evidence["exception"] = _accepted(rule)
    return _as_text(evidence)


def _as_text(evidence: Mapping[str, Any]) -> str:
    """Evidence as JSON text; facts that JSON has no form for, as their text."""
    try:
        return json.dumps(evidence, sort_keys=True, default=str, ensure_ascii=False)
    except (TypeError, ValueError):  # keys of several types, a circle
        facts = {str(name): str(value) for name, value in evidence.items()}
        return json.dumps(facts, sort_keys=True, ensure_ascii=False)


def _accepted(rule: ExceptionRule) -> Mapping[str, str]:
    return {
        "reason": rule.reason,
        "owner": rule.owner,
        "approved_by": rule.approved_by or "",
        "expires": rule.expires.isoformat(),
    }
