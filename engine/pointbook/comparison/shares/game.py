"""One member's figures under any subset of the changes.

To evaluate the member for each subset anew would be exact, and slow. Awards of different parts do not
depend on each other (`coupling`), so a part is evaluated once for each subset of the changes that
touch it, and only levels are looked at for every subset of all of them (`replay`). Levels that a
member cannot reach under any subset are not looked at either.

A subset is a bit mask: the bit `1 << index` stands for the change with that index.
"""

from __future__ import annotations

from collections import defaultdict
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.outcome import Effects, moves_of
from pointbook.comparison.replay import awards_of, replayed, sums_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.changes.reach import Reach
    from pointbook.comparison.coupling import Parts
    from pointbook.comparison.replay import Track
    from pointbook.comparison.shares.subsets import Subsets
    from pointbook.model.log import Event


class Sides(NamedTuple):
    """A member's figures under all changes and under none, which are known already.

    Attributes:
        events: Up to the as-of date, in order.
        track: When they were.
        periods: Number of the level balance's period of each; None where it feeds another balance.
        old_awards: What each awards on the balance that decides levels, under the old rules.
        new_awards: Likewise under the new rules.
        old: The figures under the old rules.
        new: The figures under the new rules.
    """

    track: Track
    events: Sequence[Event]
    periods: Sequence[int | None]
    old_awards: Sequence[int]
    new_awards: Sequence[int]
    old: Effects
    new: Effects


class Setting(NamedTuple):
    """What all members' games have in common.

    Attributes:
        subsets: The rules with any subset of the changes.
        reaches: Whom each of the changes can touch.
        lowest: The lowest threshold, in whatever version, of the level that a change is about; None
            for a change that is about all of them, or about none.
        floor: The lowest threshold of all; None if there are no levels.
        parts: Which events depend on each other.
        balance: The balance that decides levels.
        start: What a period of it begins with.
        ranks: Of levels.
        most: Changes to one part up to which all of their subsets are looked at.
    """

    subsets: Subsets
    reaches: Sequence[Reach]
    lowest: Sequence[int | None]
    floor: int | None
    parts: Parts
    balance: str
    start: int
    ranks: Mapping[str | None, int]
    most: int


class Part(NamedTuple):
    """Events of one part, and the changes that touch them.

    Attributes:
        places: Positions of the events among the member's.
        changes: Indexes of the changes.
        mask: All of these changes.
        awards: What the events award on the balance that decides levels, under each subset that was
            looked at so far.
    """

    places: list[int]
    changes: list[int]
    mask: int
    awards: dict[int, Sequence[int]]


