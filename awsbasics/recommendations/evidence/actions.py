"""IAM actions by what they do: access level, and whether a policy can name their resources.

The vocabulary is that of `awsbasics.iam.vocabulary`. What it lacks is reported as unknown, never
taken for harmless.
"""

from collections.abc import Iterable
from fnmatch import translate
from functools import lru_cache
from re import IGNORECASE
from re import compile as compile_regex

from awsbasics.iam.vocabulary import LEVELS, Action, service_actions

__all__ = ["LEVELS", "Action", "is_whole_service", "matching", "service_actions", "weightiest"]


@lru_cache(maxsize=65536)
def matching(pattern: str) -> tuple[Action, ...]:
    """The actions that `service:Pattern` takes in, in any case; none for a bare `*`."""
    service, _, name = pattern.partition(":")
    actions = service_actions(service.casefold())
    if "*" not in name and "?" not in name:
        wanted = f"{service}:{name}".casefold()
        return tuple(action for action in actions if action.name.casefold() == wanted)
    fits = compile_regex(translate(name.replace("[", "[[]")), IGNORECASE)
    return tuple(action for action in actions if fits.match(action.name.partition(":")[2]))


def weightiest(levels: Iterable[str]) -> str:
    """The level that weighs most; `Write` for one that is not known."""
    known = [LEVELS.index(level) if level in LEVELS else 1 for level in levels]
    return LEVELS[min(known, default=1)]


def is_whole_service(pattern: str) -> bool:
    """Whether a pattern takes in every action of a service, or of all: `*`, `s3:*`."""
    service, colon, name = pattern.partition(":")
    return set(name if colon else service) == {"*"}
