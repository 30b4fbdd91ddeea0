"""The entries of an event where there are several, or one that is not simply there: see `fast_fold`."""

from __future__ import annotations

from datetime import date
from functools import partial

from pointbook.interpret.conditions import holds
from pointbook.interpret.entries import is_copy
from pointbook.interpret.fast_rules import Further, InForce, NumberedCap, NumberedUsage, Row
from pointbook.interpret.limits import above_floor
from pointbook.interpret.passing_time import Changes
from pointbook.interpret.timeline import Part
from pointbook.interpret.valuation import Base, Valuation, base_amount, filled, refused, rounded, valued
from pointbook.model.amounts import Amount
from pointbook.model.ledger import Assume, Cut, LevelCause, LevelChange, Outcome
from pointbook.model.log import Event, Member

_AWARDED, _REDUCED, _CAPPED = Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED
_INSUFFICIENT, _NOT_ELIGIBLE = Outcome.INSUFFICIENT_BALANCE, Outcome.NOT_ELIGIBLE
_new = tuple.__new__
_valuation = partial(_new, Valuation)
_MISSING = Valuation(0, Outcome.MISSING_ATTRIBUTE)


def entries_of(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - all that an event depends on, as in the step
    event: Event,
    member: Member,
    day: date,
    rule: Further,
    in_force: InForce,
    level: str | None,
    totals: list[Amount],
    periods: tuple[int, ...],
    usage: NumberedUsage,
    numbers: tuple[int, ...],
    assume: Assume,
    changes: Changes,
    rows: list[Row],
) -> str | None:
    """Add what an event comes to; `totals` and `usage` become those after it. The level held then.

    Args:
        event: What happened.
        member: Who did it, with the attributes of the day.
        day: The local date.
        rule: Of its activity, of several entries.
        in_force: The version in force.
        level: Held before.
        totals: Of each balance.
        periods: Of each balance.
        usage: Of caps.
        numbers: Of the windows that the day is in.
        assume: What a missing assessed value is taken to be.
        changes: Of level, before the event.
        rows: Its entries are added to them.
    """
    asked, _, _, _, parts, spends, given_under, defaults = rule
    _, _, version_id, ladder, thresholds, decides = in_force
    member_id, _, event_id, local, activity_id, given, _ = event
    seen = filled(event, defaults, level) if defaults else event
    why: Valuation | None = None
    if asked is not None and asked.eligible_if is not None and (outcome := refused(asked, seen, member)):
        why = Valuation(0, outcome)
    is_covered = True
    if spends:  # they come first
        spent = [why or valued(part.rule, part.balance, seen, member, given_under, assume) for part in spends]
        is_covered = all(
            valuation[1] is None
            and (valuation[0] <= 0 or totals[part.place] - valuation[0] >= (part.balance.floor or 0))
            for part, valuation in zip(spends, spent, strict=True)
        )
    number = 0
    awarded: Amount
    cuts: tuple[Cut, ...]
    needed, begin = thresholds[level], len(rows)
    used: NumberedUsage = {}  # what any entry uses counts after all of them
    has_amount = is_used = False
    for place, balance_id, floor, limits, fixed, lowest, highest, further in parts:
        is_spend = False
        if why is not None:
            valuation = why
        elif fixed is not None:
            valuation = fixed
        elif given is not None and lowest <= given <= highest:
            valuation = _valuation((given, None, False, True, given, ()))
        else:
            own, fed, is_plain, is_spend, condition, copies = further
            if is_spend:
                valuation = spent[number]
                number += 1
            elif condition is not None and not (verdict := holds(condition, seen, member)):
                if verdict is False:
                    continue
                valuation = _MISSING
            elif copies is not None and is_copy(own, seen, member):
                copied = _copied(rows, begin, copies, spends)
                if copied is None:
                    continue
                valuation = (
                    _valuation((copied.points, None, copied.assumed, False, copied.points, ()))
                    if is_plain and copied.outcome is None and type(copied.points) is int
                    else valued(own, fed, seen, member, given_under, assume, copied)
                )
            elif is_plain:
                base, found, assumed, is_given = base_amount(
                    own.points, fed, seen, member, given_under, assume
                )
                requested = base if type(base) is int else rounded(base, 1, fed)
                valuation = _valuation((requested, found, assumed, is_given, base, ()))
            else:
                valuation = valued(own, fed, seen, member, given_under, assume)
        requested, found, assumed, is_given, base, bonuses = valuation
        if given is not None:
            is_used = is_used or is_given or (found is None and requested == given)
            has_amount = has_amount or found is None
        if is_spend:
            requested, base = -requested, -base
        awarded, cuts = 0, ()
        if found is not None:
            outcome = found
        elif not is_covered:
            outcome = _INSUFFICIENT
        else:
            awarded = requested
            if requested > 0:
                if limits:
                    awarded, cuts = let_through(requested, limits, usage, used, numbers)
            elif requested and floor is not None:
                awarded, cuts = above_floor(requested, balance_id, totals[place], floor)
            outcome = _AWARDED if awarded == requested else _REDUCED if awarded else _CAPPED
        total = totals[place] = totals[place] + awarded
        if needed is not None and (total >= needed if place == decides else decides < 0 and awarded):
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
                periods[place],
                total,
                level,
                base,
                bonuses,
                False,
                cuts,
                changes,
            )
        )
        changes = ()
    if len(rows) == begin:  # none of them is there
        place, balance_id, *_ = parts[0]
        rows.append(
            (
                *(
                    event_id,
                    member_id,
                    activity_id,
                    local,
                    version_id,
                    balance_id,
                    0,
                    0,
                    _NOT_ELIGIBLE,
                    False,
                ),
                *(periods[place], totals[place], level, 0, (), False, (), changes),
            )
        )
    elif given is not None and has_amount and not is_used:
        first = rows[begin]
        rows[begin] = (*first[:15], True, first[16], first[17])
    if used:
        usage.update(used)
    return level


def _copied(rows: list[Row], begin: int, balance: str, spends: tuple[Part, ...]) -> Base | None:
    """As `entries.copied`, of the event's rows so far."""
    for row in rows[begin:]:
        if row[5] == balance:
            awarded, outcome, assumed = row[7:10]
            if not awarded and outcome is not _AWARDED:
                return Base(0, outcome, assumed)
            is_spend = any(part.balance.id == balance for part in spends)
            return Base(-awarded if is_spend else awarded, None, assumed)
    return None


def let_through(
    requested: Amount,
    caps: tuple[NumberedCap, ...],
    usage: NumberedUsage,
    after: NumberedUsage,
    numbers: tuple[int, ...],
) -> tuple[Amount, tuple[Cut, ...]]:
    """As `limits.let_through`, but that windows are numbered already; what is used goes into `after`."""
    cuts: tuple[Cut, ...] = ()
    awarded = requested
    counted = []
    for cap, place, counts_points, most, scope, owner, position in caps:
        window = numbers[place]
        held = usage.get(cap)
        used = held[1] if held is not None and held[0] == window else 0
        remaining = most - used if most > used else 0
        if remaining >= requested or (remaining and not counts_points):
            passed = requested
        else:
            passed = remaining
            awarded = min(awarded, passed)
        cuts += (_new(Cut, (scope, owner, position, remaining, passed)),)
        counted.append((cap, window, used, counts_points))
    if awarded:
        for cap, window, used, counts_points in counted:
            after[cap] = window, used + (awarded if counts_points else 1)
    return awarded, cuts
