"""Reading an engagement file: what each key takes, and every mistake at once."""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsbasics.engagement import model
from awsbasics.engagement.nodes import Mistakes, read_nodes, shown
from awsbasics.engagement.parsers import (
    INVALID,
    Parser,
    account_id,
    all_or,
    color,
    day,
    did_you_mean,
    is_word,
    list_of,
    logo,
    name_pattern,
    network,
    one_of,
    positive_number,
    region,
    section,
    table,
    text,
)
from awsbasics.errors import EngagementError

if TYPE_CHECKING:
    from awsbasics.recommendations.base import Check, Question

MAX_BYTES = 1 << 20
RECOMMENDATIONS = tuple(f"R{number:02}" for number in range(1, 14))
Checks = Mapping[str, "Check"]


def load_engagement(path: str | os.PathLike[str], checks: Checks | None = None) -> model.Engagement:
    """The engagement file at a path, validated whole.

    `checks` are the checks that answers and exceptions may name (default: all of the kit's).
    Raises EngagementError with every mistake, each `file:line: text`.
    """
    return parse_engagement(_read(Path(path)), os.fspath(path), checks)


def parse_engagement(
    data: bytes, file: str = "engagement.yml", checks: Checks | None = None
) -> model.Engagement:
    """What an engagement file's bytes say; `file` is its name in mistakes. See load_engagement."""
    mistakes = Mistakes(file)
    engagement = _parse(_decoded(data, mistakes), mistakes, checks)
    if mistakes:
        raise EngagementError(mistakes.lines())
    return engagement


def _parse(content: str, mistakes: Mistakes, checks: Checks | None) -> model.Engagement:
    node = read_nodes(content, mistakes)
    if node is None:
        return model.Engagement()
    parsed = _engagement(_all_checks() if checks is None else checks)(node, mistakes)
    return model.Engagement() if parsed is INVALID else parsed


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            wanted = "give a YAML file, which may be empty to begin with"
            raise EngagementError([f"{path}:1: there is no such file; {wanted}"])
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise EngagementError([f"{path}:1: cannot be read: {error.strerror}"]) from None


def _decoded(data: bytes, mistakes: Mistakes) -> str:
    """The text; empty, with a mistake noted, where it is none."""
    if len(data) > MAX_BYTES:
        mistakes.add(1, f"larger than {MAX_BYTES >> 20} MiB: not an engagement file")
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.add(data.count(b"\n", 0, error.start) + 1, "not UTF-8 text")
        return ""


def _all_checks() -> Checks:
    # Imported late: the checks are modules that may themselves import the engagement's types.
    from awsbasics.recommendations import CHECKS

    return CHECKS


def _engagement(checks: Checks) -> Parser:
    questions = {id_: question for check in checks.values() for id_, question in check.questions}
    by_recommendation = _known(RECOMMENDATIONS, "recommendation")
    exception = section(
        model.ExceptionRule,
        {
            "check": one_of(tuple(checks), "check"),
            "match": _match,
            "reason": text,
            "owner": text,
            "approved_by": text,
            "expires": day,
        },
        required=("check", "match", "reason", "owner", "expires"),
        check=_some_match,
        with_line=True,
    )
    return section(
        model.Engagement,
        {
            **_DESCRIPTION,
            "answers": table(
                lambda id_: _answer(id_, questions[id_]), _answerable(checks, questions)
            ),
            "notes": table(lambda _: _note, by_recommendation),
            "overrides": table(lambda _: _override, by_recommendation),
            "exceptions": list_of(exception),
        },
    )


def _answer(id_: str, question: "Question") -> Parser:
    choices = (*(choice.id for choice in question.choices), model.DONT_KNOW)
    parsers = {
        "choice": one_of(choices, f"choice for {id_}"),
        "note": text,
        "evidence": text,
        "by": text,
        "on": day,
    }
    return section(model.Answer, parsers, required=("choice",))


