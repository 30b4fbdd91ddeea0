"""Events with totals and the level held, and the ledger of each version set.

Days and times are values here, not texts; an absent value is null. Each result begins with columns
that say whose it is and its order, which are left out when it is handed over.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.model.windows import Resets
from pointbook.relational.rulebook.codes import CODES, NONE, OUTCOMES
from pointbook.relational.rulebook.level_rows import least_total
from pointbook.relational.steps.balances import by_balance, level_gain, level_period_of, period_in
from pointbook.relational.steps.dating import ORDER, account_of, calendar_columns, edition_of
from pointbook.relational.steps.exact import exact_quotient
from pointbook.relational.steps.summing import OWN, SHARED

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ibis.expr.types import Table

    from pointbook.model.program import Version
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context

_OF_TOTALS = ("own_total", "peak", "peak_before", "level_total", "moved", "start_rank")
"""Columns that totals and ranks follow from, of each version set's own; no plan has all of them."""


def _shared(context: Context) -> tuple[str, ...]:
    """Columns of an event that are kept, of those that there are, besides those of the calendar."""
    return (*SHARED, "member_id", *context.columns.references.values())


def ranked_events(context: Context, one: VersionSet, summed: Table, levels: Table) -> Table:
    """The events of a version set with totals and the rank held before and after.

    A total is all gains so far and what its segment starts with above them: where 250 had been gained
    before a period that starts with 0, the next 30 come to 280 - 250 = 30. Before the sign-up, total and
    rank mean nothing.
    """
    events = _own_events(context, one, summed)
    return _ranked(
        context, one, _with_segment(context, events, levels.filter(levels.set_no == one.number), one)
    )


def ranked_in_order(context: Context, one: VersionSet, in_order: Table) -> Table:
    """The same, of events that have their segments already."""
    return _ranked(context, one, _own_events(context, one, in_order))


def _own_events(context: Context, one: VersionSet, summed: Table) -> Table:
    """The events as one version set has them."""
    own = [name for name in (*OWN, *_OF_TOTALS) if one.named(name) in summed.columns]
    return summed.select(
        *(name for name in _shared(context) if name in summed.columns),
        account=account_of(context, summed.member_no, one),
        edition=edition_of(summed, one),
        level_period=level_period_of(context, summed, one),
        period=period_in(context, summed, summed[one.named("balance_no")], one),
        **{name: summed[one.named(name)] for name in own},
    )


def _ranked(context: Context, one: VersionSet, placed: Table) -> Table:
    """The events with totals and ranks; `placed` has what is known of their segments."""
    totalled = placed
    if "level_total" not in placed.columns:
        # Before the first version there is no segment, and nothing has been gained.
        level_total = ibis.coalesce(placed.gained + placed.moved, context.level.start)
        totalled = placed.mutate(level_total=level_total)
    totalled = context.add(one.named("totalled"), "every event with the level balance's total", totalled)
    peak = totalled.level_total
    peak_before = totalled.level_total - level_gain(context, totalled.awarded, totalled.balance_no)
    if "peak" in totalled.columns:
        peak_before = (totalled.peak_before + totalled.moved).fill_null(peak_before)
        peak = (totalled.peak + totalled.moved).fill_null(peak)
    total = totalled.level_total
    if "own_total" in totalled.columns:
        total = ibis.ifelse(
            totalled.balance_no == context.program.level_balance_no, total, totalled.own_total
        )
    return totalled.select(
        *(name for name in _shared(context) if name in totalled.columns),
        *("account", "edition", "balance_no", "requested", "awarded"),
        *("outcome", "is_assumed", "is_ignored", "period"),
        total=total,
        rank=ibis.greatest(totalled.start_rank, _rank_reached_in(totalled.edition, peak, one)),
        rank_before=ibis.greatest(totalled.start_rank, _rank_reached_in(totalled.edition, peak_before, one)),
    )


