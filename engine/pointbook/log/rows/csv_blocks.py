"""Text of CSV as blocks of rows.

Most lines hold no quotation mark and as many cells as the header, so all of them can be cut into
columns at once. The others are read one by one.
"""

from __future__ import annotations

import re
from array import array
from functools import partial
from itertools import chain, compress, count, repeat
from operator import itemgetter, ne
from typing import TYPE_CHECKING

from pointbook.log.blocks import Block, ReadableRow, blank_rows, in_blocks
from pointbook.log.rows.csv_cells import (
    LINE_ENDS,
    LONGEST_CELL,
    NOTHING,
    TOO_LONG,
    MalformedRowError,
    cells_of,
)
from pointbook.log.rows.header import header_of
from pointbook.log.rows.text_blocks import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.log.columns import Columns
    from pointbook.log.records import Row, Texts

_LOOKED_THROUGH = 10_000
"""Characters after the header in which it is looked for, if the first line is none."""


def csv_blocks(
    file: str, number: int, header: str, texts: Iterator[str], columns: Columns
) -> Iterator[Block]:
    """The rows under the header of a CSV file.

    A row whose quotation marks are wrong costs only its first line: reading goes on with the line
    after it, because a mark that is never closed must not take the rest of the file with it. Rows in
    which there is nothing are passed over and counted; those above the header too.

    Args:
        file: The name that rows carry.
        number: The header's line.
        header: The header.
        texts: The text after it, in blocks of whole lines.
        columns: The columns there may be.

    Raises:
        InputError: The header cannot be used.
    """
    beginning = next(texts, "")
    names, delimiter = header_of(file, number, header, lines_of(beginning[:_LOOKED_THROUGH]), columns)
    texts = chain((beginning,) if beginning else (), texts)
    table = Table(file, names, delimiter, columns)
    first, blank = number + 1, number - 1
    lines: list[str] = []
    while lines := lines or lines_of(next(texts, "")):
        end, done = len(lines), 0
        plain: list[str] = []
        numbers = array("Q")
        rows: list[Row] = []
        for index in (*table.doubtful(lines), end):
            if index >= done:  # not inside a cell of the row before
                plain += lines[done:index]
                numbers.extend(range(first + done, first + index))
                row, done = table.row_at(index, lines, first, texts) if index < end else ((), end)
                rows += row
                blank += index < end and not row
        if plain:
            yield table.block(plain, numbers)
        yield from in_blocks(rows, columns)
        first += done
        lines = lines[done:]
    yield from blank_rows(file, columns, blank)


