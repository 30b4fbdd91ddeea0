"""What becomes of each row: accepted, or rejected for a fault of its own or for one like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pointbook.log.faults import Fault, Reason
from pointbook.log.packed_rows import PackedRows
from pointbook.model.log import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pointbook.log.records import RawRow

T = TypeVar("T")


class Settled(NamedTuple, Generic[T]):
    """Rows that are settled.

    Attributes:
        accepted: What the accepted rows came to, in the order of the rows.
        rejects: The others, in the order of the files, then by line.
        rejected_by_id: One of the rejects of each id that has any.
        read: How many rows there were: `len(accepted) + len(rejects)`.
    """

    accepted: list[T]
    rejects: tuple[Reject, ...]
    rejected_by_id: Mapping[str, Reject]
    read: int


def settled(
    rows: Iterable[RawRow],
    id_column: str,
    value_from: Callable[[Mapping[str, str]], T | Fault],
) -> Settled[T]:
    """Every row either as a value or as a reject.

    A fault of a row's own comes first. Then rows with the same id are compared text by text,
    faulty ones included: where all are alike, the first one stays; where they differ, nobody can
    say which of them is true, so none stays. Source: DESIGN, section 3, "Not counted, never lost".

    Args:
        rows: In the order of the files.
        id_column: The column whose text must be unique.
        value_from: What a row's cells come to on their own.
    """
    files: dict[str, int] = {}
    packed = PackedRows()
    values: list[T | None] = []
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    rejects: list[Reject] = []
    rejected_by_id: dict[str, Reject] = {}
    read = 0
    for row in rows:
        read += 1
        files.setdefault(row.file, len(files))
        if row.cells is None:
            rejects.append(_reject(row, Fault("", Reason.UNREADABLE_ROW, row.problem)))
            continue
        value = value_from(row.cells)
        row_id = row.cells.get(id_column)
        if isinstance(value, Fault):
            rejects.append(_reject(row, value))
            if row_id is None:
                continue
            rejected_by_id.setdefault(row_id, rejects[-1])
        assert row_id is not None, "a row without an id has a missing value"
        position = packed.append(row)
        values.append(None if isinstance(value, Fault) else value)
        if first.setdefault(row_id, position) != position:
            again.setdefault(row_id, [first[row_id]]).append(position)
    for row_id, positions in again.items():
        for position, fault in _repeats([packed[position] for position in positions], positions, id_column):
            if values[position] is not None:
                values[position] = None
                rejects.append(_reject(packed[position], fault))
                rejected_by_id.setdefault(row_id, rejects[-1])
    rejects.sort(key=lambda reject: (files[reject.file], reject.line, reject.column))
    accepted = [value for value in values if value is not None]
    return Settled(accepted, tuple(rejects), rejected_by_id, read)


def _repeats(rows: Sequence[RawRow], positions: Sequence[int], id_column: str) -> Iterator[tuple[int, Fault]]:
    """What is wrong with rows of the same id for there being several, by position."""
    head = rows[0]
    other = next((row for row in rows if row.cells != head.cells), None)
    if other is None:
        for position in positions[1:]:
            yield position, Fault(id_column, Reason.DUPLICATE, f"the same row as {head.file}:{head.line}")
        return
    for position, row in zip(positions, rows, strict=True):
        against = head if row.cells != head.cells else other
        differing = ", ".join(_differing(row.cells or {}, against.cells or {}))
        detail = f"{against.file}:{against.line} has the same {id_column}, but differs in {differing}"
        yield position, Fault(id_column, Reason.CONFLICTING_DUPLICATE, detail)


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Names under which two rows do not have the same text, sorted."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _reject(row: RawRow, fault: Fault) -> Reject:
    event_id = (row.cells or {}).get("event_id", "")
    return Reject(row.file, row.line, fault.column, event_id, fault.reason, fault.detail, row.raw)