def _with_segment(context: Context, events: Table, levels: Table, one: VersionSet) -> Table:
    """The events with the rank at their segment's beginning, and what its totals are above `gained`."""
    segments = levels.select(
        *("account", "edition", "level_period", "start_rank"),
        moved=(levels.total_start - levels.gained_before).cast("int64"),
    )
    keys = ["account"]
    if one.fixed is None:
        keys.append("edition")
    if context.level.resets is not Resets.NEVER:
        keys.append("level_period")
    unused = {"account", "edition", "level_period"}.difference(keys)
    joined = events.left_join(segments.drop(*sorted(unused)), keys).drop(*(f"{name}_right" for name in keys))
    return joined.mutate(start_rank=joined.start_rank.fill_null(NONE).cast("int16"))


def sorted_events(context: Context, events: Table, levels: Table, members: Table) -> Table:
    """All events in the order of the ledger, with their totals under every version set.

    In that order one pass sums what events add to the level balance, on and on from member to member. What
    a segment's totals are above that sum follows from the segments before it, of this and all other members.
    So what all members gain together must not go beyond 64 bits either: wider sums take a third longer here.
    """
    in_order = events.inner_join(members.select("member_no", "member_id"), "member_no")
    in_order = _with_starts(context, in_order, _starts(context, levels))
    own = [one.named(name) for one in context.sets for name in (*OWN, *_OF_TOTALS)]
    order = ("member_no", "place") if "place" in events.columns else ("member_no", *ORDER)
    kept = (*_shared(context), *calendar_columns(context), *own)
    comment = "every event with its segments, in the order of the ledger"
    in_order = context.add(
        "events_in_order",
        comment,
        in_order.order_by(*order).select(*(name for name in kept if name in in_order.columns)),
    )
    if context.level_can_fall:  # `gained` is there already, with the most gained so far
        return in_order
    so_far = ibis.window(preceding=(None, 0))
    totals: dict[str, Any] = {}
    for one in context.sets:
        gain = level_gain(context, in_order[one.named("awarded")], in_order[one.named("balance_no")])
        total = gain.sum().over(so_far) + in_order[one.named("moved")]
        totals[one.named("level_total")] = ibis.coalesce(total, context.level.start)
    placed = in_order.mutate(place=ibis.row_number().over(ibis.window()), **totals)
    return placed.drop(*(one.named("moved") for one in context.sets))


def _starts(context: Context, levels: Table) -> Table:
    """What segments start with: a rank, and what their totals are above the sum of all gains so far."""
    gained_before = levels.gained_before
    if not context.level_can_fall:
        earlier = ibis.window(
            group_by=levels.set_no, order_by=[levels.account, levels.starts], preceding=(None, 1)
        )
        gained_before = (levels.total_end - levels.total_start).sum().over(earlier).fill_null(0)
    starts = levels.select(
        *("set_no", "account", "edition", "level_period"),
        start_rank=levels.start_rank.cast("int16"),
        moved=levels.total_start - gained_before,
    )
    return context.add("starts", "what segments start with", starts)


def _with_starts(context: Context, events: Table, starts: Table) -> Table:
    """The events with what their segments start with, under each version set's own names."""
    sets, has_periods = context.sets, context.level.resets is not Resets.NEVER
    if len({(one.fixed is None, one.membership_year) for one in sets}) == 1 and sets[0].fixed is not None:
        # The same periods under all of them: one join instead of one for each.
        keys = {"of_member": exact_quotient(starts.account - starts.set_no, len(sets)).cast("int32")}
        keys |= {"of_period": starts.level_period} if has_periods else {}
        found = {
            one.named(name): starts[name].max(where=starts.set_no == one.number)
            for one in sets
            for name in ("start_rank", "moved")
        }
        wide = starts.group_by(**keys).aggregate(**found)
        wide = context.add("starts_of_members", "the same, all version sets in a row", wide)
        same = [events.member_no == wide.of_member]
        same += [level_period_of(context, events, sets[0]) == wide.of_period] if has_periods else []
        events = events.left_join(wide, same).drop(*keys)
    else:
        for one in sets:
            events = _with_own_starts(context, events, starts, one)
    ranks = [one.named("start_rank") for one in sets]
    return events.mutate(**{name: events[name].fill_null(NONE) for name in ranks})


