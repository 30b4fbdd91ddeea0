"""What becomes of each row: accepted, or rejected for a fault of its own or for one like it."""

from __future__ import annotations

from collections import Counter
from itertools import chain, compress, count
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pointbook.log.faults import Fault, RejectReason, place
from pointbook.model.log import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pointbook.log.blocks import Block, ReadableRow, RowsAt, TextColumns
    from pointbook.log.columns import Columns
    from pointbook.log.records import Row

T = TypeVar("T")
_SECOND = 2


class Reading(NamedTuple, Generic[T]):
    """What the rows of a block come to on their own.

    Attributes:
        values: By position; None where something is wrong with the row.
        faults: What is wrong, by position. A row without an id has a fault.
    """

    values: list[T | None]
    faults: Mapping[int, Fault]


class Settled(NamedTuple, Generic[T]):
    """Rows that are settled.

    Attributes:
        accepted: What the accepted rows came to, in the order of the rows.
        rejects: The others, in the order of the files, then by line.
        read: How many rows there were: `len(accepted) + len(rejects)`.
        empty: Columns of which no row has a text.
    """

    accepted: list[T]
    rejects: tuple[Reject, ...]
    read: int
    empty: frozenset[str]


class _Kept(NamedTuple, Generic[T]):
    """What is kept of a block: its rows again, their ids, and what they come to."""

    rows: RowsAt
    ids: Sequence[str]
    values: list[T | None]


def settled(
    blocks: Iterable[Block], columns: Columns, reading_of: Callable[[TextColumns], Reading[T]]
) -> Settled[T]:
    """Every row either as a value or as a reject.

    A fault of a row's own comes first. Then rows with the same id are compared text by text,
    faulty ones included: where all are alike, the first one stays; where they differ, nobody can
    say which of them is true, so none stays. Source: docs/meaning.md, "Not counted, never lost".

    Args:
        blocks: In the order of the files.
        columns: The columns of the rows; the first one's text must be unique.
        reading_of: What a block's texts come to.
    """
    files: dict[str, int] = {}
    kept: list[_Kept[T]] = []
    rejects: list[Reject] = []
    known: set[str] = set()
    again: set[str] = set()
    read, empty = 0, set(range(len(columns.known)))
    for block in blocks:
        files.setdefault(block.file, len(files))
        rejects += map(_unreadable, block.unreadable)
        empty -= {place for place in empty if any(block.columns[place])}
        values, faults = reading_of(block.columns)
        faulty = sorted(faults)
        rows = block.rows(faulty) if faulty else ()
        rejects += [_reject(row, columns, faults[at]) for at, row in zip(faulty, rows, strict=True)]
        ids = block.columns[0]
        different = set(ids)
        again |= known & different
        if len(different) < len(ids):
            again.update(row_id for row_id, times in Counter(ids).items() if times > 1)
        known |= different
        kept.append(_Kept(block.rows, ids, values))
        read += len(block.unreadable) + len(values)
    rejects += _rejects_of_repeats(kept, again - {""}, files, columns)
    rejects.sort(key=lambda reject: (files[reject.file], reject.line, reject.column))
    every = chain.from_iterable(each.values for each in kept)
    without = frozenset(columns.known[place] for place in empty)
    return Settled(list(filter(None, every)), tuple(rejects), read, without)


def _rejects_of_repeats(
    kept: Sequence[_Kept[T]], again: AbstractSet[str], files: Mapping[str, int], columns: Columns
) -> Iterator[Reject]:
    """The rejects of rows with the ids `again`; the values of these rows become None."""
    with_id: dict[str, list[tuple[ReadableRow, list[T | None], int]]] = {row_id: [] for row_id in again}
    repeats = []
    for rows, ids, values in kept:
        if again.isdisjoint(ids):
            continue
        positions = list(compress(count(), map(again.__contains__, ids)))
        for position, row in zip(positions, rows(positions), strict=True):
            alike = with_id[ids[position]]
            alike.append((row, values, position))
            if len(alike) == _SECOND:
                repeats.append(alike)
    for alike in repeats:
        alike.sort(key=lambda repeat: (files[repeat[0].file], repeat[0].line))
        faults = _faults_of_repeats([row for row, _, _ in alike], columns)
        for (row, values, position), fault in zip(alike, faults, strict=True):
            if fault is not None and values[position] is not None:
                values[position] = None
                yield _reject(row, columns, fault)


def _faults_of_repeats(rows: Sequence[ReadableRow], columns: Columns) -> Iterator[Fault | None]:
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


def _unreadable(row: Row) -> Reject:
    file, line, raw, _, problem = row
    return Reject(file, line, "", "", RejectReason.UNREADABLE_ROW, problem, raw)


def _reject(row: ReadableRow, columns: Columns, fault: Fault) -> Reject:
    texts = dict(zip(columns.known, row.texts, strict=True))
    event_id, member_id, activity = texts.get("event_id", ""), texts["member_id"], texts.get("activity", "")
    where = row.file, row.line, fault.column
    return Reject(*where, event_id, fault.reason, fault.detail, row.raw, member_id, activity)
