"""One side of a member, had every missing assessed value been another one.

Only events of the same part can come to something else by that (`coupling`), so only they are
evaluated anew; levels follow from the awards (`replay`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.comparison.outcome import course_of, is_open, member_outcome, tally_of
from pointbook.comparison.replay import awards_of, replayed, sums_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.coupling import Parts
    from pointbook.comparison.outcome import MemberOutcome, Scale, Tally
    from pointbook.comparison.question import Run
    from pointbook.comparison.replay import Track
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event


def outcomes_assuming(  # noqa: PLR0913 - what it depends on
    runs: Sequence[Run],
    track: Track,
    events: Sequence[Event],
    entries: Sequence[Entry],
    *,
    tally: Tally,
    parts: Parts,
    balance: str,
    scale: Scale,
) -> list[MemberOutcome]:
    """What the member's side comes to under each of several assumptions.

    Args:
        runs: The same rules, each with another assumption.
        track: The member.
        events: Up to the as-of date, in order.
        entries: What each of them came to under the assumption that is made.
        tally: Of these entries.
        parts: Which events depend on each other.
        balance: The balance that decides levels.
        scale: Of the side.
    """
    if not track.steady:
        results = [run.result(track.member, events) for run in runs]
        return [
            member_outcome(course_of(result), tally_of(result.entries, balance), scale) for result in results
        ]
    opened = [is_open(entry) for entry in entries]
    numbers = {
        parts.number[entry.activity] for entry, missing in zip(entries, opened, strict=True) if missing
    }
    limited = numbers & parts.limited
    places = [
        place
        for place, entry in enumerate(entries)
        if opened[place] or (limited and parts.number.get(entry.activity) in limited)
    ]
    affected = [events[place] for place in places]
    rest = tally.less(tally_of([entries[place] for place in places], balance))
    found = []
    for run in runs:
        after = list(entries)
        anew = run.entries(track.member, affected)
        for place, entry in zip(places, anew, strict=True):
            after[place] = entry
        course = replayed(run.evaluation, track, sums_of(awards_of(after, balance)))
        found.append(member_outcome(course, rest.plus(tally_of(anew, balance)), scale))
    return found
