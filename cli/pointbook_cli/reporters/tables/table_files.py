"""Result tables as CSV or JSON Lines, a portion at a time, column by column."""

from __future__ import annotations

import csv
import io
import json
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING, assert_never

from pointbook.model.tables import ColumnType, names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pointbook.model.tables import Cell, Columns

    WriteCells = Callable[[Sequence[Sequence[Cell]]], None]

FORMATS = ("csv", "jsonl", "parquet", "table")
_TRUTH: Mapping[Cell, str] = {True: "true", False: "false"}


def table_writer(stream: IO[str], columns: Columns, output_format: str) -> WriteCells:
    """A function that writes cells, column by column, to `stream`; the header, if any, is written at once."""
    if output_format == "jsonl":
        names = (json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in names_of(columns))
        line = "{" + ",".join(f"{name}:%s" for name in names) + "}\n"

        def write_json(cells: Sequence[Sequence[Cell]]) -> None:
            texts = (_json(column.type, own) for column, own in zip(columns, cells, strict=True))
            stream.write("".join(map(line.__mod__, zip(*texts, strict=True))))

        return write_json
    csv.writer(stream, lineterminator="\n").writerow(names_of(columns))

    def write_csv(cells: Sequence[Sequence[Cell]]) -> None:
        texts = [
            [_TRUTH.get(cell) for cell in own] if column.type is ColumnType.BOOLEAN else own
            for column, own in zip(columns, cells, strict=True)
        ]
        stream.write(_csv(texts))

    return write_csv


def _csv(columns: Sequence[Sequence[Cell]]) -> str:
    """Columns as lines; an absent value is empty."""
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\n").writerows(zip(*columns, strict=True))
    text = lines.getvalue()
    if "\r" not in text:
        return text
    # Beside line feeds as line ends, the csv module leaves a carriage return unquoted: half a row to readers.
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    quoting_writer = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in zip(*columns, strict=True):
        is_broken = any(isinstance(cell, str) and "\r" in cell for cell in row)
        (quoting_writer if is_broken else writer).writerow(row)
    return lines.getvalue()


def _json(kind: ColumnType, cells: Sequence[Cell]) -> Iterable[str]:
    match kind:
        case ColumnType.BOOLEAN:
            return [_TRUTH.get(cell, "null") for cell in cells]
        case ColumnType.INTEGER:
            return ["null" if cell is None else str(cell) for cell in cells]
        case ColumnType.TEXT | ColumnType.DATE | ColumnType.TIME:
            return ["null" if cell is None else encode_basestring(str(cell)) for cell in cells]
    assert_never(kind)
