"""Lines of CSV as rows."""

from __future__ import annotations

from collections import deque
from operator import itemgetter
from typing import TYPE_CHECKING

from pointbook.log.rows.csv_cells import LINE_ENDS, LONGEST_CELL, MalformedRowError, cells_of
from pointbook.log.rows.header import header_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.log.columns import Columns
    from pointbook.log.records import Row, Texts


def csv_rows(file: str, lines: Iterator[str], skipped: int, columns: Columns) -> Iterator[Row]:
    """The rows under the header of a CSV file.

    A row whose quotation marks are wrong costs only its first line: reading goes on with the line
    after it, because a mark that is never closed must not take the rest of the file with it.

    Args:
        file: The name that rows carry.
        lines: The file's lines with their line ends, from the header on.
        skipped: Blank lines before the header.
        columns: The columns there may be.

    Raises:
        InputError: The header cannot be used.
    """
    number = skipped + 1
    names, delimiter = header_of(file, number, next(lines).rstrip(LINE_ENDS), columns)
    width = len(names)
    # Columns that the file does not have take the empty text that is put behind the last cell.
    places = (names.index(name) if name in names else width for name in columns.known)
    in_order: Callable[[list[str]], Texts] = itemgetter(*places)
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else next(lines, ""):
        number += 1
        raw = line.rstrip(LINE_ENDS)
        if not raw.strip(" "):
            continue
        taken: list[str] = []
        if '"' not in raw:
            cells = raw.split(delimiter)
        else:
            try:
                cells = cells_of(line, delimiter, _following(lines, ahead, taken), number)
            except MalformedRowError as error:
                ahead.extendleft(reversed(taken))
                yield file, number, raw, None, str(error)
                continue
            raw = "".join((line, *taken)).rstrip(LINE_ENDS)
        if problem := _problem(raw, cells, width, delimiter):
            yield file, number, raw, None, problem
        else:
            cells.append("")
            yield file, number, raw, in_order(cells), ""
        number += len(taken)


def _following(lines: Iterator[str], ahead: deque[str], taken: list[str]) -> Iterator[str]:
    """The lines to come; each that is used is noted in `taken`."""
    while line := ahead.popleft() if ahead else next(lines, ""):
        taken.append(line)
        yield line


def _problem(raw: str, cells: list[str], width: int, delimiter: str) -> str:
    """Why well-formed cells are no row of this file, or nothing."""
    if len(cells) != width:
        return _wrong_width(len(cells), width, delimiter)
    if "\0" in raw:
        return "it contains a NUL character (code 0)"
    if len(raw) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
        return f"a cell has more than {LONGEST_CELL:,} characters"
    return ""


def _wrong_width(found: int, width: int, delimiter: str) -> str:
    mark = "tab" if delimiter == "\t" else f"`{delimiter}`"
    counted = f"it has {found} {'cell' if found == 1 else 'cells'}, but the header has {width} columns"
    if found > width:
        return f"{counted}; put a cell that contains a {mark} into quotation marks"
    return f"{counted}; an empty cell still needs its {mark}"
