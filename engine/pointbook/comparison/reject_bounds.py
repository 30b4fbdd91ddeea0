"""How far rejected rows could move each headline, had they been right.

The bounds are certain, not tight. They rest on this: a member whom no rejected row is about stays as
is; a happening that counts members counts each at most once; points and events cut by limits can only
differ where a change touches something (`coupling`), there by what one more event can award, and by
what limits let through of the events that are there already; a year has at most one demotion, and no
more promotions than there are levels. The as-of date stays.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.award_range import NOTHING, Range, award_range, widest
from pointbook.comparison.headlines import MEMBER_COUNTS, POINT_COUNTS
from pointbook.comparison.level_bounds import level_bounds
from pointbook.comparison.outcome import was_cut
from pointbook.comparison.stray_rows import ANY, stray_rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.comparison.coupling import Parts
    from pointbook.comparison.question import Question
    from pointbook.comparison.result import Headline, MemberDifference
    from pointbook.log import Log
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Member
    from pointbook.model.rules import Version


class Room(NamedTuple):
    """How far one member can move a headline: down, and up; neither is negative."""

    down: int
    up: int


class RejectBounds:
    """Bounds of headlines; filled member by member."""

    def __init__(  # noqa: PLR0913 - what it depends on
        self,
        log: Log,
        question: Question,
        sides: tuple[Sequence[Version], Sequence[Version]],
        parts: Parts,
        touched: frozenset[str],
        *,
        levels_change: bool,
    ) -> None:
        """Nothing filled in yet.

        Args:
            log: With its rejects.
            question: Of the comparison.
            sides: Versions of the old and of the new side.
            parts: Which events depend on each other.
            touched: Activities of parts that a change touches.
            levels_change: Whether a change is about levels, the life cycle or benefits.
        """
        self.rows = stray_rows_of(log)
        self._as_of, self._balance = question.as_of, question.program.level_balance
        self._old, self._new = (level_bounds(side, question) for side in sides)
        self._touched, self._levels_change = touched, levels_change
        self._limited = frozenset(name for name in touched if parts.number[name] in parts.limited)
        self._ranges = {
            name: award_range(name, *sides, question, limited=name in self._limited) for name in touched
        }
        self._range_of_any = widest(list(self._ranges.values()))
        self._range_of_nobody = self._range(self.rows.of_nobody)
        self._named: Counter[tuple[str, bool]] = Counter()
        self._rooms: dict[str, tuple[Counter[int], Counter[int]]] = {}

    def add(
        self, member: Member, found: MemberDifference, old: Sequence[Entry], new: Sequence[Entry]
    ) -> None:
        """Take in one member.

        Args:
            member: Who.
            found: On both sides.
            old: Entries under the old rules.
            new: Entries of the same events under the new rules.
        """
        if not self.rows.any:
            return
        own = self.rows.of_members.get(member.id, {})
        if not own and not self.rows.nameless:
            return
        movable = bool(own) and (self._levels_change or new is not old or self._matters(own))
        by_own = self._range(own)
        by_all = by_own.plus(self._range_of_nobody)
        points, cuts = self._displaced(old, new)
        for key, room in self._room(member, found, points, cuts, by_all).items():
            mine = Room(0, 0)
            if movable and self._can_move(key, own):
                mine = _point_rooms(found.change, points, by_own).get(key, room)
            self._named[key, False] += mine.down
            self._named[key, True] += mine.up
            if self.rows.nameless:
                downs, ups = self._rooms.setdefault(key, (Counter(), Counter()))
                downs[room.down - mine.down] += 1
                ups[room.up - mine.up] += 1

    def _can_move(self, key: str, rows: Mapping[str, int]) -> bool:
        """Whether rows can move a headline, apart from what they come to themselves."""
        if key in {"points", "cuts"}:
            return self._displaces(rows)
        return key not in POINT_COUNTS or self._matters(rows)

    def _matters(self, rows: Mapping[str, int]) -> bool:
        """Whether one of the rows can come to something else on one side than on the other."""
        return any(self._can_be(activity, self._touched) for activity in rows)

    def _displaces(self, rows: Mapping[str, int]) -> bool:
        """Whether one of the rows can change what other events come to, on one side only."""
        return any(self._can_be(activity, self._limited) for activity in rows)

    @staticmethod
    def _can_be(activity: str, of: frozenset[str]) -> bool:
        return bool(of) if activity == ANY else activity in of

    def _room(
        self, member: Member, found: MemberDifference, points: Room, cuts: Room, rows: Range
    ) -> dict[str, Room]:
        rooms = {}
        for count in MEMBER_COUNTS:
            happens = count.happens(found)
            rooms[count.key] = Room(int(happens), int(not happens))
        rooms |= _point_rooms(found.change, points, rows)
        levels = (found.new.level is not None) - (found.old.level is not None)
        rooms["with_level"] = Room(1 + levels, 1 - levels)
        years = self._as_of.year - member.signed_up_on.year
        before, after = found.old.effects, found.new.effects
        rooms["promotions"] = _room_between(
            self._old.promotions(years), self._new.promotions(years), before.promotions, after.promotions
        )
        rooms["demotions"] = _room_between(
            self._old.demotions(years), self._new.demotions(years), before.demotions, after.demotions
        )
        return rooms | {"points": points, "cuts": cuts}

    def _displaced(self, old: Sequence[Entry], new: Sequence[Entry]) -> tuple[Room, Room]:
        """How far limits could let more or less through of what is there, and cut more or fewer events."""
        if not self._limited:
            return Room(0, 0), Room(0, 0)
        down = up = events = cut_old = cut_new = 0
        for one, other in zip(old, new, strict=True):
            if one.activity in self._limited:
                events += 1
                cut_old += was_cut(one)
                cut_new += was_cut(other)
                less, more = self._slack(one)
                fewer, extra = self._slack(other)
                down, up = down + fewer + more, up + extra + less
        return Room(down, up), Room(events - cut_old + cut_new, events - cut_new + cut_old)

    def _slack(self, entry: Entry) -> tuple[int, int]:
        """By how much less, and more, limits could let through of what the event asks for."""
        if entry.balance != self._balance:
            return 0, 0
        return entry.awarded - min(0, entry.requested), max(0, entry.requested) - entry.awarded

    def _newcomer(self) -> dict[str, Room]:
        """How far a member can move the headlines whom the log does not have, apart from events."""
        old, new = self._old, self._new
        return {
            **{count.key: Room(0, 1) for count in MEMBER_COUNTS},
            **_point_rooms(0, Room(0, 0), self._range_of_nobody),
            "unchanged": Room(0, 1),
            "with_level": Room(1, 1),
            "promotions": Room(old.first_promotions(), new.first_promotions()),
            "demotions": Room(old.first_demotions(), new.first_demotions()),
            "points": Room(0, 0),
            "cuts": Room(0, 0),
        }

    def _rows(self, key: str) -> tuple[int | None, int | None]:
        """How far the rows themselves can move a headline; None where no limit is known."""
        if key == "points":
            rows = (self._range(own) for own in (*self.rows.of_members.values(), self.rows.of_nobody))
            least, most = reduce(Range.plus, rows, NOTHING)
            return (None if least is None else -least), most
        if key == "cuts":
            limited = sum(rows for name, rows in self._all_rows() if self._can_be(name, self._limited))
            return limited, limited
        nameless = self.rows.nameless
        if key == "promotions":  # an event that reaches a level, and an anniversary that gives it back
            return 2 * nameless, 2 * nameless
        if key == "demotions":
            return 2 * nameless * self._old.levels, 2 * nameless * self._new.levels
        return 0, 0

    def _all_rows(self) -> Iterator[tuple[str, int]]:
        for own in (*self.rows.of_members.values(), self.rows.of_nobody):
            yield from own.items()

    def _range(self, rows: Mapping[str, int]) -> Range:
        """How far events can move the points by what they award themselves.

        Args:
            rows: How many there are of which activity.
        """
        ranges = (
            (self._range_of_any if name == ANY else self._ranges.get(name, NOTHING)).times(number)
            for name, number in rows.items()
        )
        return reduce(Range.plus, ranges, NOTHING)

    @property
    def unlimited(self) -> tuple[str, ...]:
        """Activities of which one event can move the points without limit, and rejected rows can be."""
        named = {activity for activity, _ in self._all_rows()}
        possible = self._ranges if ANY in named else named & self._ranges.keys()
        return tuple(sorted(name for name in possible if None in self._ranges[name]))

    def bounded(self, headlines: Sequence[Headline]) -> tuple[Headline, ...]:
        """The headlines, each with how far it could be moved."""
        return tuple(self._bounded(headline) for headline in headlines)

    def _bounded(self, headline: Headline) -> Headline:
        key, change = headline.key, headline.change
        if not self.rows.any:
            return replace(headline, reject_low=change, reject_high=change)
        newcomer = self._newcomer()[key]
        nameless = self.rows.nameless
        if not self._touched and not self._levels_change:
            # Both sides are the same rules: nobody can differ, however many there are.
            more = nameless + self.rows.sign_ups if key == "unchanged" else 0
            return replace(headline, reject_low=change, reject_high=change + more)
        slots = nameless
        if key in POINT_COUNTS:
            slots = sum(
                rows for name, rows in self.rows.of_nobody.items() if self._can_be(name, self._touched)
            )
        downs, ups = self._rooms.get(key, (Counter(), Counter()))
        strangers = self.rows.sign_ups + (nameless - slots if key == "unchanged" else 0)
        down = self._named[key, False] + _largest(downs, newcomer.down, slots) + strangers * newcomer.down
        up = self._named[key, True] + _largest(ups, newcomer.up, slots) + strangers * newcomer.up
        own_down, own_up = self._rows(key)
        low = None if own_down is None else change - down - own_down
        if low is not None and headline.old is None:
            low = max(0, low)
        return replace(headline, reject_low=low, reject_high=None if own_up is None else change + up + own_up)


def _point_rooms(change: int, points: Room, rows: Range) -> dict[str, Room]:
    """How far a member can move the headlines that count members by their points.

    Args:
        change: Points more under the new rules than under the old ones.
        points: How far limits can move that.
        rows: How far the rows themselves can.
    """
    lowest = None if rows.least is None else change - points.down + rows.least
    highest = None if rows.most is None else change + points.up + rows.most
    can_lose, can_gain = lowest is None or lowest < 0, highest is None or highest > 0
    must_lose, must_gain = highest is not None and highest < 0, lowest is not None and lowest > 0
    stays = not can_lose and not can_gain
    return {
        "gaining": Room(int(change > 0 and not must_gain), int(change <= 0 and can_gain)),
        "losing": Room(int(change < 0 and not must_lose), int(change >= 0 and can_lose)),
        "unchanged": Room(
            int(change == 0 and not stays), int(change != 0 and not must_lose and not must_gain)
        ),
    }


def _room_between(most_old: int, most_new: int, old: int, new: int) -> Room:
    """Room of a difference between two counts, each from nothing to its most."""
    return Room(new + most_old - old, old + most_new - new)


def _largest(counts: Counter[int], newcomer: int, slots: int) -> int:
    """The largest sum of so many amounts: of different members, or of newcomers, of whom there are enough."""
    total = 0
    for amount in sorted(counts, reverse=True):
        if amount <= newcomer or not slots:
            break
        taken = min(slots, counts[amount])
        total += taken * amount
        slots -= taken
    return total + slots * newcomer
