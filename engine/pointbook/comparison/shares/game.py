"""One member's figures under any subset of the changes.

Coupled events are evaluated once for each subset of the changes that touch them, and only levels are
looked at for every subset of all changes: from sums at a few places, where these say enough
(`level_moves`). Levels that the member cannot reach are not looked at either.

A subset is a bit mask: the bit `1 << index` stands for the change with that index.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.outcome import Effects, moves_of
from pointbook.comparison.replay import awards_of, replayed, sums_of
from pointbook.comparison.shares.coupled_events import CoupledEvents, RunningSums
from pointbook.model.amounts import in_results
from pointbook.model.ledger import by_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pointbook.changes.reach import Reach
    from pointbook.comparison.pairs import MemberPair
    from pointbook.comparison.question import ReadyRules
    from pointbook.comparison.shares.level_moves import LevelMoves
    from pointbook.comparison.sides import Sides


class GameTerms(NamedTuple):
    """What all members' games have in common.

    Attributes:
        sides: Both sides.
        rules: The old rules with any subset of the changes, by its mask.
        reaches: Whom each of the changes can touch.
        lowest: The lowest threshold, in whatever version, of the level that a change is about; None
            for a change that is about all of them, or about none.
        floor: The lowest threshold of all; None if there are no levels.
        anniversaries: The changes that move anniversaries of members who signed up on 29 February.
        levels: How members' levels move under subsets of the changes.
        most: Changes to coupled events up to which all of their subsets are looked at.
    """

    sides: Sides
    rules: Callable[[int], ReadyRules]
    reaches: Sequence[Reach]
    lowest: Sequence[int | None]
    floor: int | None
    anniversaries: frozenset[int]
    levels: LevelMoves
    most: int


class MemberGame:
    """One member's figures under any subset of the changes.

    Attributes:
        member: Who.
        players: Indexes of the changes that can make a difference to the member.
        coupled: The events that they touch.
        level_game: Whether the member can reach a level under any subset.
        evaluated: How many times events were evaluated anew so far.
        standings: For how many subsets the member's levels were found so far.
    """

    def __init__(self, pair: MemberPair, terms: GameTerms, candidates: Iterable[int]) -> None:
        """The game of one member.

        Args:
            pair: The member's figures under all changes and under none, which are known already.
            terms: What all games have in common.
            candidates: Indexes of the changes that can touch the member.
        """
        self._pair, self._terms, self.member = pair, terms, pair.member
        self.evaluated = self.standings = 0
        candidates = list(candidates)
        touching: defaultdict[int, list[int]] = defaultdict(list)
        for index in () if pair.whole else candidates:
            activities = terms.reaches[index].activities
            if activities is not None:
                touching[terms.sides.coupled.number[min(activities)]].append(index)
        self.coupled = self._coupled(touching)
        highest = None if pair.whole else self._highest_awards()
        best = None if highest is None else self._best_total(highest)
        self.level_game = best is None or (terms.floor is not None and best >= terms.floor)
        of_levels = [
            index
            for index in candidates
            if pair.whole or (terms.reaches[index].activities is None and self._reaches(best, index))
        ]
        self._of_levels = sum(1 << index for index in of_levels)
        self.players = sorted([*of_levels, *(index for part in self.coupled for index in part.changes)])
        self._all = sum(1 << index for index in self.players)
        self._known = {0: pair.old.effects, self._all: pair.new.effects}
        awards = [pair.awards[0], *(awards for part in self.coupled for awards in part.awards.values())]
        self._rising = highest is not None and all(min(part, default=0) >= 0 for part in awards)
        self._highest = max(highest or (), default=0)
        sums = sums_of(pair.awards[0])
        self._everywhere = RunningSums({0: sums}, {})
        self._totals = RunningSums({}, {})
        self._ends: Sequence[int] = ()
        self._by_levels: dict[int, tuple[int, int]] = {}
        self._moves: dict[int, tuple[int, int]] = {}
        if not pair.whole:
            self._ends = terms.levels.ends(pair.track)
            self._totals.known[0] = self._at_ends(sums)
            if self._rising and self.level_game and len(self.players) <= terms.most:
                self._find_moves(of_levels)

    def value(self, mask: int) -> Effects:
        """The figures under a subset of the changes."""
        found = self._known.get(mask)
        if found is None:
            found = self._known[mask] = self._evaluated(mask) if self._pair.whole else self._replayed(mask)
        return found

    def moves(self, mask: int) -> tuple[int, int]:
        """Promotions and demotions under a subset of the changes."""
        found = self._by_levels.get(mask & self._of_levels) or self._moves.get(mask)
        return self.value(mask)[1:] if found is None else found

    @property
    def masks(self) -> list[int]:
        """The subsets whose figures were found so far, but for none and all."""
        return [mask for mask in self._known if mask not in {0, self._all}]

    def points_of(self, part: CoupledEvents) -> list[int]:
        """Points of coupled events under each subset of the changes that touch them."""
        return [sum(self._awards(part, mask)) for mask in subsets_of(part.changes)]

    def _coupled(self, touching: Mapping[int, list[int]]) -> list[CoupledEvents]:
        pair, numbers = self._pair, self._terms.sides.coupled.number
        places: defaultdict[int, list[int]] = defaultdict(list)
        if touching:
            for place, event in enumerate(pair.events):
                number = numbers.get(event.activity)
                if number is not None and number in touching:
                    places[number].append(place)
        found = []
        for number, changes in touching.items():
            mask = sum(1 << index for index in changes)
            old, new = ([awards[place] for place in places[number]] for awards in pair.awards)
            # A change that touches these events alone and changes no award is no player at all.
            if len(changes) > 1 or old != new:
                found.append(CoupledEvents(places[number], changes, mask, {0: old, mask: new}))
        return found

    def _highest_awards(self) -> list[int] | None:
        """The most that each event is awarded under any subset; None if there are too many to tell."""
        pair = self._pair
        if any(len(part.changes) > self._terms.most for part in self.coupled):
            return None
        highest = list(map(max, *pair.awards))
        for part in self.coupled:
            for mask in subsets_of(part.changes):
                for place, awarded in zip(part.places, self._awards(part, mask), strict=True):
                    highest[place] = max(highest[place], awarded)
        return highest

    def _best_total(self, highest: Sequence[int]) -> int:
        """A total that no period exceeds under any subset."""
        pair, terms = self._pair, self._terms
        balance = terms.sides.balance
        totals: defaultdict[int | None, int] = defaultdict(int)
        sides = (by_event(entries, len(pair.events)) for entries in pair.entries)
        for awarded, old, new in zip(highest, *sides, strict=True):
            if awarded > 0:
                fed = (entry.period for own in (old, new) for entry in own if entry.balance == balance)
                totals[next(fed, None)] += awarded
        return in_results(terms.sides.question.balance.start) + max(totals.values(), default=0)

    def _reaches(self, best: int | None, index: int) -> bool:
        """Whether the member could reach the level that a change is about."""
        lowest = self._terms.lowest[index]
        return self.level_game and (best is None or lowest is None or best >= lowest)

    @property
    def by_levels(self) -> list[int] | None:
        """The players that alone decide about promotions and demotions; None where they cannot be told."""
        if not self.level_game:
            return []
        of_levels = [index for index in self.players if self._of_levels >> index & 1]
        return of_levels if len(self._by_levels) == 1 << len(of_levels) else None

    def _find_moves(self, of_levels: Sequence[int]) -> None:
        """Promotions and demotions under every subset, as far as totals say them; once for those alike."""
        levels = self._terms.levels
        masks, many = [0], [[total] for total in self._totals.known[0]]
        for part in self.coupled:
            subsets = subsets_of(part.changes)
            more = [self._more(part, mask, self._totals, self._at_ends) for mask in subsets]
            masks = [own | mask for own in subsets for mask in masks]
            many = [
                [total + step for step in steps for total in totals]
                for totals, steps in zip(many, zip(*more, strict=True), strict=True)
            ]
        for own in subsets_of(of_levels):
            ranks = levels.ranks(own, self.member, many)
            found = {}
            for rank, place in dict(zip(ranks, range(len(masks)), strict=True)).items():
                self.standings += 1
                totals = [one[place] for one in many]
                moves = levels.moves(own, self.member, totals, self._highest)
                if moves is not None:
                    found[rank] = moves
            if len(found) == 1 and () in found:
                self._by_levels[own] = found[()]
            else:
                known = zip(masks, map(found.get, ranks), strict=True)
                self._moves.update((mask | own, moves) for mask, moves in known if moves is not None)

    def _at_ends(self, sums: Sequence[int]) -> list[int]:
        """Totals at the ends of stretches, from sums after each event."""
        return self._terms.levels.totals(self.member, [sums[end] for end in self._ends])

    def _replayed(self, mask: int) -> Effects:
        of_events, of_levels = mask & ~self._of_levels, mask & self._of_levels
        totals = self._running(of_events, self._totals, self._at_ends)
        if not self.level_game:
            return Effects(totals[-1], 0, 0)
        moves = self._by_levels.get(of_levels) or self._moves.get(mask)
        if moves is None:
            self.standings += 1
            if self._rising:
                moves = self._terms.levels.moves(of_levels, self.member, totals, self._highest)
        if moves is None:
            sums = self._running(of_events, self._everywhere, list)
            rules = self._terms.rules(of_levels)
            course = replayed(rules.evaluation, self._pair.track, sums, rising=self._rising, closing=False)
            moves = moves_of(course.history, rules.evaluation.interpreter.timeline)
        return Effects(totals[-1], *moves)

    def _running(
        self, mask: int, sums: RunningSums, of: Callable[[Sequence[int]], Sequence[int]]
    ) -> Sequence[int]:
        """The sums under changes that touch events."""
        known = sums.known.get(mask)
        if known is None:
            part = next(part for part in self.coupled if mask & part.mask)
            more = self._more(part, mask & part.mask, sums, of)
            known = sums.known[mask] = list(map(add, self._running(mask & ~part.mask, sums, of), more))
        return known

    def _more(
        self, part: CoupledEvents, mask: int, sums: RunningSums, of: Callable[[Sequence[int]], Sequence[int]]
    ) -> Sequence[int]:
        """How much more the sums are by changes that touch these events."""
        known = sums.more.get((part.mask, mask))
        if known is None:
            added = [0] * (len(self._pair.events) + 1)
            steps = map(sub, self._awards(part, mask), part.awards[0])
            for place, step in zip(part.places, steps, strict=True):
                added[place + 1] = step
            known = sums.more[part.mask, mask] = of(list(accumulate(added)))
        return known

    def _evaluated(self, mask: int) -> Effects:
        pair, terms = self._pair, self._terms
        self.standings += 1
        self.evaluated += 1
        rules = terms.rules(mask)
        result = rules.result(pair.member, pair.events)
        balance = terms.sides.balance
        points = sum(entry.awarded for entry in result.entries if entry.balance == balance)
        return Effects(points, *moves_of(result.history, rules.evaluation.interpreter.timeline))

    def _awards(self, part: CoupledEvents, mask: int) -> Sequence[int]:
        """What coupled events award under those of their changes that are in `mask`."""
        known = part.awards.get(mask)
        if known is None:
            self.evaluated += 1
            events = [self._pair.events[place] for place in part.places]
            entries = self._terms.rules(mask).entries(self.member, events)
            known = part.awards[mask] = awards_of(entries, len(events), self._terms.sides.balance)
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
