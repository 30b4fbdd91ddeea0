"""Readable rows in little memory, so that a later row can be compared with every earlier one.

A million rows as dicts of cells would take more memory than all else. Here a row is one text (its
raw text and its cells), its line, and a shape that it shares with the rows like it.
"""

from __future__ import annotations

from array import array

from pointbook.log.records import RawRow

_BETWEEN = "\0"
"""Stands between the parts of a packed text; rows that contain it are kept as they are."""

_Shape = tuple[str, tuple[str, ...]]
"""A file, and the names of the cells that are not empty."""


class PackedRows:
    """Rows by their position, from 0."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._lines = array("q")
        self._shapes: list[_Shape] = []
        self._shared: dict[_Shape, _Shape] = {}
        self._as_they_are: dict[int, RawRow] = {}

    def append(self, row: RawRow) -> int:
        """Keeps `row`, whose cells can be read; gives its position."""
        cells = row.cells or {}
        shape = (row.file, tuple(cells))
        text = _BETWEEN.join((row.raw, *cells.values()))
        position = len(self._texts)
        if text.count(_BETWEEN) != len(cells):
            self._as_they_are[position] = row
            text = ""
        self._texts.append(text)
        self._lines.append(row.line)
        self._shapes.append(self._shared.setdefault(shape, shape))
        return position

    def __getitem__(self, position: int) -> RawRow:
        """The row at `position`, equal to the one that was kept there."""
        if position in self._as_they_are:
            return self._as_they_are[position]
        file, names = self._shapes[position]
        raw, *values = self._texts[position].split(_BETWEEN)
        return RawRow(file, self._lines[position], raw, dict(zip(names, values, strict=True)))
