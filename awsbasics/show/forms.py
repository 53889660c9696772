"""Forms that write into the engagement file: answers, accepted exceptions, environments.

Names, titles and messages are shown as text: HTML widgets get them escaped, and labels of
widgets, which would draw mathematics, are this kit's own words.
"""

import glob
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from html import escape
from typing import Any

import ipywidgets as widgets

from awsbasics.assessment import Assessment
from awsbasics.engagement import (
    ENVIRONMENTS,
    Answer,
    EnvironmentRule,
    ExceptionRule,
    save_answer,
    save_environment,
    save_exception,
)
from awsbasics.engagement.model import DONT_KNOW
from awsbasics.errors import AwsbasicsError, UsageError
from awsbasics.findings import Finding
from awsbasics.recommendations.base import Question, Recommendation
from awsbasics.recommendations.evidence.accounts import active_accounts
from awsbasics.show.names import account_names
from awsbasics.show.sections.answers import DONT_KNOW_LABEL
from awsbasics.show.text import clip, plural, visible

MOST_LISTED = 100
SAVED = "Run all cells again to see what it changes."

Options = Sequence[tuple[str, Any]]


def question_forms(
    assessment: Assessment, recommendation: Recommendation, path: str
) -> widgets.Widget | None:
    """A form for each open question, and folded away one for each that is answered."""
    answers = assessment.facts.engagement.answers
    asked = [each for check in recommendation.checks for each in check.questions]
    open_ = [_answer_form(path, *each) for each in asked if each[0] not in answers]
    answered = [each for each in asked if each[0] in answers]
    again = widgets.Accordion(
        children=[_answer_form(path, *each, answers[each[0]]) for each in answered],
        titles=tuple(f"Answer again: {id_}" for id_, _ in answered),
    )
    parts = [*open_, *([again] if answered else [])]
    return widgets.VBox(parts) if parts else None


def exception_form(
    assessment: Assessment, recommendation: Recommendation, path: str
) -> widgets.Widget | None:
    """A form that accepts one of the failing findings until a date."""
    failing = [
        finding
        for finding in assessment.finding_list
        if finding.recommendation == recommendation.id and finding.status == "fail"
    ]
    if not failing:
        return None
    finding, pick = _picker(_finding_options(assessment, failing), "Finding", widgets.Select)
    reason, owner = _text("Reason", widgets.Textarea), _text("Owner")
    approved_by, expires = _text("Approved by"), _day("Until")

    def save() -> str:
        _require(
            {
                "a finding": finding.value,
                "a reason": reason.value,
                "an owner": owner.value,
                "the last day": expires.value,
            }
        )
        rule = ExceptionRule(
            check=finding.value.check,
            match=least_match(finding.value, failing),
            reason=reason.value,
            owner=owner.value,
            approved_by=approved_by.value,
            expires=expires.value,
        )
        save_exception(path, rule)
        return f"{plural(len(_taken_in(rule, failing)), 'finding')} accepted until {rule.expires}"

    fields = (pick, finding, reason, owner, approved_by, expires)
    form = _form("Accept a finding until a day", fields, save, path)
    return widgets.Accordion(children=[form], titles=("Accept a finding",))


def environment_form(assessment: Assessment, path: str) -> widgets.Widget | None:
    """A form that gives accounts without an environment one, by their ids."""
    ownership = assessment.facts.ownership
    options = [
        (" ".join(filter(None, (account.id, account.name, account.ou_path))), account.id)
        for account in active_accounts(assessment.facts)
        if ownership.environment(account.id).value is None
    ]
    if not options:
        return None
    accounts, pick = _picker(options, "Accounts", widgets.SelectMultiple)
    environment = widgets.Dropdown(
        options=ENVIRONMENTS, value=None, description="Environment", **_SHAPE
    )

    def save() -> str:
        _require({"accounts": accounts.value, "an environment": environment.value})
        for account in accounts.value:
            save_environment(path, EnvironmentRule(account=account, environment=environment.value))
        return f"{plural(len(accounts.value), 'account')} put down as {environment.value}"

    return _form("Accounts without an environment", (pick, accounts, environment), save, path)


