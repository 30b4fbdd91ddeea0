"""A plan before any of it is built: its operators in order, which rewrites may drop or replace."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pointbook.relational.rulebook.editions import VersionSet


def _unsaid() -> None:
    """Stands for the function of an operator that is only looked at."""


@dataclass(frozen=True, slots=True)
class Operator:
    """How one relation of a plan follows from others.

    Attributes:
        name: What others call it.
        comment: What a row of it is, for people who read the plan.
        reads: The relations that it follows from: inputs, tables of rules, and earlier operators.
        function: Builds it of the context, `own` if there is one, what it reads, and `columns` if it
            has them; steps in between it adds to the context.
        columns: Those that it is to have, where it can do with fewer.
        own: The version set whose own it is, None if all have it together.
        is_shared: Several others read it, so that it is better computed once.
        is_read_anew: Each that reads it needs few of its rows, so that it is better computed for each.
    """

    name: str
    comment: str
    reads: tuple[str, ...]
    function: Callable[..., Any] = _unsaid
    columns: tuple[str, ...] | None = None
    own: VersionSet | None = None
    is_shared: bool = False
    is_read_anew: bool = False

    @property
    def kind(self) -> str:
        """Its name, whatever the version set."""
        return self.name if self.own is None else self.name.removesuffix(self.own.suffix)

    def __str__(self) -> str:
        columns = "" if self.columns is None else f" ({', '.join(self.columns)})"
        by = getattr(self.function, "__name__", "")
        return f"{self.name}{columns} <- {', '.join(self.reads)}" + (
            "" if by in {self.kind, _unsaid.__name__} else f" by {by}"
        )


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
        return self._each(lambda one: [replace(one, **changes) if one.name == name else one])

    def narrowed(self, name: str, *columns: str) -> LogicalPlan:
        """Without some columns of an operator, if it has them."""
        return self._with_columns(name, lambda known: tuple(one for one in known if one not in columns))

    def widened(self, name: str, *columns: str) -> LogicalPlan:
        """With more columns of an operator that can do with fewer."""
        return self._with_columns(name, lambda known: (*known, *columns))

    def _with_columns(self, name: str, changed: Callable[[tuple[str, ...]], tuple[str, ...]]) -> LogicalPlan:
        def with_columns(one: Operator) -> Operator:
            has_them = one.name == name and one.columns is not None
            return replace(one, columns=changed(one.columns or ())) if has_them else one

        return self._each(lambda one: [with_columns(one)])

    def without(self, name: str, instead: str) -> LogicalPlan:
        """Without an operator; those that read it read another one."""
        return self._each(
            lambda one: (
                [replace(one, reads=tuple(instead if read == name else read for read in one.reads))]
                if one.name != name
                else []
            )
        )

    def followed(self, kind: str, following: Callable[[Operator], Iterable[Operator]]) -> LogicalPlan:
        """With further operators behind each of a kind."""
        return self._each(lambda one: [one, *(following(one) if one.kind == kind else ())])

    def _each(self, changed: Callable[[Operator], Iterable[Operator]]) -> LogicalPlan:
        return LogicalPlan(tuple(new for one in self.operators for new in changed(one)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rewrite may go by, besides the plan.

    Attributes:
        results: Which results are wanted.
        keeps_order: The engine keeps the order of sorted rows through all but joins and groups.
        steps_back: In the days of the log clocks go back over midnight, so that the local date of a
            member's events can step back.
        level_can_fall: Points of the level balance can be lost.
        carries_earned: All that a period hands on to the next is what it has earned.
        has_one_edition_each: No version set goes from one version to another.
    """

    results: tuple[str, ...] = ()
    keeps_order: bool = False
    steps_back: bool = False
    level_can_fall: bool = False
    carries_earned: bool = False
    has_one_edition_each: bool = False
