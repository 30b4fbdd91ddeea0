"""The result tables: their columns, and their rows as text.

Column order is that of docs/meaning.md, "Result files". An absent value is an empty text; dates are
ISO; truth is `true` or `false`; several benefits are joined by `;`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.ledger import Change, Entry, Standing
    from pointbook.model.log import Reject
    from pointbook.model.program import Program

LEDGER = (
    "event_id",
    "member_id",
    "activity",
    "occurred_at",
    "version",
    "balance",
    "requested",
    "awarded",
    "outcome",
    "assumed",
    "period",
    "total",
    "level",
)
STANDINGS = (
    "member_id",
    "as_of",
    "period",
    "period_start",
    "period_end",
    "points",
    "level",
    "earned_level",
    "next_level",
    "points_to_next",
    "points_to_keep",
    "benefits",
)
HISTORY = ("member_id", "date", "from_level", "to_level", "cause")
REJECTS = ("file", "line", "column", "event_id", "reason", "detail", "raw")

Cell = str | int | bool | None
"""A value of a row as JSON has it; dates are ISO text."""


def standings_columns(program: Program) -> tuple[str, ...]:
    """The columns of standings: one more for each further balance of the program."""
    return (*STANDINGS, *(name for name in program.balances if name != program.level_balance))


def ledger_row(entry: Entry) -> tuple[Cell, ...]:
    """An entry's columns."""
    return (
        entry.event_id,
        entry.member_id,
        entry.activity,
        entry.occurred_at.isoformat(),
        entry.version,
        entry.balance,
        entry.requested,
        entry.awarded,
        entry.outcome.value,
        entry.assumed,
        entry.period,
        entry.total,
        entry.level,
    )


def standings_row(standing: Standing) -> tuple[Cell, ...]:
    """A standing's columns."""
    return (
        standing.member_id,
        standing.as_of.isoformat(),
        standing.period,
        standing.period_start.isoformat(),
        None if standing.period_end is None else standing.period_end.isoformat(),
        standing.points,
        standing.level,
        standing.earned_level,
        standing.next_level,
        standing.points_to_next,
        standing.points_to_keep,
        ";".join(standing.benefits) or None,
        *standing.balances.values(),
    )


def history_row(change: Change) -> tuple[Cell, ...]:
    """A change's columns."""
    return (change.member_id, change.date.isoformat(), change.from_level, change.to_level, change.cause.value)


def reject_row(reject: Reject) -> tuple[Cell, ...]:
    """A reject's columns."""
    return tuple(getattr(reject, column) for column in REJECTS)


def texts(row: Iterable[Cell]) -> list[str]:
    """A row's values as text."""
    return [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    return "" if cell is None else written(cell)
