"""Rows and bytes that are kept until they are needed: a few in memory, the others in a file.

The file has no name and is gone when nobody has the rows any more, however the run ends.
"""

from __future__ import annotations

import heapq
import io
import marshal
import weakref
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    Row = tuple[Any, ...]
    """Of values that `marshal` writes: texts, numbers, tuples of them."""

    Stretch = tuple[int, int]
    """Where bytes begin in the file, and how many they are."""

MOST_IN_MEMORY = 1 << 24
"""Bytes, roughly, that rows take in memory before they are written."""
_OF_A_ROW = 512
"""Bytes that a row takes beside the characters of its texts, more or less."""
_BYTES_OF_A_CHUNK = 1 << 16
"""Of each run that is being merged one chunk is in memory."""


class SpilledBytes:
    """Stretches of bytes, which can be read again."""

    def __init__(self, folder: Path | None) -> None:
        """None yet; they are written to a folder, made when it is needed, None for the system's."""
        self._folder = folder
        self._stream: IO[bytes] = io.BytesIO()
        self._size = 0
        self._is_in_file = False

    def keep(self, data: bytes) -> Stretch:
        """Some more; returns where they are."""
        begin, self._size = self._size, self._size + len(data)
        if self._size > MOST_IN_MEMORY // 4 and not self._is_in_file:
            before, self._stream = self._stream, _file_in(self._folder, self)
            self._stream.write(before.getvalue())  # type: ignore[attr-defined] # it has been in memory
            self._is_in_file = True
        self._stream.seek(begin)
        self._stream.write(data)
        return begin, len(data)

    def read(self, stretch: Stretch) -> bytes:
        """Those that are at a place."""
        begin, size = stretch
        self._stream.seek(begin)
        return self._stream.read(size)


def _file_in(folder: Path | None, owner: object) -> IO[bytes]:
    """A file without a name, which is gone when its owner is."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    file = files.unnamed_file(folder)
    weakref.finalize(owner, file.close)
    return file


class SpilledRows:
    """Rows, read in the order in which they were added, or sorted; they can be read again and again."""

    def __init__(self, folder: Path | None, *, in_order: bool = False) -> None:
        """No rows.

        Args:
            folder: Where to write, made when it is needed; None for the system's folder.
            in_order: Whether they are read as sorted tuples.
        """
        self._folder, self._in_order = folder, in_order
        self._file: IO[bytes] | None = None
        self._runs: list[list[Stretch]] = []
        self._rows: list[Row] = []
        self._bytes = 0
        self._number = 0

    def __len__(self) -> int:
        """How many there are."""
        return self._number

    def add(self, row: Row) -> None:
        """One more."""
        self._rows.append(row)
        self._number += 1
        self._bytes += _OF_A_ROW + sum(len(cell) for cell in row if isinstance(cell, str))
        if self._bytes > MOST_IN_MEMORY:
            self._write_out()

    def __iter__(self) -> Iterator[Row]:
        """All of them; none may be added meanwhile."""
        if self._in_order:
            self._rows.sort()
            return heapq.merge(*map(self._read, self._runs), self._rows)
        return self._one_after_another()

    def _one_after_another(self) -> Iterator[Row]:
        for run in self._runs:
            yield from self._read(run)
        yield from self._rows

    def _write_out(self) -> None:
        if self._file is None:
            self._file = _file_in(self._folder, self)
        if self._in_order:
            self._rows.sort()
        rows_of_a_chunk = max(1, len(self._rows) * _BYTES_OF_A_CHUNK // self._bytes)
        self._runs.append(list(_written(self._file, self._rows, rows_of_a_chunk)))
        self._rows, self._bytes = [], 0

    def _read(self, run: Sequence[Stretch]) -> Iterator[Row]:
        assert self._file is not None, "what was written is in it"
        for begin, size in run:
            self._file.seek(begin)
            yield from marshal.loads(self._file.read(size))  # noqa: S302 - this program's own bytes


def _written(file: IO[bytes], rows: Sequence[Row], size: int) -> Iterator[Stretch]:
    begin = file.seek(0, 2)
    remaining = iter(rows)
    while some := list(islice(remaining, size)):
        begin += (written := file.write(marshal.dumps(some)))
        yield begin - written, written
    file.flush()
