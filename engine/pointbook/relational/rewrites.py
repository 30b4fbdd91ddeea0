"""Rewrites of a finished plan: each says when it may be done, what it changes, and why.

A rewrite is a function of a plan and of the facts about it, and returns a plan with the same results;
where its condition does not hold, the same plan. What each shows is run as a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pointbook.relational.logical_plan import Facts, LogicalPlan, Operator
from pointbook.relational.steps.awarding.awarded_events import awarded_amounts, awarded_from_stored
from pointbook.relational.steps.levels.levelling import EARLIER, plain_levels, plain_segment_ends
from pointbook.relational.steps.levels.segments import last_two_periods
from pointbook.relational.steps.results.ledger import named_ledger, ranked_in_order, sorted_events
from pointbook.relational.steps.valuing.valued_events import events_with_rules, valued_amounts

Rewrite = Callable[[LogicalPlan, Facts], LogicalPlan]
_FOR_LIMITS = ("activity", "event_id")


def wanted_results_only(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Always: a plan has all results, of which an evaluation may want some.

    >>> plan = LogicalPlan.sketched("sums <- events", "ledger <- events", "standings <- sums")
    >>> print(wanted_results_only(plan, Facts(results=("standings",))))
    sums <- events
    standings <- sums
    """
    needed: set[str] = set()
    kept = []
    for one in reversed(plan.operators):
        if one.kind in facts.results or one.name in needed:
            needed.update(one.reads)
            kept.append(one)
    return LogicalPlan(tuple(reversed(kept)))


