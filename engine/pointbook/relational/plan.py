"""The plan: how every relation follows from events, members and rules, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.log.typed.clock import goes_back_over_midnight
from pointbook.relational.logical_plan import Facts, LogicalPlan, Operator
from pointbook.relational.results import RESULTS
from pointbook.relational.rewrites import REWRITES
from pointbook.relational.rulebook.codes import FIRST_YEAR
from pointbook.relational.rulebook.columns import input_columns
from pointbook.relational.rulebook.editions import version_sets
from pointbook.relational.rulebook.level_rows import falls_one_level
from pointbook.relational.rulebook.rule_book import rule_book
from pointbook.relational.steps import dating, summing
from pointbook.relational.steps.awarding.awarded_events import awarded_events
from pointbook.relational.steps.context import Context
from pointbook.relational.steps.levels import levelling, segments
from pointbook.relational.steps.results import history, ledger, standing
from pointbook.relational.steps.valuing import valued_events
from pointbook.relational.unsupported import refuse_unsupported
from pointbook.structure.date_text import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ibis.expr.types import Table

    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program
    from pointbook.relational.rewrites import Rewrite
    from pointbook.relational.rulebook.editions import VersionSet

EARLIEST = date(FIRST_YEAR, 1, 1)
LATEST = date(LAST_YEAR, 12, 31)
"""No event lies before or after these days: the log refuses such times."""

COMMENTS = {
    "numbers": "numbers from 0, to count periods with",
    "numbered_members": "members in the order of their ids, numbered from 0",
    "accounts": "one row for each member under each choice of versions",
    "counted_events": "events up to the as-of date, each with its member",
    "days_of_events": "and with the day on which it counts: the latest that the member has reached",
    "dated_events": "and with its year, and the version in force on its day",
    "ruled_events": "events with their activity's rule, where there is one",
    "judged_events": "and with points before bonuses, and what the conditions say:"
    " nothing where an attribute is missing",
    "priced_events": "and with what became of the valuation",
    "valued_events": "events with the points requested, before any limit, as narrow as can be",
    "awarded_events": "every event with what counts",
    "summed_events": "every event with its place among the member's, and all gains so far",
    "sums": "what each account was awarded, by edition, period and balance",
    "gains": "what each segment of an account's time brings to the level balance",
    "periods": "and the days from which and up to which it runs",
    "segment_gains": "segments with what they bring",
    "segment_ends": "and the rank held at its end",
    "levels": "segments with their totals, and the ranks before, carried into, at the start and at the end",
    "ranked_events": "and with the rank held before and after",
    "ledger": "the ledger",
    "history": "the history of levels",
    "standings": "the standings",
}
"""What a row of each is, for people who read the plan."""


def logical_plan(sets: Sequence[VersionSet], references: Sequence[str] = ()) -> LogicalPlan:
    """The finished plan with all results, whatever the rules, the log and the engine.

    Args:
        sets: The version sets.
        references: Columns of events that are carried into the ledger.
    """
    of, ranked = operator_of, [one.named("ranked_events") for one in sets]
    columns = (*valued_events.OF_AN_EVENT, *references, *valued_events.OF_A_SET)
    return LogicalPlan(
        (
            of(dating.numbered_members, "members", is_shared=True),
            of(dating.accounts, "numbered_members"),
            of(dating.counted_events, "events", "numbered_members"),
            of(dating.days_of_events, "counted_events"),
            of(dating.dated_events, "days_of_events"),
            of(valued_events.ruled_events, "dated_events", "rules"),
            of(valued_events.judged_events, "ruled_events", "amounts"),
            of(valued_events.priced_events, "judged_events"),
            of(valued_events.valued_events, "priced_events", columns=columns),
            of(awarded_events, "valued_events", "rules", "caps"),
            of(summing.summed_events, "awarded_events", is_shared=True),
            of(summing.sums, "summed_events", is_shared=True),
            of(segments.gains, "sums"),
            of(segments.periods, "accounts", "numbers"),
            of(segments.segment_gains, "periods", "gains", "editions"),
            of(levelling.segment_ends, "segment_gains"),
            of(levelling.levels, "segment_ends", is_shared=True),
            *(of(ledger.ranked_events, "summed_events", "levels", own=one) for one in sets),
            *(of(ledger.ledger, one.named("ranked_events"), "numbered_members", own=one) for one in sets),
            of(history.history, "levels", "accounts", "ladder", *ranked),
            of(standing.standings, "accounts", "levels", "sums", "ladder"),
        )
    )


def operator_of(
    function: Callable[..., Table], *reads: str, own: VersionSet | None = None, **more: Any
) -> Operator:
    """The operator that is called like its function."""
    kind = function.__name__
    return Operator(kind, COMMENTS[kind], reads, function, own=own, **more)


@dataclass(frozen=True, slots=True)
class Plan(Context):
    """A program's rules as a plan over a log that is given later; results are among the steps by name.

    Attributes:
        keeps_order: Only an engine that keeps the order of sorted rows can run it.
    """

    keeps_order: bool = False


def plan_of(  # noqa: PLR0913 - the options of an evaluation
    program: Program,
    *,
    as_of: date | None,
    versions: Sequence[str | None],
    assume: Assume,
    results: Collection[str] = RESULTS,
    first_day: date = EARLIEST,
    keeps_order: bool = False,
    rewrites: Sequence[Rewrite] = REWRITES,
) -> Plan:
    """The plan for `program`.

    Args:
        program: The rules.
        as_of: The last local date that counts; None where that is known when the plan is run, by the relation
            `as_of`.
        versions: Version sets to evaluate in one pass: an id for a version taken to have always been
            in force, None for each event by the version in force on its date.
        assume: What a missing assessed value is taken to be.
        first_day: No event's local date lies before it; it decides whether nights in which clocks went
            back over midnight have to be thought of.
        results: Which of `RESULTS` it is to have; standings alone need no ordered events.
        keeps_order: Whether the engine keeps the order of sorted rows, so that it can sort them while
            they are narrow.
        rewrites: What is done to the finished plan, in order.

    Raises:
        LookupError: The program has no such version.
        UnsupportedError: The rules hold a construct that the plan has not.
    """
    sets = version_sets(program, versions)
    refuse_unsupported(program, sets)
    book = rule_book(program, sets, assume, as_of)
    plan = Plan(program, sets, book, input_columns(program), as_of, keeps_order=keeps_order)
    facts = Facts(
        results=tuple(results),
        keeps_order=keeps_order,
        steps_back=goes_back_over_midnight(program.timezone, first_day, as_of or LATEST),
        level_can_fall=plan.level_can_fall,
        carries_earned=not plan.level_can_fall
        and not any(
            falls_one_level(edition.version.life_cycle.demotion) for one in sets for edition in one.editions
        ),
        has_one_edition_each=all(len(one.editions) == 1 for one in sets),
    )
    operators = logical_plan(sets, tuple(plan.columns.references.values()) if "ledger" in results else ())
    if as_of is None:
        operators = LogicalPlan((operator_of(dating.numbers, "digits"), *operators.operators))
    for rewritten in rewrites:
        operators = rewritten(operators, facts)
    _build(operators, plan)
    return plan


def _build(operators: LogicalPlan, plan: Plan) -> None:
    """Add the steps that the operators come to."""
    inputs = {"events": plan.columns.events, "members": plan.columns.members}
    inputs |= {name: table.types for name, table in plan.book.tables.items()}
    known = {name: ibis.table(types, name=name) for name, types in inputs.items()}
    for one in operators.operators:
        own = () if one.own is None else (one.own,)
        columns = () if one.columns is None else (one.columns,)
        assert one.function is not None
        table = one.function(plan, *own, *(known[name] for name in one.reads), *columns)
        known[one.name] = plan.add(
            one.name, one.comment, table, is_shared=one.is_shared, is_read_anew=one.is_read_anew
        )
