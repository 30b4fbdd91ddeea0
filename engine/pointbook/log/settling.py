"""What becomes of each row: accepted, or rejected for a fault of its own or for one like it."""

from __future__ import annotations

from itertools import groupby, islice
from operator import itemgetter
from sys import maxsize
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from pointbook.likeness import spreadsheet_damage
from pointbook.log.faults import Fault, RejectReason, place, quoted
from pointbook.log.rejects import Rejects
from pointbook.log.spilling import SpilledRows
from pointbook.log.translation import named_by_file
from pointbook.log.typed.values import date_from
from pointbook.model.log import Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pointbook.log.blocks import Block, ReadableRow, TextColumns
    from pointbook.log.columns import Columns
    from pointbook.log.records import Texts

    Explained = Callable[[Iterable[Reject]], Iterable[Reject]]

T = TypeVar("T")
_ROWS_AT_A_TIME = 1 << 12
_OF_ITS_OWN, _OF_A_REPEAT = 0, 1
"""Which fault of two of one column and line stands first among the rejects."""


class Reading(NamedTuple, Generic[T]):
    """What the rows of a block come to on their own.

    Attributes:
        values: By position; None where something is wrong with the row.
        faults: What is wrong, by position. A row without an id has a fault.
    """

    values: list[T | None]
    faults: Mapping[int, Fault]


class _Repeat(NamedTuple):
    """A row whose id others have too; such tuples are sorted.

    Attributes:
        row_id: Its id.
        file_no: Its file's number, in the order of the files.
        line: Its line.
        number: How many such rows came before it.
        is_rejected: Whether it has a fault of its own.
        raw: Its text.
        texts: Its texts.
    """

    row_id: str
    file_no: int
    line: int
    number: int
    is_rejected: bool
    raw: str
    texts: Texts


_Pair = tuple[_Repeat, _Repeat | None]
"""The first of some rows, and the first that differs from it."""


class _Alike(NamedTuple):
    """Rows with one id.

    Attributes:
        by_day: Those of each day from which rows are valid, by its text; all of them where none has one.
        required: All of them, by what they must agree in.
        doubt: The first that has a fault of its own, or differs where it must not; None for none.
        second: Which came second.
    """

    by_day: Mapping[str, _Pair]
    required: _Pair
    doubt: _Repeat | None
    second: int

    @property
    def is_dated(self) -> bool:
        """Whether rows with this id follow one another."""
        return set(self.by_day) != {""}