class Table:
    """How rows stand in one file."""

    def __init__(self, file: str, names: Sequence[str], delimiter: str, columns: Columns) -> None:
        self._file = file
        self._delimiter = delimiter
        self._width = width = len(names)
        # Columns without a name at the end, which spreadsheets write, must be empty.
        self._nameless = delimiter * next(number for number, name in enumerate(reversed(names)) if name)
        # Columns that the file does not have take the empty text that is put behind the last cell.
        ours = [columns.ours(name) for name in names]
        self._places = [ours.index(name) if name in ours else width for name in columns.known]
        self._in_order: Callable[[list[str]], Texts] = itemgetter(*self._places)

    def doubtful(self, lines: Sequence[str]) -> Sequence[int]:
        """Which lines must be looked at one by one: all but those that are a row, cut at each delimiter."""
        text = "".join(lines)
        cells = map(str.count, lines, repeat(self._delimiter))
        doubtful = set(compress(count(), map(ne, cells, repeat(self._width - 1))))
        for mark in ('"', "\0"):
            if mark in text:
                doubtful.update(index for index, line in enumerate(lines) if mark in line)
        if len(text) > LONGEST_CELL:
            doubtful.update(index for index, line in enumerate(lines) if len(line) > LONGEST_CELL)
        text = f"\n{text}"
        if any(f"{end}{start}" in text for end in LINE_ENDS for start in NOTHING):
            doubtful.update(index for index, line in enumerate(lines) if not line.strip(NOTHING))
        if self._nameless:
            is_empty = re.compile(rf"{re.escape(self._nameless)}[\r\n]*\Z").search
            doubtful.update(index for index, line in enumerate(lines) if not is_empty(line))
        return sorted(doubtful)

    def block(self, lines: Sequence[str], numbers: Sequence[int]) -> Block:
        """Rows of lines none of which is doubtful, with their numbers."""
        text = "".join(lines).replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
        cells = text.replace("\n", self._delimiter).split(self._delimiter)
        absent = [""] * len(lines)
        columns = [cells[place :: self._width] if place < self._width else absent for place in self._places]
        if numbers[-1] - numbers[0] + 1 == len(numbers):
            numbers = range(numbers[0], numbers[-1] + 1)  # which takes no memory
        return Block(self._file, columns, text.encode(), partial(self._rows, numbers))

    def _rows(self, numbers: Sequence[int], kept: bytes, positions: Iterable[int]) -> Iterator[ReadableRow]:
        lines = kept.decode().split("\n")
        for position in positions:
            raw = lines[position]
            texts = self._in_order([*raw.split(self._delimiter), ""])
            yield ReadableRow(self._file, numbers[position], raw, texts)

    def row_at(
        self, index: int, lines: list[str], first: int, texts: Iterator[str]
    ) -> tuple[Sequence[Row], int]:
        """The row that begins with a line, none where nothing is in it, and where the next one begins.

        Args:
            index: The line's place among `lines`.
            lines: Lengthened by further blocks, if a cell goes on in them.
            first: The number of the first of `lines`.
            texts: The further blocks.
        """
        line, number = lines[index], first + index
        raw = line.rstrip(LINE_ENDS)
        if not raw.strip(NOTHING):
            return (), index + 1
        taken: list[str] = []
        try:
            cells = cells_of(line, self._delimiter, _following(index, lines, texts, taken), number)
        except MalformedRowError as error:
            return ((self._file, number, raw, None, str(error)),), index + 1
        following = index + 1 + len(taken)
        if not any(map(str.strip, cells)):
            return (), following
        raw = "".join((line, *taken)).rstrip(LINE_ENDS)
        problem = _problem(raw, cells, self._width, self._delimiter) or self._problem_of_nameless(cells)
        row = self._file, number, raw, None if problem else self._in_order([*cells, ""]), problem
        return (row,), following

    def _problem_of_nameless(self, cells: Sequence[str]) -> str:
        """Why a row has more than the columns with names, or nothing."""
        named = self._width - len(self._nameless)
        filled = next((place for place, cell in enumerate(cells[named:], named + 1) if cell.strip()), None)
        return f"it has a value in column {filled}, which has no name" if filled else ""


def _following(index: int, lines: list[str], texts: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines after one; each that is used is noted in `taken`."""
    while True:
        index += 1
        if index == len(lines):
            lines.extend(lines_of(next(texts, "")))
        if index == len(lines):
            return
        taken.append(lines[index])
        yield lines[index]


def _problem(raw: str, cells: Sequence[str], width: int, delimiter: str) -> str:
    """Why well-formed cells are no row of this file, or nothing."""
    if len(cells) != width:
        return _wrong_width(len(cells), width, delimiter)
    if "\0" in raw:
        return "it contains a NUL character (code 0)"
    if len(raw) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
        return TOO_LONG
    return ""


def _wrong_width(found: int, width: int, delimiter: str) -> str:
    mark = "tab" if delimiter == "\t" else f"`{delimiter}`"
    counted = f"it has {found} {'cell' if found == 1 else 'cells'}, but the header has {width} columns"
    if found > width:
        return f"{counted}; put a cell that contains a {mark} into quotation marks"
    return f"{counted}; an empty cell still needs its {mark}"
