"""Results of programs with a balance that has places: every amount shows those of its balance."""

from __future__ import annotations

from pointbook.model.amounts import with_places
from pointbook.model.ledger import Entry, Standing
from pointbook.model.program import Program


class Places:
    """The places of a program's balances."""

    def __init__(self, program: Program) -> None:
        self._level_balance = program.level_balance
        self._of = {name: balance.decimals for name, balance in program.balances.items()}

    def entry(self, entry: Entry) -> Entry:
        """An entry with the places of its balance: 0.00 where it is worth nothing."""
        places = self._of[entry.balance]
        return entry._replace(
            requested=with_places(entry.requested, places),
            awarded=with_places(entry.awarded, places),
            base=with_places(entry.base, places),
        )

    def standing(self, standing: Standing) -> Standing:
        """A standing, likewise."""
        places, to_keep = self._of[self._level_balance], standing.points_to_keep
        return standing._replace(points_to_keep=None if to_keep is None else with_places(to_keep, places))
