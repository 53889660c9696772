"""Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, `${*}`, `${?}`, `${$}`.

Source: the IAM user guide, "IAM policy elements: Variables and tags". Variables came with
version 2012-10-17 of the language: before it they are plain text. What a variable stands for
is plain text too: a `*` in a user's tag is no wildcard. A variable whose key is absent (or has
several values) and that has no default is null: the pattern matches nothing, and what asks for
that which does *not* match it (NotResource, StringNotEquals) is true of everything.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from awsbasics.iam.context import Context
from awsbasics.iam.patterns import ANY, Token, tokens_of

VERSION_WITH_VARIABLES = "2012-10-17"
VERSIONS = frozenset({"2008-10-17", VERSION_WITH_VARIABLES})

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_WITH_DEFAULT = re.compile(r"([^,']*),\s*'([^']*)'\s*")
_SPECIAL = frozenset({"*", "?", "$"})


@dataclass(frozen=True, slots=True)
class Variable:
    """A place to be filled from the context; `key` in small letters, `shown` as written."""

    key: str
    shown: str
    default: str | None = None


Template = tuple[Token | Variable, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template after a look at the context.

    `tokens` is None where a variable cannot be resolved. `unknown` names the keys that are not
    known; their places are filled with `*`, so what does not match now never will.
    """

    tokens: tuple[Token, ...] | None
    unknown: tuple[Variable, ...] = ()


def parse(text: str, *, variables: bool, wildcards: bool) -> Template:
    """A pattern's literals, wildcards and variables; `*` is plain text where not `wildcards`."""
    if not variables or "${" not in text:
        return _plain(text, wildcards=wildcards)
    parts: list[Token | Variable] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        parts += _plain(text[end : match.start()], wildcards=wildcards)
        parts.append(match[1] if match[1] in _SPECIAL else _variable(match[1]))
        end = match.end()
    return (*parts, *_plain(text[end:], wildcards=wildcards))


def variables_in(template: Template) -> tuple[Variable, ...]:
    """The variables of a template."""
    return tuple(part for part in template if isinstance(part, Variable))


def constant(template: Template) -> tuple[Token, ...] | None:
    """The tokens of a template without variables; None if it has some."""
    tokens = tuple(part for part in template if not isinstance(part, Variable))
    return tokens if len(tokens) == len(template) else None


def fill(template: Template, context: Context) -> Filled:
    """The template with its variables replaced by their values."""
    tokens: list[Token] = []
    unknown: list[Variable] = []
    for part in template:
        if not isinstance(part, Variable):
            tokens.append(part)
            continue
        values = context.get(part.key)
        if values is None:
            unknown.append(part)
            tokens += [] if tokens[-1:] == [ANY] else [ANY]
        elif len(values) == 1:
            tokens += values
        elif part.default is not None:
            tokens.append(part.default)
        else:
            return Filled(None)
    return Filled(tuple(tokens), tuple(unknown))


def lowered(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """The tokens with their literals in small letters."""
    return tuple(token.lower() if isinstance(token, str) else token for token in tokens)


def _plain(text: str, *, wildcards: bool) -> tuple[Token, ...]:
    if wildcards:
        return tokens_of(text)
    return (text,) if text else ()


def _variable(body: str) -> Variable:
    match = _WITH_DEFAULT.fullmatch(body)
    shown = (match[1] if match else body).strip()
    return Variable(shown.lower(), shown, match[2] if match else None)