class Game:
    """One member's figures under any subset of the changes.

    Attributes:
        players: Indexes of the changes that can make a difference to the member.
        parts: The events that they touch.
        level_game: Whether the member can reach a level under any subset.
        evaluated: How many times events were evaluated anew so far.
        standings: For how many subsets the member's levels were found so far.
    """

    def __init__(self, sides: Sides, setting: Setting, candidates: Iterable[int], *, whole: bool) -> None:
        """The game of one member.

        Args:
            sides: The member.
            setting: What all games have in common.
            candidates: Indexes of the changes that can touch the member.
            whole: Whether to evaluate all events for each subset, because parts cannot stand for
                them: anniversaries themselves are changed, or the member's track is not steady.
        """
        self._sides, self._setting, self._whole = sides, setting, whole
        self.evaluated = self.standings = 0
        candidates = list(candidates)
        touching: defaultdict[int, list[int]] = defaultdict(list)
        for index in () if whole else candidates:
            activities = setting.reaches[index].activities
            if activities is not None:
                touching[setting.parts.number[min(activities)]].append(index)
        self.parts = self._parts(touching)
        best = None if whole else self._best_total()
        self.level_game = best is None or (setting.floor is not None and best >= setting.floor)
        frame = [
            index
            for index in candidates
            if whole or (setting.reaches[index].activities is None and self._reaches(best, index))
        ]
        self._frame = sum(1 << index for index in frame)
        self.players = sorted([*frame, *(index for part in self.parts for index in part.changes)])
        self._all = sum(1 << index for index in self.players)
        self._known = {0: sides.old, self._all: sides.new}
        awards = [sides.old_awards, *(awards for part in self.parts for awards in part.awards.values())]
        self._rising = all(min(part, default=0) >= 0 for part in awards) and best is not None
        self._sums: dict[int, Sequence[int]] = {0: sums_of(sides.old_awards)}

    def value(self, mask: int) -> Effects:
        """The figures under a subset of the changes."""
        found = self._known.get(mask)
        if found is None:
            found = self._known[mask] = self._evaluated(mask) if self._whole else self._replayed(mask)
        return found

    @property
    def masks(self) -> list[int]:
        """The subsets whose figures were found so far, but for none and all."""
        return [mask for mask in self._known if mask not in {0, self._all}]

    def part_points(self, part: Part) -> list[int]:
        """Points of one part under each subset of the changes that touch it."""
        return [sum(self._part_awards(part, mask)) for mask in subsets_of(part.changes)]

    def _parts(self, touching: Mapping[int, list[int]]) -> list[Part]:
        sides, setting = self._sides, self._setting
        places: defaultdict[int, list[int]] = defaultdict(list)
        if touching:
            for place, event in enumerate(sides.events):
                number = setting.parts.number.get(event.activity)
                if number is not None and number in touching:
                    places[number].append(place)
        found = []
        for number, changes in touching.items():
            mask = sum(1 << index for index in changes)
            old = [sides.old_awards[place] for place in places[number]]
            new = [sides.new_awards[place] for place in places[number]]
            # A change that is the only one to touch a part and changes no award there is no player at all.
            if len(changes) > 1 or old != new:
                found.append(Part(places[number], changes, mask, {0: old, mask: new}))
        return found

    def _best_total(self) -> int | None:
        """A total that no period exceeds under any subset; None if there are too many to tell."""
        sides, setting = self._sides, self._setting
        if any(len(part.changes) > setting.most for part in self.parts):
            return None
        best = list(map(max, sides.old_awards, sides.new_awards))
        for part in self.parts:
            for mask in subsets_of(part.changes):
                for place, awarded in zip(part.places, self._part_awards(part, mask), strict=True):
                    best[place] = max(best[place], awarded)
        totals: defaultdict[int | None, int] = defaultdict(int)
        for period, awarded in zip(sides.periods, best, strict=True):
            if awarded > 0:
                totals[period] += awarded
        return setting.start + max(totals.values(), default=0)

    def _reaches(self, best: int | None, index: int) -> bool:
        """Whether the member could reach the level that a change is about."""
        lowest = self._setting.lowest[index]
        return self.level_game and (best is None or lowest is None or best >= lowest)

    def _replayed(self, mask: int) -> Effects:
        sums = self._running(mask & ~self._frame)
        if not self.level_game:
            return Effects(sums[-1], 0, 0)
        self.standings += 1
        run = self._setting.subsets.run(mask & self._frame)
        course = replayed(run.evaluation, self._sides.track, sums, rising=self._rising)
        return Effects(sums[-1], *moves_of(course.history, self._setting.ranks))

    def _running(self, mask: int) -> Sequence[int]:
        """The running sum of awards under changes that touch parts."""
        known = self._sums.get(mask)
        if known is None:
            part = next(part for part in self.parts if mask & part.mask)
            more = [0] * len(self._sides.events)
            for place, awarded, old in zip(
                part.places, self._part_awards(part, mask & part.mask), part.awards[0], strict=True
            ):
                more[place] = awarded - old
            rest = self._running(mask & ~part.mask)
            known = self._sums[mask] = list(map(add, rest, sums_of(more)))
        return known

    def _evaluated(self, mask: int) -> Effects:
        sides, setting = self._sides, self._setting
        self.standings += 1
        self.evaluated += 1
        result = setting.subsets.run(mask).result(sides.track.member, sides.events)
        points = sum(awards_of(result.entries, setting.balance))
        return Effects(points, *moves_of(result.history, setting.ranks))

    def _part_awards(self, part: Part, mask: int) -> Sequence[int]:
        """What the events of a part award under those of its changes that are in `mask`."""
        known = part.awards.get(mask)
        if known is None:
            self.evaluated += 1
            events = [self._sides.events[place] for place in part.places]
            entries = self._setting.subsets.run(mask).entries(self._sides.track.member, events)
            known = part.awards[mask] = awards_of(entries, self._setting.balance)
        return known


def subsets_of(players: Iterable[int]) -> list[int]:
    """Every subset of the changes with these indexes: that of nobody, then by who joins.

    >>> subsets_of([0, 3])
    [0, 1, 8, 9]
    """
    masks = [0]
    for index in players:
        masks += [mask | 1 << index for mask in masks]
    return masks
