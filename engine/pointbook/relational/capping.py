"""Steps: what caps let through.

A cap on points lets through, of the running sum of what is offered in a window, what lies below its
limit; so what one event gets is a difference of two clipped sums. A cap on times is the same with
ones instead of points. Where versions have different limits, each stretch of equal limits (an
*epoch*) goes on from what the ones before it have used: `used = max(used, min(limit, used + sum))`.
Source: DESIGN, section 3, "Caps".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.rules import CapKind, Per
from pointbook.relational.calendar_expressions import window_of
from pointbook.relational.rule_rows import NONE

if TYPE_CHECKING:
    from ibis.expr.types import IntegerValue, Table

    from pointbook.relational.rule_rows import RuleBook
    from pointbook.relational.steps import Steps


def add_capped(steps: Steps, valued: Table, rules: Table, caps: Table, book: RuleBook) -> Table:
    """Steps that cut `passed` down to what every cap lets through; one group of steps for each stage."""
    events = valued
    for stage, epochs in enumerate(book.epochs):
        events = _add_stage(steps, events, rules, caps, book, stage, epochs)
    return events


def _add_stage(  # noqa: PLR0913, PLR0917 - a stage is given by all of these
    steps: Steps, events: Table, rules: Table, caps: Table, book: RuleBook, stage: int, epochs: int
) -> Table:
    meets = [row["rule_no"] for row in book.tables["rules"].rows if row[f"cap_{stage}_no"] != NONE]
    is_met = events.rule_no.isin(meets) & (events.passed > 0)
    chosen = rules.select("rule_no", cap_no=rules[f"cap_{stage}_no"], epoch=rules[f"cap_{stage}_epoch"])
    met = events.filter(is_met).inner_join(chosen, "rule_no").inner_join(caps, "cap_no")
    offered = met.mutate(
        window=_window(met, book),
        counted=ibis.ifelse(met.kind == CapKind.POINTS.value, met.passed, 1),
    )
    offered = steps.add(
        f"cap_{stage}_offered", f"events that meet a cap of stage {stage}, and its window", offered
    )
    window = ibis.window(
        group_by=[offered.account, offered.cap_no, offered.window],
        order_by=[offered.at, offered.event_id],
        preceding=(None, 0),
    )
    sums = {
        f"sum_{epoch}": _of_epoch(offered, epoch, epochs).sum().over(window).cast("int64")
        for epoch in range(epochs)
    }
    summed = steps.add(
        f"cap_{stage}_sums", "running sums of what is offered, by epoch", offered.mutate(**sums)
    )
    summed = summed.mutate(used=ibis.literal(0, type="int64"), used_before=ibis.literal(0, type="int64"))
    for epoch in range(epochs):
        limit = summed[f"limit_{epoch}"]
        through = summed[f"sum_{epoch}"]
        earlier = through - _of_epoch(summed, epoch, epochs)
        used = summed.mutate(
            used=_after(summed.used, through, limit), used_before=_after(summed.used_before, earlier, limit)
        )
        name = f"cap_{stage}_used_{epoch}"
        summed = steps.add(name, f"used after and before each event, up to epoch {epoch}", used)
    through = summed.used - summed.used_before
    is_points = summed.kind == CapKind.POINTS.value
    passed = summed.mutate(
        passed=ibis.ifelse(is_points, through, ibis.ifelse(through > 0, summed.passed, 0)).cast("int64")
    )
    both = ibis.union(passed.select(*events.columns), events.filter(~is_met))
    return steps.add(f"cap_{stage}_passed", f"all events after the caps of stage {stage}", both)


def _of_epoch(offered: Table, epoch: int, epochs: int) -> IntegerValue:
    """What an event offers, if it belongs to the epoch."""
    counted: IntegerValue = offered.counted
    return counted if epochs == 1 else ibis.ifelse(offered.epoch == epoch, counted, 0)


def _after(used: IntegerValue, offered: IntegerValue, limit: IntegerValue) -> IntegerValue:
    result: IntegerValue = ibis.greatest(used, ibis.least(limit, used + offered)).cast("int64")
    return result


def _window(met: Table, book: RuleBook) -> Any:
    pers = sorted({row["per"] for row in book.tables["caps"].rows})
    branches = [
        (met.per == per, window_of(Per(per), met.day, met.year, met.membership_year).cast("int64"))
        for per in pers
    ]
    return ibis.cases(*branches) if len(branches) > 1 else branches[0][1]
