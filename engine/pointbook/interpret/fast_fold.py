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

from pointbook.interpret.levels import Ladder
from pointbook.interpret.limits import Limit, UsageKey, above_floor
from pointbook.interpret.passing_time import Changes, PassingTime
from pointbook.interpret.state import MemberState
from pointbook.interpret.timeline import ReadyVersion, Timeline
from pointbook.interpret.valuation import Valuation, base_amount, filled, refused, rounded, valued
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import Amount
from pointbook.model.ledger import Assume, Cut, Entry, LevelCause, LevelChange, Outcome
from pointbook.model.log import Attributes, Event
from pointbook.model.points.forms import Assessed, Fixed, Points
from pointbook.model.program import Balance, Program
from pointbook.model.windows import Per

Row = tuple[
    str,
    str,
    str,
    datetime,
    str | None,
    str,
    Amount,
    Amount,
    Outcome,
    bool,
    int | None,
    Amount | None,
    str | None,
    Amount,
    tuple[int, ...],
    bool,
    tuple[Cut, ...],
    Changes,
]
"""The fields of an `Entry`, in order."""
Step = Callable[[MemberState, Event], tuple[MemberState, tuple[Entry, ...]]]
Counted = Callable[[MemberState, Event], tuple[MemberState, list[Entry]]]

# Plain tuples, which are made and taken apart faster than named ones, for every event of a log.
NumberedCap = tuple[int, int, Limit]
"""A cap; the number of what its usage belongs to, and the place of its window among all kinds."""
Rule = tuple[
    Activity | None,
    EntryRule | None,  # in one version; None stands for all that it does not have
    int,  # index of the balance that it feeds,
    Balance,  # and that
    tuple[NumberedCap, ...],  # the caps that limit it
    Amount | None,  # the points that it gives whatever happens
    bool,  # whether its amount alone decides, without conditions and sharing
    Amount,  # the range in which the log's points count as they are, 1 to 0 for none:
    Amount,  # its end
    bool,  # whether it is the activity's one entry, which is there whatever happens, and no spend
    Points,  # the rule under which they were given
    Attributes,  # what attributes are taken to be that are not given
]
InForce = tuple[dict[str, Rule], Valuation, str | None, Ladder, dict[str | None, Amount | None]]
"""A version: its rules by activity; what an event of another activity comes to; its id and levels; and
the threshold of the level above each."""

# Looked up once: an enumeration's member costs more than the comparison it is used in.
_AWARDED, _REDUCED, _CAPPED = Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED
_FIRST = (datetime.min, "")  # noqa: DTZ901 - UTC without time zone, as events have it
_NUMBERS = tuple(per.window.number for per in Per)
_PLACES = {per.value: place for place, per in enumerate(Per)}
_new = tuple.__new__  # does not name the fields again, which would cost as much as all else of an event
_entry = partial(_new, Entry)
_state = partial(_new, MemberState)


