"""Policy documents and other nested answers as canonical JSON text.

boto3 decodes the policies of IAM's answers into dicts, an exported file may hold them
URL-encoded (RFC 3986) or as JSON text, and other services answer JSON text. In a snapshot
the same document is the same text, wherever it came from. What is no JSON is kept as it
came: a document that cannot be read must stay visible, and never stops a gather.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote


def canonical_json(value: Any) -> str:
    """Nested data as JSON text with sorted keys and without spaces.

    Text is taken for JSON, URL-encoded or not; text that is neither comes back unchanged.
    """
    document = policy_json(value) if isinstance(value, str) else value
    return document if isinstance(document, str) else _dumped(document)


def policy_json(value: Any) -> Any:
    """A document as data (a dict or a list), from a dict, JSON text or URL-encoded JSON text.

    Text that is neither comes back unchanged.
    """
    if not isinstance(value, str):
        return value
    for text in (value, unquote(value)):
        document = _loaded(text)
        if document is not None:
            return document
    return value


def _loaded(text: str) -> dict[str, Any] | list[Any] | None:
    """The object or list that a text holds; None for scalars and for what is no JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict | list) else None


def _dumped(document: Any) -> str:
    try:
        text = json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
        )
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: JSON can escape it, Parquet cannot hold it
        return json.dumps(document, sort_keys=True, separators=(",", ":"), default=_plain)
    except (TypeError, ValueError, RecursionError):  # keys of several types, a circle
        return str(document)
    return text


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, set | frozenset) else str(value)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
