"""Spends that a balance does not cover: what members would have done instead, no log can tell."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pointbook.comparison.overall.wording import in_balance, named_activities
from pointbook.comparison.summaries import Unanswered
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.comparison.counts import LogCounts
    from pointbook.model.program import Program

_REFUSED = {
    (False, True): (
        "{who} could not pay for {events} of {named} under the new rules, which the old rules cover: they"
        " would have spent less, or later, so what they have from then on is not what they would have."
    ),
    (True, False): (
        "{who} could pay for {events} of {named} under the new rules alone: the log has them though the old"
        " rules do not cover them, so look at what else these members had."
    ),
    (True, True): (
        "{who} could not pay for {events} of {named} under either rules, though the log has them: it may lack"
        " what they earned before."
    ),
}
"""By whether the old rules refuse them, and whether the new ones do."""


def refused_spends(program: Program, counts: LogCounts, titles: Mapping[str, str]) -> Iterator[Unanswered]:
    """Whom they are of, and how much, by which rules refuse them.

    Args:
        program: Whose balances they are.
        counts: What all events come to.
        titles: Of activities.
    """
    for way, of in _REFUSED.items():
        events = Counter(
            {name: number for (name, *sides_), number in counts.refused.items() if tuple(sides_) == way}
        )
        if not events:
            continue
        number, members = sum(events.values()), counts.refused_members[way]
        who = quantity(members, "member")
        taken = [
            f"{quantity(-points, 'point')}{in_balance(balance, program)} spent"
            if points < 0
            else f"{quantity(points, 'point')}{in_balance(balance, program)} given for it"
            for balance in program.balances
            if (points := counts.refused_stakes[*way, balance])
        ]
        side = "old" if way[1] else "new"
        yield Unanswered(
            "refused-spends",
            of.format(named=named_activities(events, titles), events=quantity(number, "event"), who=who),
            number,
            f"{', '.join(taken)} under the {side} rules" if taken and not all(way) else "",
        )