def local_dates(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where no night of the log steps back over midnight: the latest day reached is the local date.

    That spares a pass over all events in their order, and a column.

    >>> plan = LogicalPlan.sketched("days_of_events <- counted_events", "dated_events <- days_of_events")
    >>> print(local_dates(plan, Facts(steps_back=False)))
    dated_events <- counted_events
    """
    if facts.steps_back:
        return plan
    return plan.without("days_of_events", instead="counted_events").narrowed("valued_events", "day")


def sorted_once(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """For an engine that keeps the order of sorted rows, and results that list events.

    Sorting takes as long as rows are wide, and costs more than all else: events are sorted once, for all
    version sets together, while an activity, a balance, a level is a number, and get the names in their
    order. What is summed in any order comes first, and the levels that follow from it. Where points of
    the level balance can be lost, levels need the order as well.

    >>> plan = LogicalPlan.sketched(
    ...     "valued_events <- events", "awarded_events <- valued_events", "summed_events <- awarded_events",
    ...     "sums <- summed_events", "levels <- sums", "ranked_events <- summed_events, levels",
    ...     "ledger <- ranked_events, numbered_members",
    ... )
    >>> print(sorted_once(plan, Facts(keeps_order=True)))
    valued_events <- events
    awarded_events <- valued_events by awarded_from_stored
    sums <- awarded_events
    levels <- sums
    sorted_events <- awarded_events, levels, numbered_members
    ranked_events <- sorted_events by ranked_in_order
    ledger <- ranked_events by named_ledger
    sorted_ledger <- ranked_events by named_ledger
    """
    if not (facts.keeps_order and plan.lists_events):
        return plan

    events = "summed_events"
    if not facts.level_can_fall:
        events = "awarded_events"
        plan = plan.without("summed_events", instead=events)
        plan = plan.changed("valued_events", is_shared=True)
        plan = plan.changed("awarded_events", function=awarded_from_stored, is_read_anew=True)
    plan = plan.narrowed("valued_events", "activity", instead=("activity_no", "other_activity"))
    ordered: list[Operator] = []
    for one in plan.operators:
        if one.kind == "ranked_events":
            if one.name == plan.readers("levels")[0]:
                reads = (events, "levels", "numbered_members")
                comment = "every event with its totals, in the order of the ledger"
                ordered.append(Operator("sorted_events", comment, reads, sorted_events, is_shared=True))
            ordered.append(replace(one, reads=("sorted_events",), function=ranked_in_order))
        elif one.kind == "ledger":
            ledger = replace(one, reads=one.reads[:1], function=named_ledger)
            ordered += [ledger, replace(ledger, kind="sorted_ledger", comment="the ledger, in its order")]
        else:
            ordered.append(one)
    return LogicalPlan(tuple(ordered))


def levels_of_two_periods(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where versions do not change and a period hands on no more than what it has earned.

    Then no running maximum over all periods is needed: one pass over them instead of three.

    >>> plan = LogicalPlan.sketched("segment_ends <- segment_gains", "levels <- segment_ends")
    >>> print(levels_of_two_periods(plan, Facts(carries_earned=True, has_one_edition_each=True)))
    segment_ends (gained, gain_before_that) <- segment_gains by plain_segment_ends
    levels <- segment_ends by plain_levels
    """
    if not (facts.carries_earned and facts.has_one_edition_each):
        return plan
    plan = plan.changed("segment_ends", function=plain_segment_ends, columns=EARLIER)
    return plan.changed("levels", function=plain_levels)


def events_with_rules_only(plan: LogicalPlan, _facts: Facts) -> LogicalPlan:
    """Where no result lists events: those without a rule are awarded nothing, and sums are of numbers.

    >>> plan = LogicalPlan.sketched("ruled_events <- dated_events, rules", "sums <- ruled_events")
    >>> print(events_with_rules_only(plan, Facts()))
    ruled_events <- dated_events, rules by events_with_rules
    sums <- ruled_events
    """
    if plan.lists_events:
        return plan
    comment = "events whose activity has a rule, with it"
    plan = plan.changed("ruled_events", function=events_with_rules, comment=comment)
    plan = plan.narrowed("valued_events", "activity", "is_ignored", "is_assumed")
    return plan.changed("summed_events", is_shared=False)


def sums_in_any_order(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where no result lists events and points of the level balance cannot be lost.

    Then only limits are about the order of events. Those that can meet one are read with their order,
    found by their activity, and all others without; what is awarded is no more than amounts.

    >>> plan = LogicalPlan.sketched(
    ...     "awarded_events <- valued_events", "summed_events <- awarded_events", "sums <- summed_events"
    ... )
    >>> print(sums_in_any_order(plan, Facts(level_can_fall=False)))
    awarded_events <- valued_events by awarded_amounts
    sums <- awarded_events
    """
    if plan.lists_events or facts.level_can_fall:
        return plan
    plan = plan.narrowed("valued_events", *_FOR_LIMITS, instead=_FOR_LIMITS)
    plan = plan.changed("valued_events", function=valued_amounts, is_read_anew=True)
    plan = plan.changed("awarded_events", function=awarded_amounts)
    return plan.without("summed_events", instead="awarded_events")


def last_periods_only(plan: LogicalPlan, facts: Facts) -> LogicalPlan:
    """Where only standings read levels, and a period hands on no more than what it has earned.

    >>> plan = LogicalPlan.sketched("periods <- accounts", "levels <- periods", "standings <- levels")
    >>> print(last_periods_only(plan, Facts(carries_earned=True)))
    periods <- accounts by last_two_periods
    levels <- periods
    standings <- levels
    """
    if plan.readers("levels") != ("standings",) or not facts.carries_earned:
        return plan
    return plan.changed("periods", function=last_two_periods)


def segment_ends_only(plan: LogicalPlan, _facts: Facts) -> LogicalPlan:
    """Where only standings read levels: they need total and level at a segment's end.

    >>> plan = LogicalPlan.sketched(
    ...     "segment_ends <- segment_gains", "levels <- segment_ends", "standings <- levels"
    ... )
    >>> print(segment_ends_only(plan, Facts()))
    segment_ends <- segment_gains
    standings <- segment_ends
    """
    if plan.readers("levels") != ("standings",):
        return plan
    return plan.without("levels", instead="segment_ends").narrowed("segment_ends", *EARLIER)


REWRITES: tuple[Rewrite, ...] = (
    wanted_results_only,
    local_dates,
    sorted_once,
    levels_of_two_periods,
    events_with_rules_only,
    sums_in_any_order,
    last_periods_only,
    segment_ends_only,
)
"""What is done to a finished plan, in order; results are the same without any of them."""
