"""The caps of version sets as rows, each with its number, its stage and the limits it has had.

Each cap is computed in one pass over the events that meet it, once every narrower cap that they meet is.
So caps are put into stages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.amounts import whole
from pointbook.reasoning.cap_order import CapKey, CapOrder, caps_met
from pointbook.relational.rulebook.codes import limit_of_stage
from pointbook.relational.rulebook.rows import CapCells, CapRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.model.activities import Activity
    from pointbook.relational.rulebook.editions import Edition, VersionSet


OwnCap = tuple[int, CapKey]
"""A cap, and the number of the set whose own it is."""


class CapRows:
    """Every cap of every version set.

    Attributes:
        epochs: For each stage, how many limits a cap of it has had at most.
    """

    def __init__(self, sets: Sequence[VersionSet]) -> None:
        """Number them; there is an order of each set's caps."""
        self._limits: dict[OwnCap, list[int]] = {}
        self._epochs: dict[OwnCap, dict[int, int]] = {}
        self._stages: dict[OwnCap, int] = {}
        most: dict[int, int] = {}
        for one in sets:
            for edition in one.editions:
                for activity in edition.version.activities.values():
                    for key, limit in caps_met(activity, edition.version).items():
                        self._add_limit((one.number, key), edition, whole(limit))
            for key, stage in CapOrder([[edition.version for edition in one.editions]]).stages.items():
                self._stages[one.number, key] = stage
                most[stage] = max(most.get(stage, 0), len(self._limits[one.number, key]))
        self.epochs = tuple(most[stage] for stage in sorted(most))
        # Caps that two sets have in common have one number, so that rules that are alike have equal rows.
        self._numbers = {
            cap: number for number, cap in enumerate(dict.fromkeys(map(self._shared, self._limits)))
        }

    def _add_limit(self, owner: OwnCap, edition: Edition, limit: int) -> None:
        limits, epochs = self._limits.setdefault(owner, []), self._epochs.setdefault(owner, {})
        if not limits or (edition.number not in epochs and limits[-1] != limit):
            limits.append(limit)
        epochs.setdefault(edition.number, len(limits) - 1)

    def _shared(self, owner: OwnCap) -> tuple[CapKey, tuple[int, ...]]:
        """What a cap is, whatever the set."""
        return owner[1], tuple(self._limits[owner])

    def rows(self) -> list[CapRow]:
        """The caps, by number."""
        columns = max(self.epochs, default=1)
        return [
            CapRow(number, key.kind, key.per, (*limits, *[0] * (columns - len(limits))))
            for number, (key, limits) in enumerate(self._numbers)
        ]

    def references(
        self, set_number: int, edition: Edition, activity: Activity
    ) -> tuple[int, tuple[CapCells, ...]]:
        """The limits that an activity's caps are, as their sum, and its cap of each stage."""
        limits, found = 0, [CapCells()] * len(self.epochs)
        for key in caps_met(activity, edition.version):
            owner = (set_number, key)
            stage = self._stages[owner]
            limits += limit_of_stage(stage)
            found[stage] = CapCells(self._numbers[self._shared(owner)], self._epochs[owner][edition.number])
        return limits, tuple(found)
