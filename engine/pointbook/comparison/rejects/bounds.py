"""How far rejected rows could move points, and members by their points, had they been right.

The bounds are certain, not tight. They rest on this: a member whom no rejected row is about stays as
is; a figure that counts members counts each at most once; points can only differ where a change
touches something (`coupling`), there by what one more event can award, and by what limits let through,
or balances cover, of the events that are there already (`slack`). The as-of date stays.

Worked out: a visit is worth 40 points under the old rules and 50 under the new; three members have 10
points more in all, one gaining and two unchanged. One rejected row is a visit of a member who has none.
Right, it would bring that member 10 points more, or nothing where a limit cuts it: points from 10 to
20, members gaining from 1 to 2, losing none, unchanged from 1 to 2.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import reduce
from math import inf
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.rejects.award_range import NOTHING, PointsRange, award_range, widest
from pointbook.comparison.rejects.rows import ANY
from pointbook.comparison.rejects.slack import WITHOUT_END, slack_of
from pointbook.comparison.result import Bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.comparison.pairs import MemberPair
    from pointbook.comparison.rejects.rows import RejectedRows
    from pointbook.comparison.rejects.slack import Slack
    from pointbook.comparison.result import Headline
    from pointbook.comparison.sides import Sides
    from pointbook.model.ledger import Entry

BOUNDED = ("points", "gaining", "losing", "unchanged")
"""Keys of the headlines that have bounds."""


class Leeway(NamedTuple):
    """How far one member can move a figure; neither is negative, both can be without end."""

    down: int
    up: int


class RejectTerms(NamedTuple):
    """What rejected rows can be, and what they can do, before any member is looked at.

    Attributes:
        rows: The rows.
        level_balance: Place of the balance that decides levels among all.
        touched: Activities whose events can come to something else by a change.
        limited: Those of them whose events have a say in what others come to.
        slack: By how much what is there already could be otherwise.
        ranges: How far one event of a touched activity can move the points of a balance by what it awards
            itself, with what repeats of it award: for each balance, by activity.
        of_nobody: How far all rows that name no member of the log can, for each balance.
    """

    rows: RejectedRows
    level_balance: int
    touched: frozenset[str]
    limited: frozenset[str]
    slack: Slack
    ranges: Mapping[str, Mapping[str, PointsRange]]
    of_nobody: Sequence[PointsRange]

    @property
    def unlimited(self) -> tuple[str, ...]:
        """Activities of which one event can move the points without limit, and rejected rows can be."""
        named, ranges = self.rows.activities, self.level_ranges
        possible = ranges if ANY in named else named & ranges.keys()
        return tuple(sorted(name for name in possible if None in ranges[name]))

    @property
    def level_ranges(self) -> Mapping[str, PointsRange]:
        """The ranges of the balance that decides levels."""
        return list(self.ranges.values())[self.level_balance]

    def ranges_of(self, rows: Mapping[str, int]) -> list[PointsRange]:
        """How far so many events of which activity can move the points of each balance."""
        return [_range_of(rows, ranges) for ranges in self.ranges.values()]


@dataclass(slots=True)
class RejectSums:
    """What the members so far could do; filled while they go by.

    Attributes:
        by_own: How far rows that name members could move each figure by moving these members: down,
            or up.
        by_others: How many members could move each figure down, or up, by how much, if a row that names
            nobody were theirs; apart from what rows that name them do already.
    """

    by_own: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_others: Counter[tuple[str, bool, int]] = field(default_factory=Counter)


def reject_terms(rows: RejectedRows, sides: Sides) -> RejectTerms:
    """What the rejected rows of a log can do."""
    coupled = sides.coupled
    slack = slack_of(sides)
    is_all = sides.anniversaries_move or bool(slack.by_level)
    touched = frozenset(coupled.number) if is_all else sides.touched
    limited = frozenset(name for name in touched if slack.by_level or coupled.number[name] in coupled.limited)
    versions = sides.old.versions, sides.new.versions
    question = sides.question
    ranges = {
        balance: {
            name: award_range(name, balance, *versions, question, limited=name in limited).times(
                1 + question.replays
            )
            for name in touched
        }
        for balance in question.program.balances
    }
    of_nobody = [_range_of(rows.of_nobody, each) for each in ranges.values()]
    return RejectTerms(rows, question.latest.level_balance_no, touched, limited, slack, ranges, of_nobody)


def add_leeways(pair: MemberPair, terms: RejectTerms, sums: RejectSums) -> None:
    """Take in one member."""
    rows = terms.rows
    own = rows.of_members.get(pair.member.id, {})
    if not own and not rows.nameless:
        return
    changes = list(map(sub, pair.new.balances, pair.old.balances))
    limits = _leeways_of_limits(pair.entries, terms)
    of_level = limits[terms.level_balance]
    by_own = terms.ranges_of(own)
    matters, displaces = _can_be(own, terms.touched), _can_be(own, terms.limited)
    mine = {
        "points": of_level if displaces else Leeway(0, 0),
        **(_leeways(changes, limits, by_own) if matters else {}),
    }
    by_all = [one.plus(other) for one, other in zip(by_own, terms.of_nobody, strict=True)]
    whole = {"points": of_level, **_leeways(changes, limits, by_all)}
    for key in BOUNDED:
        named = mine.get(key, Leeway(0, 0))
        for up in (False, True):
            sums.by_own[key, up] += named[up]
            if rows.nameless:
                more = whole[key][up] - named[up] if named[up] < WITHOUT_END else 0
                sums.by_others[key, up, more] += 1


def _can_be(activities: Iterable[str], of: frozenset[str]) -> bool:
    """Whether one of the rejected rows' activities can be one of these."""
    return any(bool(of) if activity == ANY else activity in of for activity in activities)


