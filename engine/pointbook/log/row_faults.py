"""What is wrong with the cells of one row: all of it, in words, by the first column at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.log.faults import Fault, Reason
from pointbook.log.values import VALUE_FROM
from pointbook.model.rules import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pointbook.log.columns import Columns


def missing_value(cells: Mapping[str, str], columns: Columns) -> Fault:
    """The fault of a row that lacks a required value."""
    missing = [name for name in columns.required if name not in cells]
    detail = f"it has {' and '.join(f'no {name}' for name in missing)}"
    return Fault(missing[0], Reason.MISSING_VALUE, detail)


def unknown_column(name: str, columns: Columns) -> Fault:
    """The fault of a row with a column that there is not."""
    return Fault("", Reason.UNREADABLE_ROW, columns.unknown(name))


def bad_value(
    cells: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]], columns: Columns
) -> Fault:
    """The fault of a row with at least one text that its column does not take.

    Args:
        cells: The row.
        readers: How the columns that are no attributes are read, in the order in which they are
            reported; those of attributes follow by name.
        columns: The columns there are.
    """
    every = {**readers, **{name: VALUE_FROM[kind] for name, kind in columns.attributes.items()}}
    problems = {}
    for name, reader in every.items():
        if name in cells:
            try:
                reader(cells[name])
            except ValueError as error:
                problems[name] = str(error)
    column, *others = problems
    detail = "; ".join((problems[column], *(f"also {name}: {problems[name]}" for name in others)))
    return Fault(column, Reason.BAD_VALUE, detail)


def without_blanks(cells: Mapping[str, str], columns: Columns) -> Mapping[str, str]:
    """`cells` less those that hold white space only, where white space does not count."""
    verbatim = {name for name in columns.required if name.endswith("_id") or name == "activity"}
    verbatim.update(name for name, kind in columns.attributes.items() if kind is AttributeType.TEXT)
    return {name: text for name, text in cells.items() if name in verbatim or text.strip()}
