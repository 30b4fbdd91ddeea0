"""The results of a plan: what their columns are called in its steps, and the order of their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.tables import HISTORY, LEDGER, STANDINGS, names_of
from pointbook.relational.rulebook.columns import input_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.program import Program

_COLUMNS = {"ledger": LEDGER, "standings": STANDINGS, "history": HISTORY}
RESULTS = tuple(_COLUMNS)
ORDERS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("account", "place"),
    "standings": ("account",),
    "history": ("account", "date", "place"),
}
"""Columns that each result is sorted by: members by their ids, then by time. Accounts are numbered by id."""


def result_columns(result: str, program: Program) -> dict[str, str]:
    """Each column of a result by its title, with its name in the plan."""
    columns = {name: name for name in names_of(_COLUMNS[result])}
    if result == "ledger":
        columns |= input_columns(program).references
    if result == "standings":
        for number, name in enumerate(program.balances):
            if name != program.level_balance:
                columns[name] = f"balance_{number}"
    return columns
