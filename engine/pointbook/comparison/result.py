"""A finished comparison: everything that a report says, computed; renderers only lay it out.

Whole numbers are exact; ratios are fractions. Members are named by pseudonyms unless ids may be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from fractions import Fraction

    from pointbook.changes.change import Change
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.shares.causes import Cause
    from pointbook.comparison.shares.shares import Attribution
    from pointbook.diagnostics import Span
    from pointbook.model.rules import Version

BANDS = ("down_much", "down", "unchanged", "up", "up_much")
"""Lost more than 5 % of the old points; lost; the same; gained; gained more than 5 %."""


@dataclass(frozen=True, slots=True)
class MemberDifference:
    """One member on both sides.

    Attributes:
        name: Id or pseudonym.
        events: Events up to the as-of date.
        band: One of `BANDS`.
        level_move: -1 for a lower held level, 1 for a higher one, 0 for the same.
        causes: What moves this member; empty where not attributed.
    """

    name: str
    events: int
    old: MemberOutcome
    new: MemberOutcome
    band: str
    level_move: int
    causes: tuple[Cause, ...] = ()

    @property
    def change(self) -> int:
        """Points more (or, negative, fewer) on the balance that decides levels."""
        return self.new.effects.points - self.old.effects.points

    @property
    def benefits_lost(self) -> tuple[str, ...]:
        """What the level held under the old rules brings, and the one under the new rules does not."""
        return tuple(benefit for benefit in self.old.benefits if benefit not in self.new.benefits)

    @property
    def benefits_gained(self) -> tuple[str, ...]:
        """What only the level held under the new rules brings."""
        return tuple(benefit for benefit in self.new.benefits if benefit not in self.old.benefits)


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure of the whole.

    Attributes:
        key: Its stable name.
        label: What it is.
        old: Under the old rules; None for a figure that only the comparison has.
        new: Under the new rules.
        change: The difference.
        percent: The difference in percent of the old figure; None where that is nothing.
        sentence: The same in a sentence.
        low: The difference with every missing assessed value at its lowest.
        high: The difference with every missing assessed value at its highest.
        reject_low: The least it could be, had rejected rows been right; None where no limit is known.
        reject_high: The most it could be; likewise.
    """

    key: str
    label: str
    old: int | None
    new: int
    change: int
    percent: Fraction | None
    sentence: str
    low: int
    high: int
    reject_low: int | None
    reject_high: int | None

    @property
    def is_open(self) -> bool:
        """Whether missing assessed values could move it."""
        return not self.low == self.high == self.change


@dataclass(frozen=True, slots=True)
class Flow:
    """One thing counted under both, such as an activity's points.

    Attributes:
        balance: The balance that an activity's points go to, if not the one that decides levels.
    """

    name: str
    title: str
    old: int
    new: int
    balance: str = ""


@dataclass(frozen=True, slots=True)
class Promotion:
    """When members first reach a level, under both.

    Attributes:
        earlier: Members who reach it on an earlier day.
        days_earlier: By how many days, in all.
        only_old: Members who reach it under the old rules only.
    """

    level: str
    title: str
    same_day: int
    earlier: int
    days_earlier: int
    later: int
    days_later: int
    only_old: int
    only_new: int


@dataclass(frozen=True, slots=True)
class GuardrailResult:
    """What became of one guardrail.

    Attributes:
        limit: What is allowed, in words.
        measured: What is, in words.
        members: Names of the members in breach, those who lose most first.
        changes: Indexes of the changes that cause it.
        span: Where it is written.
    """

    id: str
    title: str
    broken: bool
    limit: str
    measured: str
    members: tuple[str, ...]
    changes: tuple[int, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One event of one member under both.

    Attributes:
        old_balance: Title of the balance that it goes to, if that is not the one that decides levels.
        new_balance: Likewise.
    """

    day: date
    event: str
    activity: str
    old_awarded: int
    old_outcome: str
    old_level: str | None
    new_awarded: int
    new_outcome: str
    new_level: str | None
    old_balance: str = ""
    new_balance: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """How far the log can be relied on.

    Attributes:
        events_read: Rows of events read.
        events: Events that were evaluated.
        after_as_of: Events later than the as-of date.
        rejects: Rows that could not be used, by reason.
        old_outcomes: Events by what became of them, under the old rules.
        new_outcomes: Likewise under the new.
        stray_members: Members whom rejected rows name.
        stray_rows: Rejected rows of events that name no member of the log.
        stray_sign_ups: Rejected rows of members.
        repeated: Rejected rows that are there already, and so could move nothing.
        unlimited: Activities that rejected rows can be of, and of which a single event can move the
            points without limit.
        open_members: Members with an assessed value that is missing or assumed.
        assume: What a missing one is taken to be.
    """

    events_read: int
    events: int
    after_as_of: int
    rejects: Mapping[str, int]
    old_outcomes: Mapping[str, int]
    new_outcomes: Mapping[str, int]
    stray_members: int
    stray_rows: int
    stray_sign_ups: int
    repeated: int
    unlimited: tuple[str, ...]
    open_members: int
    assume: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new version changes, and what that does to members.

    Attributes:
        old_name: What was compared, as the user named it.
        since: The day on which the new version takes effect; None for as if always in force.
        first_event: Local date of the first event up to the as-of date; None for an empty log.
        shows_ids: Whether members are named by their ids.
        levels: Levels of either side, from the lowest, with titles.
        matrix: Members by level held under the old and under the new rules; None for none.
        bands: Members by band.
        bands_by_level: The same, by the level held under the old rules.
        activities: Points by activity, with the balance they go to; by size of the difference.
        months: Points of the level balance by calendar month.
        cuts: Events that limits cut, by activity.
        benefits_lost: Members who lose it, by benefit.
        near: Members near a threshold on either side.
        members: Every member, by name.
        traces: Event by event, of the members who differ most; by name.
    """

    program_id: str
    program_title: str
    balance_title: str
    old_name: str
    new_name: str
    old: Version
    new: Version
    since: date | None
    as_of: date
    first_event: date | None
    last_event: date | None
    shows_ids: bool
    changes: tuple[Change, ...]
    headlines: tuple[Headline, ...]
    attribution: Attribution
    guardrails: tuple[GuardrailResult, ...]
    levels: tuple[tuple[str, str], ...]
    matrix: Mapping[tuple[str | None, str | None], int]
    bands: Mapping[str, int]
    bands_by_level: Mapping[str | None, Mapping[str, int]]
    activities: tuple[Flow, ...]
    months: tuple[Flow, ...]
    cuts: tuple[Flow, ...]
    promotions: tuple[Promotion, ...]
    benefits_lost: Mapping[str, int]
    benefits_gained: Mapping[str, int]
    near: tuple[MemberDifference, ...]
    members: tuple[MemberDifference, ...]
    traces: Mapping[str, tuple[TraceRow, ...]]
    quality: Quality
    warnings: tuple[str, ...]

    @property
    def broken(self) -> bool:
        """Whether a guardrail is broken."""
        return any(guardrail.broken for guardrail in self.guardrails)
