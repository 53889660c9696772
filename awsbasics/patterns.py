"""Name patterns: `{application}-{environment}`, `team-{team}`, `{phase}/{application}/{item}`.

A placeholder stands for one or more characters, `*` for any number. Each takes as little as
the text allows; the last one takes the rest, so that in `{phase}/{application}/{item}` the
item of `prod/billing/db/password` is `db/password`. Only `{item}` may hold a `/`.
`{environment}` and `{phase}` match known words only, in any case, the longest first: that is
why `{application}` may hold dashes.

Matching searches one fixed part after the other and never goes back, so its time is linear
in the text, whatever the text holds.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

PLACEHOLDERS = ("application", "environment", "phase", "team", "item")
WORD_PLACEHOLDERS = frozenset({"environment", "phase"})
MAX_PATTERN = 256
MAX_TEXT = 2048

_TOKEN = re.compile(r"\{([^{}]*)\}|(\*+)|([{}])")
_NOTHING = r"(?!)"


class PatternError(ValueError):
    """A pattern that cannot be used; the message says why, in words for its author."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """A stretch of any text: a placeholder's, or `*` (empty name)."""

    name: str

    @property
    def shortest(self) -> int:
        return 1 if self.name else 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: fixed parts, with a gap between each two of them."""

    text: str
    fixed: tuple[re.Pattern[str], ...]
    gaps: tuple[_Gap, ...]

    def match(self, text: str) -> dict[str, str] | None:
        """What each placeholder stands for when the whole text fits; None when it does not."""
        if len(text) > MAX_TEXT:
            return None
        found = self.fixed[0].match(text)
        if found is None:
            return None
        values = found.groupdict()
        for gap, fixed in zip(self.gaps, self.fixed[1:], strict=True):
            start = found.end()
            found = fixed.search(text, start + gap.shortest)
            if found is None or found.start() < start + gap.shortest:
                return None
            values |= found.groupdict()
            if gap.name:
                values[gap.name] = text[start : found.start()]
        return None if _crosses_a_slash(values) else values


@lru_cache(maxsize=1024)
def compile_pattern(
    text: str,
    environments: tuple[str, ...] = (),
    phases: tuple[str, ...] = (),
    allowed: tuple[str, ...] = PLACEHOLDERS,
) -> Pattern:
    """The pattern that a text describes, with the words that `{environment}` and `{phase}` match.

    Raises PatternError for an unknown or repeated placeholder, for two neighbours that could
    divide a text in several ways, for a stray brace, and for a pattern over 256 characters.
    """
    if len(text) > MAX_PATTERN:
        raise PatternError(f"is longer than {MAX_PATTERN} characters")
    words = {"environment": environments, "phase": phases}
    fixed, gaps = [""], list[_Gap]()
    for name, literal in _tokens(text, allowed):
        if name in WORD_PLACEHOLDERS:
            fixed[-1] += _words(name, words[name])
        elif literal:
            fixed[-1] += re.escape(literal)
        else:
            _refuse_neighbours(fixed, gaps, name)
            gaps.append(_Gap(name))
            fixed.append("")
    fixed = _bounded(fixed, gaps)
    return Pattern(text, tuple(re.compile(part) for part in fixed), tuple(gaps))


def first_match(patterns: Iterable[Pattern], text: str) -> tuple[Pattern, dict[str, str]] | None:
    """The first pattern that a text fits, with its values."""
    for pattern in patterns:
        values = pattern.match(text)
        if values is not None:
            return pattern, values
    return None


def placeholders(text: str) -> frozenset[str]:
    """The names between braces in a pattern, known or not."""
    return frozenset(match[1] for match in _TOKEN.finditer(text) if match[1] is not None)


def _tokens(text: str, allowed: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pairs (placeholder, literal), of which one is empty; both are for `*`."""
    tokens: list[tuple[str, str]] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            tokens.append(("", text[end : match.start()]))
        tokens.append((_placeholder(match, tokens, allowed), ""))
        end = match.end()
    if end < len(text):
        tokens.append(("", text[end:]))
    return tokens


def _placeholder(
    match: re.Match[str], before: list[tuple[str, str]], allowed: tuple[str, ...]
) -> str:
    name = match[1]
    if match[3]:
        raise PatternError(f"has a stray {match[3]!r}")
    if name is None:
        return ""
    if name not in allowed:
        known = ", ".join(f"{{{each}}}" for each in allowed)
        raise PatternError(f"has the unknown placeholder {{{name}}}; known here: {known}")
    if (name, "") in before:
        raise PatternError(f"has {{{name}}} twice")
    return name


def _words(name: str, words: tuple[str, ...]) -> str:
    longest_first = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
    alternatives = "|".join(re.escape(word) for word in longest_first) or _NOTHING
    return f"(?P<{name}>(?i:{alternatives}))"


def _refuse_neighbours(fixed: list[str], gaps: list[_Gap], name: str) -> None:
    if not gaps or fixed[-1]:
        return
    pair = [f"{{{each}}}" if each else "`*`" for each in (gaps[-1].name, name)]
    raise PatternError(f"has {pair[0]} right before {pair[1]}: put something between them")


def _bounded(fixed: list[str], gaps: list[_Gap]) -> list[str]:
    """The fixed parts, the last bound to the text's end, and no word cut short by a `*`.

    Literals are escaped, so only a word's group can begin or end a part with bare parentheses.
    """
    parts = list(fixed)
    for index, gap in enumerate(gaps):
        if gap.name:
            continue
        if parts[index].endswith("))"):
            parts[index] += r"(?![A-Za-z0-9])"
        if parts[index + 1].startswith("(?P<"):
            parts[index + 1] = r"(?<![A-Za-z0-9])" + parts[index + 1]
    parts[-1] += r"\Z"
    return parts


def _crosses_a_slash(values: dict[str, str]) -> bool:
    return any("/" in value for name, value in values.items() if name != "item")
