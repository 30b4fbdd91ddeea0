"""The step over many events of one member, sooner: it repeats `Interpreter.step`.

What it repeats is how the parts are put together, and the amounts of fixed and assessed rules
without conditions; no state is packed but where something is due before an event. Held to the step,
entry by entry and state by state, on random programs, by tests/property/test_fast_fold.py.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime
from typing import TYPE_CHECKING

from pointbook.interpret.limits import above_floor, let_through
from pointbook.interpret.state import MemberState
from pointbook.interpret.valuation import Valuation, base_amount, valued
from pointbook.model.ledger import Entry, LevelCause, LevelChange, Outcome
from pointbook.model.points import Assessed, Fixed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pointbook.interpret.levels import Ladder
    from pointbook.interpret.limits import Limit
    from pointbook.interpret.passing_time import Changes, PassingTime
    from pointbook.interpret.timeline import Timeline
    from pointbook.model.ledger import Assume, Cut
    from pointbook.model.log import Event
    from pointbook.model.points import Points
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Activity

    Step = Callable[[MemberState, Event], tuple[MemberState, Entry]]

    # Plain tuples, which are taken apart faster than named ones, for every event of a log.
    Given = tuple[int, int, Points]
    """The range in which the log's points count as they are, 1 to 0 for none; the rule they were given
    under."""
    Rule = tuple[
        Activity | None,  # in one version; None stands for all that it does not have
        int,  # index of the balance that it feeds,
        str,  # its id
        int | None,  # and its floor
        tuple[Limit, ...],  # the caps that it goes through
        int | None,  # the points that it gives whatever happens
        bool,  # whether its amount alone decides, without conditions and sharing
        bool,  # whether it is assessed
        Given,  # how the log's points were given;
        tuple[Given, ...],  # where that depends on the date, the same by the version then in force
    ]
    InForce = tuple[Mapping[str, Rule], Valuation, str | None, Ladder, Mapping[str | None, int | None]]
    """A version: its rules by activity; what an event of another activity comes to; its id and levels; and
    the threshold of the level above each."""

# Looked up once: an enumeration's member costs more than the comparison it is used in.
_AWARDED, _REDUCED, _CAPPED = Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED
_FIRST = (datetime.min, "")  # noqa: DTZ901 - UTC without time zone, as events have it
_new = tuple.__new__


class FastFold:
    """A program's rules, prepared for many events."""

    def __init__(
        self, program: Program, timeline: Timeline, time: PassingTime, assume: Assume, step: Step
    ) -> None:
        """`step` is the definition; it takes events before the sign-up and refuses those out of order."""
        self._later_starts, self._time, self._assume, self._step = timeline.later_starts, time, assume, step
        self._level_balance = program.level_balance_no
        self._unknown: Rule = (
            *(None, self._level_balance, program.level_balance, None, ()),
            *(None, True, False, (1, 0, Fixed(0)), ()),
        )
        references = program.versions if timeline.fixed else ()
        self._in_force: list[InForce] = [
            (
                {
                    activity.id: _rule(program, activity, book.limits[activity.id], references)
                    for activity in book.version.activities.values()
                },
                Valuation(0, Outcome.NO_SUCH_ACTIVITY),
                book.version.id,
                book.ladder,
                book.ladder.next_thresholds,
            )
            for book in timeline.books
        ]
        # At -1, before the first version, there are neither rules nor levels.
        ladder = timeline.books[0].ladder
        self._in_force.append(({}, Valuation(0, Outcome.NO_VERSION_IN_FORCE), None, ladder, {None: None}))

    def folded(  # noqa: C901, PLR0912, PLR0915 - the rules in their order, as in the step
        self, state: MemberState, events: Iterable[Event]
    ) -> tuple[MemberState, list[Entry]]:
        """The state after events of one member, in order, and what each came to.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        member, version, year, periods, before, level, usage_before, milestone, last, reached = state
        last_at, last_id = last or _FIRST
        due = date.min  # the first event may come before the sign-up
        totals, usage = list(before), dict(usage_before)
        rules, nothing, version_id, ladder, thresholds = self._in_force[version]
        needed = thresholds[level]
        level_balance, unknown, later_starts = self._level_balance, self._unknown, self._later_starts
        entries: list[Entry] = []
        bonuses: tuple[int, ...]
        cuts: tuple[Cut, ...]
        changes: Changes = ()
        for event in events:
            member_id, at, event_id, local, activity_id, given, _ = event
            day = today if (today := local.date()) > reached else reached
            if due <= day or (at <= last_at and (at < last_at or event_id <= last_id)):
                last = (last_at, last_id) if last_id else None
                state = MemberState(
                    member, version, year, periods, tuple(totals), level, usage, milestone, last, reached
                )
                if day < member.signed_up_on or (at, event_id) <= (last_at, last_id):
                    entries.append(self._step(state, event)[1])
                    reached = day
                    continue
                state, changes = self._time.advanced(state, day)
                _, version, year, periods, before, level, _, milestone, _, _ = state
                due = milestone
                totals = list(before)
                rules, nothing, version_id, ladder, thresholds = self._in_force[version]
                needed = thresholds[level]
            last_at, last_id, reached = at, event_id, day

            activity, balance, balance_id, floor, limits, fixed, is_plain, is_assessed, given_as, others = (
                rules.get(activity_id, unknown)
            )
            if others:
                given_as = others[bisect_right(later_starts, day)]
            lowest, highest, given_under = given_as
            outcome, assumed, ignored, bonuses = None, False, False, ()
            if given is not None and lowest <= given <= highest:
                requested = base = given
            elif fixed is not None:
                requested = base = fixed
                ignored = given is not None and given != fixed
            elif activity is None:
                requested, outcome, assumed, ignored, base, bonuses = nothing
            elif is_plain:
                base, outcome, assumed = base_amount(activity.points, event, given_under, self._assume)
                requested = base
                ignored = not is_assessed and outcome is None and given is not None and given != base
            else:
                valuation = valued(activity, event, member, given_under, self._assume)
                requested, outcome, assumed, ignored, base, bonuses = valuation

            awarded, cuts = requested, ()
            if requested > 0:
                if limits:
                    awarded, cuts, used = let_through(requested, limits, usage, day, year)
                    usage.update(used)
            elif requested and floor is not None:
                awarded, cuts = above_floor(requested, balance_id, totals[balance], floor)

            total = totals[balance] = totals[balance] + awarded
            if balance == level_balance and needed is not None and total >= needed:
                higher = ladder.earned(total)
                changes += (LevelChange(member_id, day, level, higher, LevelCause.REACHED),)
                level = higher
                needed = thresholds[level]
            # `_new` does not name the fields again, which would cost as much as all of the above.
            entries.append(
                _new(
                    Entry,
                    (
                        event_id,
                        member_id,
                        activity_id,
                        local,
                        version_id,
                        balance_id,
                        requested,
                        awarded,
                        outcome or (_AWARDED if awarded == requested else _REDUCED if awarded else _CAPPED),
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
            changes = ()
        last = (last_at, last_id) if last_id else None
        state = MemberState(
            member, version, year, periods, tuple(totals), level, usage, milestone, last, reached
        )
        return state, entries


def _rule(
    program: Program, activity: Activity, limits: tuple[Limit, ...], references: tuple[Version, ...]
) -> Rule:
    points, balance = activity.points, program.balances[activity.balance]
    is_assessed = isinstance(points, Assessed)
    is_plain = activity.eligible_if is None and not activity.bonuses and activity.split_among is None

    def given_under(rule: Points) -> Given:
        counted = points.assessed_range if is_plain and rule == points else None
        return *(counted or (1, 0)), rule

    given = [known.activities.get(activity.id, activity).points for known in references]
    is_always_same = not is_assessed or all(rule == points for rule in given)
    return (
        *(activity, list(program.balances).index(balance.id), balance.id, balance.floor, limits),
        points.points if is_plain and isinstance(points, Fixed) else None,
        *(is_plain, is_assessed, given_under(points)),
        () if is_always_same else tuple(map(given_under, given)),
    )
