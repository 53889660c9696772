"""Rows of many log files on their way to one file an account: written apart, then merged.

Parts lie in a folder of their own, by account, and are read back once, by DuckDB, which
spills to the same folder: memory does not grow with the number of events.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

MERGE_MEMORY = "1GB"

# Delivered twice is rare, but documented; equal ids mean equal events. To rank all rows would
# cost more than all else here, so only those whose id occurs twice are ranked. Time and id put
# the rest in order; rows without an id need more.
_MERGE = """
COPY (
    WITH events AS (FROM read_parquet('{parts}')),
    twice AS (SELECT event_id FROM events GROUP BY event_id HAVING count(event_id) > 1)
    FROM events ANTI JOIN twice USING (event_id)
    UNION ALL
    (FROM events SEMI JOIN twice USING (event_id) QUALIFY row_number() OVER (
        PARTITION BY event_id ORDER BY event_time, request_parameters, response_elements
    ) = 1)
    ORDER BY event_time, event_id,
        if(event_id IS NULL, (event_name, user_arn, source_ip, request_parameters), NULL)
) TO '{merged}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)
"""


class Parts:
    """The parts in a folder: `<account_id>/<name>.parquet`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, account_id: str, name: str, rows: pa.Table) -> None:
        """Write an account's rows as a part; names order the parts."""
        own = self._folder / account_id
        own.mkdir(mode=0o700, exist_ok=True)
        pq.write_table(rows, own / f"{name}.parquet", compression="lz4")

    def drop(self, start: str) -> None:
        """Remove the parts whose names begin so."""
        for path in self._folder.glob(f"*/{start}*.parquet"):
            path.unlink()

    def accounts(self) -> Iterator[str]:
        """The accounts that have parts."""
        return (path.name for path in sorted(self._folder.iterdir()))

    def merged(self, account_id: str) -> tuple[Path, int]:
        """One file of an account's events in order of time, each once; and how many they are."""
        merged = self._folder / account_id / "merged"
        parts = f"{self._folder}/{account_id}/*.parquet"
        with duckdb.connect(":memory:", config={"memory_limit": MERGE_MEMORY}) as connection:
            folder = _quoted(self._folder)
            connection.execute(f"SET temp_directory='{folder}/{account_id}/spill'")
            connection.execute(f"SET allowed_directories=['{folder}']")
            connection.execute("SET enable_external_access=false; SET lock_configuration=true")
            query = _MERGE.format(parts=_quoted(parts), merged=_quoted(merged))
            connection.execute(query)
        return merged, pq.read_metadata(merged).num_rows


def by_account(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Rows apart by account; rows without one come under an empty text."""
    accounts = pc.fill_null(rows["account_id"], "")
    found = pc.unique(accounts).to_pylist()
    for account in found:
        yield account, rows if len(found) == 1 else rows.filter(pc.equal(accounts, account))


def _quoted(path: Path | str) -> str:
    return str(path).replace("'", "''")
