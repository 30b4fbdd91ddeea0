"""Steps: what caps let through.

A cap on points lets through, of the running sum of what is offered in a window, what lies below its
limit; so what one event gets is a difference of two clipped sums. A cap on times is the same with
ones instead of points. Where versions have different limits, each stretch of equal limits (an
*epoch*) goes on from what the ones before it have used: `used = max(used, min(limit, used + sum))`.
Source: docs/meaning.md, "Caps".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.rules import CapKind, Per
from pointbook.relational.rulebook.codes import OWN_TOTAL, limit_of_stage
from pointbook.relational.steps.calendar_expressions import window_of
from pointbook.relational.steps.dating import ORDER, day_of
from pointbook.relational.steps.ruling import rule_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import BooleanValue, IntegerValue, Table

    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps


def add_capped(
    steps: Steps, limited: Table, rows: Mapping[str, Table], book: RuleBook, sets: Sequence[VersionSet]
) -> Table:
    """Steps that cut `passed` down to what every cap lets through; one group of steps for each stage.

    Caps that are the same under an earlier version set are not worked off again.
    """
    events = limited
    for one in sets:
        twin = next(other for other in sets if other is one or book.caps_alike(other, one))
        if twin is not one:
            events = _capped_as(events, twin, one)
            continue
        for stage, epochs in enumerate(book.epochs):
            if any(row["limits"] & limit_of_stage(stage) for row in book.rules_of(one)):
                events = _add_stage(steps, events, rows, book, one, stage, epochs)
    return events


def _capped_as(limited: Table, twin: VersionSet, one: VersionSet) -> Table:
    """The events with what caps let through under a version set, as under another with the same caps."""
    has_cap = limited[one.named("limits")] > OWN_TOTAL
    passed, by_twin = limited[one.named("passed")], limited[twin.named("passed")]
    return limited.mutate(**{one.named("passed"): ibis.ifelse(has_cap, by_twin, passed)})


def _add_stage(  # noqa: PLR0913, PLR0917 - a stage is given by all of these
    steps: Steps,
    events: Table,
    rows: Mapping[str, Table],
    book: RuleBook,
    one: VersionSet,
    stage: int,
    epochs: int,
) -> Table:
    rule_no, passed = one.named("rule_no"), one.named("passed")
    is_met = has_limit(events, limit_of_stage(stage), one) & (events[passed] > 0)
    rules = rows["rules"]
    rule = rule_of(rules, book, one)
    chosen = rules.select(
        chosen_rule=rule["rule_no"], cap_no=rule[f"cap_{stage}_no"], epoch=rule[f"cap_{stage}_epoch"]
    )
    met = events.filter(is_met)
    met = met.inner_join(chosen, [met[rule_no] == chosen.chosen_rule])
    met = met.inner_join(rows["caps"], "cap_no")
    offered = met.mutate(
        window=_window(met, book, one),
        counted=ibis.ifelse(met.kind == CapKind.POINTS.value, met[passed], 1),
    )
    offered = steps.add(
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
    summed = steps.add(
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
        summed = steps.add(name, f"used after and before each event, up to epoch {epoch}", used)
    through = summed.used - summed.used_before
    is_points = summed.kind == CapKind.POINTS.value
    let = ibis.ifelse(is_points, through, ibis.ifelse(through > 0, summed[passed], 0)).cast("int64")
    both = ibis.union(summed.mutate(**{passed: let}).select(*events.columns), events.filter(~is_met))
    return steps.add(one.named(f"cap_{stage}_passed"), f"all of them after the caps of stage {stage}", both)


def has_limit(events: Table, limit: int, one: VersionSet) -> BooleanValue:
    """Whether events of the rule can meet a limit."""
    result: BooleanValue = (events[one.named("limits")] & limit) != 0
    return result


def _of_epoch(offered: Table, epoch: int, epochs: int) -> IntegerValue:
    """What an event offers, if it belongs to the epoch."""
    counted: IntegerValue = offered.counted
    return counted if epochs == 1 else ibis.ifelse(offered.epoch == epoch, counted, 0)


def _after(used: IntegerValue, offered: IntegerValue, limit: IntegerValue) -> IntegerValue:
    result: IntegerValue = ibis.greatest(used, ibis.least(limit, used + offered)).cast("int64")
    return result


def _window(met: Table, book: RuleBook, one: VersionSet) -> Any:
    day = day_of(met)
    pers = sorted({row["per"] for row in book.tables["caps"].rows})
    branches = [
        (met.per == per, window_of(Per(per), day, met[one.membership_year]).cast("int64")) for per in pers
    ]
    return ibis.cases(*branches) if len(branches) > 1 else branches[0][1]
