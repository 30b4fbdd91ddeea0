"""The plan: every step from events, members and rules to the results, in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import ibis

from pointbook.log.clock_nights import goes_back_over_midnight
from pointbook.relational.results import RESULTS
from pointbook.relational.rulebook.codes import FIRST_YEAR
from pointbook.relational.rulebook.columns import InputColumns, input_columns
from pointbook.relational.rulebook.editions import VersionSet, version_sets
from pointbook.relational.rulebook.rule_book import RuleBook, rule_book
from pointbook.relational.steps.awarding import add_awarded
from pointbook.relational.steps.dating import add_accounts, add_dated, add_members
from pointbook.relational.steps.history import add_history
from pointbook.relational.steps.ledger import add_ledger, add_ranked
from pointbook.relational.steps.levelling import add_levels
from pointbook.relational.steps.periods import add_periods
from pointbook.relational.steps.plain_levels import add_plain_levels
from pointbook.relational.steps.segments import add_gains, add_segments
from pointbook.relational.steps.standing import add_standings
from pointbook.relational.steps.steps import Step, Steps
from pointbook.relational.steps.summing import add_summed, add_sums
from pointbook.relational.steps.valuing import add_valued

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Program

EARLIEST = date(FIRST_YEAR, 1, 1)
"""No event lies before this day: the log refuses such times."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A program's rules as a plan over a log that is given later.

    Attributes:
        program: The rules.
        sets: The version sets that it evaluates.
        as_of: The last local date that counts.
        columns: What the inputs `events` and `members` have.
        book: The rules as rows; its tables are inputs too.
        steps: In order; the results are among them by their names.
        keeps_order: Only an engine that keeps the order of sorted rows can run it.
    """

    program: Program
    sets: tuple[VersionSet, ...]
    as_of: date
    columns: InputColumns
    book: RuleBook
    steps: tuple[Step, ...]
    keeps_order: bool


def plan_of(  # noqa: PLR0913 - the options of an evaluation
    program: Program,
    *,
    as_of: date,
    versions: Sequence[str | None],
    assume: Assume,
    results: Collection[str] = RESULTS,
    first_day: date = EARLIEST,
    keeps_order: bool = False,
) -> Plan:
    """The plan for `program`.

    Args:
        program: The rules.
        as_of: The last local date that counts.
        versions: Version sets to evaluate in one pass: an id for a version taken to have always been
            in force, None for each event by the version in force on its date.
        assume: What a missing assessed value is taken to be.
        first_day: No event's local date lies before it; it decides whether nights in which clocks went
            back over midnight have to be thought of.
        results: Which of `RESULTS` it is to have; standings alone need no ordered events.
        keeps_order: Whether the engine keeps the order of sorted rows, so that it can sort them while
            they are narrow.

    Raises:
        LookupError: The program has no such version.
        UnsupportedRulesError: The rules hold a construct that no plan can evaluate.
    """
    sets = version_sets(program, versions)
    book = rule_book(program, sets, assume, as_of)
    columns = input_columns(program)
    events = ibis.table(columns.events, name="events")
    members = ibis.table(columns.members, name="members")
    rows = {name: ibis.table(table.types, name=name) for name, table in book.tables.items()}
    steps = Steps()
    known = add_members(steps, members)
    accounts = add_accounts(steps, known, sets)
    steps_back = goes_back_over_midnight(program.timezone, first_day, as_of)
    dated = add_dated(steps, events, known, program, sets, as_of, steps_back=steps_back)
    lists_events = not {"ledger", "history"}.isdisjoint(results)
    orders_events = lists_events or program.level_balance in book.can_fall
    valued = add_valued(
        steps,
        dated,
        rows,
        book,
        columns,
        program,
        sets,
        steps_back=steps_back,
        lists_events=lists_events,
        orders_events=orders_events,
        keeps_order=keeps_order,
    )
    awarded = add_awarded(steps, valued, rows, book, program, sets, orders_events=orders_events)
    if orders_events:
        awarded = add_summed(steps, awarded, book, program, sets, is_kept=lists_events)
    sums = add_sums(steps, awarded, book, program, sets)
    gains = add_gains(steps, sums, book, program)
    periods = add_periods(
        steps,
        accounts,
        rows["numbers"],
        program,
        sets,
        as_of,
        only_last=not lists_events and book.carries_earned,
    )
    segments = add_segments(steps, periods, gains, rows["editions"], as_of)
    add_held = add_plain_levels if book.has_one_edition_each and book.carries_earned else add_levels
    begins = program.balances[program.level_balance].start
    levels = add_held(steps, segments, book, begins, with_changes=lists_events)
    if lists_events:
        ranked = [add_ranked(steps, awarded, levels, program, one, sets) for one in sets]
    if "ledger" in results:
        for mine, one in zip(ranked, sets, strict=True):
            add_ledger(steps, mine, known, book, program, one, keeps_order=keeps_order)
    if "history" in results:
        add_history(steps, levels, ranked, accounts, rows["ladder"])
    if "standings" in results:
        add_standings(steps, accounts, levels, sums, rows["ladder"], program, sets, as_of)
    return Plan(program, sets, as_of, columns, book, tuple(steps.steps), keeps_order)
