"""Promotions and demotions under any subset of the changes, from sums of points at a few places.

Where no award is negative, a total rises until its period closes. So between two days on which
something happens by itself only the sum at the end counts: every level up to it is reached. What these
days are depends on the sign-up alone, and what one of them makes of a held level depends on little
more than the level: both are asked of the interpreter once, and kept.

Worked out: of thresholds 100 and 300 a member with awards of 60, 60 and 200 reaches the first by the
second award and the second by the third: two promotions. No award is more than 200, the gap between
the thresholds, so none can pass both at once, and the sum of 320 alone says that there are two.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.outcome import moves_of
from pointbook.model.amounts import in_results

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from pointbook.comparison.question import ReadyRules
    from pointbook.comparison.replay import Track
    from pointbook.interpret.evaluation import Evaluation
    from pointbook.interpret.interpreter import Interpreter
    from pointbook.interpret.state import MemberState
    from pointbook.model.log import Member


class Border(NamedTuple):
    """A day on which a level period closes, another version takes effect, or both.

    Attributes:
        day: When.
        before: The state that it ends, of whichever member of the same sign-up; only when it is counts.
        closes: Whether the level period closes.
        version: Index of the version in force from then on, -1 for none.
    """

    day: date
    before: MemberState
    closes: bool
    version: int


class _Levels(NamedTuple):
    """The levels of one version of one subset.

    Attributes:
        thresholds: From the lowest.
        ids: Likewise.
        ranks: Rank of each, by id; -1 for none.
        gap: The least difference between neighbouring thresholds; 0 where there are no neighbours.
    """

    thresholds: Sequence[int]
    ids: Sequence[str]
    ranks: Mapping[str | None, int]
    gap: int


_Moved = tuple[str | None, int, int]
"""A level held, and how many promotions and demotions led to it."""


class LevelMoves:
    """How members' levels move under subsets of the changes; what several members need is found once."""

    def __init__(self, rules: Callable[[int], ReadyRules], every: int) -> None:
        """Nothing is found yet.

        Args:
            rules: The old rules with any subset of the changes, by its mask. Versions take effect on the
                same days in all of them.
            every: The mask of all changes.
        """
        self._rules, self._every = rules, every
        self._borders: dict[date, list[Border]] = {}
        self._moved: dict[tuple[int, int, int, bool, str | None, int], _Moved] = {}
        self._levels = cache(self._levels_under)
        self._opened: dict[tuple[int, int], _Moved] = {}

    @cached_property
    def _evaluation(self) -> Evaluation:
        return self._rules(self._every).evaluation

    @cached_property
    def _interpreter(self) -> Interpreter:
        return self._evaluation.interpreter

    @cached_property
    def _place(self) -> int:
        """Of the balance that decides levels."""
        return self._interpreter.program.level_balance_no

    @cached_property
    def _start(self) -> int:
        program = self._interpreter.program
        return in_results(program.balances[program.level_balance].start)

    def borders(self, member: Member) -> list[Border]:
        """The member's borders up to the as-of date, in order; who signed up on 29 February has own ones.

        Anniversaries of 29 February are the same under all subsets, or else a member's events are
        evaluated as a whole and nobody asks here.
        """
        known = self._borders.get(member.signed_up_on)
        if known is None:
            known = self._borders[member.signed_up_on] = []
            state, _ = self._interpreter.opened(member)
            while state.milestone <= self._evaluation.as_of:
                after, _ = self._interpreter.advanced(state, state.milestone)
                closes = after.periods[self._place] != state.periods[self._place]
                if closes or after.version != state.version:
                    known.append(Border(state.milestone, state, closes, after.version))
                state = after
        return known

    def ends(self, track: Track) -> list[int]:
        """How many events lie before each border, and how many there are; of a steady track."""
        days = track.days
        return [*(bisect_left(days, border.day) for border in self.borders(track.member)), len(days)]

    def totals(self, member: Member, sums: Sequence[int]) -> list[int]:
        """Awards of the period up to each of `ends`, from sums over all time; at last the sum of all."""
        found, earlier = [], 0
        for border, total in zip(self.borders(member), sums, strict=False):
            found.append(total - earlier)
            if border.closes:
                earlier = total
        return [*found, sums[-1] - earlier, sums[-1]]

    def ranks(self, mask: int, member: Member, many: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
        """What levels depend on for each of many `totals`, if no award is negative: alike, they move alike.

        Args:
            mask: The subset, of which only changes of levels and of the life cycle count.
            member: Who has signed up by the as-of date.
            many: Totals at each end, then at the next: all of the first end, all of the second.
        """
        versions = [self._interpreter.timeline.on(member.signed_up_on)]
        versions += [border.version for border in self.borders(member)]
        found = []
        # A total is measured by the levels of its own period, then by those of the next.
        for totals, *pair in zip(many, versions, [*versions[1:], versions[-1]], strict=False):
            low, high = min(totals) + self._start, max(totals) + self._start
            for version in {*pair}:
                thresholds = self._levels(mask, max(0, version)).thresholds
                below = bisect_right(thresholds, low)
                if below < bisect_right(thresholds, high):
                    own = [threshold - self._start for threshold in thresholds[below:]]
                    found.append([bisect_right(own, total) for total in totals])
        return list(zip(*found, strict=True)) if found else [()] * len(many[-1])

    def moves(self, mask: int, member: Member, totals: Sequence[int], highest: int) -> tuple[int, int] | None:
        """Promotions and demotions; None where the totals do not say how many promotions there are.

        Args:
            mask: The subset, of which only changes of levels and of the life cycle count.
            member: Who has signed up by the as-of date.
            totals: What is awarded on the balance that decides levels, as `totals` gives it.
            highest: No award is more than that, and none is negative.
        """
        version = self._interpreter.timeline.on(member.signed_up_on)
        level, promotions, demotions = self._at_sign_up(mask, version, member)
        start, levels, known = self._start, self._levels, self._moved
        for border, awarded in zip((*self.borders(member), None), totals, strict=False):
            total = start + awarded
            if version >= 0:
                thresholds, ids, ranks, gap = levels(mask, version)
                reached = bisect_right(thresholds, total) - 1
                more = reached - ranks[level]
                if more > 0:
                    if more > 1 and highest > gap:
                        return None
                    promotions += more
                    level = ids[reached]
            if border is None:
                break
            before, version = version, border.version
            rank = bisect_right(levels(mask, max(0, version)).thresholds, total)
            key = mask, before, version, border.closes, level, rank
            moved = known.get(key)
            if moved is None:
                moved = known[key] = self._at_border(mask, border, level, total)
            level, up, down = moved
            promotions += up
            demotions += down
        return promotions, demotions

    def _at_sign_up(self, mask: int, version: int, member: Member) -> _Moved:
        known = self._opened.get((mask, version))
        if known is None:
            interpreter = self._rules(mask).evaluation.interpreter
            state, changes = interpreter.opened(member)
            known = self._opened[mask, version] = (state.level, *moves_of(changes, interpreter.timeline))
        return known

    def _at_border(self, mask: int, border: Border, level: str | None, total: int) -> _Moved:
        """What a border makes of a held level: the same for all totals that earn the same from then on."""
        before, place = border.before, self._place
        totals = (*before.totals[:place], total, *before.totals[place + 1 :])
        interpreter = self._rules(mask).evaluation.interpreter
        state, changes = interpreter.advanced(before._replace(level=level, totals=totals), border.day)
        return state.level, *moves_of(changes, interpreter.timeline)

    def _levels_under(self, mask: int, version: int) -> _Levels:
        ladder = self._rules(mask).evaluation.interpreter.timeline.books[version].ladder
        thresholds = tuple(map(in_results, ladder.thresholds))
        gaps = [high - low for low, high in pairwise(thresholds)]
        ranks: dict[str | None, int] = {level: rank for rank, level in enumerate((None, *ladder.ids), -1)}
        return _Levels(thresholds, ladder.ids, ranks, min(gaps, default=0))
