"""Results with amounts as people write them, of programs with a balance that has places.

Inside, every amount is a whole number of the smallest unit of its balance: 250 for 2.50.
"""

from __future__ import annotations

from pointbook.interpret.timeline import Timeline
from pointbook.model.amounts import Amount, from_units, with_places
from pointbook.model.ledger import Cut, Entry, Standing
from pointbook.model.program import Program


class Places:
    """The places of a program's balances."""

    def __init__(self, program: Program, timeline: Timeline) -> None:
        self._level_balance = program.level_balance
        self._of = {name: balance.decimals for name, balance in program.balances.items()}
        self._books = {book.version.id: book for book in timeline.books}

    def entry(self, entry: Entry) -> Entry:
        """An entry whose amounts are in smallest units, with them in points."""
        places = self._of[entry.balance]
        return entry._replace(
            requested=_shown(entry.requested, places),
            awarded=_shown(entry.awarded, places),
            total=None if entry.total is None else _shown(entry.total, places),
            base=with_places(entry.base, places),
            cuts=tuple([self._cut(cut, entry, places) for cut in entry.cuts]),
        )

    def standing(self, standing: Standing) -> Standing:
        """A standing, likewise."""
        places = self._of[self._level_balance]
        to_next, to_keep = standing.points_to_next, standing.points_to_keep
        return standing._replace(
            points=_shown(standing.points, places),
            points_to_next=None if to_next is None else _shown(to_next, places),
            points_to_keep=None if to_keep is None else _shown(to_keep, places),
            balances={name: _shown(total, self._of[name]) for name, total in standing.balances.items()},
        )

    def _cut(self, cut: Cut, entry: Entry, places: int) -> Cut:
        """What a limit did; of one that counts times, what remains is no amount."""
        book = self._books[entry.version or ""]
        limits = book.limits[book.activities[entry.activity].id]
        counts_times = any(
            not limit.counts_points
            for limit in limits
            if (*limit.key[:2], limit.position) == (cut.scope, cut.id, cut.position)
        )
        return cut._replace(
            remaining=cut.remaining if counts_times else _shown(cut.remaining, places),
            offered=_shown(cut.offered, places),
            passed=_shown(cut.passed, places),
        )


def _shown(units: object, places: int) -> Amount:
    assert isinstance(units, int)
    return from_units(units, places)
