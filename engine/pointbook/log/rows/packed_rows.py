"""Readable rows in little memory, so that a later row can be compared with every earlier one.

A million rows of texts would take more memory than their events. Here a row is one text: its raw
text, then its cells.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pointbook.log.records import Texts

_BETWEEN = "\0"
"""Stands between the parts of a packed text; no row that can be read contains it."""


class ReadableRow(NamedTuple):
    """A row whose texts can be read; see `RawRow`."""

    file: str
    line: int
    raw: str
    texts: Texts


class PackedRows:
    """Rows by their position, from 0."""

    def __init__(self) -> None:
        self._packed: list[str] = []
        self._lines = array("q")
        self._files: list[str] = []
        self._begins: list[int] = []
        """The position at which each of `_files` begins; a file's rows lie together."""

    def append(self, file: str, line: int, raw: str, texts: Texts) -> None:
        """Keeps a row that has no NUL character, at the next position."""
        if not self._files or file != self._files[-1]:
            self._files.append(file)
            self._begins.append(len(self._packed))
        self._packed.append(f"{raw}{_BETWEEN}{_BETWEEN.join(texts)}")
        self._lines.append(line)

    def __getitem__(self, position: int) -> ReadableRow:
        file = self._files[bisect(self._begins, position) - 1]
        raw, *texts = self._packed[position].split(_BETWEEN)
        return ReadableRow(file, self._lines[position], raw, tuple(texts))