def _with_own_starts(context: Context, events: Table, starts: Table, one: VersionSet) -> Table:
    own = starts.filter(starts.set_no == one.number).select(
        of_account=starts.account,
        of_edition=starts.edition,
        of_period=starts.level_period,
        **{one.named(name): starts[name] for name in ("start_rank", "moved")},
    )
    keys = [account_of(context, events.member_no, one) == own.of_account]
    if one.fixed is None:
        keys.append(edition_of(events, one) == own.of_edition)
    if context.level.resets is not Resets.NEVER:
        keys.append(level_period_of(context, events, one) == own.of_period)
    return events.left_join(own, keys).drop("of_account", "of_edition", "of_period")


def ledger(context: Context, one: VersionSet, ranked: Table, members: Table) -> Table:
    """The ledger of a version set."""
    named = ranked.inner_join(members.select("member_no", "member_id"), "member_no")
    return named_ledger(context, one, named.drop("rank_before"))


def named_ledger(context: Context, one: VersionSet, events: Table) -> Table:
    """The ledger of a version set, in the order of the events: names for what numbers stand for."""
    counts = events.outcome != CODES[Outcome.BEFORE_SIGN_UP]
    outcome = [(events.outcome == code, ibis.literal(outcome.value)) for code, outcome in enumerate(OUTCOMES)]
    return events.select(
        *("account", "place", "event_id", "member_id"),
        activity=_activity_of(context, events),
        occurred_at=events.local,
        version=_version_named(events.edition, one),
        balance=by_balance(context, events.balance_no, lambda balance: ibis.literal(balance.id)),
        requested=events.requested,
        awarded=events.awarded,
        outcome=ibis.cases(*outcome),
        assumed=events.is_assumed,
        period=ibis.ifelse(counts, events.period, ibis.null("int16")),
        total=ibis.ifelse(counts, events.total, ibis.null("int64")),
        level=ibis.ifelse(counts, _level_named(events.edition, events["rank"], one), ibis.null("string")),
        is_ignored=events.is_ignored,
        **{name: events[name] for name in context.columns.references.values() if name in events.columns},
    )


def _activity_of(context: Context, events: Table) -> Any:
    if "activity" in events.columns:
        return events.activity
    names = context.book.activities.names
    if not names:
        return events.other_activity
    known = ibis.array(names)[events.activity_no]
    return ibis.ifelse(events.activity_no == NONE, events.other_activity, known)


def _by_edition(
    edition: Any, one: VersionSet, key_of: Callable[[Version], Hashable], value_of: Callable[[Any], Any]
) -> Any:
    """The value that belongs to the edition with this number; nothing where there is none.

    This takes the place of a join with the levels, which would not keep the order of events. Editions
    with the same key have the same value.
    """
    numbers: dict[Hashable, list[int]] = {}
    for each in one.editions:
        numbers.setdefault(key_of(each.version), []).append(each.number)
    if one.fixed is not None:
        return value_of(*numbers)
    return ibis.cases(*((edition.isin(found), value_of(key)) for key, found in numbers.items()))


def _version_named(edition: Any, one: VersionSet) -> Any:
    """Id of the version that an edition is."""
    return _by_edition(edition, one, lambda version: version.id, ibis.literal)


def _rank_reached_in(edition: Any, total: Any, one: VersionSet) -> Any:
    """Rank of the highest level of an edition that `total` reaches, -1 for none."""

    def rank(thresholds: tuple[int, ...]) -> Any:
        reached = [ibis.ifelse(total >= threshold, 1, 0) for threshold in thresholds]
        return reduce(add, reached, ibis.literal(NONE, type="int64"))

    found = _by_edition(edition, one, lambda version: tuple(map(least_total, version.levels.values())), rank)
    return found.fill_null(NONE).cast("int16")


def _level_named(edition: Any, rank: Any, one: VersionSet) -> Any:
    """Id of the level with a rank in an edition; nothing where there is none."""

    def name(levels: tuple[str, ...]) -> Any:
        if not levels:
            return ibis.null("string")
        return ibis.cases(*((rank == number, ibis.literal(level)) for number, level in enumerate(levels)))

    return _by_edition(edition, one, lambda version: tuple(version.levels), name)
