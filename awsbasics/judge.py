"""One check judged: what it says, minus what it cannot know, plus what was not read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from awsbasics.collect.table import GLOBAL_REGION
from awsbasics.collect.tables import TABLES
from awsbasics.facts import Facts
from awsbasics.recommendations.base import (
    DONT_KNOW,
    Check,
    Recommendation,
    Result,
    ResultStatus,
    not_applicable,
)
from awsbasics.unread import Cell, Unread


@dataclass(frozen=True, slots=True)
class Judgement:
    """A check's results, ready to become findings."""

    recommendation: Recommendation
    check: Check
    results: tuple[Result, ...]


def judge(facts: Facts, unread: Unread, recommendation: Recommendation, check: Check) -> Judgement:
    """Run one check and settle what its results are worth; never raises.

    An answer stands whatever was read; a good one passes only where no fact is missing that could
    have contradicted it.
    """
    if not check.written:
        pending = _home(facts, "unknown", "not_written", "This check is not written yet.")
        asked = [result for result in _asked(facts, check) if result.status == "ask"]
        return Judgement(recommendation, check, (*asked, pending))
    said, trouble = _said(facts, check)
    said = [result for result in said if _in_scope(facts, recommendation, check, result)]
    gaps = unread.gaps(recommendation, check)
    kept = [result for result in said if _holds(check, result, gaps, bool(trouble))]
    kept += (r for r in _asked(facts, check) if r.status != "ok" or not (gaps or trouble))
    results = [*_passes(kept), *(r for r in kept if r.status != "ok"), *trouble, *_unknowns(gaps)]
    if not results:
        results = [not_applicable(facts.home_account_id, "There is nothing here for this check.")]
    return Judgement(recommendation, check, tuple(results))


def _said(facts: Facts, check: Check) -> tuple[list[Result], list[Result]]:
    """What the check yields; and an unknown where it raises."""
    said: list[Result] = []
    if check.run is None:
        return said, []
    try:
        said.extend(check.run(facts))  # what came before an exception stays
    except Exception as error:  # noqa: BLE001 - a check's fault is its own, and told
        # Its class only: the text may hold paths of this machine, or what a stranger wrote.
        text = f"This check failed ({type(error).__name__}): a fault of the kit, not a finding."
        return said, [_home(facts, "unknown", "exception", text)]
    return said, []


def _asked(facts: Facts, check: Check) -> Iterator[Result]:
    """What the engagement file's answers to a check's questions mean."""
    for question_id, question in check.questions:
        answer = facts.answer(question_id)
        part = question_id.removeprefix(check.id)
        if answer is None:
            yield _home(facts, "ask", f"question{part}", question.text)
            continue
        choice = question.choice(answer.choice)
        if choice is None:
            text = f"{question.text} The client does not know."
            yield _home(facts, "unknown", f"{DONT_KNOW}{part}", text)
        elif choice.verdict == "fail":
            text = f"{question.text} Answer: {choice.label}."
            yield _home(facts, "fail", f"{choice.id}{part}", text)
        else:
            yield _home(facts, "ok", "", "")


def _home(facts: Facts, status: ResultStatus, key: str, title: str) -> Result:
    return Result(status=status, account_id=facts.home_account_id, key=key, title=title)


def _in_scope(facts: Facts, recommendation: Recommendation, check: Check, result: Result) -> bool:
    if result.account_id == facts.home_account_id:
        return True
    return facts.in_scope(recommendation, check, result.account_id)


def _holds(check: Check, result: Result, gaps: Sequence[Cell], raised: bool) -> bool:
    """Whether a result stands in view of what was not read."""
    if result.status in ("ok", "not_applicable"):
        return not raised and not any(_touches(gap, result) for gap in gaps)
    if result.status == "fail":
        missing = (gap for gap in gaps if gap.table in check.absence_tables)
        return not any(_touches(gap, result) for gap in missing)
    return True


def _touches(gap: Cell, result: Result) -> bool:
    """Whether what was not read could have changed a result."""
    if TABLES[gap.table].scope == "organization":
        return True
    if gap.account_id != result.account_id:
        return False
    return GLOBAL_REGION in (gap.region, result.region) or gap.region == result.region


def _passes(results: Iterable[Result]) -> list[Result]:
    """All that passed, as one result per account and region with the count."""
    counts = Counter((r.account_id, r.region) for r in results if r.status == "ok")
    return [
        Result(
            status="ok",
            account_id=account,
            region=region,
            key="passed",
            title=f"{count} passed.",
            facts={"count": count},
        )
        for (account, region), count in sorted(counts.items())
    ]


def _unknowns(gaps: Iterable[Cell]) -> list[Result]:
    """One result per account and region for what was not read there."""
    places: dict[tuple[str, str], list[Cell]] = {}
    for gap in gaps:
        places.setdefault((gap.account_id, gap.region), []).append(gap)
    return [_unknown(account, region, cells) for (account, region), cells in places.items()]


def _unknown(account: str, region: str, cells: Sequence[Cell]) -> Result:
    reasons = sorted({cell.status.replace("_", " ") for cell in cells})
    tables = {cell.table: f"{cell.status} {cell.error_code}".strip() for cell in cells}
    title = f"Not assessed: {', '.join(sorted(tables))} ({', '.join(reasons)})."
    result = Result(status="unknown", account_id=account, region=region, key="unread", title=title)
    return replace(result, facts={"not_read": tables}, table="coverage")
