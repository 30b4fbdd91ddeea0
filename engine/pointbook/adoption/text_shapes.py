r"""How a text file is cut into cells: its delimiter, and the line in which its header is.

>>> found = text_shape_of(["Report of May\n", "\n", "Nr;Datum\n", "1;03.05.2024\n", "2;04.05.2024\n"])
>>> found.delimiter, found.header, found.names
(';', 3, ('Nr', 'Datum'))
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.log.rows.csv_cells import NOTHING, MalformedRowError, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

READ_ELSEWHERE = (",", ";", "\t")
"""The delimiters that `evaluate` reads."""

_DELIMITERS = (*READ_ELSEWHERE, "|", "^", "~", "\x01", "\x1f")
_MOST_ABOVE = 20
LONGEST_NAME = 200
"""Names that are longer cannot stand in log.yaml, and are none."""

_DATA = re.compile(
    r"""[+-]?[0-9]+([.,:][0-9]+)*|[0-9]{1,4}([-/.])[0-9]{1,2}\2[0-9]{1,4}([T\x20].*)?
    |[0-9a-f]{8}-[0-9a-f]{4}-.*|[^@\x20]+@[^@\x20]+\.[a-z]+|\\N|true|false""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TextShape:
    """How a text file is cut.

    Attributes:
        delimiter: Between cells.
        header: The line of the header, 0 where there is none.
        names: Of the columns; made up where there is no header, or a column has no name.
        above: How many lines that are not blank stand above the header.
        blank: Columns without a name, by their place from 1.
        twice: Names that come twice.
        short: So many cells rows have more than the header, all of them empty.
    """

    delimiter: str
    header: int
    names: tuple[str, ...]
    above: int = 0
    blank: tuple[int, ...] = ()
    twice: tuple[str, ...] = ()
    short: int = 0


def text_shape_of(lines: Sequence[str]) -> TextShape:
    """The likeliest delimiter: under it, most rows are equally wide; and the header under it.

    Args:
        lines: The first lines of the file with their line ends, at least one of them not blank.
    """
    delimiter = max(_DELIMITERS, key=lambda one: _evenness(lines, one))
    rows = list(_rows(lines, delimiter))
    width = _width(rows)
    bodies = [cells for _, cells in rows if len(cells) == width]
    for (number, cells), following in zip(rows, (*(cells for _, cells in rows[1:]), []), strict=False):
        if number > _MOST_ABOVE:
            break
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        short = width - len(cells)
        spare = not any(any(body[-short:]) for body in bodies if body is not cells) if short else True
        is_narrow = short == 1 and len(following) == width and any(map(_DATA.fullmatch, following))
        if not (spare or is_narrow) or len(cells) > width or cells.count("") > max(1, width // 4):
            continue
        if any(map(_DATA.fullmatch, cells)):
            break
        above = sum(bool(line.strip() and line.strip(NOTHING)) for line in lines[: number - 1])
        names = cells if spare else ["", *cells]  # row numbers without a name
        short = 0 if not spare or _is_padded(lines[number - 1], delimiter, short) else short
        return _with_header(TextShape(delimiter, number, (), above, short=short), names)
    return TextShape(delimiter, 0, tuple(f"column_{place}" for place in range(1, width + 1)))


def _is_padded(line: str, delimiter: str, short: int) -> bool:
    """Whether a header ends in delimiters where its last columns have no names."""
    return line.rstrip('\r\n" ').endswith(delimiter * short)


def _with_header(shape: TextShape, cells: Sequence[str]) -> TextShape:
    names: list[str] = []
    cells = [cell if len(cell) <= LONGEST_NAME and "\0" not in cell else "" for cell in cells]
    for place, cell in enumerate(cells, 1):
        name = cell or f"column_{place}"
        names.append(name if name not in names else f"{name} ({place})")
    blank = tuple(place for place, cell in enumerate(cells, 1) if not cell)
    twice = tuple(sorted(name for name, times in Counter(cells).items() if name and times > 1))
    return replace(shape, names=tuple(names), blank=blank, twice=twice)


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows among the lines, by the number of the first line of each, without those of separators only."""
    numbered = enumerate(lines, 1)
    following = (line for _, line in numbered)
    for number, line in numbered:
        if not line.strip(f"{NOTHING}{delimiter}"):
            continue
        try:
            cells = [cell.strip() for cell in cells_of(line, delimiter, following, number)]
        except MalformedRowError:
            continue
        if any(cells):
            yield number, cells


def _width(rows: Sequence[tuple[int, list[str]]]) -> int:
    """How many cells most rows have; the most of several such numbers."""
    widths = Counter(len(cells) for _, cells in rows)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many rows are as wide as most, the more the wider these are."""
    rows = list(_rows(lines, delimiter))
    width = _width(rows)
    even = sum(len(cells) == width for _, cells in rows)
    return (even * 1000 * (width - 1) // width, -_DELIMITERS.index(delimiter))
