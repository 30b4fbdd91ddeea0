"""A reconciliation as a table: one row per member, and period if the file has these."""

from __future__ import annotations

import csv
from typing import IO, TYPE_CHECKING

from pointbook.reconciliation.published import LEVEL
from pointbook_cli.reporters.escaping import spreadsheet

if TYPE_CHECKING:
    from pointbook.reconciliation.result import ComparedRow, Reconciliation

_COLUMNS = ("member_id", "period", "line", "state", "counts", "cause", "that_system", "note")


def write_reconciliation_csv(stream: IO[str], found: Reconciliation) -> None:
    """Write the table. No cell can be taken for a formula by a spreadsheet."""
    writer = csv.writer(stream, lineterminator="\n")
    compared = {name for row in found.rows for name in (*row.published, *row.ours)}
    names = sorted(compared, key=lambda name: (name == LEVEL, name))
    writer.writerow([*_COLUMNS, *(f"{name}_{side}" for name in names for side in ("published", "ours"))])
    for row in found.rows:
        cells = [
            *_cells(row, found),
            *(side.get(name) for name in names for side in (row.published, row.ours)),
        ]
        writer.writerow([spreadsheet(cell) if isinstance(cell, str) else cell for cell in cells])


def _cells(row: ComparedRow, found: Reconciliation) -> list[str | int | None]:
    number = row.cause
    words = "" if number is None else found.causes[number].words
    counts = "true" if row.counts else "false"
    place = row.line or None
    cause = None if number is None else number + 1
    return [row.member_id, row.period, place, row.state.value, counts, cause, words, row.note]
