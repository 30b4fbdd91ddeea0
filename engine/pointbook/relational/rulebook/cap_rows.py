"""The caps of version sets as rows, each with its number, its stage and the limits it has had.

Each cap is computed in one pass over the events that meet it, once every cap that they meet before it
is. So caps are put into stages: a cap's stage is above those of all caps that come before it in any
activity's chain.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import whole
from pointbook.relational.rulebook.codes import limit_of_stage
from pointbook.relational.rulebook.rows import CapCells, CapRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.model.program import Version
    from pointbook.model.rules import Activity
    from pointbook.model.windows import CapKind, Per
    from pointbook.relational.rulebook.editions import Edition, VersionSet


class CapKey(NamedTuple):
    """What a cap's usage belongs to, whatever the version."""

    scope: str
    owner: str
    kind: CapKind
    per: Per

    @property
    def words(self) -> str:
        """Such as: points per day of group one."""
        return f"{self.kind} per {self.per} of {self.scope} {self.owner}"


OwnCap = tuple[int, CapKey]
"""A cap, and the number of the set whose own it is."""


class CapRows:
    """Every cap of every version set.

    Attributes:
        epochs: For each stage, how many limits a cap of it has had at most.
    """

    def __init__(self, sets: Sequence[VersionSet]) -> None:
        """Number them.

        Raises:
            CycleError: Caps come before one another in a circle.
        """
        self._limits: dict[OwnCap, list[int]] = {}
        self._epochs: dict[OwnCap, dict[int, int]] = {}
        self._stages: dict[OwnCap, int] = {}
        most: dict[int, int] = {}
        for one in sets:
            chains = [
                (edition, chain_of(activity, edition.version))
                for edition in one.editions
                for activity in edition.version.activities.values()
            ]
            for edition, chain in chains:
                for key, limit in chain.items():
                    self._add_limit((one.number, key), edition, limit)
            for key, stage in stages_of(chain for _, chain in chains).items():
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
        for key in chain_of(activity, edition.version):
            owner = (set_number, key)
            stage = self._stages[owner]
            limits += limit_of_stage(stage)
            found[stage] = CapCells(self._numbers[self._shared(owner)], self._epochs[owner][edition.number])
        return limits, tuple(found)


def chain_of(activity: Activity, version: Version) -> dict[CapKey, int]:
    """The caps that events of the activity go through, in order, with their limits."""
    return {
        CapKey(scope, owner, cap.kind, cap.per): whole(cap.limit)
        for scope, owner, _, cap in version.caps_met_by(activity)
    }


def stages_of(chains: Iterable[Iterable[CapKey]]) -> Mapping[CapKey, int]:
    """The stage of each cap, from 0: above those of all that come before it in a chain.

    Raises:
        CycleError: Caps come before one another in a circle.
    """
    order = TopologicalSorter[CapKey]()
    for chain in map(list, chains):
        for index, key in enumerate(chain):
            order.add(key, *chain[:index])
    order.prepare()
    stages: dict[CapKey, int] = {}
    while ready := order.get_ready():
        stages |= dict.fromkeys(ready, max(stages.values(), default=-1) + 1)
        order.done(*ready)
    return stages
