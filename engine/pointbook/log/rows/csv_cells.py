"""One row of CSV as its cells.

This reads what Python's `csv` module reads with `strict=True`, and is its own reader for three
reasons: a stray quotation mark must not swallow the rows after it, a problem must name its line,
and the module's limit on the size of a cell is one for the whole process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CELL = 1_000_000
TOO_LONG = f"a cell has more than {LONGEST_CELL:,} characters"
LINE_ENDS = "\r\n"
NOTHING = " \t\u00a0,;\r\n"
"""What a line without a value can consist of: an empty row as spreadsheets write it has its separators."""
_TO_CLOSING_QUOTE = re.compile(r'([^"]*+(?:""[^"]*+)*+)"')


class MalformedRowError(ValueError):
    """The text is not a row of CSV; the message says why."""


def cells_of(line: str, delimiter: str, following: Iterator[str], number: int) -> list[str]:
    """The cells of the row that begins with `line`.

    Args:
        line: The row's first line, with or without its line end.
        delimiter: One character.
        following: The lines after it, taken from where a cell goes on over a line end.
        number: The number of the first line, for messages.

    Raises:
        MalformedRowError: Quotation marks are wrong.
    """
    text = line.rstrip(LINE_ENDS)
    if '"' not in text:
        return text.split(delimiter)
    if text[0] == text[-1] == '"':  # every cell quoted, as many programs write it
        cells = text[1:-1].split(f'"{delimiter}"')
        if text.count('"') == 2 * len(cells):
            return cells
    cells = []
    start = 0
    while True:
        if not text.startswith('"', start):
            end = text.find(f'{delimiter}"', start)
            if end < 0:
                cells.extend(text[start:].split(delimiter))
                return cells
            cells.extend(text[start:end].split(delimiter))
        else:
            opened = number
            cell, line, end, number = _quoted_cell(line, start + 1, following, opened)
            cells.append(cell)
            text = line.rstrip(LINE_ENDS)
            if end == len(text):
                return cells
            if not text.startswith(delimiter, end):
                raise MalformedRowError(_text_after_quote(opened, number, escaped=cell.endswith("\\")))
        start = end + 1


def _quoted_cell(line: str, start: int, following: Iterator[str], number: int) -> tuple[str, str, int, int]:
    """The cell whose text begins at `start`, the line on which it ends, where in it, and its number."""
    opened = number
    parts = []
    size = 0
    while not (close := _TO_CLOSING_QUOTE.match(line, start)):
        parts.append(line[start:])
        size += len(parts[-1])
        line = next(following, "") if size <= LONGEST_CELL else ""
        if not line:
            until = "" if size <= LONGEST_CELL else f" within {LONGEST_CELL:,} characters"
            raise MalformedRowError(f"the quotation mark opened in line {opened} is never closed{until}")
        start = 0
        number += 1
    parts.append(close[1])
    return "".join(parts).replace('""', '"'), line, close.end(), number


def _text_after_quote(opened: int, closed: int, *, escaped: bool) -> str:
    advice = 'inside a cell in quotation marks, write each quotation mark twice: ""'
    if escaped:
        advice += """, not with a backslash before it; Spark does so with `.option("escape", '"')`"""
    if opened == closed:
        return f"text follows a closing quotation mark; {advice}"
    mark = f"the quotation mark opened in line {opened} is closed in line {closed}"
    return f"{mark}, where text follows it; {advice}"
