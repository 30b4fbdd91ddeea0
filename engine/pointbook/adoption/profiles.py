"""What there is in each column of an export: different texts, how often each comes, what they could be."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from pointbook.adoption.forms import FoundForm, form_of
from pointbook.adoption.value_counts import ValueCounts, shortened
from pointbook.diagnostics import InputError
from pointbook.log.typed.nothing import is_word_for_nothing
from pointbook.log.typed.values import reader_of
from pointbook.model.attributes import AttributeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.adoption.exports import ExportFile

_KEPT_VALUES = 400_000
_LEAST_KEPT, _MOST_KEPT = 512, 50_000
_LONGEST, _MOST_EXAMPLES = 200, 3
_LOOKED_AT_FOR_TIMES = 4096
_TYPES = (AttributeType.BOOLEAN, AttributeType.INTEGER, AttributeType.DECIMAL, AttributeType.DATE)


@dataclass
class ColumnProfile:
    """One column.

    Attributes:
        name: Its name.
        place: Its place, from 0.
        rows: Rows that could be read.
        empty: Cells without a text.
        nothing: How often each word for nothing comes, such as `NULL`.
        tally: The other cells; a long text is counted by its beginning, and what tells it from others.
        has_long: Whether some texts are as long as that.
    """

    name: str
    place: int
    rows: int
    empty: int
    nothing: Mapping[str, int]
    tally: ValueCounts
    has_long: bool = False

    @property
    def filled(self) -> int:
        """Cells that say something."""
        return self.tally.total

    @property
    def is_unique(self) -> bool:
        """Whether each row has a value of its own, as far as values are kept."""
        return self.filled == self.rows > 0 and not self.repeated

    @cached_property
    def repeated(self) -> list[str]:
        """Kept values that come more than once, sorted."""
        return self.tally.repeated()

    @cached_property
    def type(self) -> AttributeType:
        """The narrowest type that every kept value has."""
        fitting = (kind for kind in _TYPES if self.counts and not self.misfits(kind, most=1))
        return next(fitting, AttributeType.TEXT)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each kept value comes."""
        return self.tally.counts

    def misfits(self, kind: AttributeType, most: int = 20) -> list[str]:
        """Kept values that are not of a type, the first ones."""
        read, found = reader_of(kind), []
        for value in self.counts:
            try:
                read(value)
            except ValueError:
                found.append(value)
                if len(found) == most:
                    break
        return sorted(found)

    @cached_property
    def times(self) -> FoundForm:
        """The form of its times, judged by at most some thousands of its values."""
        counts = self.counts
        if len(counts) > _LOOKED_AT_FOR_TIMES:
            counts = {
                value: counts[value] for value in sorted(counts)[:: len(counts) // _LOOKED_AT_FOR_TIMES]
            }
        return form_of(counts)

    @property
    def has_spaces(self) -> bool:
        """Whether half of the values have a space in them, as sentences and names do."""
        return 2 * sum(" " in value.strip() for value in self.counts) > len(self.counts)

    @cached_property
    def longest(self) -> int:
        """Characters of the longest kept value, as long as it is kept."""
        return _LONGEST + 1 if self.has_long else max(map(len, self.counts), default=0)

    def extent(self) -> tuple[Decimal, Decimal]:
        """The least and the most of numbers."""
        numbers = [Decimal(value.strip()) for value in self.counts]
        return min(numbers), max(numbers)


@dataclass(frozen=True, slots=True)
class Profile:
    """An export.

    Attributes:
        columns: In their order.
        rows: Rows that could be read.
        unreadable: Number of those that could not.
        examples: The lines of the first of these, with the reasons.
    """

    columns: tuple[ColumnProfile, ...]
    rows: int
    unreadable: int
    examples: tuple[tuple[int, str], ...]


def profile_of(export: ExportFile) -> Profile:
    """Every row of an export, column by column.

    Raises:
        InputError: The file cannot be read on, or no row of it can.
    """
    width = len(export.names)
    most = max(_LEAST_KEPT, min(_MOST_KEPT, _KEPT_VALUES // width))
    tallies = [ValueCounts(most) for _ in range(width)]
    empty = [0] * width
    nothing: list[dict[str, int]] = [{} for _ in range(width)]
    rows = unreadable = 0
    examples: list[tuple[int, str]] = []
    long: set[int] = set()
    for row in export.rows():
        if row.cells is None:
            unreadable += 1
            if len(examples) < _MOST_EXAMPLES:
                examples.append((row.line, row.problem))
            continue
        rows += 1
        for place, cell in enumerate(row.cells):
            if cell in tallies[place].counts:  # most cells of most columns
                tallies[place].add(cell)
            elif not cell or cell.isspace():
                empty[place] += 1
            elif is_word_for_nothing(cell):
                nothing[place][cell.strip()] = nothing[place].get(cell.strip(), 0) + 1
            elif len(cell) <= _LONGEST:
                tallies[place].add(cell)
            else:
                long.add(place)
                tallies[place].add(shortened(cell, _LONGEST // 2))
    if not rows:
        where = f"{export.name}:{examples[0][0]}" if examples else export.name
        message = f"no row can be read: {examples[0][1]}" if examples else "there is a header, but no row"
        raise InputError(where, message, "export some rows with it")
    columns = tuple(
        ColumnProfile(
            name,
            place,
            rows,
            empty[place],
            dict(sorted(nothing[place].items())),
            tallies[place],
            place in long,
        )
        for place, name in enumerate(export.names)
    )
    return Profile(columns, rows, unreadable, tuple(examples))
