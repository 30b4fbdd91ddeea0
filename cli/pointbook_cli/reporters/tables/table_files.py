"""Result tables as CSV or JSON Lines, a portion at a time, column by column."""

from __future__ import annotations

import csv
import io
import json
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING, assert_never

from pointbook.model.tables import ColumnType, names_of
from pointbook_cli.reporters.escaping import spreadsheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pointbook.model.tables import Cell, Columns

    WriteCells = Callable[[Sequence[Sequence[Cell]]], None]

FOLDERS = "parquet-folder"
"""A folder of Parquet for each result, which Spark's executors write."""
FILES = ("csv", "jsonl", "parquet")
FORMATS = (*FILES, FOLDERS, "table")
_TRUTH: Mapping[Cell, str] = {True: "true", False: "false"}


def table_writer(
    stream: IO[str], columns: Columns, output_format: str, *, spreadsheet_safe: bool = False
) -> WriteCells:
    """A function that writes cells, column by column, to `stream`; the header, if any, is written at once.

    Args:
        stream: Where to.
        columns: Of the table.
        output_format: `csv` or `jsonl`.
        spreadsheet_safe: Whether no text of CSV may be taken for a formula.
    """
    if output_format == "jsonl":
        names = (json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in names_of(columns))
        line = "{" + ",".join(f"{name}:%s" for name in names) + "}\n"

        def write_json(cells: Sequence[Sequence[Cell]]) -> None:
            texts = (_json(column.type, own) for column, own in zip(columns, cells, strict=True))
            stream.write("".join(map(line.__mod__, zip(*texts, strict=True))))

        return write_json
    csv.writer(stream, lineterminator="\n").writerow(names_of(columns))

    def write_csv(cells: Sequence[Sequence[Cell]]) -> None:
        texts = [_texts(column.type, own) for column, own in zip(columns, cells, strict=True)]
        if spreadsheet_safe:
            texts = [
                list(map(spreadsheet, own)) if column.type is ColumnType.TEXT else own
                for column, own in zip(columns, texts, strict=True)
            ]
        stream.write(_csv(texts))

    return write_csv


class _Numbers(dict["Cell", str]):
    """Numbers as texts; a column has few different ones."""

    def __missing__(self, number: Cell) -> str:
        text = self[number] = "" if number is None else str(number)
        return text


def _texts(kind: ColumnType, cells: Sequence[Cell]) -> Sequence[str]:
    """Cells as texts; an absent value is empty."""
    match kind:
        case ColumnType.BOOLEAN:
            return [_TRUTH.get(cell, "") for cell in cells]
        case ColumnType.INTEGER:
            return list(map(_Numbers().__getitem__, cells))
        case ColumnType.TEXT | ColumnType.DATE | ColumnType.TIME | ColumnType.DECIMAL:
            return ["" if cell is None else str(cell) for cell in cells]
    assert_never(kind)


def _csv(columns: Sequence[Sequence[str]]) -> str:
    """Columns of texts as lines."""
    # Where counting shows that no text has a mark of CSV in it, lines need not be written by the csv module,
    # which takes three times as long.
    text = "\n".join(map(",".join, zip(*columns, strict=True)))
    rows = len(columns[0]) if columns else 0
    marks = text.count(","), text.count("\n")
    if marks == (rows * (len(columns) - 1), rows - 1) and '"' not in text and "\r" not in text:
        return text + "\n"
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    # Beside line feeds as line ends, the csv module leaves a carriage return unquoted: half a row to readers.
    quoting_writer = csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in zip(*columns, strict=True):
        (quoting_writer if any("\r" in cell for cell in row) else writer).writerow(row)
    return lines.getvalue()


def _json(kind: ColumnType, cells: Sequence[Cell]) -> Iterable[str]:
    match kind:
        case ColumnType.BOOLEAN:
            return [_TRUTH.get(cell, "null") for cell in cells]
        case ColumnType.INTEGER:
            return ["null" if cell is None else str(cell) for cell in cells]
        case ColumnType.TEXT | ColumnType.DATE | ColumnType.TIME | ColumnType.DECIMAL:
            return ["null" if cell is None else encode_basestring(str(cell)) for cell in cells]
    assert_never(kind)
