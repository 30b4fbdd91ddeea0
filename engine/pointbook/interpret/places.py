"""Results of programs with a balance that has places: every amount shows those of its balance."""

from __future__ import annotations

from typing import Any

from pointbook.model.amounts import with_places
from pointbook.model.ledger import Entry, Standing
from pointbook.model.program import Program

_BALANCE = Entry._fields.index("balance")
_AMOUNTS = tuple(map(Entry._fields.index, ("requested", "awarded", "base")))


class Places:
    """The places of a program's balances."""

    def __init__(self, program: Program) -> None:
        self._level_balance = program.level_balance
        self._of = {name: balance.decimals for name, balance in program.balances.items()}

    def row(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The fields of an entry with the places of its balance: 0.00 where it is worth nothing."""
        places, fields = self._of[row[_BALANCE]], list(row)
        for place in _AMOUNTS:
            fields[place] = with_places(fields[place], places)
        return tuple(fields)

    def entry(self, entry: Entry) -> Entry:
        """An entry, likewise."""
        return Entry(*self.row(entry))

    def standing(self, standing: Standing) -> Standing:
        """A standing, likewise."""
        shown: dict[str, Any] = standing._asdict()
        if shown["points_to_keep"] is not None:
            shown["points_to_keep"] = with_places(shown["points_to_keep"], self._of[self._level_balance])
        shown["further"] = {
            name: tuple(None if one is None else with_places(one, self._of[name]) for one in both)
            for name, both in shown["further"].items()
        }
        return Standing(**shown)
