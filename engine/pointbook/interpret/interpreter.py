"""One member's time, event by event: the pure step `(state, event) → (state, entry)`.

Between events, time itself changes things: a version takes effect, an anniversary resets balances
and decides which level is carried on. `Interpreter.advanced` does that day by day, and a step
begins with it. Source: docs/meaning.md, "Order".
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pointbook.interpret.limits import above_floor, let_through
from pointbook.interpret.state import MemberState, OutOfOrderError, state_from_json, state_to_json
from pointbook.interpret.timeline import Timeline
from pointbook.model.calendar import anniversary
from pointbook.model.ledger import Assume, Cause, Change, Entry, Outcome, Standing
from pointbook.model.rules import Resets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.interpret.levels import Ladder
    from pointbook.interpret.timeline import Rule
    from pointbook.model.ledger import Cut
    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Program

Changes = tuple[Change, ...]

# Looked up once: an enumeration's member costs more than the comparison it is used in.
_AWARDED, _REDUCED, _CAPPED = Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED
_NO_SUCH_ACTIVITY, _NO_VERSION_IN_FORCE = Outcome.NO_SUCH_ACTIVITY, Outcome.NO_VERSION_IN_FORCE
_new = tuple.__new__


class Interpreter:
    """A program's rules, ready to take events.

    Attributes:
        program: The rules.
        timeline: Which version is in force when.
    """

    def __init__(self, program: Program, version: str | None = None, assume: Assume = Assume.NONE) -> None:
        """Prepare the rules once for any number of members.

        Args:
            program: The rules.
            version: Id of a version to treat as if it had always been in force; None for each
                event by the version in force on its date.
            assume: What a missing assessed value is taken to be.

        Raises:
            LookupError: The program has no such version.
        """
        self.program = program
        self.timeline = Timeline(program, version, assume)
        balances = list(program.balances.values())
        self._starts = tuple(balance.start for balance in balances)
        self._balance_ids = tuple(balance.id for balance in balances)
        self._resets = tuple(balance.resets for balance in balances)
        self._yearly = self._indexes(Resets.MEMBERSHIP_YEAR)
        self._calendar = self._indexes(Resets.CALENDAR_YEAR)
        self._level_balance = program.level_balance_no
        self._others = tuple(
            (index, name) for index, name in enumerate(self._balance_ids) if name != program.level_balance
        )

    def _indexes(self, resets: Resets) -> tuple[int, ...]:
        return tuple(index for index, known in enumerate(self._resets) if known is resets)

    # A member's time without events

    def opened(self, member: Member) -> tuple[MemberState, Changes]:
        """A member's state on the day of the sign-up, and the level that this alone reaches."""
        day = member.signed_up_on
        version = self.timeline.on(day)
        level = None
        if version >= 0:
            level = self.timeline.books[version].ladder.earned(self._starts[self._level_balance])
        periods = tuple(day.year if resets is Resets.CALENDAR_YEAR else 1 for resets in self._resets)
        state = MemberState(
            member=member,
            version=version,
            year=1,
            periods=periods,
            totals=self._starts,
            level=level,
            usage={},
            milestone=self._milestone(member, version, 1, periods),
            last=None,
            day=date.min,
        )
        return state, () if level is None else (Change(member.id, day, None, level, Cause.REACHED),)

    def advanced(self, state: MemberState, day: date) -> tuple[MemberState, Changes]:
        """The state once everything has happened that is due up to and including `day`."""
        changes: Changes = ()
        while state.milestone <= day:
            state, more = self._at_milestone(state)
            changes += more
        return state, changes

    def _at_milestone(self, state: MemberState) -> tuple[MemberState, Changes]:
        member, version, year, _, _, _, usage, day, last, reached = state
        if day == self.timeline.next_start(version):
            version = self.timeline.on(day)
        reset: tuple[int, ...] = ()
        if day == self._anniversary(member, year):
            year += 1
            reset = self._yearly
        if self._calendar and (day.month, day.day) == (1, 1):
            reset += self._calendar
        periods, totals = list(state.periods), list(state.totals)
        for balance in reset:
            periods[balance] += 1
            totals[balance] = self._starts[balance]
        balance = self._level_balance
        level, changes = self._level_at(
            state, day, version, state.totals[balance], totals[balance], closed=balance in reset
        )
        milestone = self._milestone(member, version, year, periods)
        after = MemberState(
            member, version, year, tuple(periods), tuple(totals), level, usage, milestone, last, reached
        )
        return after, changes

    def _level_at(  # noqa: PLR0913 - a day's level depends on all of these
        self, state: MemberState, day: date, version: int, closing_total: int, total: int, *, closed: bool
    ) -> tuple[str | None, Changes]:
        """The level held from `day` on, and how it came to be."""
        if version < 0:
            return None, ()
        ladder = self.timeline.books[version].ladder
        before = None if state.version < 0 else self.timeline.books[state.version].ladder
        counted = ladder.counted(state.level, before)
        if not closed:
            level = ladder.higher(counted, ladder.earned(total))
            return level, self._changes(state, day, level, Cause.THRESHOLD_CHANGED)
        carried = ladder.carried(counted, closing_total)
        if ladder.is_above(counted, carried):
            cause = Cause.DEMOTED
        else:
            cause = Cause.KEPT if carried == state.level else Cause.THRESHOLD_CHANGED
        changes: Changes = ()
        if carried is not None or state.level is not None:
            changes = (Change(state.member.id, day, state.level, carried, cause),)
        level = ladder.higher(carried, ladder.earned(total))
        if level != carried:
            changes += (Change(state.member.id, day, carried, level, Cause.REACHED),)
        return level, changes

    def _changes(self, state: MemberState, day: date, level: str | None, cause: Cause) -> Changes:
        return () if level == state.level else (Change(state.member.id, day, state.level, level, cause),)

    def _milestone(self, member: Member, version: int, year: int, periods: Sequence[int]) -> date:
        """The next day on which something happens without an event."""
        upcoming = min(self._anniversary(member, year), self.timeline.next_start(version))
        if self._calendar:
            upcoming = min(upcoming, date(periods[self._calendar[0]] + 1, 1, 1))
        return upcoming

    def _anniversary(self, member: Member, number: int) -> date:
        return anniversary(member.signed_up_on, number, self.timeline.leap_day)

    # Events

    def step(self, state: MemberState, event: Event) -> tuple[MemberState, Entry]:
        """The state after the event, and what the event came to. Neither argument is changed.

        Raises:
            OutOfOrderError: The event comes before one that the state has already taken.
        """
        after, entries = self.folded(state, (event,))
        return after, entries[0]

    def folded(  # noqa: C901 - the rules in their order, in one place
        self, state: MemberState, events: Iterable[Event]
    ) -> tuple[MemberState, list[Entry]]:
        """The state after events of one member, in order, and what each came to; one step after the other.

        This is where the rules are applied, in the order in which docs/meaning.md gives them. Taking one
        event or many makes no difference but speed: between two events nothing is packed away.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        member, version, year, periods, before, level, usage_before, milestone, last, reached = state
        member_id, signed_up_on, _ = member
        last_at, last_id = last or (datetime.min, "")  # noqa: DTZ901 - UTC without time zone, as events have it
        totals, usage = list(before), dict(usage_before)
        rules, next_thresholds, ladder = self._in_force(version)
        level_balance, reference = self._level_balance, self.timeline.reference
        entries: list[Entry] = []
        for event in events:
            at, event_id, local, activity = event.at, event.event_id, event.local, event.activity
            # Clocks can go back over midnight, the member's calendar never does.
            day = reached = today if (today := local.date()) > reached else reached
            if day < signed_up_on:
                entries.append(self._before_sign_up(event, day))
                continue
            if at <= last_at and (at < last_at or event_id <= last_id):
                raise OutOfOrderError(
                    f"event {event_id} comes before event {last_id}, which is taken already"
                )
            last_at, last_id = at, event_id
            changes: Changes = ()
            if milestone <= day:
                state = MemberState(
                    member, version, year, periods, tuple(totals), level, usage, milestone, None, reached
                )
                state, changes = self.advanced(state, day)
                _, version, year, periods, before, level, _, milestone, _, _ = state
                totals = list(before)
                rules, next_thresholds, ladder = self._in_force(version)
            rule = rules.get(activity)
            if rule is None:
                outcome = _NO_SUCH_ACTIVITY if version >= 0 else _NO_VERSION_IN_FORCE
                entries.append(
                    self._empty_entry(
                        event, self._version_id(version), self._balance_ids[level_balance], outcome
                    )._replace(
                        period=periods[level_balance],
                        total=totals[level_balance],
                        level=level,
                        changes=changes,
                    )
                )
                continue

            version_id, balance, balance_id, floor, limits, valuation, others = rule
            if others:
                valuation = others[reference(day)]
            requested, outcome_or_none, assumed, ignored, base, bonuses = valuation(event, member)
            awarded = requested
            cuts: tuple[Cut, ...] = ()
            if requested > 0:
                if limits:
                    awarded, cuts = let_through(requested, limits, usage, day, year)
            elif requested and floor is not None:
                awarded, cuts = above_floor(requested, balance_id, totals[balance], floor)
            outcome = outcome_or_none or (
                _AWARDED if awarded == requested else _REDUCED if awarded else _CAPPED
            )
            total = totals[balance] = totals[balance] + awarded
            if balance == level_balance:
                needed = next_thresholds[level]
                if needed is not None and total >= needed:
                    higher = ladder.earned(total)
                    changes += (Change(member_id, day, level, higher, Cause.REACHED),)
                    level = higher
            # `_new` does not name the fields again, which would cost as much as all of the above.
            entries.append(
                _new(
                    Entry,
                    (
                        event_id,
                        member_id,
                        activity,
                        local,
                        version_id,
                        balance_id,
                        requested,
                        awarded,
                        outcome,
                        assumed,
                        periods[balance],
                        total,
                        level,
                        base,
                        bonuses,
                        ignored,
                        cuts,
                        changes,
                    ),
                )
            )
        last = (last_at, last_id) if last_id else None
        after_all = MemberState(
            member, version, year, periods, tuple(totals), level, usage, milestone, last, reached
        )
        return after_all, entries

    def _in_force(self, version: int) -> tuple[Mapping[str, Rule], Mapping[str | None, int | None], Ladder]:
        """The rules of a version, by index; none before the first."""
        book = self.timeline.books[max(0, version)]
        return book.rules if version >= 0 else {}, book.ladder.next_thresholds, book.ladder

    def _before_sign_up(self, event: Event, day: date) -> Entry:
        version = self.timeline.on(day)
        rule = self.timeline.books[version].rules.get(event.activity) if version >= 0 else None
        balance_id = self.program.level_balance if rule is None else rule[2]
        return self._empty_entry(event, self._version_id(version), balance_id, Outcome.BEFORE_SIGN_UP)

    def _empty_entry(self, event: Event, version: str | None, balance: str, outcome: Outcome) -> Entry:
        return Entry(
            event_id=event.event_id,
            member_id=event.member_id,
            activity=event.activity,
            occurred_at=event.local,
            version=version,
            balance=balance,
            requested=0,
            awarded=0,
            outcome=outcome,
            assumed=False,
            period=None,
            total=None,
            level=None,
            base=0,
            bonuses=(),
            ignored=False,
            cuts=(),
            changes=(),
        )

    def _version_id(self, version: int) -> str | None:
        return self.timeline.ids[version] if version >= 0 else None

    # What a state amounts to

    def standing(self, state: MemberState, as_of: date) -> Standing:
        """Where a member stands on `as_of`, up to which the state has been advanced."""
        balance = self._level_balance
        points, level = state.totals[balance], state.level
        earned = above = None
        to_next = to_keep = None
        benefits: tuple[str, ...] = ()
        if state.version >= 0:
            book = self.timeline.books[state.version]
            earned, above = book.ladder.earned(points), book.ladder.above(level)
            to_next = None if above is None else book.ladder.threshold(above) - points
            to_keep = None if level is None else max(0, book.ladder.threshold(level) - points)
            benefits = book.benefits[level]
        start, end = self._period(state)
        return Standing(
            member_id=state.member.id,
            as_of=as_of,
            period=state.periods[balance],
            period_start=start,
            period_end=end,
            points=points,
            level=level,
            earned_level=earned,
            next_level=above,
            points_to_next=to_next,
            points_to_keep=to_keep,
            benefits=benefits,
            balances={name: state.totals[index] for index, name in self._others},
        )

    def _period(self, state: MemberState) -> tuple[date, date | None]:
        """First day of the level balance's period, and of the next one."""
        signed_up_on = state.member.signed_up_on
        period = state.periods[self._level_balance]
        match self._resets[self._level_balance]:
            case Resets.MEMBERSHIP_YEAR:
                return self._anniversary(state.member, period - 1), self._anniversary(state.member, period)
            case Resets.CALENDAR_YEAR:
                return max(signed_up_on, date(period, 1, 1)), date(period + 1, 1, 1)
            case Resets.NEVER:
                return signed_up_on, None

    # States on disk

    def state_to_json(self, state: MemberState) -> dict[str, Any]:
        """The state as values that JSON has."""
        return state_to_json(state, self.program, self.timeline.ids, fixed=self.timeline.fixed)

    def state_from_json(self, data: Mapping[str, Any]) -> MemberState:
        """The state that `state_to_json` wrote.

        Raises:
            ValueError: It belongs to a version, level or balance that the program does not have, or to
                an evaluation of another kind.
        """
        state = state_from_json(data, self.program, self.timeline.ids, fixed=self.timeline.fixed)
        milestone = self._milestone(state.member, state.version, state.year, state.periods)
        return state._replace(milestone=milestone)
