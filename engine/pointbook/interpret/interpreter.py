"""The meaning of the rules: one pure step `(state, event) → (state, entry)`.

Read `Interpreter.step` from top to bottom; it is in the order of docs/meaning.md. What it does not
say itself stands in `passing_time` (what happens between events), `valuation` (what an event
requests), `limits` (what caps and floors leave of that) and `levels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pointbook.interpret.fast_fold import FastFold, Row
from pointbook.interpret.limits import Usage, above_floor, let_through
from pointbook.interpret.passing_time import Changes, PassingTime
from pointbook.interpret.places import Places
from pointbook.interpret.state import MemberState, OutOfOrderError, state_from_json, state_to_json
from pointbook.interpret.timeline import Timeline
from pointbook.interpret.valuation import Valuation, filled, valued
from pointbook.model.amounts import Amount
from pointbook.model.ledger import Assume, Cut, Entry, LevelCause, LevelChange, Outcome, Standing
from pointbook.model.log import Event, Member
from pointbook.model.program import Program, Version
from pointbook.model.rules import Activity
from pointbook.model.tables import further_requirements


class Interpreter:
    """A program's rules, ready to take events.

    Attributes:
        program: The rules.
        timeline: Which version is in force when.
    """

    def __init__(
        self,
        program: Program,
        version: str | None = None,
        assume: Assume = Assume.NONE,
        references: tuple[Version, ...] | None = None,
    ) -> None:
        """Prepare the rules once for any number of members.

        Args:
            program: The rules.
            version: Id of a version to treat as if it had always been in force; None for each
                event by the version in force on its date.
            assume: What a missing assessed value is taken to be.
            references: The versions under which assessed values were given, where these are not the
                program's own; ascending by `effective_from`.

        Raises:
            LookupError: The program has no such version.
        """
        self.program, self._assume = program, assume
        self.timeline = Timeline(program, version, references)
        self._time = PassingTime(program, self.timeline)
        self._places = Places(program) if program.places else None
        numbers = {name: place for place, name in enumerate(program.balances)}
        self._further = [(name, numbers[name]) for name in further_requirements(program)]
        self._fast_fold = FastFold(program, self.timeline, self._time, assume, self._step)

    # The step

    def step(self, state: MemberState, event: Event) -> tuple[MemberState, Entry]:
        """The state after the event, and what the event came to. Neither argument is changed.

        Raises:
            OutOfOrderError: The event comes before one that the state has already taken.
        """
        after, entry = self._step(state, event)
        return after, entry if self._places is None else self._places.entry(entry)

    def _step(self, state: MemberState, event: Event) -> tuple[MemberState, Entry]:
        """The same; nothing may be a whole number where the balance has places."""
        # The day: clocks can go back over midnight, the member's calendar never does.
        day = max(event.local.date(), state.day)
        if day < state.member.signed_up_on:
            entry = self._entry(event, self.timeline.on(day), Outcome.BEFORE_SIGN_UP)
            return state._replace(day=day), entry
        if state.last is not None and (event.at, event.event_id) <= state.last:
            message = f"event {event.event_id} comes before event {state.last[1]}, which is taken already"
            raise OutOfOrderError(message)
        state = state._replace(last=(event.at, event.event_id), day=day)

        # What time itself does comes first: versions that take effect, periods that close.
        state, changes = self.advanced(state, day)

        # The version in force and its activity; eligibility, and the amount requested.
        activity = self._activity(state.version, event.activity)
        valuation = self._valued(activity, event, state, day)

        # What the caps, or for a deduction the balance's floor, leave of it.
        awarded, cuts, usage = self._limited(valuation.requested, activity, state, day)

        # The total of the balance that the activity feeds.
        balance = list(self.program.balances).index(self._balance_of(activity))
        total = state.totals[balance] + awarded
        totals = (*state.totals[:balance], total, *state.totals[balance + 1 :])
        state = state._replace(totals=totals, usage={**state.usage, **usage})

        # The level that the total reaches.
        state, reached = self._risen(state, day)

        limited = Outcome.REDUCED if awarded else Outcome.CAPPED
        outcome = valuation.outcome or (limited if awarded != valuation.requested else Outcome.AWARDED)
        amounts = {"requested": valuation.requested, "awarded": awarded, "total": total}
        entry = self._entry(event, state.version, outcome)._replace(
            **_as_typed(amounts | {"base": valuation.base}),
            assumed=valuation.assumed,
            period=state.periods[balance],
            level=state.level,
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
        given_under = self.timeline.given_under(day, event.activity) or activity
        balance = self.program.balances[activity.balance]
        event = filled(event, self.timeline.books[state.version].defaults[activity.id], state.level)
        return valued(activity, balance, event, state.member, given_under.points, self._assume)

    def _limited(
        self, requested: Amount, activity: Activity | None, state: MemberState, day: date
    ) -> tuple[Amount, tuple[Cut, ...], Usage]:
        """What is awarded, what each limit did, and what is used of its caps by that."""
        if activity is None:
            return 0, (), {}
        if requested > 0:
            limits = self.timeline.books[state.version].limits[activity.id]
            return let_through(requested, limits, state.usage, day, state.year)
        balance = self.program.balances[activity.balance]
        if requested == 0 or balance.floor is None:
            return requested, (), {}
        total = state.totals[list(self.program.balances).index(balance.id)]
        return *above_floor(requested, balance.id, total, balance.floor), {}

    def _risen(self, state: MemberState, day: date) -> tuple[MemberState, Changes]:
        """The state at the level that its total reaches, if that is higher than the one held."""
        if state.version < 0:
            return state, ()
        ladder = self.timeline.books[state.version].ladder
        level = ladder.higher(state.level, ladder.earned(state.totals))
        if level == state.level:
            return state, ()
        change = LevelChange(state.member.id, day, state.level, level, LevelCause.REACHED)
        return state._replace(level=level), (change,)

    def _entry(self, event: Event, version: int, outcome: Outcome) -> Entry:
        """What comes of an event that changes nothing: it has no period, total or level."""
        return Entry(
            event_id=event.event_id,
            member_id=event.member_id,
            activity=event.activity,
            occurred_at=event.local,
            version=self.timeline.books[version].version.id if version >= 0 else None,
            balance=self._balance_of(self._activity(version, event.activity)),
            requested=0,
            awarded=0,
            outcome=outcome,
        )

    def _activity(self, version: int, name: str) -> Activity | None:
        return self.timeline.books[version].activities.get(name) if version >= 0 else None

    def _balance_of(self, activity: Activity | None) -> str:
        """The balance that an event feeds; that of the levels where there is no rule."""
        return self.program.level_balance if activity is None else activity.balance

    # Time without events, and many events

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
        if self._places is None:
            return self._fast_fold.folded(state, events)
        state, rows = self._fast_fold.rows(state, events)
        return state, [Entry(*self._places.row(row)) for row in rows]

    def rows(self, state: MemberState, events: Iterable[Event]) -> tuple[MemberState, list[Row]]:
        """The same where only columns are wanted: each entry's fields as a plain tuple, which is made sooner.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        if self._places is None:
            return self._fast_fold.rows(state, events)
        state, rows = self._fast_fold.rows(state, events)
        return state, list(map(self._places.row, rows))

    # What a state amounts to

    def standing(self, state: MemberState, as_of: date) -> Standing:
        """Where a member stands on `as_of`, up to which the state has been advanced."""
        balance = self.program.level_balance_no
        points, level = state.totals[balance], state.level
        earned = above = None
        to_next: Mapping[int, Amount] = {}
        to_keep: Mapping[int, Amount] = {}
        benefits: tuple[str, ...] = ()
        if state.version >= 0:
            book = self.timeline.books[state.version]
            ladder, benefits = book.ladder, book.benefits_of(level, state.member, as_of)
            earned, above = ladder.earned(state.totals), ladder.above(level)
            to_next, to_keep = ladder.to_next(level, state.totals), ladder.to_keep(level, state.totals)
        start, end = self._time.level_period(state)
        totals = dict(zip(self.program.balances, state.totals, strict=True))
        del totals[self.program.level_balance]
        further = {name: (to_next.get(place), to_keep.get(place)) for name, place in self._further}
        standing = Standing(
            member_id=state.member.id,
            as_of=as_of,
            period=state.periods[balance],
            period_start=start,
            period_end=end,
            level=level,
            earned_level=earned,
            next_level=above,
            benefits=benefits,
            **_as_typed(
                {
                    "points": points,
                    "points_to_next": to_next.get(balance),
                    "points_to_keep": to_keep.get(balance),
                    "balances": totals,
                    "further": further,
                }
            ),
        )
        return standing if self._places is None else self._places.standing(standing)

    # States on disk

    def state_to_json(self, state: MemberState) -> dict[str, Any]:
        """The state as values that JSON has."""
        return state_to_json(state, self.program, self.timeline)

    def state_from_json(self, data: Mapping[str, Any]) -> MemberState:
        """The state that `state_to_json` wrote.

        Raises:
            ValueError: It belongs to a version, level or balance that the program does not have, or to
                an evaluation of another kind.
        """
        state = state_from_json(data, self.program, self.timeline)
        milestone = self._time.milestone(state.member, state.version, state.year, state.periods)
        return state._replace(milestone=milestone)


def _as_typed(amounts: dict[str, Any]) -> dict[str, Any]:
    """Amounts for a result, whose type knows whole numbers only: decimals add, compare and print alike."""
    return amounts
