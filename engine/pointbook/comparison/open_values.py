"""One side of a member, had every missing assessed value been its lowest, or its highest.

Only events of coupled activities can come to something else by that (`coupling`), so only they are
evaluated anew; levels follow from the awards (`replay`).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pointbook.comparison.counts import SideCounts
from pointbook.comparison.outcome import is_open, member_outcome
from pointbook.comparison.replay import awards_of, course_of, replayed, sums_of
from pointbook.model.ledger import by_event

if TYPE_CHECKING:
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.pairs import MemberPair
    from pointbook.comparison.question import ReadyRules
    from pointbook.comparison.sides import ComparedSide, Sides


def pairs_assuming(pair: MemberPair, sides: Sides) -> list[tuple[MemberOutcome, MemberOutcome]]:
    """The member's pair of outcomes with every missing assessed value at its lowest, and at its highest."""
    old = _outcomes(pair, sides, 0, sides.old)
    return list(zip(old, _outcomes(pair, sides, 1, sides.new), strict=True))


def _outcomes(pair: MemberPair, sides: Sides, which: int, side: ComparedSide) -> list[MemberOutcome]:
    outcome = (pair.old, pair.new)[which]
    if not outcome.open_values:
        return [outcome, outcome]
    found = _evaluated if pair.whole else _replayed
    return [
        outcome if rules is side.rules else found(pair, sides, which, side, rules) for rules in side.assuming
    ]


def _evaluated(
    pair: MemberPair, sides: Sides, which: int, side: ComparedSide, rules: ReadyRules
) -> MemberOutcome:
    track, events = pair.reading(which)
    result = rules.result(track.member, events)
    totals = sums_of(awards_of(result.entries, len(track.days), side.balance.id))
    course = course_of(result, rules.evaluation, track, totals)
    return member_outcome(course, SideCounts().add(result.entries, sides.question.latest), side.scale)


def _replayed(
    pair: MemberPair, sides: Sides, which: int, side: ComparedSide, rules: ReadyRules
) -> MemberOutcome:
    number, program, events = sides.coupled.number, sides.question.program, pair.events
    entries = by_event(pair.entries[which], len(events))
    opened = [place for place, own in enumerate(entries) if any(map(is_open, own))]
    limited = {number[events[place].activity] for place in opened} & sides.coupled.limited
    places = opened
    if limited:
        coupled = (place for place, event in enumerate(events) if number.get(event.activity) in limited)
        places = sorted({*opened, *coupled})
    anew = rules.entries(pair.member, [events[place] for place in places])
    awards = list(pair.awards[which])
    for place, awarded in zip(places, awards_of(anew, len(places), sides.balance), strict=True):
        awards[place] = awarded
    as_it_was = chain.from_iterable(entries[place] for place in places)
    rest = pair.sums[which].less(SideCounts().add(as_it_was, program))
    rising = min(awards, default=0) >= 0
    course = replayed(rules.evaluation, pair.track, sums_of(awards), rising=rising, closing=False)
    return member_outcome(course, rest.plus(SideCounts().add(anew, program)), side.scale)
