"""Event ids that come more than once among all rows."""

# Queries are put together from names of this module and of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from pointbook.relational.engines.sessions import Session

_KEYS_AT_A_TIME = 1 << 25
"""A quarter of a gigabyte of keys."""


def put_repeated_keys(session: Session, name: str, rows: str, key: str, count: int) -> bool:
    """Put the keys that several rows have into a session, and say whether there are any.

    In DuckDB keys are hashes of 64 bits. Sorting these here takes a quarter of the time of grouping
    by them there.

    Args:
        session: Has the rows.
        name: What the relation is called; its one column is `event_key`.
        rows: A relation with a column `event_id`.
        key: The key, as SQL.
        count: At least as many as there are rows.
    """
    keys = f"SELECT {key} AS event_key FROM {rows} WHERE event_id <> ''"
    if session.dialect.name == "duckdb":
        parts = -(-count // _KEYS_AT_A_TIME) or 1
        found = [
            _repeated(session, f"{keys} AND {key} % {parts} = {part}" if parts > 1 else keys)
            for part in range(parts)
        ]
        repeated = np.concatenate(found)
        session.put(name, pa.table({"event_key": pa.array(repeated, pa.uint64())}))
        return len(repeated) > 0
    session.store(name, f"{keys} GROUP BY {key} HAVING COUNT(*) > 1")
    return bool(session.rows(f"SELECT COUNT(*) AS n FROM {name}").read_all().column(0)[0].as_py())


def _repeated(session: Session, keys: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    batches = [batch.column(0).to_numpy() for batch in session.rows(keys)]
    if not batches:
        return np.empty(0, np.uint64)
    found = np.concatenate(batches)
    del batches
    found.sort()
    return np.unique(found[1:][found[1:] == found[:-1]])
