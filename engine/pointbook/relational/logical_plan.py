"""A plan before any of it is built: its operators in order, which rewrites may drop or replace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.relational.rulebook.editions import VersionSet


@dataclass(frozen=True, slots=True)
class Operator:
    """How one relation of a plan follows from others.

    Attributes:
        kind: What it is called, whatever the version set.
        comment: What a row of it is, for people who read the plan.
        reads: The relations that it follows from: inputs, tables of rules, and earlier operators.
        function: Builds it of the context, `own` if there is one, what it reads, and `columns` if it
            has them; steps in between it adds to the context. None where a plan is only looked at.
        columns: Those that it is to have, where it can do with fewer.
        own: The version set whose own it is, None if all have it together.
        is_shared: Several others read it, so that it is better computed once.
        is_read_anew: Each that reads it needs few of its rows, so that it is better computed for each.
    """

    kind: str
    comment: str
    reads: tuple[str, ...]
    function: Callable[..., Any] | None = None
    columns: tuple[str, ...] | None = None
    own: VersionSet | None = None
    is_shared: bool = False
    is_read_anew: bool = False

    @property
    def name(self) -> str:
        """What others call it."""
        return self.kind if self.own is None else self.own.named(self.kind)

    def __str__(self) -> str:
        columns = "" if self.columns is None else f" ({', '.join(self.columns)})"
        function = self.kind if self.function is None else self.function.__name__
        by = "" if function == self.kind else f" by {function}"
        return f"{self.name}{columns} <- {', '.join(self.reads)}{by}"


@dataclass(frozen=True, slots=True)
class LogicalPlan:
    """Operators in order, each after those that it reads.

    >>> print(LogicalPlan.sketched("sums <- events", "standings <- sums, ladder"))
    sums <- events
    standings <- sums, ladder
    """

    operators: tuple[Operator, ...]

    @classmethod
    def sketched(cls, *lines: str) -> LogicalPlan:
        """A plan to look at, from lines such as it prints."""
        parts = (line.partition(" <- ") for line in lines)
        return cls(tuple(Operator(name, "", tuple(reads.split(", "))) for name, _, reads in parts))

    def __str__(self) -> str:
        return "\n".join(map(str, self.operators))

    def readers(self, name: str) -> tuple[str, ...]:
        """Names of the operators that read one."""
        return tuple(one.name for one in self.operators if name in one.reads)

    @property
    def lists_events(self) -> bool:
        """Whether a result lists events, or the changes that events bring."""
        return any(one.kind == "ranked_events" for one in self.operators)

    def changed(self, name: str, **changes: Any) -> LogicalPlan:
        """With other attributes of an operator."""
        return LogicalPlan(
            tuple(replace(one, **changes) if one.name == name else one for one in self.operators)
        )

    def narrowed(self, name: str, *columns: str, instead: tuple[str, ...] = ()) -> LogicalPlan:
        """Without some columns of an operator, if it is one that can do with fewer; perhaps with others."""
        for one in self.operators:
            if one.name == name and one.columns is not None:
                kept = tuple(column for column in one.columns if column not in columns)
                return self.changed(name, columns=(*kept, *instead))
        return self

    def without(self, name: str, instead: str) -> LogicalPlan:
        """Without an operator; those that read it read another one."""
        return LogicalPlan(
            tuple(
                replace(one, reads=tuple(instead if read == name else read for read in one.reads))
                for one in self.operators
                if one.name != name
            )
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rewrite may go by, besides the plan.

    Attributes:
        results: Which results are wanted.
        keeps_order: The engine keeps the order of sorted rows through all but joins and groups.
        steps_back: In the days of the log clocks go back over midnight, so that the local date of a
            member's events can step back.
        level_can_fall: Points of the level balance can be lost.
        carries_earned: All that a period hands on to the next is what it has earned: no level is held
            for longer, and no points of the level balance can be lost.
        has_one_edition_each: No version set goes from one version to another.
    """

    results: tuple[str, ...] = ()
    keeps_order: bool = False
    steps_back: bool = False
    level_can_fall: bool = False
    carries_earned: bool = False
    has_one_edition_each: bool = False
