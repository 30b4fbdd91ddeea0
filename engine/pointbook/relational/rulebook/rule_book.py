"""A program's version sets as a book of rows, and what the plan has to know to be built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.relational.rulebook.activity_rows import ActivityRows
from pointbook.relational.rulebook.cap_rows import CapRows
from pointbook.relational.rulebook.codes import FIRST_YEAR, NONE, OWN_TOTAL
from pointbook.relational.rulebook.level_rows import edition_rows, eras_of, ladder_rows
from pointbook.relational.rulebook.rows import (
    AmountRow,
    CapRow,
    DigitRow,
    EditionRow,
    LadderRow,
    NumberRow,
    RuleRow,
    cells_of,
    table_of,
    types_of,
)
from pointbook.relational.rulebook.rule_columns import rule_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program
    from pointbook.model.windows import Per
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rows import RuleTable
    from pointbook.relational.rulebook.rule_columns import RuleColumns, RuleKey


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A program's version sets as rows, and what the plan has to know to be built.

    Attributes:
        tables: Tables by name.
        activities: The rules.
        columns: Where the columns of the sets' rules are in the table `rules`.
        windows: The windows that caps have.
        epochs: For each stage of caps, how many limits a cap of it has had at most.
        eras: For the timeline, what the rank of a level of one era is in the next, era by era.
        levels: The most levels an edition has.
        first_year: No period that counts ends before this year.
    """

    tables: Mapping[str, RuleTable]
    activities: ActivityRows
    columns: RuleColumns
    windows: tuple[Per, ...]
    epochs: tuple[int, ...]
    eras: tuple[Mapping[int, int], ...]
    levels: int
    first_year: int

    def rules_of(self, one: VersionSet) -> Collection[RuleRow]:
        """A version set's rules."""
        return self.activities.rules[one.number].values()

    def caps_alike(self, one: VersionSet, other: VersionSet) -> bool:
        """Whether caps cut every event's points down alike under both sets.

        Then under both the same activities meet caps, for the same points, on the same days.
        """
        return one.calendar == other.calendar and self._capped_of(one) == self._capped_of(other)

    def _capped_of(self, one: VersionSet) -> dict[RuleKey, tuple[RuleRow, Mapping[str, int] | None]]:
        """A set's rules of activities with caps, with their table of amounts instead of their number."""
        return {
            key: (row._replace(rule_no=NONE), self.activities.amounts.get(row.rule_no))
            for key, row in self.activities.rules[one.number].items()
            if row.limits > OWN_TOTAL
        }


def rule_book(program: Program, sets: Sequence[VersionSet], assume: Assume, as_of: date | None) -> RuleBook:
    """The rules of `sets` as rows; the plan has all of them.

    Where the as-of date is not known yet, there are digits in place of the numbers of periods.
    """
    caps = CapRows(sets)
    cap_rows = caps.rows()
    activities = ActivityRows(program, sets, assume, caps)
    levels = max((len(edition.version.levels) for one in sets for edition in one.editions), default=0)
    columns = rule_columns(
        sets,
        [{key: cells_of(row) for key, row in rules.items()} for rules in activities.rules],
        types_of(RuleRow, activities.bonuses, len(caps.epochs)),
        activities.names,
        {"rule_no": NONE, "balance_no": program.level_balance_no, "limits": 0},
    )
    amounts = [
        AmountRow(number, *listed)
        for number, values in activities.amounts.items()
        for listed in values.items()
    ]
    first_year = min(
        FIRST_YEAR if one.fixed is not None else one.editions[0].version.effective_from.year for one in sets
    )
    return RuleBook(
        tables={
            "rules": columns.table,
            "caps": table_of(CapRow, cap_rows, max(caps.epochs, default=1)),
            "amounts": table_of(AmountRow, amounts),
            "editions": table_of(EditionRow, edition_rows(sets, levels), levels),
            **_numbers(first_year, as_of),
            "ladder": table_of(LadderRow, ladder_rows(sets)),
        },
        activities=activities,
        columns=columns,
        windows=tuple(sorted({row.per for row in cap_rows})),
        epochs=caps.epochs,
        eras=eras_of(sets),
        levels=levels,
        first_year=first_year,
    )


def _numbers(first_year: int, as_of: date | None) -> Mapping[str, RuleTable]:
    """Numbers of periods: no account has more of a balance from its first version on."""
    if as_of is None:
        return {"digits": table_of(DigitRow, map(DigitRow, range(10)))}
    return {"numbers": table_of(NumberRow, map(NumberRow, range(max(as_of.year - first_year + 2, 1))))}