def least_match(finding: Finding, failing: Iterable[Finding]) -> Mapping[str, str]:
    """What an exception has to name to take in a finding and, as far as can be, no other.

    Account and resource; region and key only where others of the check share both.
    """
    rule = ExceptionRule(
        check=finding.check,
        match={"account": finding.account_id},
        reason="",
        owner="",
        expires=date.max,
    )
    for part in ("resource", "region", "key"):
        value = getattr(finding, part)
        if value and (part == "resource" or len(_taken_in(rule, failing)) > 1):
            rule = replace(rule, match={**rule.match, part: glob.escape(value)})
    return rule.match


def _taken_in(rule: ExceptionRule, failing: Iterable[Finding]) -> list[Finding]:
    return [
        each
        for each in failing
        if rule.matches(each.check, each.account_id, each.resource, each.region, each.key)
    ]


def _finding_options(assessment: Assessment, failing: Iterable[Finding]) -> Options:
    names = account_names(assessment.facts)
    return [
        (f"{each.check} · {names[each.account_id]} · {each.resource} · {each.title}", each)
        for each in failing
    ]


def _answer_form(
    path: str, id_: str, question: Question, answer: Answer | None = None
) -> widgets.Widget:
    choices = [*((each.label, each.id) for each in question.choices), (DONT_KNOW_LABEL, DONT_KNOW)]
    choice = widgets.RadioButtons(
        options=choices,
        value=answer.choice if answer else None,
        description="Answer",
        **_SHAPE,
    )
    given = answer or Answer(choice="", on=datetime.now(UTC).date())
    note, evidence = (
        _text("Note", widgets.Textarea, given.note),
        _text("Evidence", value=given.evidence),
    )
    by, on = _text("Answered by", value=given.by), _day("On", given.on)

    def save() -> str:
        _require({"an answer": choice.value})
        new = Answer(
            choice=choice.value, note=note.value, evidence=evidence.value, by=by.value, on=on.value
        )
        save_answer(path, id_, new)
        return f"The answer to {id_} is saved"

    return _form(f"{id_} {question.text}", (choice, note, evidence, by, on), save, path)


def _form(
    heading: str, fields: Iterable[widgets.Widget], save: Callable[[], str], path: str
) -> widgets.Widget:
    """Fields with a button, which says below it what came of `save`."""
    button = widgets.Button(description="Save", button_style="primary")
    said = widgets.HTML()

    def click(_: Any) -> None:
        try:
            said.value = _shown(f"{save()} in {path}. {SAVED}")
        except AwsbasicsError as error:
            said.value = _shown(f"Not saved: {error}")

    button.on_click(click)
    title = widgets.HTML(f"<strong>{_shown(heading)}</strong>")
    return widgets.VBox([title, *fields, button, said], layout={"margin": "0 0 1.5em 0"})


def _picker(options: Options, label: str, kind: Any) -> tuple[widgets.Widget, widgets.Widget]:
    """A list of which nothing is chosen at first, and a field that narrows it down."""
    chosen = kind(rows=min(len(options), 10), description=label, **_SHAPE)
    pick = widgets.Text(
        description="Filter", placeholder="part of a name", continuous_update=True, **_SHAPE
    )

    def narrow(_: Any = None) -> None:
        wanted = pick.value.casefold()
        found = [
            (visible(clip(name)), value) for name, value in options if wanted in name.casefold()
        ]
        chosen.options = found[:MOST_LISTED]
        chosen.index = () if kind is widgets.SelectMultiple else None

    pick.observe(narrow, "value")
    narrow()
    return chosen, pick


def _require(given: Mapping[str, Any]) -> None:
    missing = [
        what
        for what, value in given.items()
        if not (value.strip() if isinstance(value, str) else value)
    ]
    if missing:
        raise UsageError(f"give {', '.join(missing)}")


def _text(label: str, kind: Any = widgets.Text, value: str = "") -> widgets.Widget:
    return kind(value=value, description=label, **_SHAPE)


def _day(label: str, value: date | None = None) -> widgets.Widget:
    return widgets.DatePicker(value=value, description=label, style=_SHAPE["style"])


def _shown(text: str) -> str:
    """Text as HTML that shows it and nothing else, its lines kept."""
    return f'<span style="white-space: pre-wrap">{escape(visible(text))}</span>'


_SHAPE: Mapping[str, Any] = {
    "style": {"description_width": "7em"},
    "layout": {"width": "min(48em, 98%)"},
}
