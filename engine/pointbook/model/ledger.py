"""What a log comes to: ledger entries, changes of level, standings.

Column order is that of the output files. Source: docs/meaning.md, "Result files".
"""

from __future__ import annotations

from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from pointbook.model.amounts import Amount

_event_id = attrgetter("event_id")


class Outcome(StrEnum):
    """What became of an event, in the order in which reports list it.

    Attributes:
        words: What it means, for people.
        is_valued: Whether an amount was found, of which limits may have left a part or nothing.
    """

    words: str
    is_valued: bool

    AWARDED = "awarded", "count in full", True
    REDUCED = "reduced", "cut by a limit, the rest counts", True
    CAPPED = "capped", "cut to nothing by a limit", True
    UNVALUED = "unvalued", "assessed value is missing"
    NOT_COMPARABLE = "not_comparable", "the rule of its day asks for no value that compares"
    OUT_OF_RANGE = "out_of_range", "value lies outside what the rule allows"
    MISSING_ATTRIBUTE = "missing_attribute", "an attribute that the rule needs is missing"
    NOT_ELIGIBLE = "not_eligible", "the rule's condition does not hold"
    INSUFFICIENT_BALANCE = "insufficient_balance", "a balance does not cover what it costs"
    NO_SUCH_ACTIVITY = "no_such_activity", "the version in force has no such activity"
    BEFORE_SIGN_UP = "before_sign_up", "before the member signed up"
    NO_VERSION_IN_FORCE = "no_version_in_force", "before the first version took effect"

    def __new__(cls, value: str, words: str = "", is_valued: bool = False) -> Self:
        """The text with what it means."""
        outcome = str.__new__(cls, value)
        outcome._value_ = value
        outcome.words, outcome.is_valued = words, is_valued
        return outcome

    @property
    def is_open(self) -> bool:
        """Whether a value that people assess is lacking, so that an assumption would decide."""
        return self in (Outcome.UNVALUED, Outcome.NOT_COMPARABLE)

    @property
    def is_void(self) -> bool:
        """Whether nobody can say what the event is worth, so that it earns nothing."""
        return not self.is_valued and self not in (Outcome.NOT_ELIGIBLE, Outcome.INSUFFICIENT_BALANCE)


class Assume(StrEnum):
    """What an assessed value is taken to be that the log does not carry, or that does not compare."""

    NONE = "none"
    LOW = "low"
    MID = "mid"
    HIGH = "high"


class LevelCause(StrEnum):
    """Why a held level changed, or was confirmed."""

    REACHED = "reached"
    THRESHOLD_CHANGED = "threshold_changed"
    KEPT = "kept"
    DEMOTED = "demoted"


class LevelChange(NamedTuple):
    """A held level that changed, or was kept, on a day."""

    member_id: str
    date: date
    from_level: str | None
    to_level: str | None
    cause: LevelCause


class Cut(NamedTuple):
    """What one limit would leave of one event's points.

    Attributes:
        scope: `entry`, `activity`, `group` or `balance` (a floor).
        id: Whose limit it is; of an entry, its activity's.
        position: Which of its caps, from 0; 0 for a floor.
        remaining: Points or times left before this event.
        passed: Points that it would leave by itself.
    """

    scope: str
    id: str
    position: int
    remaining: Amount
    passed: Amount


class Entry(NamedTuple):
    """What one event came to: the ledger's columns, then how it came about.

    Amounts of a balance with places are decimals. These add, compare and print as whole numbers do, so that
    only rules and the interpreter, which rounds, tell the two apart.

    Attributes:
        occurred_at: In the program's time zone, without time zone information.
        version: The version that valued it, None where none was in force.
        requested: Points before limits; 0 where no amount could be found.
        awarded: Points that count; totals are sums of these.
        assumed: Whether the assessed value was assumed.
        period: Number of the balance's period, None before sign-up.
        total: The balance after the event, None before sign-up.
        level: Held after the event, None for none.
        base: Points before bonuses and sharing, exactly.
        bonuses: Indexes of the bonuses added.
        ignored: The log carries points that the rule does not use, and they differ.
        cuts: Every limit of the event: its activity's, then its groups', as written.
        changes: Changes of level since the member's event before, this event's own last.
    """

    event_id: str
    member_id: str
    activity: str
    occurred_at: datetime
    version: str | None
    balance: str
    requested: int
    awarded: int
    outcome: Outcome
    assumed: bool = False
    period: int | None = None
    total: int | None = None
    level: str | None = None
    base: int = 0
    bonuses: tuple[int, ...] = ()
    ignored: bool = False
    cuts: tuple[Cut, ...] = ()
    changes: tuple[LevelChange, ...] = ()

    @property
    def own_change(self) -> LevelChange | None:
        """The change of level that the event itself brought about, not the time before it."""
        change = self.changes[-1] if self.changes else None
        is_risen = change is not None and change.cause is LevelCause.REACHED and self.awarded > 0
        return change if change is not None and is_risen and change.date == self.occurred_at.date() else None

    @property
    def level_before(self) -> str | None:
        """The level held just before the event, None for none."""
        return self.level if self.own_change is None else self.own_change.from_level

    @property
    def cut_by(self) -> Cut | None:
        """The limit that cut it: of several that leave as little, the first. None where none did."""
        tightest = min(self.cuts, key=lambda cut: cut.passed, default=None)
        return None if tightest is None or tightest.passed == self.requested else tightest


def by_event(entries: Sequence[Entry], events: int) -> list[Sequence[Entry]]:
    """What each of so many events comes to: one entry or more, which follow one another.

    Args:
        entries: Of one member, in order.
        events: How many events they are about.
    """
    if len(entries) == events:
        return [(entry,) for entry in entries]
    return [list(own) for _, own in groupby(entries, _event_id)]


class Standing(NamedTuple):
    """Where a member stands on a day; amounts are as in an `Entry`.

    Attributes:
        period: Number of the level balance's period.
        period_end: First day of the next period, None where the balance never resets.
        points: The level balance.
        level: Held.
        earned_level: What `points` alone reach.
        next_level: The one above the held level, None at the top.
        points_to_next: Points missing to it.
        points_to_keep: The held level's threshold less `points`, at least 0; None without a level.
        benefits: Ids of what the held level brings, by code point.
        balances: The further balances, by id in the program's order.
        further: Of each further balance that levels ask for, what is missing of it to the next level, and
            to keep the one held; None where that asks for none of it.
    """

    member_id: str
    as_of: date
    period: int
    period_start: date
    period_end: date | None
    points: int
    level: str | None
    earned_level: str | None
    next_level: str | None
    points_to_next: int | None
    points_to_keep: int | None
    benefits: tuple[str, ...]
    balances: Mapping[str, int]
    further: Mapping[str, tuple[int | None, int | None]] = MappingProxyType({})
