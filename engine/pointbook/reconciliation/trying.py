"""A hypothesis evaluated for cases, each once."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from pointbook.reconciliation.setting import Evaluator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.reconciliation.cases import Case
    from pointbook.reconciliation.hypothesis import Hypothesis
    from pointbook.reconciliation.setting import Setting


_WORK_OF_A_MEMBER = 100


class Verdict(Enum):
    """What a hypothesis does to a case."""

    NOTHING = "nothing"
    MOVED = "moved"
    EXPLAINED = "explained"


class Trial:
    """A hypothesis, and what it has done to cases so far.

    Attributes:
        hypothesis: Which.
        place: Its place among all, by which one of equals is taken.
    """

    def __init__(self, hypothesis: Hypothesis, place: int, ours: Setting) -> None:
        """Nothing is evaluated yet."""
        self.hypothesis, self.place = hypothesis, place
        self._ours = ours
        self._evaluator: Evaluator | None = None
        self._verdicts: dict[int, Verdict] = {}
        self._work = 0

    def verdict(self, case: Case) -> Verdict:
        """What it does to a case."""
        known = self._verdicts.get(case.number)
        if known is None:
            known = self._verdicts[case.number] = self._evaluated(case)
        return known

    def verdicts(self, cases: Iterable[Case]) -> tuple[Verdict, ...]:
        """What it does to each case."""
        return tuple(map(self.verdict, cases))

    def explained(self, cases: Sequence[Case]) -> tuple[Case, ...]:
        """The cases that it explains."""
        return tuple(case for case in cases if self.verdict(case) is Verdict.EXPLAINED)

    def moved(self, cases: Sequence[Case]) -> int:
        """How many cases it changes to something else than what is shown."""
        return sum(self.verdict(case) is Verdict.MOVED for case in cases)

    def work_done(self) -> int:
        """How many events were evaluated since it was last asked; a member counts as a hundred more."""
        done, self._work = self._work, 0
        return done

    def _evaluated(self, case: Case) -> Verdict:
        hypothesis = self.hypothesis
        if not hypothesis.concerned.has(case):
            return Verdict.NOTHING
        events = case.events
        if hypothesis.events is not None:
            events = hypothesis.events(case.member, events)
            if hypothesis.setting is None and hypothesis.member is None and events == case.events:
                return Verdict.NOTHING
        if self._evaluator is None:
            setting = self._ours if hypothesis.setting is None else hypothesis.setting(self._ours)
            self._evaluator = Evaluator(setting)
        self._work += len(events) + _WORK_OF_A_MEMBER
        member = case.member if hypothesis.member is None else hypothesis.member(case.member)
        figures = self._evaluator.figures(member, events, case.day)
        if case.is_as_ours(figures):
            return Verdict.NOTHING
        return Verdict.EXPLAINED if case.shows(figures) else Verdict.MOVED
