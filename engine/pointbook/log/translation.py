"""Rows of a file, whose columns and texts log.yaml says differ from ours, with our texts.

The names of columns are seen to where a file's header is read; here the texts come to what we write, so that
all that follows reads, compares and settles the same rows whatever an export calls things.
Source: docs/meaning.md, "Exports".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.log.faults import Fault, RejectReason, quoted
from pointbook.log.typed.clock import zone_of
from pointbook.log.typed.time_advice import without_form
from pointbook.log.typed.time_forms import day_in, in_our_form, with_offset
from pointbook.model.attributes import AttributeType
from pointbook.model.exports import OUR_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pointbook.log.blocks import Block, ReadableRow
    from pointbook.log.columns import Columns

    TextOf = Callable[[str], str]

_MOST_KEPT = 100_000
_MOMENT, _DAYS = "occurred_at", ("signed_up_on", "valid_from")
_DATE_LENGTH = len("2024-04-03")


def translated(blocks: Iterable[Block], columns: Columns) -> Iterable[Block]:
    """Blocks of a file with our texts.

    Args:
        blocks: Their columns are in our order.
        columns: The columns of that file.
    """
    if columns.form is OUR_ROWS:
        return (block._replace(names=columns) for block in blocks) if columns.casts else blocks
    return map(Translation(columns).block, blocks)


class Translation:
    """What the texts of a file come to, column by column."""

    def __init__(self, columns: Columns) -> None:
        """For a file with these columns."""
        self._columns = columns
        readers = (_reader(columns, name) for name in columns.known)
        self._readers = [None if reader is None else _Texts(reader) for reader in readers]

    def block(self, block: Block) -> Block:
        """A block of the file."""
        if not self._columns.form.changes_texts:
            return block._replace(names=self._columns)
        texts = [
            column if reader is None else list(map(reader.__getitem__, column))
            for reader, column in zip(self._readers, block.columns, strict=True)
        ]

        rows_of = block.rows_of  # not the block, whose texts would stay in memory

        def rows(kept: bytes, positions: Iterable[int]) -> Iterator[ReadableRow]:
            for row in rows_of(kept, positions):
                pairs = zip(self._readers, row.texts, strict=True)
                ours = tuple(text if reader is None else reader[text] for reader, text in pairs)
                yield row._replace(texts=ours, own=row.texts)

        return block._replace(columns=texts, rows_of=rows, names=self._columns)


class _Texts(dict[str, str]):
    """What texts come to; a column has few different ones, so each is read once and kept."""

    def __init__(self, text_of: TextOf) -> None:
        super().__init__({"": ""})
        self._text_of = text_of

    def __missing__(self, text: str) -> str:
        found = self._text_of(text)
        if len(self) < _MOST_KEPT:
            self[text] = found
        return found


def _reader(columns: Columns, name: str) -> TextOf | None:
    """What the texts of one of our columns come to; None where they stay as they are."""
    form = columns.form
    meaning = _time_reader(columns, name)
    if name == "activity" and form.activities:
        activities = form.activities

        def meaning(text: str) -> str:
            return activities.get(text, text)

    if not form.empty:
        return meaning
    return lambda text: "" if text in form.empty else meaning(text) if meaning else text


def _is_time(columns: Columns, name: str) -> bool:
    return name in (_MOMENT, *_DAYS) or columns.attributes.get(name) is AttributeType.DATE


def _time_reader(columns: Columns, name: str) -> TextOf | None:
    form, timezone = columns.form.form, columns.form.timezone
    if not _is_time(columns, name) or (form is None and (timezone is None or name != _MOMENT)):
        return None
    zone = None if timezone is None or name != _MOMENT else zone_of(timezone)
    of_program = zone_of(columns.program.timezone)

    def text_of(text: str) -> str:
        found = text if form is None else in_our_form(text, form) or text
        if name != _MOMENT:
            return found if found is text else day_in(found, of_program)
        if zone is not None and columns.has_timestamps and len(found) == _DATE_LENGTH:
            found = f"{found}T00:00:00"
        return found if zone is None else with_offset(found, zone)

    return text_of


def named_by_file(fault: Fault, columns: Columns, row: ReadableRow | None = None) -> Fault:
    """A fault with its column by the file's own name, and with what that and its text are read as.

    Args:
        fault: The fault, by our names.
        columns: The columns of the file.
        row: The row, where its texts matter.
    """
    form, ours = columns.form, fault.column
    if fault.reason is RejectReason.BAD_VALUE and ours in columns.casts:
        fault = fault._replace(detail=f"{fault.detail}; {columns.casts[ours]}")
    if form is OUR_ROWS or not ours:
        return fault
    detail = fault.detail if form.form is None else without_form(fault.detail)
    theirs, notes = columns.theirs(ours), []
    if theirs != ours:
        notes.append(f"{quoted(theirs)} is read as {ours} by {form.place_of('columns', theirs)}")
    if row is not None and row.own is not None:
        place = columns.known.index(ours)
        own, text = row.own[place], row.texts[place]
        if own != text:
            notes.append(f"{quoted(own)} is read as {quoted(text) if text else 'nothing'}")
        elif form.form is not None and fault.reason is RejectReason.BAD_VALUE and _is_time(columns, ours):
            notes.append(f"{form.place_of('times', 'form')} reads {form.form.words}")
    return Fault(theirs, fault.reason, f"{detail} ({'; '.join(notes)})" if notes else detail)