def _leeways_of_limits(entries: tuple[Sequence[Entry], Sequence[Entry]], terms: RejectTerms) -> list[Leeway]:
    """How far what is there already could come to more or less, for each balance."""
    down, up = Counter[str](), Counter[str]()
    # Less on the old side is more in the difference.
    for is_new, (lowered, raised) in enumerate(((up, down), (down, up))) if terms.limited else ():
        own = (entry for entry in entries[is_new] if entry.activity in terms.limited)
        for balance, less, more in terms.slack.of(bool(is_new), own):
            lowered[balance] += less
            raised[balance] += more
    return [Leeway(down[balance], up[balance]) for balance in terms.ranges]


def _range_of(rows: Mapping[str, int], ranges: Mapping[str, PointsRange]) -> PointsRange:
    """How far events can move the points by what they award themselves.

    Args:
        rows: How many there are of which activity.
        ranges: Of one event, by activity.
    """
    each = (
        (widest(list(ranges.values())) if name == ANY else ranges.get(name, NOTHING)).times(number)
        for name, number in rows.items()
    )
    return reduce(PointsRange.plus, each, NOTHING)


def _leeways(
    changes: Sequence[int], limits: Sequence[Leeway], rows: Sequence[PointsRange]
) -> dict[str, Leeway]:
    """How far a member can move the figures that count members by their points.

    A member with 10 points more, whom rows can take up to 15, can gain, lose or stay the same:

    >>> _leeways([10], [Leeway(0, 0)], [PointsRange(-15, 0)])["gaining"]
    Leeway(down=1, up=0)

    Args:
        changes: Points more under the new rules than under the old ones, for each balance.
        limits: How far limits can move that.
        rows: How far the rows themselves can.
    """
    each = list(zip(changes, limits, rows, strict=True))
    lowest = [-inf if own.least is None else change - limit.down + own.least for change, limit, own in each]
    highest = [inf if own.most is None else change + limit.up + own.most for change, limit, own in each]
    loses, can_lose, can_stop_losing = min(changes) < 0, min(lowest) < 0, min(highest) >= 0
    gains = not loses and max(changes) > 0
    can_be_same = can_stop_losing and max(lowest) <= 0
    figures = (
        ("gaining", gains, can_lose or can_be_same, can_stop_losing and max(highest) > 0),
        ("losing", loses, can_stop_losing, can_lose),
        ("unchanged", not loses and not gains, can_lose or max(highest) > 0, can_be_same),
    )
    return {
        key: Leeway(int(happens and can_end), int(not happens and can_begin))
        for key, happens, can_end, can_begin in figures
    }


def bounded(headlines: Iterable[Headline], terms: RejectTerms, sums: RejectSums) -> tuple[Headline, ...]:
    """The headlines, each with how far it could be moved, where that is computed."""
    return tuple(
        replace(headline, rejects=_bounds(headline, terms, sums))
        if headline.key in BOUNDED
        else headline
        if terms.rows.any
        else replace(headline, rejects=Bounds(headline.change, headline.change))
        for headline in headlines
    )


def _bounds(headline: Headline, terms: RejectTerms, sums: RejectSums) -> Bounds:
    key, rows = headline.key, terms.rows
    # Whom the log does not have: a member without events, and without points.
    still = [0] * len(terms.ranges), [Leeway(0, 0)] * len(terms.ranges)
    newcomer = {"points": Leeway(0, 0), **_leeways(*still, terms.of_nobody)}[key]
    if key == "unchanged":
        newcomer = Leeway(0, 1)
    slots = sum(number for name, number in rows.of_nobody.items() if _can_be((name,), terms.touched))
    strangers = rows.sign_ups + (rows.nameless - slots if key == "unchanged" else 0)
    down, up = (
        sums.by_own[key, way]
        + _largest(
            {amount: count for (*of, amount), count in sums.by_others.items() if of == [key, way]},
            newcomer[way],
            slots,
        )
        + strangers * newcomer[way]
        for way in (False, True)
    )
    itself = NOTHING
    if key == "points":
        each = (*rows.of_members.values(), rows.of_nobody)
        itself = reduce(PointsRange.plus, (_range_of(own, terms.level_ranges) for own in each), NOTHING)
    low = None if itself.least is None or down == WITHOUT_END else headline.change - down + itself.least
    high = None if itself.most is None or up == WITHOUT_END else headline.change + up + itself.most
    return Bounds(low if low is None or headline.old is not None else max(0, low), high)


def _largest(amounts: Mapping[int, int], newcomer: int, slots: int) -> int:
    """The largest sum of so many amounts: of different members, or of newcomers, of whom there are enough.

    Two members can move a figure by 5 each and one by 3; newcomers by 1, and there are four rows:

    >>> _largest({5: 2, 3: 1}, 1, 4)
    14
    """
    total = 0
    for amount in sorted(amounts, reverse=True):
        if amount <= newcomer or not slots:
            break
        taken = min(slots, amounts[amount])
        total += taken * amount
        slots -= taken
    return total + slots * newcomer
