"""Result tables as CSV or JSON Lines, row by row."""

from __future__ import annotations

import csv
import json
from typing import IO, TYPE_CHECKING

from pointbook.model.tables import names_of, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pointbook.model.tables import Cell, Columns

    WriteRows = Callable[[Iterable[Sequence[Cell]]], None]

FORMATS = ("csv", "jsonl", "parquet", "table")


def table_writer(stream: IO[str], columns: Columns, output_format: str) -> WriteRows:
    """A function that writes rows of `columns` to `stream`; the header, if any, is written at once."""
    names = names_of(columns)
    if output_format == "jsonl":
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

        def write_json(rows: Iterable[Sequence[Cell]]) -> None:
            for row in rows:
                stream.write(encode(dict(zip(names, row, strict=True))) + "\n")

        return write_json
    writer = csv.writer(stream, lineterminator="\n")
    # Beside line feeds as line ends, the csv module leaves a carriage return unquoted: half a row to readers.
    quoting_writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(names)

    def write_csv(rows: Iterable[Sequence[Cell]]) -> None:
        for row in map(texts, rows):
            (quoting_writer if any("\r" in text for text in row) else writer).writerow(row)

    return write_csv
