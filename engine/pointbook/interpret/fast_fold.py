"""The step over many events of one member, sooner: it repeats `Interpreter.step`.

What it repeats is how the parts are put together, the amounts of fixed and assessed rules without
conditions, and caps; no state is packed but where something is due before an event, and windows are
numbered once a day. Held to the step, entry by entry and state by state, on random programs, by
tests/property/test_fast_fold.py.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import partial

from pointbook.interpret.fast_entries import entries_of, let_through
from pointbook.interpret.fast_rules import FastRules, Row
from pointbook.interpret.limits import above_floor
from pointbook.interpret.passing_time import Changes, PassingTime
from pointbook.interpret.state import MemberState
from pointbook.interpret.valuation import base_amount, filled, refused, rounded, valued
from pointbook.model.ledger import Assume, Cut, Entry, LevelCause, LevelChange, Outcome
from pointbook.model.log import Event

Step = Callable[[MemberState, Event], tuple[MemberState, tuple[Entry, ...]]]

# Looked up once: an enumeration's member costs more than the comparison it is used in.
_AWARDED, _REDUCED, _CAPPED = Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED
_FIRST = (datetime.min, "")  # noqa: DTZ901 - UTC without time zone, as events have it
_new = tuple.__new__  # does not name the fields again, which would cost as much as all else of an event
_entry = partial(_new, Entry)
_state = partial(_new, MemberState)


class FastFold:
    """A program's rules, prepared for many events."""

    def __init__(self, rules: FastRules, time: PassingTime, assume: Assume, step: Step) -> None:
        """Events before the sign-up, and what to refuse, are for `step`, the definition."""
        self._rules, self._time, self._assume, self._step = rules, time, assume, step

    def rows(  # noqa: C901, PLR0912, PLR0915 - the rules in their order, as in the step
        self, state: MemberState, events: Iterable[Event]
    ) -> tuple[MemberState, list[Row]]:
        """The state after events of one member, in order, and what each came to.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        member, version, year, periods, before, level, usage_before, milestone, last, reached = state
        last_at, last_id = last or _FIRST
        due = date.min  # the first event may come before the sign-up
        totals = list(before)
        ready, assume = self._rules, self._assume
        caps = ready.caps
        usage = {caps[key]: used for key, used in usage_before.items() if key in caps}
        windows = ready.windows.setdefault(year, {})
        in_force = ready.in_force[version][0]
        rules, nothing, version_id, ladder, thresholds, decides = in_force
        needed = thresholds[level]
        unknown, later_starts = ready.unknown, ready.later_starts
        rows: list[Row] = []
        on_day = member  # with the attributes of the day
        bonuses: tuple[int, ...]
        cuts: tuple[Cut, ...]
        changes: Changes = ()
        for event in events:
            member_id, at, event_id, local, activity_id, given, _ = event
            day = today if (today := local.date()) > reached else reached
            if due <= day or (at <= last_at and (at < last_at or event_id <= last_id)):
                is_refused = day < member.signed_up_on or (at, event_id) <= (last_at, last_id)
                if is_refused or milestone <= day:
                    last = (last_at, last_id) if last_id else None
                    state = _state(
                        (
                            *(member, version, year, periods, tuple(totals), level, usage_before, milestone),
                            *(last, reached),
                        )
                    )
                    if is_refused:
                        rows += self._step(state, event)[1]
                        reached = day
                        continue
                    state, changes = self._time.advanced(state, day)
                    _, version, year, periods, before, level, _, milestone, _, _ = state
                    totals = list(before)
                    windows = ready.windows.setdefault(year, {})
                reference = bisect_right(later_starts, day)
                in_force = ready.in_force[version][reference]
                rules, nothing, version_id, ladder, thresholds, decides = in_force
                needed = thresholds[level]
                due = milestone
                if reference < len(later_starts):
                    due = min(due, later_starts[reference])
                if member.dated:
                    on_day = member.on(day)
                    due = min(due, member.next_change(day))
            last_at, last_id, reached = at, event_id, day

            balance, balance_id, floor, limits, fixed, lowest, highest, further = rules.get(
                activity_id, unknown
            )
            outcome, assumed, ignored, bonuses = None, False, False, ()
            if given is not None and lowest <= given <= highest:
                requested = base = given
            elif fixed is not None:
                requested = base = fixed
                ignored = given is not None and given != fixed
            else:
                asked, rule, fed, is_plain, parts, _, given_under, defaults = further
                if parts:
                    numbers = windows.get(day) or ready.numbered(day, year)
                    level = entries_of(
                        event,
                        on_day,
                        day,
                        further,
                        in_force,
                        level,
                        totals,
                        periods,
                        usage,
                        numbers,
                        assume,
                        changes,
                        rows,
                    )
                    needed, changes = thresholds[level], ()
                    continue
                seen = filled(event, defaults, level) if defaults else event
                if rule is None or asked is None:
                    requested, outcome, assumed, ignored, base, bonuses = nothing
                elif is_plain:
                    base, outcome, assumed, is_given = base_amount(
                        rule.points, fed, seen, on_day, given_under, assume
                    )
                    requested = base if type(base) is int else rounded(base, 1, fed)
                    ignored = outcome is None and not is_given and given not in (None, requested)
                elif (why := refused(asked, seen, on_day)) is None:
                    requested, outcome, assumed, is_given, base, bonuses = valued(
                        rule, fed, seen, on_day, given_under, assume
                    )
                    ignored = outcome is None and not is_given and given not in (None, requested)
                else:
                    requested, outcome, base = 0, why, 0

            awarded, cuts = requested, ()
            if requested > 0:
                if limits:
                    numbers = windows.get(day) or ready.numbered(day, year)
                    awarded, cuts = let_through(requested, limits, usage, usage, numbers)
            elif requested and floor is not None:
                awarded, cuts = above_floor(requested, balance_id, totals[balance], floor)
            if outcome is None:
                outcome = _AWARDED if awarded == requested else _REDUCED if awarded else _CAPPED

            total = totals[balance] = totals[balance] + awarded
            if needed is not None and (total >= needed if balance == decides else decides < 0 and awarded):
                higher = ladder.higher(level, ladder.earned(totals))
                if higher != level:
                    changes += (LevelChange(member_id, day, level, higher, LevelCause.REACHED),)
                    level = higher
                    needed = thresholds[level]
            rows.append(
                (
                    event_id,
                    member_id,
                    activity_id,
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
                )
            )
            changes = ()
        last = (last_at, last_id) if last_id else None
        used = {key: usage[number] for key, number in caps.items() if number in usage} if usage else {}
        usage_after = {**usage_before, **used}
        state = _state(
            (member, version, year, periods, tuple(totals), level, usage_after, milestone, last, reached)
        )
        return state, rows

    def folded(self, state: MemberState, events: Iterable[Event]) -> tuple[MemberState, list[Entry]]:
        """`rows`, each as an entry."""
        state, rows = self.rows(state, events)
        return state, list(map(_entry, rows))