class Settling(Generic[T]):
    """Rows that come block by block, and what has become of them.

    A fault of a row's own comes first. Then rows with the same id are compared text by text,
    faulty ones included: where all are alike, the first one stays; where they differ, nobody can
    say which of them is true, so none stays. Rows of one id that are valid from different days follow one
    another, and stay if none of them is in doubt. Source: docs/meaning.md, "Not counted, never lost".

    Rejects, and rows whose id others have too, are in memory only as long as they are few.

    Attributes:
        columns: The columns of the rows.
        read: How many rows have come.
        blank: How many were passed over, because there is nothing in them.
    """

    def __init__(
        self, columns: Columns, reading_of: Callable[[TextColumns], Reading[T]], folder: Path | None
    ) -> None:
        """No row has come.

        Args:
            columns: The columns of the rows; the first one's text must be unique.
            reading_of: What a block's texts come to.
            folder: Where to write what is much, None for the system's folder.
        """
        self.columns, self._reading_of = columns, reading_of
        self._files: dict[str, int] = {}
        self._names: dict[int, Columns] = {}
        self._rejects = SpilledRows(folder, in_order=True)
        self._repeats = SpilledRows(folder, in_order=True)
        self._empty = set(range(len(columns.known)))
        self._folder = folder
        self._dated = columns.known.index(columns.dated) if columns.dated else 0
        self.read = self.blank = 0

    @property
    def empty(self) -> frozenset[str]:
        """Columns of which no row has had a text."""
        return frozenset(self.columns.known[place] for place in self._empty)

    def values_of(self, block: Block) -> list[T | None]:
        """What the rows of a block come to, by position; None where something is wrong with a row itself."""
        file_no = self._files.setdefault(block.file, len(self._files))
        names = self._names[file_no] = block.names or self.columns
        for file, line, raw, _, problem in block.unreadable:
            self._reject(
                file_no, Reject(file, line, "", "", RejectReason.UNREADABLE_ROW, problem, raw), _OF_ITS_OWN
            )
        self._empty -= {place for place in self._empty if any(block.columns[place])}
        values, faults = self._reading_of(block.columns)
        faulty = sorted(faults)
        for position, row in zip(faulty, block.rows(faulty) if faulty else (), strict=True):
            fault = named_by_file(faults[position], names, row)
            self._reject(file_no, self._reject_of(row, fault), _OF_ITS_OWN)
        self.read += len(block.unreadable) + len(values)
        self.blank += block.blank
        return values

    def withhold(
        self, file: str, rows: Iterable[ReadableRow], positions: Sequence[int], values: list[T | None]
    ) -> None:
        """Rows at some positions of a block, whose ids may come again: their values become None for now."""
        file_no = self._files[file]
        for position, row in zip(positions, rows, strict=True):
            if row_id := row.texts[0]:
                number, is_rejected = len(self._repeats), values[position] is None
                self._repeats.add((row_id, file_no, row.line, number, is_rejected, row.raw, row.texts))
                values[position] = None

    def withhold_read(self, file: str, rows: Iterable[ReadableRow]) -> None:
        """The same for rows of a block that has come already."""
        again = list(rows)
        values = self._reading_of(list(zip(*(row.texts for row in again), strict=True))).values
        self.withhold(file, again, range(len(again)), values)

    def accepted_of_repeated(self) -> Iterator[list[T]]:
        """What those come to that were withheld and stay, some at a time, once all rows have come."""
        staying = self._staying()
        while some := list(islice(staying, _ROWS_AT_A_TIME)):
            values, _ = self._reading_of(list(zip(*some, strict=True)))
            yield [value for value in values if value is not None]

    def rejects(self, explained: Explained) -> Rejects:
        """The rejects, in the order of the files, then by line; after all that were withheld are decided."""
        files = list(self._files)

        def in_order() -> Iterator[Reject]:
            for file_no, line, column, _, _, _, event_id, reason, *rest in self._rejects:
                yield Reject(files[file_no], line, column, event_id, RejectReason(reason), *rest)

        return Rejects(explained(in_order()), self._folder)

    def _staying(self) -> Iterator[Texts]:
        """The texts of rows that stay of those with one id; the others become rejects."""
        files = list(self._files)
        with_one_id = groupby(self._repeats, itemgetter(0))
        for alike, (_, rows) in zip(self._alike(), with_one_id, strict=True):
            for number, row in enumerate(map(_Repeat._make, rows)):
                fault = self._fault_of_repeat(row, alike, files)
                if fault is None and not row.is_rejected:
                    yield row.texts
                elif fault is not None and not row.is_rejected:
                    texts = dict(zip(self.columns.known, row.texts, strict=True))
                    fault = named_by_file(fault, self._names[row.file_no])
                    reject = _rejected(files[row.file_no], row.line, row.raw, texts, fault)
                    self._reject(row.file_no, reject, _OF_A_REPEAT, alike.second, number)

    def _alike(self) -> Iterator[_Alike]:
        """The rows with one id, of one id after the other."""
        for _, rows in groupby(self._repeats, itemgetter(0)):
            by_day: dict[str, _Pair] = {}
            required: _Pair | None = None
            faulty: _Repeat | None = None
            first = second = maxsize
            for row in map(_Repeat._make, rows):
                first, second = min(first, row.number), min(second, max(first, row.number))
                head, other = by_day.setdefault(self._day_of(row), (row, None))
                if other is None and row.texts != head.texts:
                    by_day[self._day_of(row)] = head, row
                required = required or (row, None)
                if required[1] is None and self._required_of(row) != self._required_of(required[0]):
                    required = required[0], row
                faulty = faulty or (row if row.is_rejected else None)
            assert required is not None, "a group has rows"
            differing = (pair[0] for pair in (*by_day.values(), required) if pair[1] is not None)
            yield _Alike(by_day, required, faulty or next(differing, None), second)

    def _day_of(self, row: _Repeat) -> str:
        """The day from which a row is valid; the empty text where it has none."""
        return _as_day(row.texts[self._dated]) if self._dated else ""

    def _required_of(self, row: _Repeat) -> Texts:
        """What all rows with the row's id must agree in, where they may differ in anything."""
        return tuple(map(_as_day, row.texts[1 : len(self.columns.required)])) if self._dated else ()

    def _fault_of_repeat(self, row: _Repeat, alike: _Alike, files: Sequence[str]) -> Fault | None:
        """What is wrong with a row for having the same id as others; None for nothing."""
        columns, id_column = self.columns.known, self.columns.required[0]
        head, other = alike.by_day[self._day_of(row)]
        against, same = (head if row.texts != head.texts else other), f"the same {id_column}"
        texts = row.texts
        if against is not None and alike.is_dated:
            same += f" and {self.columns.dated}"
        elif against is None and (required := self._required_of(row)):
            unlike = (one for one in alike.required if one and self._required_of(one) != required)
            against = next(unlike, None)
            columns, texts = self.columns.required, texts[:1] + required
        reason, detail = RejectReason.CONFLICTING_DUPLICATE, ""
        if against is not None:
            names = self._names[row.file_no]
            pairs = zip(columns, texts, against.texts, strict=False)
            differing = ", ".join(names.theirs(name) for name, one, two in pairs if one != two)
            detail = f"{place(files[against.file_no], against.line)} has {same}, but differs in {differing}"
        elif alike.is_dated and alike.doubt is not None:
            where = place(files[alike.doubt.file_no], alike.doubt.line)
            detail = f"{where} has the same {id_column}, and is rejected"
        elif row.number != head.number:
            reason, detail = (
                RejectReason.DUPLICATE,
                f"the same row as {place(files[head.file_no], head.line)}",
            )
        return Fault(id_column, reason, _with_damage(detail, row.row_id)) if detail else None

    def _reject_of(self, row: ReadableRow, fault: Fault) -> Reject:
        texts = dict(zip(self.columns.known, row.texts, strict=True))
        return _rejected(row.file, row.line, row.raw, texts, fault)

    def _reject(self, file_no: int, reject: Reject, kind: int, first: int = 0, then: int = 0) -> None:
        """Take one; of equal places, those of equal kinds stay in the order `first`, `then`."""
        _, line, column, event_id, reason, *rest = reject
        first = first or len(self._rejects)
        self._rejects.add((file_no, line, column, kind, first, then, event_id, str(reason), *rest))


def _as_day(text: str) -> str:
    """A day as it is always written, so that one that is written differently is the same; else the text."""
    text = text.strip()
    try:
        return date_from(text).isoformat() if text else ""
    except ValueError:
        return text


def _with_damage(detail: str, row_id: str) -> str:
    damage = spreadsheet_damage(row_id)
    return f"{detail}; of {quoted(row_id)}: {damage}" if damage else detail


def _rejected(file: str, line: int, raw: str, texts: Mapping[str, str], fault: Fault) -> Reject:
    event_id, member_id, activity = texts.get("event_id", ""), texts["member_id"], texts.get("activity", "")
    where = file, line, fault.column
    return Reject(*where, event_id, fault.reason, fault.detail, raw, member_id, activity)
