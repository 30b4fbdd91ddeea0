"""What caps let through.

A cap on points lets through, of the running sum of what is offered in a window, what lies below its
limit; so what one event gets is a difference of two clipped sums. A cap on times is the same with
ones instead of points. Under a limit of 100, three events of 60 have the sums 60, 120 and 180, clipped
60, 100 and 100: they get 60, 40 and 0.

Where versions have different limits, each stretch of equal limits (an *epoch*) goes on from what the
ones before it have used: `used = max(used, min(limit, used + sum))`. With 100 used and a limit of now
150, the sums 30 and 90 make it max(100, min(150, 130)) = 130 and max(100, min(150, 190)) = 150; with
a limit of now 80, both leave it at 100. Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, assert_never

import ibis

from pointbook.model.windows import CapKind
from pointbook.relational.rulebook.codes import OWN_TOTAL, limit_of_stage
from pointbook.relational.steps.calendar_expressions import window_of
from pointbook.relational.steps.dating import ORDER, day_of

if TYPE_CHECKING:
    from ibis.expr.types import BooleanValue, IntegerValue, Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.steps.context import Context


def capped(context: Context, limited: Table, rules: Table, caps: Table) -> Table:
    """The events with `passed` cut down to what every cap leaves; a few steps for each stage.

    A cap counts here what it lets through itself, narrower ones first; where a wider one cuts more, that
    is the same in the end as counting what is awarded. Source: reasoning/cap_order.py.
    Caps that are the same under an earlier version set are not computed again.
    """
    book, events = context.book, limited
    for one in context.sets:
        twin = next(other for other in context.sets if other is one or book.caps_alike(other, one))
        if twin is not one:
            events = _capped_as(events, twin, one)
            continue
        for stage in range(len(book.epochs)):
            if any(row.limits & limit_of_stage(stage) for row in book.rules_of(one)):
                events = _stage(context, events, rules, caps, one, stage)
    return events


def _capped_as(limited: Table, twin: VersionSet, one: VersionSet) -> Table:
    """The events with what caps let through under a version set, as under another with the same caps."""
    has_cap = limited[one.named("limits")] > OWN_TOTAL
    passed, by_twin = limited[one.named("passed")], limited[twin.named("passed")]
    return limited.mutate(**{one.named("passed"): ibis.ifelse(has_cap, by_twin, passed)})


def _stage(  # noqa: PLR0913, PLR0917 - a stage is one of a set
    context: Context, events: Table, rules: Table, caps: Table, one: VersionSet, stage: int
) -> Table:
    """The events after the caps of a stage."""
    rule_no, passed, epochs = one.named("rule_no"), one.named("passed"), context.book.epochs[stage]
    is_met = has_limit(events, limit_of_stage(stage), one) & (events[passed] > 0)
    rule = context.rule_of(rules, one)
    chosen = rules.select(
        chosen_rule=rule["rule_no"], cap_no=rule[f"cap_{stage}_no"], epoch=rule[f"cap_{stage}_epoch"]
    )
    met = events.filter(is_met)
    met = met.inner_join(chosen, [met[rule_no] == chosen.chosen_rule])
    met = met.inner_join(caps, "cap_no")
    offered = met.mutate(
        window=_window(context, met, one),
        counted=_by_kind(met, met[passed], 1),
    )
    offered = context.add(
        one.named(f"cap_{stage}_offered"), f"events that meet a cap of stage {stage}, and its window", offered
    )
    window = ibis.window(
        group_by=[offered.member_no, offered.cap_no, offered.window],
        order_by=[offered[name] for name in ORDER],
        preceding=(None, 0),
    )
    sums = {
        f"sum_{epoch}": _of_epoch(offered, epoch, epochs).sum().over(window).cast("int64")
        for epoch in range(epochs)
    }
    summed = context.add(
        one.named(f"cap_{stage}_sums"), "running sums of what is offered, by epoch", offered.mutate(**sums)
    )
    summed = summed.mutate(used=ibis.literal(0, type="int64"), used_before=ibis.literal(0, type="int64"))
    for epoch in range(epochs):
        limit = summed[f"limit_{epoch}"]
        through = summed[f"sum_{epoch}"]
        earlier = through - _of_epoch(summed, epoch, epochs)
        used = summed.mutate(
            used=_after(summed.used, through, limit), used_before=_after(summed.used_before, earlier, limit)
        )
        name = one.named(f"cap_{stage}_used_{epoch}")
        summed = context.add(name, f"used after and before each event, up to epoch {epoch}", used)
    through = summed.used - summed.used_before
    let = _by_kind(summed, through, ibis.ifelse(through > 0, summed[passed], 0)).cast("int64")
    both = ibis.union(summed.mutate(**{passed: let}).select(*events.columns), events.filter(~is_met))
    return context.add(one.named(f"cap_{stage}_passed"), f"all of them after the caps of stage {stage}", both)


def has_limit(events: Table, limit: int, one: VersionSet) -> BooleanValue:
    """Whether events of the rule can meet a limit."""
    return (events[one.named("limits")] & limit) != 0


def _by_kind(met: Table, of_points: Any, of_times: Any) -> Any:
    """What is different for a cap on points and one on times."""

    def value(kind: CapKind) -> Any:
        match kind:
            case CapKind.POINTS:
                return of_points
            case CapKind.TIMES:
                return of_times
            case never:
                assert_never(never)

    *others, last = CapKind
    return reduce(
        lambda value_else, kind: ibis.ifelse(met.kind == kind.value, value(kind), value_else),
        reversed(others),
        value(last),
    )


def _of_epoch(offered: Table, epoch: int, epochs: int) -> IntegerValue:
    """What an event offers, if it belongs to the epoch."""
    counted: IntegerValue = offered.counted
    return counted if epochs == 1 else ibis.ifelse(offered.epoch == epoch, counted, 0)


def _after(used: IntegerValue, offered: IntegerValue, limit: IntegerValue) -> IntegerValue:
    return ibis.greatest(used, ibis.least(limit, used + offered)).cast("int64")


def _window(context: Context, met: Table, one: VersionSet) -> Any:
    """Number of the window in which an event meets its cap."""
    day = day_of(met)
    branches = [
        (met.per == per.value, window_of(per, day, met[one.membership_year]).cast("int64"))
        for per in context.book.windows
    ]
    return ibis.cases(*branches) if len(branches) > 1 else branches[0][1]