def _known(names: tuple[str, ...], what: str) -> Callable[[str], str | None]:
    def wrong(key: str) -> str | None:
        return None if key in names else f"unknown {what} {shown(key)}{did_you_mean(key, names)}"

    return wrong


def _answerable(checks: Checks, questions: Collection[str]) -> Callable[[str], str | None]:
    def wrong(key: str) -> str | None:
        if key in questions:
            return None
        if key in checks:
            return f"{key} asks nothing, so it takes no answer"
        return f"unknown check {shown(key)}{did_you_mean(key, (*checks, *questions))}"

    return wrong


def _any_key(_: str) -> str | None:
    return None


def _phase_word(key: str) -> str | None:
    return None if is_word(key) else f"{shown(key)} cannot be a word in a name"


def _one_selector(values: Mapping[str, Any]) -> str | None:
    selectors = [key for key in ("ou", "account", "name", "tag") if key in values]
    if len(selectors) != 1:
        return "an environment rule has one of ou, account, name, tag"
    if "value" in values and selectors != ["tag"]:
        return "value belongs to tag"
    return None


def _some_match(values: Mapping[str, Any]) -> str | None:
    if values.get("match") != {}:
        return None
    return "match is empty: name an account, resource, region or key (`*` for all)"


_names = list_of(text)
_environment = one_of(model.ENVIRONMENTS, "environment")
_signed: Mapping[str, Parser] = {"by": text, "on": day}
_note = section(model.Note, {"text": text, **_signed}, required=("text",))
_override = section(
    model.Override,
    {"rating": one_of(model.RATINGS, "rating"), "reason": text, **_signed},
    required=("rating", "reason"),
)
_match = table(lambda _: text, _known(model.MATCH_PARTS, "key"))
_rule = section(
    model.EnvironmentRule,
    {
        "ou": text,
        "account": account_id,
        "name": text,
        "tag": text,
        "value": text,
        "environment": _environment,
    },
    required=("environment",),
    check=_one_selector,
)


def _patterns(required: str, *others: str) -> Parser:
    return list_of(name_pattern((required, "environment", "phase", *others), required))


# The keys that describe the client; answers, notes and exceptions follow in `_engagement`.
_DESCRIPTION: Mapping[str, Parser] = {
    "client": text,
    "assessor": text,
    "confidentiality": text,
    "branding": section(model.Branding, {"logo": logo, "color": color}),
    "scope": section(
        model.Scope, {"accounts": all_or(list_of(account_id)), "regions": all_or(list_of(region))}
    ),
    "environments": list_of(_rule),
    "phases": table(lambda _: _environment, _phase_word),
    "applications": section(
        model.Applications,
        {
            "tags": _names,
            "stack_pattern": _patterns("application", "team", "item"),
            "name_pattern": _patterns("application", "team", "item"),
        },
    ),
    "teams": section(
        model.Teams,
        {
            "tags": _names,
            "group_pattern": _patterns("team", "application", "item"),
            "permission_set_pattern": _patterns("team", "application", "item"),
            "maintain": table(lambda _: _names, _any_key),
        },
    ),
    "roles": section(
        model.Roles, {"deployment": _names, "break_glass": _names, "provisioning": _names}
    ),
    "humans": section(model.Humans, {"users": _names, "exclude": _names}),
    "secret_names": _patterns("application", "team", "item"),
    "shared_secrets": _names,
    "expected_access": table(
        lambda _: one_of(model.ACCESS_LEVELS, "access"),
        _known(model.ENVIRONMENTS, "environment"),
        model.DEFAULT_EXPECTED_ACCESS,
    ),
    "trusted_accounts": list_of(account_id),
    "vpn_ranges": list_of(network),
    "dmz_vpcs": _names,
    "allow": section(model.Allow, {"management_account": _names}),
    "thresholds": table(
        lambda _: positive_number,
        _known(tuple(model.DEFAULT_THRESHOLDS), "threshold"),
        model.DEFAULT_THRESHOLDS,
    ),
}
