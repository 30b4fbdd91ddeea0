"""An export of any shape as names and rows: CSV with any delimiter, JSON Lines, Parquet."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import PurePath
from typing import IO, TYPE_CHECKING

from pointbook.adoption.json_objects import flat_texts, names_in
from pointbook.adoption.text_shapes import TextShape, text_shape_of
from pointbook.diagnostics import InputError
from pointbook.log.rows.csv_cells import NOTHING, MalformedRowError, cells_of
from pointbook.log.rows.header import refuse_printed
from pointbook.log.rows.parquet_rows import MAGIC, plain_names, plain_rows
from pointbook.log.rows.text_blocks import lines_of, text_blocks
from pointbook.model.wording import quantity
from pointbook.source import files, other_formats
from pointbook.source.archives import ArchiveError, Unpacked, packed_wrongly, unpacked, unpacked_file
from pointbook.source.endings import CSV, JSON_LINES, PARQUET, ending_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_PIECE, _TOLD_AFTER = 1 << 20, 1 << 12
_LOOKED_THROUGH = 200
"""Lines at the beginning of a file that tell its delimiter and its header."""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One row.

    Attributes:
        line: The line on which it begins; of Parquet its number.
        cells: Its texts in the order of the names; None where it cannot be read.
        problem: Why it cannot be read.
    """

    line: int
    cells: Sequence[str] | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file whose rows can be read more than once.

    Attributes:
        name: What it is called in results.
        names: Its columns.
        shape: How its text is cut into cells; None where it is no CSV.
        nested: Columns of JSON that lie in objects within, each with the way to it.
        stream: Its bytes.
        passed_over: Columns of Parquet whose type has no text.
        is_parquet: Whether it is Parquet.
        told: Called now and then with the number of rows that were read since.
        others: Further files of the same folder or pattern, which are not looked at.
    """

    name: str
    names: tuple[str, ...]
    shape: TextShape | None
    stream: IO[bytes]
    nested: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[str, ...] = ()
    is_parquet: bool = False
    told: Callable[[int], None] = lambda _: None
    others: tuple[str, ...] = ()

    @property
    def short_name(self) -> str:
        """Its name without the folders, which may be those of one machine."""
        return PurePath(self.name).name

    def rows(self) -> Iterator[ExportRow]:
        """Every row, blank ones left out.

        Raises:
            InputError: The file cannot be read on.
        """
        self.stream.seek(0)
        for number, row in enumerate(self._rows(), 1):
            if not number % _TOLD_AFTER:
                self.told(_TOLD_AFTER)
            yield row

    def _rows(self) -> Iterator[ExportRow]:
        if self.is_parquet:
            rows = enumerate(plain_rows(self.name, self.stream), 1)
            return (ExportRow(number, cells) for number, cells in rows)
        return self._objects() if self.shape is None else self._cells(self.shape)

    def _objects(self) -> Iterator[ExportRow]:
        for number, line in enumerate(_lines(self.name, self.stream), 1):
            if line.strip():
                texts, problem = flat_texts(line)
                row = None if problem else [texts.get(name, "") for name in self.names]
                yield ExportRow(number, row, problem)

    def _cells(self, shape: TextShape) -> Iterator[ExportRow]:
        lines = _Lines(_lines(self.name, self.stream))
        for line in lines:
            number = lines.number
            if number <= shape.header or not line.strip(f"{NOTHING}{shape.delimiter}"):
                continue
            try:
                cells = cells_of(line, shape.delimiter, lines.following(), number)
            except MalformedRowError as error:
                lines.go_back_to(number)
                yield ExportRow(number, None, str(error))
                continue
            if not any(map(str.strip, cells)):
                continue
            width = len(self.names)
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            problem = f"it has {quantity(len(cells), 'cell')}, the header has {width}"
            problem = "" if len(cells) == width else problem
            yield ExportRow(number, None if problem else cells, problem)


class _Lines:
    """The lines of a file, which can be given back: a quotation mark that is never closed costs one line."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while line := next(self._lines, ""):
            self.number += 1
            yield line

    def following(self) -> Iterator[str]:
        """The lines after this one, while they are asked for."""
        self._taken.clear()
        for line in self._lines:
            self.number += 1
            self._taken.append(line)
            yield line

    def go_back_to(self, number: int) -> None:
        """Read on after the line of this number."""
        self._lines = chain(self._taken[:], self._lines)
        self.number = number


@contextmanager
def opened_export(source: Path | str, told: Callable[[int], None]) -> Iterator[ExportFile]:
    """The export that lies in a file, or comes from standard input; of a folder or a pattern its first file.

    Raises:
        InputError: It cannot be read, or there is nothing in it.
    """
    first, *further = files.data_files(source)
    with _opened(first) as stream:
        name, ending = files.shown_name(first), ending_of(first)
        others = tuple(map(files.shown_name, further))
        yield replace(_export_in(name, ending, stream), told=told, others=others)


def _opened(source: Path | str) -> IO[bytes]:
    """The bytes of a source, which can be read again: what cannot is kept in a file meanwhile."""
    if not files.can_be_read_once(source):
        return unpacked_file(source)
    once = files.opened(source)
    kept = files.unnamed_file(None)
    while piece := once.read(_PIECE):
        kept.write(piece)
    kept.seek(0)
    return unpacked(files.shown_name(source), kept)


def _export_in(name: str, ending: str, stream: IO[bytes]) -> ExportFile:
    begins = _beginning(name, stream)
    if ending in PARQUET or (begins == MAGIC and ending not in (*CSV, *JSON_LINES)):
        if isinstance(stream, Unpacked):
            raise packed_wrongly(name, stream.packing, other_formats.PARQUET)
        names, passed_over = plain_names(name, stream)
        return ExportFile(name, names, None, stream, passed_over=passed_over, is_parquet=True)
    lines = _first_lines(name, stream)
    if _is_json(ending, lines):
        stream.seek(0)
        names, nested = names_in(name, _lines(name, stream))
        return ExportFile(name, names, None, stream, nested)
    shape = text_shape_of(lines)
    return ExportFile(name, shape.names, shape, stream)


def _beginning(name: str, stream: IO[bytes]) -> bytes:
    try:
        begins = stream.read(len(MAGIC))
        stream.seek(0)
    except ArchiveError as error:
        raise InputError(f"{name}:1", error.message, error.hint) from error
    return begins


def _first_lines(name: str, stream: IO[bytes]) -> list[str]:
    found = [line for line, _ in zip(_lines(name, stream), range(_LOOKED_THROUGH), strict=False)]
    if not any(line.strip(" \t\r\n,;|") for line in found):
        raise InputError(name, "the file is empty", "export it again, with a header and rows")
    if any("\0" in line for line in found):
        hint = "if it is UTF-16, save it as UTF-8; in Excel, choose `CSV UTF-8`"
        raise InputError(name, "it contains NUL characters, so it is UTF-16 or no text at all", hint)
    refuse_printed(name, list(filter(str.strip, found))[:2])
    return found


def _is_json(ending: str, lines: Sequence[str]) -> bool:
    if ending in CSV or ending in JSON_LINES:
        return ending in JSON_LINES
    return next(filter(str.strip, lines)).lstrip().startswith(("{", "["))


def _lines(name: str, stream: IO[bytes]) -> Iterator[str]:
    stream.seek(0)
    return chain.from_iterable(map(lines_of, text_blocks(name, stream)))
