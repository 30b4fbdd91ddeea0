"""What every step of a plan is built from, and the steps that have been built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ibis
from ibis.expr.operations import UnboundTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ibis.expr.types import DateScalar, Table

    from pointbook.model.program import Balance, Program
    from pointbook.relational.rulebook.columns import InputColumns
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook


AS_OF = "as_of"
"""The relation that says the as-of date in a plan that is written before it is known. Its column is `day`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of a plan.

    Attributes:
        name: What later steps call it.
        comment: What a row of it is, for people who read the plan.
        table: The relation, over inputs and earlier steps by their names.
        is_shared: Several later steps read it, so that it is better computed once.
        is_read_anew: Each step that reads it needs few of its rows or columns, so that it is better
            computed for each.
        reads: Names of the relations in it.
    """

    name: str
    comment: str
    table: Table
    is_shared: bool = False
    is_read_anew: bool = False
    reads: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find what it reads."""
        found = self.table.op().find(UnboundTable)
        object.__setattr__(self, "reads", tuple(dict.fromkeys(one.name for one in found)))


@dataclass(frozen=True, slots=True)
class Context:
    """What the relations of a plan are built from.

    Attributes:
        program: The rules.
        sets: The version sets that are evaluated, all in one pass.
        book: Their rules as rows, and what follows from them.
        columns: What the inputs `events` and `members` have.
        as_of: The last local date that counts; None where the one row of the relation `as_of` says it.
        steps: What has been built, in order.
    """

    program: Program
    sets: tuple[VersionSet, ...]
    book: RuleBook
    columns: InputColumns
    as_of: date | None
    steps: list[Step] = field(default_factory=list)

    def add(
        self, name: str, comment: str, table: Table, *, is_shared: bool = False, is_read_anew: bool = False
    ) -> Table:
        """Add a step; what is returned stands for it by its name alone."""
        self.steps.append(Step(name, comment, table, is_shared, is_read_anew))
        return ibis.table(table.schema(), name=name)

    @property
    def last_day(self) -> DateScalar:
        """The last local date that counts."""
        if self.as_of is None:
            day: DateScalar = ibis.table({"day": "date"}, name=AS_OF).day.as_scalar()
            return day
        return ibis.literal(self.as_of, type="date")

    @property
    def level(self) -> Balance:
        """The balance that decides levels."""
        return self.program.balances[self.program.level_balance]

    @property
    def level_can_fall(self) -> bool:
        """Whether points of that balance can be lost."""
        return self.program.level_balance in self.book.activities.can_fall

    def rule_of(self, joined: Table, one: VersionSet) -> Mapping[str, Any]:
        """What a version set's rule says, column by column; `joined` has the columns of the table `rules`.

        Of an event without a rule the columns say nothing, but constants stand all the same: whether
        there is a rule must be checked first.
        """
        columns = self.book.columns
        return {
            name: ibis.literal(columns.agreed[column], type=columns.types[name])
            if column in columns.agreed
            else joined[column]
            for name, column in columns.of_sets[one.number].items()
        }
