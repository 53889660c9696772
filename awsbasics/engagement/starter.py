"""A commented engagement file to begin with: every key, every question, what a snapshot suggests.

What a person has to decide stands in comments or is left empty, so that a starter that nobody
has edited answers nothing. Names from AWS are quoted as YAML wants it, or made harmless in
comments.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from awsbasics.engagement import model
from awsbasics.engagement.paste import open_answers
from awsbasics.engagement.suggest import Patterns, Suggested, Suggestions
from awsbasics.errors import UsageError

if TYPE_CHECKING:
    from awsbasics.recommendations.base import Question

MOST_NAMED = 8
_UNFIT = re.compile(r"[^\x20-\x7e\u00a1-\u167f\u1681-\u1fff\u2070-\u2fff\u3001-\ud7ff]")
_DEFAULTS = model.Engagement()


def write_starter(
    path: Path, questions: Mapping[str, "Question"], suggestions: Suggestions | None = None
) -> None:
    """Write a starter to a new file; UsageError where there is one already."""
    text = starter(questions, suggestions)
    try:
        with path.open("x", encoding="utf-8") as file:  # never in the place of another
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already; give another name, or edit it") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def starter(questions: Mapping[str, "Question"], suggestions: Suggestions | None = None) -> str:
    """The text of a starter; `questions` are the checks' by the ids that answers have."""
    seen = suggestions or Suggestions()
    parts = (
        _HEADER,
        _environments(seen),
        _phases(),
        _applications(seen),
        _teams(seen),
        _roles(),
        _humans(seen),
        _secrets(seen),
        _access(seen),
        _thresholds(),
        "# What only people know. An answer counts once its `choice` is filled in.\n"
        + open_answers(questions),
        _FOOTER,
    )
    return "\n".join(parts)


def _environments(seen: Suggestions) -> str:
    lines = [
        "# Which environment each account is; the first rule that fits counts. Rules go by `ou`",
        "# (with all below it), `tag` and `value`, `name` or `account`. There are:",
        f"# {', '.join(model.ENVIRONMENTS)}.",
        *(["# Suggested by names and tags: look them over."] if seen.environments else []),
        "environments:",
        *(line for each in seen.environments for line in _rule(each)),
    ]
    if not seen.environments:
        lines += [
            "  # - {ou: Workloads/Prod, environment: production}",
            '  # - {account: "111122223333", environment: sandbox}',
        ]
    if seen.unclassified:
        lines += ["  # Accounts that nothing suggests an environment for:"]
        lines += [
            f'  # - {{account: "{_comment(id_)}", environment: }}  # {_comment(label)}'
            for id_, label in seen.unclassified
        ]
    return _text(lines)


def _rule(suggested: Suggested) -> Iterator[str]:
    rule = suggested.rule
    parts = {key: getattr(rule, key) for key in ("ou", "account", "name", "tag", "value")}
    given = {key: value for key, value in parts.items() if value is not None}
    yield f"  # {_named(suggested.accounts)}"
    yield f"  - {_flow({**given, 'environment': rule.environment})}"


def _phases() -> str:
    return _text(
        [
            "# Words in names, and the environment that each stands for. These are the defaults;",
            "# your own list takes their place.",
            "# phases:",
            *(f"#   {word}: {environment}" for word, environment in _DEFAULTS.phases.items()),
        ]
    )


def _applications(seen: Suggestions) -> str:
    lines = [
        "# How an application is known: by tags of resources and stacks, by names of stacks, by",
        "# other names. {application} may hold dashes; {environment} stands for the words above.",
    ]
    if seen.tag_keys:
        used = (f"{key} ({count:,})" for key, count in seen.tag_keys)
        lines.append(f"# Tags in use: {_named(list(used))}.")
    lines += _fits(seen.stacks, "stack names")
    if seen.applications:
        lines.append(f"# Applications found so: {_named(seen.applications)}.")
    default = _DEFAULTS.applications
    return _text(
        [
            *lines,
            "applications:",
            f"  tags: {_flow(list(default.tags))}",
            f"  stack_pattern: {_flow(_chosen(seen.stacks, default.stack_pattern))}",
            f"  # name_pattern: {_flow(list(default.name_pattern))}",
        ]
    )


