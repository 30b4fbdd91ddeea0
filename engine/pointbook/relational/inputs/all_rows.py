"""What is found for all rows of events together: ids that come more than once, and the days of the log."""

# Queries are put together from names of this module and of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pointbook.log.typed.clock import clock_in
from pointbook.relational.engines.sessions import number_from

if TYPE_CHECKING:
    from datetime import date, timedelta

    from pointbook.relational.engines.sessions import Session

DAYS = "input_days"
_IN_RANGE = "moment BETWEEN CAST('1900-01-01' AS {0}) AND CAST('2999-12-31 23:59:59' AS {0})"
_KEYS_AT_A_TIME = 1 << 25
"""A quarter of a gigabyte of keys."""


def put_repeated_keys(session: Session, name: str, rows: str, key: str, count: int) -> bool:
    """Put the keys that several rows have into a session, and say whether there are any.

    In DuckDB keys are hashes of 64 bits. Sorting these here takes a quarter of the time of grouping
    by them there.

    Args:
        session: Has the rows.
        name: What the relation with the keys is called; its one column is `event_key`.
        rows: A relation with a column `event_id`, of at most `count` rows.
        key: The key, as SQL.
        count: How many rows there are.
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
    return number_from(session, f"SELECT COUNT(*) AS n FROM {name}") > 0


def _repeated(session: Session, keys: str) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    batches = [batch.column(0).to_numpy() for batch in session.rows(keys)]
    if not batches:
        return np.empty(0, np.uint64)
    found = np.concatenate(batches)
    del batches
    found.sort()
    return np.unique(found[1:][found[1:] == found[:-1]])


def put_days(session: Session, rows: str, timezone: str, local: str) -> date | None:
    """Put a row for each day on which `rows` have a `moment`; returns the last of the days.

    Its columns: `day`; `local_ahead`, the seconds that the time zone is ahead of UTC all through
    that local day, or nothing where clocks are changed; `utc_ahead`, the same through that day of UTC.
    `local` is the engine's type of times without a zone.
    """
    clock = clock_in(timezone)
    in_range = _IN_RANGE.format(local)
    found = session.rows(f"SELECT DISTINCT CAST(moment AS DATE) AS day FROM {rows} WHERE {in_range}")
    days: list[date] = sorted(found.read_all().column(0).to_pylist())
    known = [(day, *clock.ahead_of_utc(day)) for day in days]
    columns = {
        "day": pa.array([day for day, _, _ in known], pa.date32()),
        "local_ahead": pa.array([_seconds(ahead) for _, ahead, _ in known], pa.int32()),
        "utc_ahead": pa.array([_seconds(ahead) for _, _, ahead in known], pa.int32()),
    }
    session.put(DAYS, pa.table(columns))
    return days[-1] if days else None


def _seconds(ahead: timedelta | None) -> int | None:
    return None if ahead is None else int(ahead.total_seconds())
