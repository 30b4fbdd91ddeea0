"""The meaning of the rules: one pure step `(state, event) → (state, entries)`.

Read `Interpreter.step` from top to bottom; it is in the order of docs/meaning.md. What it does not
say itself stands in `passing_time` (what happens between events), `entries` (what one of several entries
comes to), `valuation` (what it requests), `limits` (what caps and floors leave of that) and `levels`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pointbook.interpret.entries import (
    Taken,
    are_spends_covered,
    copied,
    is_ignored,
    nothing,
    requests,
    taken,
)
from pointbook.interpret.fast_fold import FastFold
from pointbook.interpret.fast_rules import FastRules, Row
from pointbook.interpret.passing_time import Changes, PassingTime
from pointbook.interpret.places import Places
from pointbook.interpret.state import MemberState, OutOfOrderError, state_from_json, state_to_json
from pointbook.interpret.timeline import Part, Timeline
from pointbook.interpret.valuation import Base, Valuation, filled, refused, valued
from pointbook.model.activities import Activity
from pointbook.model.ledger import Assume, Entry, LevelCause, LevelChange, Outcome, Standing
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Points
from pointbook.model.program import Program, Version
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
        rules = FastRules(program, self.timeline)
        self._fast_fold = FastFold(rules, self._time, assume, self._step)

    # The step

    def step(self, state: MemberState, event: Event) -> tuple[MemberState, tuple[Entry, ...]]:
        """The state after the event, and what the event came to. Neither argument is changed.

        Raises:
            OutOfOrderError: The event comes before one that the state has already taken.
        """
        after, entries = self._step(state, event)
        return after, entries if self._places is None else tuple(map(self._places.entry, entries))

    def _step(self, state: MemberState, event: Event) -> tuple[MemberState, tuple[Entry, ...]]:
        """The same; nothing may be a whole number where the balance has places."""
        # The day: clocks can go back over midnight, the member's calendar never does.
        day = max(event.local.date(), state.day)
        if day < state.member.signed_up_on:
            entry = self._entry(event, self.timeline.on(day), Outcome.BEFORE_SIGN_UP)
            return state._replace(day=day), (entry,)
        if state.last is not None and (event.at, event.event_id) <= state.last:
            message = f"event {event.event_id} comes before event {state.last[1]}, which is taken already"
            raise OutOfOrderError(message)
        state = state._replace(last=(event.at, event.event_id), day=day)

        # What time itself does comes first: versions that take effect, periods that close.
        state, changes = self.advanced(state, day)

        # Then each entry of the activity in turn.
        state, entries = self._counted(state, event)
        return state, (entries[0]._replace(changes=changes + entries[0].changes), *entries[1:])

    def _counted(self, state: MemberState, event: Event) -> tuple[MemberState, list[Entry]]:
        """The entries of an event to whose day the state has been advanced."""
        activity = self._activity(state.version, event.activity)
        if activity is None:
            is_early = state.version < 0
            outcome = Outcome.NO_VERSION_IN_FORCE if is_early else Outcome.NO_SUCH_ACTIVITY
            entry, balance = self._entry(event, state.version, outcome), self.program.level_balance_no
            total, period = state.totals[balance], state.periods[balance]
            return state, [entry._replace(**_as_typed({"total": total}), period=period, level=state.level)]

        # Eligibility, then the amounts that are requested, and whether what is spent is there.
        book, member, day = self.timeline.books[state.version], state.member.on(state.day), state.day
        given_under = self._given_under(day, event.activity, activity)
        seen = filled(event, book.defaults[activity.id], state.level)

        def value(part: Part, base: Base | None) -> Valuation:
            return valued(part.rule, part.balance, seen, member, given_under, self._assume, base)

        parts = book.parts[activity.id]
        found = requests(parts, seen, member, refused(activity, seen, member), value)
        is_covered = are_spends_covered(found, state.totals)

        # What is awarded of each, the total that this comes to, and the level that it reaches.
        usage, before = state.usage, dict[str, Taken]()
        entries: list[Entry] = []
        for part, requested in found:
            base = copied(part.rule, before) if requested is None else None
            if requested is None and base is None:
                continue  # a copy of an entry that is not there
            valuation = value(part, base) if requested is None else requested
            total = state.totals[part.place]
            one = taken(part, valuation, total, usage, day, state.year, is_covered=is_covered)
            before[part.balance.id] = one
            total += one.awarded
            totals = (*state.totals[: part.place], total, *state.totals[part.place + 1 :])
            state, reached = self._risen(
                state._replace(totals=totals, usage={**state.usage, **one.usage}), day
            )
            entries.append(self._taken(event, state, one, reached))
        if not entries:  # copies of nothing alone
            entries = [self._taken(event, state, nothing(parts[0]), ())]
        if is_ignored(event.points, (one.valuation for one in before.values())):
            entries[0] = entries[0]._replace(ignored=True)
        return state, entries

    def _given_under(self, day: date, name: str, activity: Activity) -> Points:
        """The rule under which an assessed value of the event was given: the entry that takes it."""
        reference = self.timeline.given_under(day, name) or activity
        return (reference.assessed or reference.entries[0]).points

    def _taken(self, event: Event, state: MemberState, one: Taken, reached: Changes) -> Entry:
        """What one entry came to, as the ledger has it."""
        balance, sign = one.part.balance.id, -1 if one.part.rule.is_spend else 1
        amounts = {"requested": one.requested, "awarded": one.awarded, "total": state.totals[one.part.place]}
        return self._entry(event, state.version, one.outcome)._replace(
            **_as_typed(amounts | {"base": sign * one.valuation.base}),
            balance=balance,
            assumed=one.valuation.assumed,
            period=state.periods[one.part.place],
            level=state.level,
            bonuses=one.valuation.bonuses,
            cuts=one.cuts,
            changes=reached,
        )

    def _risen(self, state: MemberState, day: date) -> tuple[MemberState, Changes]:
        """The state at the level that its totals reach, if that is higher than the one held."""
        ladder = self.timeline.books[state.version].ladder
        level = ladder.higher(state.level, ladder.earned(state.totals))
        if level == state.level:
            return state, ()
        change = LevelChange(state.member.id, day, state.level, level, LevelCause.REACHED)
        return state._replace(level=level), (change,)

    def _entry(self, event: Event, version: int, outcome: Outcome) -> Entry:
        """What comes of an event that changes nothing: it has no period, total or level."""
        activity = self._activity(version, event.activity)
        return Entry(
            event_id=event.event_id,
            member_id=event.member_id,
            activity=event.activity,
            occurred_at=event.local,
            version=self.timeline.books[version].version.id if version >= 0 else None,
            balance=self.program.level_balance if activity is None else activity.entries[0].balance,
            requested=0,
            awarded=0,
            outcome=outcome,
        )

    def _activity(self, version: int, name: str) -> Activity | None:
        return self.timeline.books[version].activities.get(name) if version >= 0 else None

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
        points: Any = state.totals[balance]  # results know whole numbers only; decimals print alike
        level, earned, above = state.level, None, None
        to_next: Mapping[int, Any] = {}
        to_keep: Mapping[int, Any] = {}
        benefits: tuple[str, ...] = ()
        if state.version >= 0:
            book = self.timeline.books[state.version]
            ladder, benefits = book.ladder, book.benefits_of(level, state.member, as_of)
            earned, above = ladder.earned(state.totals), ladder.above(level)
            to_next, to_keep = ladder.to_next(level, state.totals), ladder.to_keep(level, state.totals)
        start, end = self._time.level_period(state)
        totals: dict[str, Any] = dict(zip(self.program.balances, state.totals, strict=True))
        del totals[self.program.level_balance]
        further = {}
        if self._further:
            further = {name: (to_next.get(place), to_keep.get(place)) for name, place in self._further}
        standing = Standing(
            member_id=state.member.id,
            as_of=as_of,
            period=state.periods[balance],
            period_start=start,
            period_end=end,
            points=points,
            level=level,
            earned_level=earned,
            next_level=above,
            points_to_next=to_next.get(balance),
            points_to_keep=to_keep.get(balance),
            benefits=benefits,
            balances=totals,
            further=further,
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
