"""Event records as typed rows: JSON texts in, an Arrow table out.

DuckDB takes the records apart, several times as fast as Python would, without holding other
threads up. It sees only the texts that it is given: no files, no network. A field of a
strange type is null, never an error; a record without name and time is no event.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from awsbasics.collect.events.columns import SCHEMA
from awsbasics.collect.events.parameters import (
    TRACED_SOURCES,
    WHOLE_SOURCES,
    kept_json,
    kept_text,
)

Origin = Literal["api", "log"]

MEMORY_LIMIT = "2GB"
CHUNK = 2**19
"""Bytes of texts that are taken apart together, if no text alone is more."""

_TEXT = (
    "awsRegion",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "sourceIPAddress",
    "userAgent",
    "vpcEndpointId",
)
_RECORD: Mapping[str, Any] = {
    **dict.fromkeys(_TEXT, "VARCHAR"),
    "userIdentity": {
        **dict.fromkeys(
            (
                "accessKeyId",
                "accountId",
                "arn",
                "identityProvider",
                "invokedBy",
                "principalId",
                "type",
                "userName",
            ),
            "VARCHAR",
        ),
        "onBehalfOf": {"userId": "VARCHAR"},
        "sessionContext": {
            "attributes": {"creationDate": "VARCHAR", "mfaAuthenticated": "VARCHAR"},
            "sessionIssuer": {"arn": "VARCHAR", "type": "VARCHAR"},
            "sourceIdentity": "VARCHAR",
            "webIdFederationData": {"federatedProvider": "VARCHAR"},
        },
    },
    "additionalEventData": "JSON",
    "requestParameters": "JSON",
    "resources": [{"ARN": "VARCHAR", "accountId": "VARCHAR", "type": "VARCHAR"}],
    "responseElements": "JSON",
}


def _in(names: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{name}'" for name in sorted(names)) + ")"


_TRACED = f"eventSource IN {_in(TRACED_SOURCES)}"
_WHOLE = f"eventSource IN {_in(WHOLE_SOURCES)}"
_IS_READ = "coalesce(TRY_CAST(readOnly AS BOOLEAN), false)"
_IS_DATA = "coalesce(NOT TRY_CAST(managementEvent AS BOOLEAN), eventCategory = 'Data', false)"
_SESSION = "userIdentity.sessionContext"
_MFA = f"{_SESSION}.attributes.mfaAuthenticated"


def _part(member: str, wanted: str) -> str:
    """A nested part where it is wanted, its first character says whether it is kept whole."""
    mark = f"if({_WHOLE}, '+', '-')"
    return f"CASE WHEN {wanted} THEN {mark} || {member}::VARCHAR END"


def _filled(member: str) -> str:
    return f"nullif({member}, '')"


# How each column is made of a record; in the table's order.
_COLUMNS: Mapping[str, str] = {
    "account_id": f"coalesce({_filled('recipientAccountId')}, userIdentity.accountId)",
    "region": "coalesce(awsRegion, 'global')",
    "event_id": _filled("eventID"),
    "event_time": "TRY_CAST(eventTime AS TIMESTAMP)",
    "event_name": "eventName",
    "event_source": "eventSource",
    "event_type": "eventType",
    "event_category": "eventCategory",
    "management_event": "TRY_CAST(managementEvent AS BOOLEAN)",
    "read_only": "TRY_CAST(readOnly AS BOOLEAN)",
    "error_code": "errorCode",
    "error_message": "errorMessage",
    "user_type": "userIdentity.type",
    "user_arn": _filled("userIdentity.arn"),
    "user_account_id": _filled("userIdentity.accountId"),
    "user_name": _filled("userIdentity.userName"),
    "principal_id": _filled("userIdentity.principalId"),
    "session_issuer_type": f"{_SESSION}.sessionIssuer.type",
    "session_issuer_arn": f"{_SESSION}.sessionIssuer.arn",
    "session_name": (
        "CASE WHEN userIdentity.type IN ('AssumedRole', 'FederatedUser')"
        " THEN nullif(split_part(userIdentity.arn, '/', -1), '') END"
    ),
    "session_created": (
        f"coalesce(TRY_CAST({_SESSION}.attributes.creationDate AS TIMESTAMP),"
        f" try_strptime({_SESSION}.attributes.creationDate, '%Y%m%dT%H%M%SZ'))"
    ),
    "source_identity": f"{_SESSION}.sourceIdentity",
    "identity_provider": (
        f"coalesce(userIdentity.identityProvider, {_SESSION}.webIdFederationData.federatedProvider)"
    ),
    "on_behalf_of": "userIdentity.onBehalfOf.userId",
    "mfa_authenticated": (
        "coalesce(CASE WHEN eventName = 'ConsoleLogin'"
        " THEN TRY_CAST(additionalEventData->>'$.MFAUsed' AS BOOLEAN) END,"
        f" TRY_CAST({_MFA} AS BOOLEAN))"
    ),
    "access_key_id": _filled("userIdentity.accessKeyId"),
    "from_console": "TRY_CAST(sessionCredentialFromConsole AS BOOLEAN)",
    "invoked_by": _filled("userIdentity.invokedBy"),
    "source_ip": "sourceIPAddress",
    "user_agent": "userAgent",
    "vpc_endpoint_id": "vpcEndpointId",
    "request_parameters": _part(
        "requestParameters", f"({_TRACED} OR NOT ({_IS_READ} OR {_IS_DATA}))"
    ),
    "response_elements": _part("responseElements", "true"),
    "additional_event_data": _part("additionalEventData", _TRACED),
    "resources": "to_json(resources)::VARCHAR",
    "shared_event_id": "sharedEventID",
    "origin": "$origin",
}

# TRY makes a text that is no JSON, or has no records, one without rows. Records are taken from
# their list first and apart then, which is a fifth faster than both at once (max_depth := 2).
_ROWS = f"""
SELECT place, {", ".join(f"{made} AS {name}" for name, made in _COLUMNS.items())}
FROM (
    SELECT place, unnest(record)
    FROM (
        SELECT place,
            unnest(TRY(from_json(text, '{json.dumps({"Records": [_RECORD]})}')).Records) AS record
        FROM texts
    )
)
"""  # noqa: S608 - made of this module's constants


@dataclass(frozen=True)
class Records:
    """What came of some texts: the rows, and by a text's place what it lacks.

    `unread` are the places of texts that are no list of records, `strange` the number of
    records in a text that are no events.
    """

    rows: pa.Table
    unread: tuple[int, ...] = ()
    strange: Mapping[int, int] = field(default_factory=dict)


class RecordReader:
    """Takes texts of the form `{"Records": […]}` apart; for one thread."""

    def __init__(self) -> None:
        config: Any = {
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT,
            "python_enable_replacements": "false",
            "temp_directory": "",
            "threads": 1,
        }
        self._connection = duckdb.connect(":memory:", config=config)
        self._connection.execute("SET enable_external_access=false; SET lock_configuration=true")

    def read(self, texts: Sequence[bytes], origin: Origin) -> Records:
        """The rows of the texts, which are UTF-8; raises duckdb.Error where memory runs out."""
        self._connection.register("texts", _table(texts))
        found = self._connection.sql(_ROWS, params={"origin": origin}).to_arrow_table()
        records = _by_place(found, len(texts))
        events = _events(found)
        strange = records - _by_place(events, len(texts))
        return Records(
            rows=_without_secrets(events),
            unread=tuple(np.flatnonzero(records == 0).tolist()),
            strange={int(place): int(strange[place]) for place in np.flatnonzero(strange)},
        )


def _table(texts: Sequence[bytes]) -> pa.Table:
    """Texts with their places, in chunks; DuckDB takes one chunk at a time.

    What comes of a chunk fits the processor's cache, and a text that is one is not copied.
    """
    starts = np.cumsum([0, *map(len, texts)], dtype=np.int64)[:-1]
    cuts = np.flatnonzero(np.diff(starts // CHUNK)) + 1
    places = np.split(np.arange(len(texts)), cuts)
    chunks = [_text_array([texts[place] for place in own]) for own in places]
    return pa.table({"place": pa.chunked_array(places), "text": pa.chunked_array(chunks)})


def _text_array(texts: Sequence[bytes]) -> pa.StringArray:
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    buffers = pa.py_buffer(ends), pa.py_buffer(b"".join(texts))
    return pa.StringArray.from_buffers(len(texts), *buffers)


def _events(found: pa.Table) -> pa.Table:
    """The rows with a name and a time, without a copy of them where all are such."""
    is_event = pc.and_(pc.is_valid(found["event_name"]), pc.is_valid(found["event_time"]))
    return found if pc.all(is_event, min_count=0).as_py() else found.filter(is_event)


def _by_place(found: pa.Table, places: int) -> Any:
    """How many rows are of each text."""
    return np.bincount(found["place"].to_numpy(), minlength=places)


def _without_secrets(found: pa.Table) -> pa.Table:
    columns = [_FILTERS.get(name, _same)(found[name]) for name in SCHEMA.names]
    return pa.table(columns, names=SCHEMA.names).cast(SCHEMA)


def _same(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column


def _each_once(change: Callable[[str], str], column: pa.ChunkedArray) -> pa.Array:
    """A function over a column's values, called once for each that is different."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    changed = [change(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(encoded.indices)


def _marked(text: str) -> str:
    return kept_json(text[1:], whole=text[0] == "+")


_FILTERS: Mapping[str, Callable[[pa.ChunkedArray], Any]] = {
    "request_parameters": partial(_each_once, _marked),
    "response_elements": partial(_each_once, _marked),
    "additional_event_data": partial(_each_once, _marked),
    "error_message": partial(_each_once, kept_text),
}
