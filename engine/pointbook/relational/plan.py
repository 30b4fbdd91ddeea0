"""The plan: every step from events, members and rules to the results, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from pointbook.relational.balancing import add_awarded
from pointbook.relational.capping import add_capped
from pointbook.relational.columns import InputColumns, input_columns
from pointbook.relational.dating import add_accounts, add_dated
from pointbook.relational.editions import VersionSet, version_sets
from pointbook.relational.levelling import add_gains, add_levels, add_periods
from pointbook.relational.results import add_history, add_ledger, add_placed, add_standings
from pointbook.relational.rule_rows import RuleBook, rule_book
from pointbook.relational.steps import Step, Steps
from pointbook.relational.valuing import add_valued

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Program

RESULTS = ("ledger", "standings", "history")


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
    """

    program: Program
    sets: tuple[VersionSet, ...]
    as_of: date
    columns: InputColumns
    book: RuleBook
    steps: tuple[Step, ...]


def plan_of(program: Program, *, as_of: date, versions: Sequence[str | None], assume: Assume) -> Plan:
    """The plan for `program`.

    Args:
        program: The rules.
        as_of: The last local date that counts.
        versions: Version sets to evaluate in one pass: an id for a version taken to have always been
            in force, None for each event by the version in force on its date.
        assume: What a missing assessed value is taken to be.

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
    accounts = add_accounts(steps, members, sets)
    dated = add_dated(steps, events, accounts, program, sets, as_of)
    valued = add_valued(steps, dated, rows["rules"], rows["amounts"], book, columns, program)
    capped = add_capped(steps, valued, rows["rules"], rows["caps"], book)
    awarded = add_awarded(steps, capped, book, program)
    gains = add_gains(steps, awarded, program, can_fall=program.level_balance in book.can_fall)
    periods = add_periods(steps, accounts, rows["numbers"], program, sets, as_of)
    levels = add_levels(steps, periods, gains, rows["editions"], book, program, as_of)
    placed = add_placed(steps, awarded, levels, rows["editions"], book, program)
    add_ledger(steps, placed, accounts, rows, program)
    add_history(steps, levels, placed, accounts, rows["ladder"])
    add_standings(steps, accounts, levels, awarded, rows["ladder"], program, sets, as_of)
    return Plan(program, sets, as_of, columns, book, tuple(steps.steps))
