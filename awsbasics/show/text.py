"""Text from strangers, made fit to be shown: nothing invisible, nothing endless.

Names, tags and descriptions in AWS are hostile input. Escaping is the templates' part;
here control characters and bidirectional overrides, which no escaping touches, become
visible, so that a name cannot reorder or hide what stands beside it.
"""

import re

CELL_LENGTH = 240
TEXT_LENGTH = 4000

# U+061C, U+200E/F, U+202A-202E and U+2066-2069 steer the direction of text; U+200B, U+2028/9,
# U+2060 and U+FEFF take no room; lone surrogates cannot be encoded at all.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def visible(text: str) -> str:
    """The text with every control and direction character written out, as in `[U+202E]`."""
    return _INVISIBLE.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def clip(text: str, length: int = CELL_LENGTH) -> str:
    """The text, or its beginning and how long it was; `length` is in characters."""
    if len(text) <= length:
        return text
    return f"{text[:length]}… ({len(text):,} characters)"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: `1 role`, `2 roles`, `3 policies`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def sentence_list(items: list[str], limit: int = 5) -> str:
    """`a, b and c`; past `limit` items it ends in `and 7 more`."""
    shown = items[:limit]
    if len(items) > limit:
        shown.append(f"{len(items) - limit:,} more")
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
