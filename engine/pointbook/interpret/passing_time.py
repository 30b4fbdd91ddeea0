"""What time itself does to a member between events.

A version takes effect; an anniversary or a new year resets balances and decides which level is
carried on. Source: docs/meaning.md, "Levels".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from pointbook.interpret.state import MemberState
from pointbook.interpret.timeline import Timeline
from pointbook.model.amounts import Amount
from pointbook.model.attributes import defaults_of, with_defaults
from pointbook.model.ledger import LevelCause, LevelChange
from pointbook.model.log import Member
from pointbook.model.program import Program
from pointbook.model.rules import anniversary
from pointbook.model.windows import Resets

Changes = tuple[LevelChange, ...]

# Looked up once: an enumeration's member costs more than the comparison it is used in.
_REACHED, _THRESHOLD_CHANGED = LevelCause.REACHED, LevelCause.THRESHOLD_CHANGED
_KEPT, _DEMOTED = LevelCause.KEPT, LevelCause.DEMOTED
_change = partial(tuple.__new__, LevelChange)  # does not name the fields again, which takes time


class PassingTime:
    """A program's versions, anniversaries and new years, as they come to a member."""

    def __init__(self, program: Program, timeline: Timeline) -> None:
        self._timeline, self._leap_day = timeline, timeline.leap_day
        self._starts = tuple(balance.start for balance in program.balances.values())
        self._defaults = defaults_of(program.member_attributes)
        self._resets = tuple(balance.resets for balance in program.balances.values())
        self._periods = tuple(resets.period for resets in self._resets)
        self._yearly = self._indexes(Resets.MEMBERSHIP_YEAR)
        self._calendar = self._indexes(Resets.CALENDAR_YEAR)
        self._level_balance = program.level_balance_no

    def _indexes(self, resets: Resets) -> tuple[int, ...]:
        return tuple(index for index, known in enumerate(self._resets) if known is resets)

    def opened(self, member: Member) -> tuple[MemberState, Changes]:
        """A member's state on the day of the sign-up, and the level that this alone reaches."""
        if self._defaults:
            member = member._replace(
                attributes=with_defaults(member.attributes, self._defaults),
                dated=tuple((day, with_defaults(given, self._defaults)) for day, given in member.dated),
            )
        day = member.signed_up_on
        version = self._timeline.on(day)
        level = None
        if version >= 0:
            level = self._timeline.books[version].ladder.earned(self._starts)
        periods = tuple([number(day, 1) for number in self._periods])
        state = MemberState(
            member=member,
            version=version,
            year=1,
            periods=periods,
            totals=self._starts,
            level=level,
            usage={},
            milestone=self.milestone(member, version, 1, periods),
            last=None,
            day=date.min,
        )
        return state, _changes(member, day, None, level, _REACHED)

    def advanced(self, state: MemberState, day: date) -> tuple[MemberState, Changes]:
        """The state once everything has happened that is due up to and including `day`."""
        changes: Changes = ()
        while state.milestone <= day:
            state, more = self._at_milestone(state)
            changes += more
        return state, changes

    def milestone(self, member: Member, version: int, year: int, periods: Sequence[int]) -> date:
        """The next day on which something happens without an event."""
        start = self._timeline.next_start(version)
        upcoming = anniversary(member.signed_up_on, year, self._leap_day)
        upcoming = min(upcoming, start)
        if self._calendar:
            upcoming = min(upcoming, date(periods[self._calendar[0]] + 1, 1, 1))
        return upcoming

    def level_period(self, state: MemberState) -> tuple[date, date | None]:
        """First day of the level balance's period, and of the next one; None where it never resets."""
        resets, period = self._resets[self._level_balance], state.periods[self._level_balance]
        return resets.bounds(period, state.member.signed_up_on, partial(self._anniversary, state.member))

    def _at_milestone(self, state: MemberState) -> tuple[MemberState, Changes]:
        member, before, year, old_periods, old_totals, _, usage, day, last, latest = state
        is_start = day == self._timeline.next_start(before)
        is_new_year = bool(self._calendar) and (day.month, day.day) == (1, 1)
        version = self._timeline.on(day) if is_start else before
        closed: tuple[int, ...] = ()
        # What is neither of the others is an anniversary, and need not be reckoned.
        if not (is_start or is_new_year) or day == self._anniversary(member, year):
            year += 1
            closed = self._yearly
        if is_new_year:
            closed += self._calendar
        periods, totals = list(old_periods), list(old_totals)
        for balance in closed:
            periods[balance] += 1
            totals[balance] = self._starts[balance]
        own = self._level_balance
        level, changes = self._level_on(day, state, version, totals, is_closing=own in closed)
        milestone = self.milestone(member, version, year, periods)
        after = MemberState(
            member, version, year, tuple(periods), tuple(totals), level, usage, milestone, last, latest
        )
        return after, changes

    def _level_on(
        self, day: date, before: MemberState, version: int, totals: Sequence[Amount], *, is_closing: bool
    ) -> tuple[str | None, Changes]:
        """The level held from `day` on, and how it came to be.

        Args:
            day: On which a version takes effect, a period closes, or both.
            before: The state that this day ends.
            version: Index of the version in force from then on.
            totals: From then on.
            is_closing: Whether the level balance's period closes.
        """
        if version < 0:
            return None, ()
        ladder, member = self._timeline.books[version].ladder, before.member
        earlier = None if before.version < 0 else self._timeline.books[before.version].ladder
        counted = ladder.counted(before.level, earlier)
        if not is_closing:
            level = ladder.higher(counted, ladder.earned(totals))
            return level, _changes(member, day, before.level, level, _THRESHOLD_CHANGED)
        carried = ladder.carried(counted, before.totals)
        changes: Changes = ()
        if carried is not None or before.level is not None:
            cause = _KEPT if carried == before.level else _THRESHOLD_CHANGED
            if ladder.is_above(counted, carried):
                cause = _DEMOTED
            changes = (_change((member.id, day, before.level, carried, cause)),)
        level = ladder.higher(carried, ladder.earned(totals))
        return level, changes + _changes(member, day, carried, level, _REACHED)

    def _anniversary(self, member: Member, number: int) -> date:
        return anniversary(member.signed_up_on, number, self._leap_day)


def _changes(member: Member, day: date, before: str | None, after: str | None, cause: LevelCause) -> Changes:
    return () if before == after else (_change((member.id, day, before, after, cause)),)
