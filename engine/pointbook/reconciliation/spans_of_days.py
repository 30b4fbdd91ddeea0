"""Days of which that system lacks all events, or has them twice: an outage, or a run that was repeated.

Whole months are tried of themselves. Other days come from the members: on which days one event less, or one
more, would make up what differs. Where such days of several members lie close together, they are tried.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from pointbook.reconciliation.causes.events import doubled_between, missing_between
from pointbook.reconciliation.published import LEVEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from pointbook.reconciliation.cases import Case
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import Hypothesis
    from pointbook.reconciliation.judging import Found, Judge

_A_DAY = timedelta(days=1)
_LENGTHS = (1, 2, 3, 7, 14, 31)
_OF_A_LENGTH, _LEAST = 2, 3
_WIDER = range(4)
"""Days by which a span can be wider than the events of which it is known."""

_Hints = list[tuple["date", int]]
"""Days on which one event would make up a case's difference, with the number of the case; sorted."""


def cause_of_days(ground: Ground, judge: Judge, left: Sequence[Case]) -> Found | None:
    """Of what nothing else explains, the days whose events that system lacks or has twice; None for none."""
    best: Found | None = None
    for cause, sign in ((missing_between, -1), (doubled_between, 1)):
        spans = list(_spans(_hints(ground, left, sign)))
        found = judge.harmless((cause(first, last) for first, last in spans), left)
        if found is not None:
            span = next(span for span in spans if cause(*span).subject == found.hypothesis.subject)
            found = judge.harmless(_wider(cause, *span), left)
        if found is not None and (best is None or len(found.cases) > len(best.cases)):
            best = found
    return best


def _wider(cause: Callable[[date, date], Hypothesis], first: date, last: date) -> Iterator[Hypothesis]:
    for wider in sorted((before + after, before, after) for before in _WIDER for after in _WIDER):
        yield cause(first - wider[1] * _A_DAY, last + wider[2] * _A_DAY)


def _hints(ground: Ground, left: Iterable[Case], sign: int) -> _Hints:
    found = set()
    for case in left:
        differences = [
            shown - ours
            for name, shown in case.published.items()
            if name != LEVEL and isinstance(shown, int) and isinstance(ours := case.ours.get(name), int)
        ]
        due = [event for event in case.events if event.local.date() <= case.day]
        for event, own in zip(due, ground.entries(case.member, case.events), strict=False):
            amounts = [entry.awarded if sign < 0 else entry.requested for entry in own]
            if any(amount and sign * amount in differences for amount in amounts):
                found.add((event.local.date(), case.number))
    return sorted(found)


def _spans(hints: _Hints) -> Iterator[tuple[date, date]]:
    """The spans with the hints of most cases, for each length."""
    for length in _LENGTHS:
        inside: Counter[int] = Counter()
        most: list[tuple[int, date, date]] = []
        first = 0
        for day, case in hints:
            inside[case] += 1
            while day - hints[first][0] >= length * _A_DAY:
                inside[hints[first][1]] -= 1
                inside += Counter()  # without those that have none left
                first += 1
            most.append((-len(inside), hints[first][0], day))
        for number, start, end in sorted(most)[:_OF_A_LENGTH]:
            if -number >= _LEAST:
                yield start, end
