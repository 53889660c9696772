"""Tags as a plain mapping, whatever form they come in."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

NO_TAGS: Mapping[str, str] = MappingProxyType({})

# AWS allows 50 tags of 128 + 256 characters; anything far larger is not a set of tags. Only
# small ones, which many resources share, are worth remembering.
MAX_TEXT = 1 << 18
MAX_REMEMBERED = 1 << 12


def read_tags(tags: object) -> Mapping[str, str]:
    """Tags from a mapping or JSON object text; empty for null, NaN and what is neither."""
    if not isinstance(tags, str):
        return _clean(tags)
    if len(tags) <= MAX_REMEMBERED:
        return _remembered(tags)
    return _parse(tags) if len(tags) <= MAX_TEXT else NO_TAGS


def find_tag(tags: Mapping[str, str], keys: Iterable[str]) -> tuple[str, str] | None:
    """The first of the keys (in any case) that has a value: the tag's own key, and the value."""
    if not tags:
        return None
    by_folded: dict[str, str] = {}
    for key in tags:
        by_folded.setdefault(key.casefold(), key)
    for wanted in keys:
        found = wanted if wanted in tags else by_folded.get(wanted.casefold())
        if found is not None and tags[found].strip():
            return found, tags[found].strip()
    return None


@lru_cache(maxsize=4096)
def _remembered(text: str) -> Mapping[str, str]:
    return _parse(text)


def _parse(text: str) -> Mapping[str, str]:
    try:
        return _clean(json.loads(text))
    except (ValueError, RecursionError):
        return NO_TAGS


def _clean(tags: Any) -> Mapping[str, str]:
    if not isinstance(tags, Mapping) or not tags:
        return NO_TAGS
    pairs = {k: v for k, v in tags.items() if isinstance(k, str) and isinstance(v, str)}
    return MappingProxyType(pairs)
