"""What becomes of each row: accepted, or rejected for a fault of its own or for one like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pointbook.log.faults import Fault, RejectReason, place
from pointbook.model.log import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.log.columns import Columns
    from pointbook.log.records import Row, Texts

T = TypeVar("T")

_BETWEEN = "\0"
"""Stands between the parts of a row that is kept as one text; no row that can be read contains it."""


class _ReadableRow(NamedTuple):
    """A row whose texts can be read; see `RawRow`."""

    file: str
    line: int
    raw: str
    texts: Texts


class Settled(NamedTuple, Generic[T]):
    """Rows that are settled.

    Attributes:
        accepted: What the accepted rows came to, in the order of the rows.
        rejects: The others, in the order of the files, then by line.
        read: How many rows there were: `len(accepted) + len(rejects)`.
    """

    accepted: list[T]
    rejects: tuple[Reject, ...]
    read: int


def settled(rows: Iterable[Row], columns: Columns, value_from: Callable[[Texts], T | Fault]) -> Settled[T]:
    """Every row either as a value or as a reject.

    A fault of a row's own comes first. Then rows with the same id are compared text by text,
    faulty ones included: where all are alike, the first one stays; where they differ, nobody can
    say which of them is true, so none stays. Source: docs/meaning.md, "Not counted, never lost".

    Args:
        rows: In the order of the files.
        columns: The columns of the rows; the first one's text must be unique.
        value_from: What a row's texts come to on their own; a fault where that id is missing.
    """
    files: dict[str, int] = {}
    kept: list[str] = []  # a million rows of texts would take more memory than their events
    values: list[T | None] = []
    first: dict[str, int] = {}
    again: dict[str, list[int]] = {}
    rejects: list[Reject] = []
    read = 0
    for file, line, raw, texts, problem in rows:
        read += 1
        number = files.setdefault(file, len(files))
        if texts is None:
            rejects.append(Reject(file, line, "", "", RejectReason.UNREADABLE_ROW, problem, raw))
            continue
        value = value_from(texts)
        row_id = texts[0]
        position = len(values)
        if isinstance(value, Fault):
            rejects.append(_reject(_ReadableRow(file, line, raw, texts), columns, value))
            if not row_id:
                continue
            values.append(None)
        else:
            values.append(value)
        kept.append(_BETWEEN.join((str(number), str(line), raw, *texts)))
        if first.setdefault(row_id, position) != position:
            again.setdefault(row_id, [first[row_id]]).append(position)
    names = list(files)
    for positions in again.values():
        alike = [_unpacked(kept[position], names) for position in positions]
        for position, row, fault in zip(positions, alike, _faults_of_repeats(alike, columns), strict=True):
            if fault is not None and values[position] is not None:
                values[position] = None
                rejects.append(_reject(row, columns, fault))
    rejects.sort(key=lambda reject: (files[reject.file], reject.line, reject.column))
    return Settled([value for value in values if value is not None], tuple(rejects), read)


def _unpacked(row: str, files: Sequence[str]) -> _ReadableRow:
    number, line, raw, *texts = row.split(_BETWEEN)
    return _ReadableRow(files[int(number)], int(line), raw, tuple(texts))


def _faults_of_repeats(rows: Sequence[_ReadableRow], columns: Columns) -> Iterator[Fault | None]:
    """For each of several rows with the same id, what is wrong with it for that; None for nothing."""
    head, id_column = rows[0], columns.required[0]
    other = next((row for row in rows if row.texts != head.texts), None)
    for row in rows:
        against = head if row.texts != head.texts else other
        if against is not None:
            pairs = zip(columns.known, row.texts, against.texts, strict=True)
            differing = ", ".join(name for name, one, two in pairs if one != two)
            detail = (
                f"{place(against.file, against.line)} has the same {id_column}, but differs in {differing}"
            )
            yield Fault(id_column, RejectReason.CONFLICTING_DUPLICATE, detail)
        elif row is not head:
            yield Fault(id_column, RejectReason.DUPLICATE, f"the same row as {place(head.file, head.line)}")
        else:
            yield None


def _reject(row: _ReadableRow, columns: Columns, fault: Fault) -> Reject:
    texts = dict(zip(columns.known, row.texts, strict=True))
    event_id, member_id, activity = texts.get("event_id", ""), texts["member_id"], texts.get("activity", "")
    where = row.file, row.line, fault.column
    return Reject(*where, event_id, fault.reason, fault.detail, row.raw, member_id, activity)
