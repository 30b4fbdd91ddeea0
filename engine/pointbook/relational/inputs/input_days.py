"""The days of a log on which clocks are not changed, with their distance from UTC, as rows."""

# Queries are put together from names of this module and of columns; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from pointbook.log import Clock

if TYPE_CHECKING:
    from datetime import date, timedelta

    from pointbook.relational.engines.sessions import Session

DAYS = "input_days"
_IN_RANGE = "moment BETWEEN CAST('1900-01-01' AS {0}) AND CAST('2999-12-31 23:59:59' AS {0})"


def put_days(session: Session, rows: str, timezone: str, local: str) -> date | None:
    """Put a row for each day on which `rows` have a moment.

    Its columns: `day`; `local_ahead`, the seconds that the time zone is ahead of UTC all through
    that local day, or nothing; `utc_ahead`, the same through that day of UTC.

    Args:
        session: Has the rows.
        rows: A relation with a column `moment`.
        timezone: The program's.
        local: The engine's type of times without a zone.

    Returns:
        The last of the days.
    """
    clock = Clock(timezone)
    days = _days(session, rows, local)
    known = [(day, *clock.ahead_of_utc(day)) for day in days]
    columns = {
        "day": pa.array([day for day, _, _ in known], pa.date32()),
        "local_ahead": pa.array([_seconds(ahead) for _, ahead, _ in known], pa.int32()),
        "utc_ahead": pa.array([_seconds(ahead) for _, _, ahead in known], pa.int32()),
    }
    session.put(DAYS, pa.table(columns))
    return days[-1] if days else None


def _days(session: Session, rows: str, local: str) -> list[date]:
    in_range = _IN_RANGE.format(local)
    found = session.rows(f"SELECT DISTINCT CAST(moment AS DATE) AS day FROM {rows} WHERE {in_range}")
    return sorted(found.read_all().column(0).to_pylist())


def _seconds(ahead: timedelta | None) -> int | None:
    return None if ahead is None else int(ahead.total_seconds())