class FastFold:
    """A program's rules, prepared for many events."""

    def __init__(
        self,
        program: Program,
        timeline: Timeline,
        time: PassingTime,
        assume: Assume,
        step: Step,
        counted: Counted,
    ) -> None:
        """The definition takes what is rare.

        Events before the sign-up, and what to refuse, `step`; events of several entries, of spends and of
        entries that are not always there, `counted`.
        """
        self._time, self._assume, self._step, self._counted = time, assume, step, counted
        self._level_balance = program.level_balance_no
        self._unknown: Rule = (
            *(None, None, self._level_balance, program.balances[program.level_balance], ()),
            *(None, True, 1, 0, True, Fixed(0), {}),
        )
        parts = [part for book in timeline.books for known in book.parts.values() for part in known]
        self._caps: dict[UsageKey, int] = {}
        for limit in (limit for part in parts for limit in part.limits):
            self._caps.setdefault(limit.key, len(self._caps))
        self._windows: dict[int, dict[date, tuple[int, ...]]] = {}
        # By version, then by the version under which the log's points were given, if that can be another.
        references = timeline.references if timeline.refers else [{}]
        self._later_starts = timeline.later_starts if timeline.refers else []
        self._in_force: list[list[InForce]] = [
            [
                (
                    {
                        name: self._rule(activity, book, reference.get(name, activity), program.places)
                        for name, activity in book.activities.items()
                    },
                    Valuation(0, Outcome.NO_SUCH_ACTIVITY),
                    book.version.id,
                    book.ladder,
                    book.ladder.next_thresholds,
                )
                for reference in references
            ]
            for book in timeline.books
        ]
        # At -1, before the first version, there are neither rules nor levels.
        ladder = timeline.books[0].ladder
        nothing = Valuation(0, Outcome.NO_VERSION_IN_FORCE)
        self._in_force.append([({}, nothing, None, ladder, {None: None}) for _ in references])

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
        caps = self._caps
        usage = {caps[key]: used for key, used in usage_before.items() if key in caps}
        windows = self._windows.setdefault(year, {})
        rules, nothing, version_id, ladder, thresholds = self._in_force[version][0]
        needed = thresholds[level]
        level_balance, unknown, later_starts = self._level_balance, self._unknown, self._later_starts
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
                    windows = self._windows.setdefault(year, {})
                reference = bisect_right(later_starts, day)
                rules, nothing, version_id, ladder, thresholds = self._in_force[version][reference]
                needed = thresholds[level]
                due = milestone
                if reference < len(later_starts):
                    due = min(due, later_starts[reference])
                if member.dated:
                    on_day = member.on(day)
                    due = min(due, member.next_change(day))
            last_at, last_id, reached = at, event_id, day

            (
                *(asked, rule, balance, fed, limits, fixed, is_plain, lowest, highest, is_alone, given_under),
                defaults,
            ) = rules.get(activity_id, unknown)
            if not is_alone:
                used = {key: usage[number] for key, number in caps.items() if number in usage}
                state = _state(
                    (
                        *(member, version, year, periods, tuple(totals), level),
                        *({**usage_before, **used}, milestone, (at, event_id), day),
                    )
                )
                state, entries = self._counted(state, event)
                rows.append(entries[0]._replace(changes=changes + entries[0].changes))
                rows += entries[1:]
                totals, level, changes = list(state.totals), state.level, ()
                usage.update((caps[key], one) for key, one in state.usage.items() if key in caps)
                needed = thresholds[level]
                continue
            outcome, assumed, ignored, bonuses = None, False, False, ()
            if given is not None and lowest <= given <= highest:
                requested = base = given
            elif fixed is not None:
                requested = base = fixed
                ignored = given is not None and given != fixed
            elif rule is None or asked is None:
                requested, outcome, assumed, ignored, base, bonuses = nothing
            elif is_plain:
                base, outcome, assumed, is_given = base_amount(
                    rule.points, fed, filled(event, defaults, level), on_day, given_under, self._assume
                )
                requested = base if type(base) is int else rounded(base, 1, fed)
                ignored = outcome is None and not is_given and given not in (None, requested)
            else:
                seen = filled(event, defaults, level)
                why = refused(asked, seen, on_day)
                if why is None:
                    requested, outcome, assumed, is_given, base, bonuses = valued(
                        rule, fed, seen, on_day, given_under, self._assume
                    )
                    ignored = outcome is None and not is_given and given not in (None, requested)
                else:
                    requested, outcome, base = 0, why, 0

            awarded, cuts = requested, ()
            if requested > 0:
                if limits:
                    numbers = windows.get(day) or self._numbered(day, year)
                    awarded, cuts = _let_through(requested, limits, usage, numbers)
            elif requested and fed.floor is not None:
                awarded, cuts = above_floor(requested, fed.id, totals[balance], fed.floor)
            if outcome is None:
                outcome = _AWARDED if awarded == requested else _REDUCED if awarded else _CAPPED

            total = totals[balance] = totals[balance] + awarded
            if needed is not None and (
                (balance == level_balance and total >= needed) if ladder.is_by_threshold else awarded
            ):
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
                    fed.id,
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

    def _numbered(self, day: date, year: int) -> tuple[int, ...]:
        """The number of each kind's window that a day of a membership year is in."""
        numbers = self._windows[year][day] = tuple(number(day, year) for number in _NUMBERS)
        return numbers

    def _rule(self, activity: Activity, book: ReadyVersion, reference: Activity, places: int) -> Rule:
        rule, place, balance, limits = book.parts[activity.id][0]
        points, given_under = rule.points, (reference.assessed or reference.entries[0]).points
        is_bare = activity.eligible_if is None and not rule.bonuses and rule.split_among is None
        is_plain = is_bare and not places  # else the log's points can have places
        is_alone = len(activity.entries) == 1 and not rule.is_spend and rule.condition is None
        is_alone = is_alone and rule.points.copies is None  # a copy of nothing is no entry
        whole = points if is_plain and isinstance(points, Assessed) and given_under == points else None
        return (
            *(activity, rule, place, balance),
            tuple((self._caps[limit.key], _PLACES[limit.key[3]], limit) for limit in limits),
            points.points if is_plain and isinstance(points, Fixed) else None,
            *(
                is_plain,
                *((1, 0) if whole is None else (whole.minimum, whole.maximum)),
                is_alone,
                given_under,
            ),
            book.defaults[activity.id],
        )


def _let_through(
    requested: Amount,
    caps: tuple[NumberedCap, ...],
    usage: dict[int, tuple[int, Amount]],
    numbers: tuple[int, ...],
) -> tuple[Amount, tuple[Cut, ...]]:
    """As `let_through`, but that windows are numbered already and `usage` is changed."""
    cuts: tuple[Cut, ...] = ()
    awarded = requested
    counted = []
    for cap, place, (key, counts_points, _, position, most) in caps:
        window = numbers[place]
        held = usage.get(cap)
        used = held[1] if held is not None and held[0] == window else 0
        remaining = most - used if most > used else 0
        if remaining >= requested or (remaining and not counts_points):
            passed = requested
        else:
            passed = remaining
            awarded = min(awarded, passed)
        cuts += (_new(Cut, (key[0], key[1], position, remaining, passed)),)
        counted.append((cap, window, used, counts_points))
    if awarded:
        for cap, window, used, counts_points in counted:
            usage[cap] = window, used + (awarded if counts_points else 1)
    return awarded, cuts
