"""What a snapshot suggests for an engagement file: environments, patterns of names, tag keys.

Suggestions are for a person to look over; nothing is assessed by them until they stand in a file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from awsbasics.engagement.model import DEFAULT_PHASES, Engagement, EnvironmentRule
from awsbasics.iam.policy import parse_policy
from awsbasics.ownership.accounts import account_frame
from awsbasics.ownership.tags import find_tag, read_tags
from awsbasics.patterns import first_match

if TYPE_CHECKING:
    from awsbasics.snapshot import Snapshot

# What OUs and accounts are called beside the words for phases; AWS's own structure has Security
# and Infrastructure ("Organizing Your AWS Environment Using Multiple Accounts", recommended OUs).
WORDS: Mapping[str, str] = {
    **DEFAULT_PHASES,
    "sandboxes": "sandbox",
    "security": "security",
    "audit": "security",
    "log": "security",
    "logs": "security",
    "logging": "security",
    "infrastructure": "infrastructure",
    "infra": "infrastructure",
    "network": "infrastructure",
    "networking": "infrastructure",
    "shared": "infrastructure",
}
NEGATIONS = frozenset({"non", "nonprod", "pre", "preprod", "not"})
ENVIRONMENT_TAGS = ("environment", "env", "stage", "phase")

STACKS = (
    "{application}-{environment}",
    "{environment}-{application}",
    "{application}-{environment}-*",
    "{environment}-{application}-*",
    "*-{application}-{environment}",
)
GROUPS = (
    "team-{team}",
    "{team}-team",
    "{team}-developers",
    "{team}-engineers",
    "developers-{team}",
    "team-{team}-*",
    "/teams/{team}/*",
)
PERMISSION_SETS = ("team-{team}", "{team}-*", "{environment}-{team}", "team-{team}-*")
SECRETS = (
    "{phase}/{application}/{item}",
    "/{phase}/{application}/{item}",
    "{application}/{phase}/{item}",
    "{phase}-{application}-{item}",
    "{application}-{phase}-{item}",
)
TAGGED = ("tagging_resources", "iam_roles", "cloudformation_stacks")
FEWEST = 2
MOST_PATTERNS = 3
MOST_LISTED = 20


class Fit(NamedTuple):
    """A pattern of names and how many of the names seen fit it, or it and no earlier one."""

    pattern: str
    names: int


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns that fit most names, the best first; `seen` is how many names there are."""

    fits: tuple[Fit, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A rule for the environment of accounts, and the labels of those that it takes in."""

    rule: EnvironmentRule
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Everything that one snapshot suggests.

    `unclassified` are the ids and labels of accounts that no suggested rule takes in. `tag_keys`
    and `trusted` come with how often they are used. `applications` and `teams` are those that
    the patterns find, `automation` the users who have access keys and no password.
    """

    environments: tuple[Suggested, ...] = ()
    unclassified: tuple[tuple[str, str], ...] = ()
    tag_keys: tuple[tuple[str, int], ...] = ()
    stacks: Patterns = Patterns((), 0)
    groups: Patterns = Patterns((), 0)
    permission_sets: Patterns = Patterns((), 0)
    secrets: Patterns = Patterns((), 0)
    applications: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    automation: tuple[str, ...] = ()
    trusted: tuple[tuple[str, int], ...] = ()


def suggest(snapshot: "Snapshot") -> Suggestions:
    """What to begin an engagement file with; a table that was not read suggests nothing."""
    accounts = snapshot.frame("organizations_accounts")
    environments = tuple(_environments(snapshot, accounts))
    rules = tuple(each.rule for each in environments)
    classified = _classified(snapshot, accounts, rules)
    stacks = _names(snapshot, "cloudformation_stacks")
    groups = [
        *_names(snapshot, "iam_groups"),
        *_names(snapshot, "identitystore_groups", "display_name"),
    ]
    group_patterns = _patterns(GROUPS, groups)
    teams = _found("team", group_patterns, groups)
    stack_patterns = _patterns(STACKS, stacks)
    sets = _names(snapshot, "sso_permission_sets")
    return Suggestions(
        environments=environments,
        unclassified=tuple(_without_environment(classified)),
        tag_keys=tuple(_tag_keys(snapshot)),
        stacks=stack_patterns,
        groups=group_patterns,
        permission_sets=_patterns(PERMISSION_SETS, sets, teams),
        secrets=_patterns(SECRETS, _names(snapshot, "secretsmanager_secrets")),
        applications=_found("application", stack_patterns, stacks),
        teams=teams,
        automation=tuple(_automation(snapshot)),
        trusted=tuple(_trusted(snapshot)),
    )


def _environments(snapshot: "Snapshot", accounts: pd.DataFrame) -> Iterator[Suggested]:
    """Rules by OU, the deepest first; then by account tag; then by id, where a name tells."""
    paths = {path for path in accounts["ou_path"].dropna() if path}
    rules: list[EnvironmentRule] = []
    for path in sorted(paths, key=lambda path: (-path.count("/"), path)):
        environment = environment_in(path.rpartition("/")[2])
        if environment and not re.search(r"[*?\[]", path):
            rules.append(EnvironmentRule(environment=environment, ou=path))
    rules += _by_tag(snapshot, accounts, rules)
    rules += _by_name(snapshot, accounts, rules)
    taken = _classified(snapshot, accounts, rules)
    for rule in rules:
        own = taken[taken["rule"] == str(rule)]
        if len(own):
            yield Suggested(rule, tuple(_label(*row) for row in _places(own)))


def _by_tag(
    snapshot: "Snapshot", accounts: pd.DataFrame, rules: Sequence[EnvironmentRule]
) -> list[EnvironmentRule]:
    left = {id_ for id_, _ in _without_environment(_classified(snapshot, accounts, rules))}
    found: dict[tuple[str, str], EnvironmentRule] = {}
    for id_, tags in zip(accounts["id"], accounts["tags"], strict=True):
        tag = find_tag(read_tags(tags), ENVIRONMENT_TAGS) if id_ in left else None
        environment = environment_in(tag[1]) if tag else None
        if tag and environment and not re.search(r"[*?\[]", tag[1]):
            found[tag] = EnvironmentRule(environment=environment, tag=tag[0], value=tag[1])
    return [found[tag] for tag in sorted(found)]


def _by_name(
    snapshot: "Snapshot", accounts: pd.DataFrame, rules: Sequence[EnvironmentRule]
) -> list[EnvironmentRule]:
    left = _without_environment(_classified(snapshot, accounts, rules))
    names = dict(zip(accounts["id"], accounts["name"].astype(object), strict=True))
    found = [(id_, environment_in(str(names.get(id_, "")))) for id_, _ in left]
    return [EnvironmentRule(environment=each, account=id_) for id_, each in found if each]


def environment_in(name: str) -> str | None:
    """The one environment that a name's words speak of, None for none or several.

    `non-prod` and `preprod` say what a thing is not.
    """
    words = [word for word in re.split(r"[^a-z]+", name.casefold()) if word]
    if NEGATIONS & set(words):
        return None
    found = {WORDS[word] for word in words if word in WORDS}
    return found.pop() if len(found) == 1 else None


def _classified(
    snapshot: "Snapshot", accounts: pd.DataFrame, rules: Sequence[EnvironmentRule]
) -> pd.DataFrame:
    return account_frame(
        accounts, tuple(rules), snapshot.gathered_accounts, snapshot.management_account_id
    )


def _without_environment(classified: pd.DataFrame) -> list[tuple[str, str]]:
    left = classified[classified["environment"].isna() & (classified["status"] != "SUSPENDED")]
    return [(row[0], _label(*row)) for row in _places(left)]


def _places(classified: pd.DataFrame) -> list[tuple[str, str, str]]:
    columns = (classified[each].fillna("").tolist() for each in ("account_id", "name", "ou_path"))
    return list(zip(*columns, strict=True))


def _label(id_: str, name: str, path: str) -> str:
    return " ".join(part for part in (id_, name, f"in {path}" if path else "") if part)


def _names(snapshot: "Snapshot", table: str, column: str = "name") -> list[str]:
    return [str(name) for name in snapshot.frame(table)[column].dropna()]


def _patterns(
    candidates: Sequence[str], names: Sequence[str], teams: Sequence[str] = ()
) -> Patterns:
    """The candidates that fit most names, one after the other, while each fits some more.

    With `teams` a name fits only if the team in it is one of them.
    """
    left = sorted(set(names))
    seen, fits = len(left), list[Fit]()
    while len(fits) < MOST_PATTERNS:
        best = max(candidates, key=lambda each: len(_fitting(each, left, teams)))
        fitting = _fitting(best, left, teams)
        if len(fitting) < (FEWEST if fits or seen >= FEWEST else 1):
            break
        fits.append(Fit(best, len(fitting)))
        left = [name for name in left if name not in fitting]
    return Patterns(tuple(fits), seen)


def _fitting(pattern: str, names: Iterable[str], teams: Sequence[str]) -> dict[str, str]:
    """The names that fit a pattern, with the application or team that each is about."""
    compiled = Engagement().compile((pattern,))
    found: dict[str, str] = {}
    for name in names:
        values = (first_match(compiled, name) or (None, None))[1]
        owner = values and (values.get("team") or values.get("application"))
        if owner and (not teams or owner in teams):
            found[name] = owner
    return found


def _found(what: str, patterns: Patterns, names: Sequence[str]) -> tuple[str, ...]:
    """The applications or teams that patterns find in names."""
    compiled = Engagement().compile(fit.pattern for fit in patterns.fits)
    matches = (first_match(compiled, name) for name in set(names))
    return tuple(sorted({match[1][what] for match in matches if match}))


def _tag_keys(snapshot: "Snapshot") -> Iterator[tuple[str, int]]:
    """The keys of tags, most used first; AWS's own are left out."""
    counts: Counter[str] = Counter()
    for table in TAGGED:
        for tags in snapshot.frame(table)["tags"]:
            counts.update(key for key in read_tags(tags) if not key.startswith("aws:"))
    return iter(sorted(counts.most_common(MOST_LISTED), key=lambda each: (-each[1], each[0])))


def _automation(snapshot: "Snapshot") -> Iterator[str]:
    """The names of users that have an access key in use and no password."""
    frame = snapshot.frame("iam_credential_report")
    keys = frame["access_key_1_active"].eq(True) | frame["access_key_2_active"].eq(True)
    users = frame[keys & ~frame["password_enabled"].eq(True)]["user"]
    return iter(sorted({str(name) for name in users} - {"<root_account>"})[:MOST_LISTED])


def _trusted(snapshot: "Snapshot") -> Iterator[tuple[str, int]]:
    """The accounts outside the organization that roles trust, and by how many."""
    own = {*snapshot.frame("organizations_accounts")["id"], *snapshot.gathered_accounts}
    counts: Counter[str] = Counter()
    for trust in snapshot.frame("iam_roles")["trust_policy"].dropna():
        found = {
            match[0]
            for statement in parse_policy(trust).statements
            for principal in statement.principals
            if (match := re.search(r"(?<![0-9])[0-9]{12}(?![0-9])", principal.id))
        }
        counts.update(found - own)
    return iter(sorted(counts.most_common(MOST_LISTED), key=lambda each: (-each[1], each[0])))
