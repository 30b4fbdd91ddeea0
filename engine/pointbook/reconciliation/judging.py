"""Which causes explain what differs: the fewest, each by the most rows and the least harm to equal ones.

In each round every hypothesis is evaluated for a part of the rows that are left. The one taken is the one
that explains most of them, less the equal rows that would differ with it; all rows that it explains are done.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.wording import quantity
from pointbook.reconciliation.hypothesis import Hypothesis, both
from pointbook.reconciliation.trying import Trial, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.reconciliation.cases import Case
    from pointbook.reconciliation.setting import Setting

_EVENTS_OF_A_PART, _CASES_OF_A_PART = 4_000, 64
"""How much is evaluated for one hypothesis at a time."""
_PARTS, _PARTS_OF_PAIRS = 4, 1
"""Parts that are looked at in one round."""
_MOST_WORK = 4_000_000
"""Events that are evaluated before no further round begins: a count, so that it ends the same each time."""
_MOST_CAUSES, _MOST_RANKED, _MOST_PAIRED, _MOST_JOINED, _MOST_ALTERNATIVES = 12, 24, 5, 2, 3
_FEW, _NEARLY_ALL = 8, Fraction(9, 10)
_LEAST_LIKELY, _LEAST_HINTED, _FEW_LEFT = 2, 3, 50
"""Rows that must speak for a cause; one alone may be chance."""


class Found(NamedTuple):
    """A cause that was found.

    Attributes:
        hypothesis: What holds.
        cases: What it explains of what those before leave.
        is_likely: Whether it is more than chance.
        broken: Equal cases that would differ.
        looked_at: Equal cases that were looked at.
        alternatives: What would do as well.
    """

    hypothesis: Hypothesis
    cases: tuple[Case, ...]
    is_likely: bool
    broken: int
    looked_at: int
    alternatives: tuple[Hypothesis, ...]


class _Ranked(NamedTuple):
    """A hypothesis with what speaks for it, in the order of taking."""

    loss: Fraction
    moved: int
    place: int
    trial: Trial
    broken: int


class Judge:
    """Finds causes."""

    def __init__(
        self,
        hypotheses: Sequence[Hypothesis],
        ours: Setting,
        equal: Sequence[Case],
        progress: Callable[[str], None],
    ) -> None:
        """Nothing is evaluated yet.

        Args:
            hypotheses: What may hold, the plainest first.
            ours: Our setting.
            equal: The cases that are equal.
            progress: Takes how far it is, very often.
        """
        self._ours, self._equal, self._progress = ours, equal, progress
        self._trials = [Trial(hypothesis, place, ours) for place, hypothesis in enumerate(hypotheses)]
        self._work = 0
        self._finer: dict[int, list[Trial]] = {}
        self._checked = next(_parts(equal), ())

    def causes(self, differing: Sequence[Case]) -> tuple[list[Found], list[Case]]:
        """The causes of what differs, and the cases that none explains."""
        left = list(differing)
        found: list[Found] = []
        self._take(self._trials, found, left, _PARTS)
        for one, other in combinations(found[:_MOST_PAIRED], 2):
            if left and (pair := self._pair(both(one.hypothesis, other.hypothesis), left)):
                found.append(pair)
                left = _without(left, pair.cases)
        for known in found[:_MOST_JOINED]:
            first = len(self._trials)
            joined = (both(known.hypothesis, trial.hypothesis) for trial in self._trials)
            trials = [Trial(hypothesis, place, self._ours) for place, hypothesis in enumerate(joined, first)]
            self._take(trials, found, left, _PARTS_OF_PAIRS)
        return sorted(found, key=lambda cause: not cause.is_likely), left

    def _take(self, trials: Sequence[Trial], found: list[Found], left: list[Case], parts: int) -> None:
        """Add causes among `trials` to `found`, and take what they explain from `left`."""
        while left and len(found) < _MOST_CAUSES:
            cause = self._best(trials, left, parts)
            if cause is None:
                return
            found.append(cause)
            left[:] = _without(left, cause.cases)

    def _best(self, trials: Sequence[Trial], left: Sequence[Case], parts: int) -> Found | None:
        """The cause to be taken next; None where none stands the test."""
        for number, part in enumerate(_parts(left)):
            if number == parts or self._work >= _MOST_WORK:
                break
            ranked = self._ranked(trials, part, len(left))
            for rank in ranked:
                cause = self._standing(rank, ranked, part, left)
                if cause is not None:
                    return cause
        return None

    def _ranked(self, trials: Sequence[Trial], part: Sequence[Case], left: int) -> list[_Ranked]:
        """The hypotheses that explain any of a part and more than they harm, the best first.

        Those that explain most of a few cases are looked at first: where one explains nearly all and harms
        nothing, the others need not be evaluated for the rest.
        """
        few = part[:: -(-len(part) // _FEW)]
        clear = [trial for trial in self._in_turn(trials, left) if _explains_half(trial, few)]
        ranked = self._rank(clear, part, left)
        if ranked and not ranked[0].broken and -ranked[0].loss >= _NEARLY_ALL * left:
            return ranked
        return self._rank(trials, part, left)

    def _rank(self, trials: Sequence[Trial], part: Sequence[Case], left: int) -> list[_Ranked]:
        counts: dict[int, tuple[int, Trial]] = {}
        best_of: dict[str, Trial] = {}
        for trial in self._in_turn(trials, left):
            if count := len(trial.explained(part)):
                counts[trial.place] = count, trial
                family = trial.hypothesis.family
                known = best_of.get(family)
                if family and (known is None or count > counts[known.place][0]):
                    best_of[family] = trial
        for best in best_of.values():
            for trial in self._nearby(best):
                if count := len(trial.explained(part)):
                    counts[trial.place] = count, trial
        most = sorted(counts.values(), key=lambda counted: (-counted[0], counted[1].place))[:_MOST_RANKED]
        ranked = []
        for count, trial in most:
            broken = sum(verdict is not Verdict.NOTHING for verdict in trial.verdicts(self._checked))
            harm = Fraction(broken * len(self._equal), len(self._checked) or 1)
            loss = harm - Fraction(count * left, len(part))
            if loss < 0:
                ranked.append(_Ranked(loss, trial.moved(part), trial.place, trial, broken))
        return sorted(ranked, key=lambda rank: rank[:3])

    def _in_turn(self, trials: Sequence[Trial], left: int) -> Iterator[Trial]:
        """Each of them, with a word on how far it is."""
        for number, trial in enumerate(trials, 1):
            self._work += trial.work_done()
            self._progress(f"trying causes: {number:,} of {len(trials):,}, for {quantity(left, 'row')}")
            yield trial

    def _nearby(self, best: Trial) -> Iterable[Trial]:
        """The finer hypotheses around one, each made once."""
        known = self._finer.get(best.place)
        if known is None:
            nearby = best.hypothesis.nearby
            first = len(self._trials) + sum(map(len, self._finer.values()))
            known = self._finer[best.place] = [
                Trial(hypothesis, place, self._ours)
                for place, hypothesis in enumerate(() if nearby is None else nearby(), first)
            ]
        return known

    def _standing(
        self, rank: _Ranked, ranked: Sequence[_Ranked], part: Sequence[Case], left: Sequence[Case]
    ) -> Found | None:
        """The cause, unless a single row speaks for it and others against it."""
        trial = rank.trial
        cases = trial.explained(left)
        if len(cases) < _LEAST_LIKELY and (len(left) > _FEW_LEFT or trial.moved(left)):
            return None
        own = trial.verdicts(part)
        others = [
            other.trial.hypothesis
            for other in ranked
            if other.trial is not trial
            and other.broken == rank.broken
            and other.trial.verdicts(part) == own
            and (not trial.hypothesis.family or other.trial.hypothesis.family != trial.hypothesis.family)
        ]
        return Found(
            trial.hypothesis,
            cases,
            len(cases) >= _LEAST_LIKELY,
            rank.broken,
            len(self._checked),
            tuple({each.family or each.words: each for each in others}.values())[:_MOST_ALTERNATIVES],
        )

    def _pair(self, pair: Hypothesis, left: Sequence[Case]) -> Found | None:
        return self._tested(pair, left, self._checked, 1)

    def harmless(self, hypotheses: Iterable[Hypothesis], left: Sequence[Case]) -> Found | None:
        """Of hypotheses that change no equal case the first of those that explain most: three cases or more.

        There are many such hypotheses, and the hints for them come from these very cases, so that two may be
        chance.
        """
        tested = (self._tested(hypothesis, left, self._equal, _LEAST_HINTED) for hypothesis in hypotheses)
        return max(
            (found for found in tested if found is not None and not found.broken),
            key=lambda found: len(found.cases),
            default=None,
        )

    def _tested(
        self, hypothesis: Hypothesis, left: Sequence[Case], equal: Sequence[Case], least: int
    ) -> Found | None:
        """The hypothesis as a cause, where it explains at least so many cases."""
        trial = Trial(hypothesis, len(self._trials), self._ours)
        cases = trial.explained(left)
        if len(cases) < least:
            return None
        broken = sum(verdict is not Verdict.NOTHING for verdict in trial.verdicts(equal))
        return Found(hypothesis, cases, True, broken, len(equal), ())


def _explains_half(trial: Trial, cases: Sequence[Case]) -> bool:
    """Whether it explains at least half of a few cases; the rest is not evaluated once it cannot."""
    missed = 0
    for case in cases:
        missed += trial.verdict(case) is not Verdict.EXPLAINED
        if 2 * missed > len(cases):
            return False
    return True


def _without(cases: Sequence[Case], done: Sequence[Case]) -> list[Case]:
    numbers = {case.number for case in done}
    return [case for case in cases if case.number not in numbers]


def _parts(cases: Sequence[Case]) -> Iterator[Sequence[Case]]:
    """All cases in parts that are evaluated soon, each with cases from all over."""
    if not cases:
        return
    events = sum(len(case.events) for case in cases)
    number = max(1, -(-events // _EVENTS_OF_A_PART), -(-len(cases) // _CASES_OF_A_PART))
    for first in range(min(number, len(cases))):
        yield cases[first::number]