def _teams(seen: Suggestions) -> str:
    default = _DEFAULTS.teams
    lines = [
        "# How a team is known by the names of groups and permission sets, and which applications",
        "# each team maintains.",
        *_fits(seen.groups, "names of groups"),
        *_fits(seen.permission_sets, "names of permission sets"),
        "teams:",
        f"  group_pattern: {_flow(_chosen(seen.groups, default.group_pattern))}",
        "  permission_set_pattern: "
        + _flow(_chosen(seen.permission_sets, default.permission_set_pattern)),
        "  maintain:",
    ]
    lines += [f"    {_flow(team)}: []" for team in seen.teams] or ["    # payments: [billing]"]
    return _text(lines)


def _roles() -> str:
    roles = _DEFAULTS.roles
    return _text(
        [
            "# Names of roles with a special task. Those that provision accounts (Control Tower,",
            "# StackSets, the CDK) are known; `provisioning` takes the place of that list.",
            "roles:",
            f"  deployment: {_flow(list(roles.deployment))}",
            f"  break_glass: {_flow(list(roles.break_glass))}",
        ]
    )


def _humans(seen: Suggestions) -> str:
    lines = ["# Which IAM users are people.", 'humans:\n  users: "*"']
    if seen.automation:
        lines.append(f"  # With access keys and no password: {_named(seen.automation)}")
    return _text([*lines, "  exclude: []"])


def _secrets(seen: Suggestions) -> str:
    return _text(
        [
            "# How secrets are named, and those that several applications share on purpose.",
            *_fits(seen.secrets, "names of secrets"),
            f"secret_names: {_flow(_chosen(seen.secrets, _DEFAULTS.secret_names))}",
            "shared_secrets: []",
        ]
    )


def _access(seen: Suggestions) -> str:
    expected = ", ".join(f"{k}: {v}" for k, v in _DEFAULTS.expected_access.items())
    lines = [
        "# What a team may do to its own applications: none, read, write or administer.",
        f"expected_access: {{{expected}}}",
        "",
        "# Accounts outside the organization that may be trusted.",
    ]
    lines += [
        f'# - "{_comment(account)}"  # trusted by {count:,} role{"s" if count > 1 else ""}'
        for account, count in seen.trusted
    ]
    return _text(
        [
            *lines,
            "trusted_accounts: []",
            "# Address ranges from which developers come, such as 198.51.100.0/24.",
            "vpn_ranges: []",
            "# VPCs that are meant to face the Internet: patterns of ids or Name tags.",
            f"dmz_vpcs: {_flow(list(_DEFAULTS.dmz_vpcs))}",
            "# What may lie in the management account: patterns of ARNs or ids.",
            "allow: {management_account: []}",
        ]
    )


def _thresholds() -> str:
    given = (f"#   {key}: {value:g}" for key, value in _DEFAULTS.thresholds.items())
    return _text(["# Limits that checks use; these are the defaults.", "# thresholds:", *given])


def _fits(patterns: Patterns, what: str) -> Iterator[str]:
    if patterns.seen:
        fitting = sum(fit.names for fit in patterns.fits)
        yield f"# {fitting:,} of {patterns.seen:,} {what} fit the pattern."


def _chosen(patterns: Patterns, default: Sequence[str]) -> list[str]:
    return [fit.pattern for fit in patterns.fits] or list(default)


def _named(names: Sequence[str]) -> str:
    """Names for a comment: the first few, and how many more there are."""
    shown = ", ".join(_comment(name) for name in names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def _comment(text: str) -> str:
    """Text that cannot end a comment: on one line, of characters that YAML allows."""
    return _UNFIT.sub("?", text)[:80]


def _flow(value: Any) -> str:
    """A value on one line, quoted where YAML asks for it."""
    dumped = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, allow_unicode=False, width=100_000
    )
    return dumped.removesuffix("...\n").strip()


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


_HEADER = """\
# The engagement file: what an assessment needs to know and no API tells. Everything is optional.
# `awsbasics engagement check FILE` finds mistakes; `awsbasics assess SNAPSHOT -e FILE` uses it.

client:
assessor:
confidentiality:
"""

_FOOTER = """\
# Findings that someone accepts until a date. `match` takes account, resource, region and key.
exceptions:
  # - check: SG.4
  #   match: {account: "111122223333", resource: sg-0123456789abcdef0}
  #   reason: The partner's address moves in spring
  #   owner: team payments
  #   approved_by: Head of security
  #   expires: 2027-01-31

# The assessor's notes and own ratings, by recommendation.
notes:
  # R05: {text: The teams have agreed on it for spring., by: A. Assessor, on: 2026-11-01}
overrides:
  # R09: {rating: partly_met, reason: The new network is half built., by: A. Assessor}
"""
