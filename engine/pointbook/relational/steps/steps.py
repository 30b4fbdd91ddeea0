"""A plan's steps: named relations, each over those before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ibis
from ibis.expr.operations import UnboundTable

if TYPE_CHECKING:
    from ibis.expr.types import Table


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


@dataclass(slots=True)
class Steps:
    """Steps in the order in which they were added."""

    steps: list[Step] = field(default_factory=list)

    def add(
        self, name: str, comment: str, table: Table, *, is_shared: bool = False, is_read_anew: bool = False
    ) -> Table:
        """Add a step; what is returned stands for it by its name alone."""
        self.steps.append(Step(name, comment, table, is_shared, is_read_anew))
        return ibis.table(table.schema(), name=name)
