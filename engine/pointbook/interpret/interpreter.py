"""The meaning of the rules: one pure step `(state, event) → (state, entry)`.

Read `Interpreter.step` from top to bottom; it is in the order of docs/meaning.md. What it does not
say itself stands in `passing_time` (what happens between events), `valuation` (what an event
requests), `limits` (what caps and floors let through) and `levels`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pointbook.interpret.fast_fold import FastFold
from pointbook.interpret.limits import above_floor, let_through
from pointbook.interpret.passing_time import PassingTime
from pointbook.interpret.state import MemberState, OutOfOrderError, state_from_json, state_to_json
from pointbook.interpret.timeline import Timeline
from pointbook.interpret.valuation import Valuation, valued
from pointbook.model.ledger import Assume, Entry, LevelCause, LevelChange, Outcome, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from pointbook.interpret.limits import Usage
    from pointbook.interpret.passing_time import Changes
    from pointbook.model.ledger import Cut
    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Activity, Program


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
        self.timeline = Timeline(program, version)
        self._assume = assume

    # The step

    def step(self, state: MemberState, event: Event) -> tuple[MemberState, Entry]:
        """The state after the event, and what the event came to. Neither argument is changed.

        Raises:
            OutOfOrderError: The event comes before one that the state has already taken.
        """
        # Clocks can go back over midnight, the member's calendar never does.
        day = max(event.local.date(), state.day)
        if day < state.member.signed_up_on:
            return state._replace(day=day), self._before_sign_up(event, day)
        if state.last is not None and (event.at, event.event_id) <= state.last:
            message = f"event {event.event_id} comes before event {state.last[1]}, which is taken already"
            raise OutOfOrderError(message)
        state = state._replace(last=(event.at, event.event_id), day=day)

        # What is due first: versions that take effect, periods that close.
        state, changes = self.advanced(state, day)

        # What the event requests by the rule in force, and on which balance.
        activity = self._activity(state.version, event.activity)
        valuation = self._valued(activity, event, state, day)
        balance = self._balance_no(activity)

        # What the caps and the balance's floor let through.
        awarded, cuts, usage = self._limited(valuation.requested, activity, state, day)

        # The total, and the level that it reaches.
        total = state.totals[balance] + awarded
        totals = (*state.totals[:balance], total, *state.totals[balance + 1 :])
        state = state._replace(totals=totals, usage={**state.usage, **usage})
        state, reached = self._risen(state, day)

        entry = Entry(
            event_id=event.event_id,
            member_id=event.member_id,
            activity=event.activity,
            occurred_at=event.local,
            version=self._version_id(state.version),
            balance=self._balance_id(activity),
            requested=valuation.requested,
            awarded=awarded,
            outcome=valuation.outcome or _outcome(valuation.requested, awarded),
            assumed=valuation.assumed,
            period=state.periods[balance],
            total=total,
            level=state.level,
            base=valuation.base,
            bonuses=valuation.bonuses,
            ignored=valuation.ignored,
            cuts=cuts,
            changes=changes + reached,
        )
        return state, entry

    def _valued(self, activity: Activity | None, event: Event, state: MemberState, day: date) -> Valuation:
        if state.version < 0:
            return Valuation(0, Outcome.NO_VERSION_IN_FORCE)
        if activity is None:
            return Valuation(0, Outcome.NO_SUCH_ACTIVITY)
        given_under = self.timeline.reference(day).activities.get(activity.id, activity)
        return valued(activity, event, state.member, given_under.points, self._assume)

    def _limited(
        self, requested: int, activity: Activity | None, state: MemberState, day: date
    ) -> tuple[int, tuple[Cut, ...], Usage]:
        """What is awarded, what each limit did, and the usage of the caps that the event went through."""
        if activity is None or requested == 0:
            return 0, (), {}
        if requested > 0:
            limits = self.timeline.books[state.version].limits[activity.id]
            return let_through(requested, limits, state.usage, day, state.year)
        floor = self.program.balances[activity.balance].floor
        if floor is None:
            return requested, (), {}
        total = state.totals[self._balance_no(activity)]
        return *above_floor(requested, activity.balance, total, floor), {}

    def _risen(self, state: MemberState, day: date) -> tuple[MemberState, Changes]:
        """The state at the level that its total reaches, if that is higher than the one held."""
        if state.version < 0:
            return state, ()
        ladder = self.timeline.books[state.version].ladder
        level = ladder.higher(state.level, ladder.earned(state.totals[self.program.level_balance_no]))
        if level == state.level:
            return state, ()
        change = LevelChange(state.member.id, day, state.level, level, LevelCause.REACHED)
        return state._replace(level=level), (change,)

    def _before_sign_up(self, event: Event, day: date) -> Entry:
        """An event before the sign-up changes nothing, and has no period, total or level."""
        version = self.timeline.on(day)
        return Entry(
            event_id=event.event_id,
            member_id=event.member_id,
            activity=event.activity,
            occurred_at=event.local,
            version=self._version_id(version),
            balance=self._balance_id(self._activity(version, event.activity)),
            requested=0,
            awarded=0,
            outcome=Outcome.BEFORE_SIGN_UP,
        )

    def _activity(self, version: int, name: str) -> Activity | None:
        return self.timeline.books[version].version.activities.get(name) if version >= 0 else None

    def _version_id(self, version: int) -> str | None:
        return self.timeline.ids[version] if version >= 0 else None

    def _balance_id(self, activity: Activity | None) -> str:
        """The balance that an event feeds; that of the levels where there is no rule."""
        return self.program.level_balance if activity is None else activity.balance

    def _balance_no(self, activity: Activity | None) -> int:
        return list(self.program.balances).index(self._balance_id(activity))

    # Time without events, and many events

    @cached_property
    def _time(self) -> PassingTime:
        return PassingTime(self.program, self.timeline)

    @cached_property
    def _fast_fold(self) -> FastFold:
        return FastFold(self.program, self.timeline, self._assume, self.step, self.advanced)

    def opened(self, member: Member) -> tuple[MemberState, Changes]:
        """A member's state on the day of the sign-up, and the level that this alone reaches."""
        return self._time.opened(member)

    def advanced(self, state: MemberState, day: date) -> tuple[MemberState, Changes]:
        """The state once everything has happened that is due up to and including `day`."""
        return self._time.advanced(state, day)

    def folded(self, state: MemberState, events: Iterable[Event]) -> tuple[MemberState, list[Entry]]:
        """What step after step comes to, sooner: the state after events of one member, and their entries.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        return self._fast_fold.folded(state, events)

    # What a state amounts to

    def standing(self, state: MemberState, as_of: date) -> Standing:
        """Where a member stands on `as_of`, up to which the state has been advanced."""
        balance = self.program.level_balance_no
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
        start, end = self._time.level_period(state)
        totals = dict(zip(self.program.balances, state.totals, strict=True))
        return Standing(
            member_id=state.member.id,
            as_of=as_of,
            period=state.periods[balance],
            period_start=start,
            period_end=end,
            points=totals.pop(self.program.level_balance),
            level=level,
            earned_level=earned,
            next_level=above,
            points_to_next=to_next,
            points_to_keep=to_keep,
            benefits=benefits,
            balances=totals,
        )

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
        milestone = self._time.milestone(state.member, state.version, state.year, state.periods)
        return state._replace(milestone=milestone)


def _outcome(requested: int, awarded: int) -> Outcome:
    if awarded == requested:
        return Outcome.AWARDED
    return Outcome.REDUCED if awarded else Outcome.CAPPED
