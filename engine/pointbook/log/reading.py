"""Files of members and events as a log."""

from __future__ import annotations

import io
from contextlib import nullcontext
from itertools import chain
from pathlib import Path, PurePath
from typing import IO, TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.log.acceptance import log_of
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.rows.csv_rows import csv_rows
from pointbook.log.rows.jsonl_rows import jsonl_rows
from pointbook.log.rows.parquet_rows import MAGIC, parquet_rows
from pointbook.log.rows.text_lines import text_lines
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.log.columns import Columns
    from pointbook.log.records import Log, Row
    from pointbook.model.program import Program

TABLES = ("table:", "query:")
"""What begins the name of a source that lies in a database."""


def read_log(program: Program, *, members: Sequence[Path | str], events: Sequence[Path | str]) -> Log:
    """The log of `program` that files hold.

    Args:
        program: Whose log it is.
        members: Files of members: CSV, JSON Lines or Parquet; folders of such files, patterns such
            as `members/*.parquet`; `-` is standard input.
        events: Files of events, likewise.

    Raises:
        InputError: A file cannot be read at all.
    """
    refuse_second_standard_input((*members, *events))
    return log_of(program, rows_of(members, member_columns(program)), rows_of(events, event_columns(program)))


def refuse_second_standard_input(sources: Sequence[Path | str]) -> None:
    """Refuse sources that name standard input twice.

    Raises:
        InputError: They do.
    """
    if [str(source) for source in sources].count(files.STDIN) > 1:
        message = "standard input can be read once only"
        raise InputError(
            files.shown_name(files.STDIN), message, "name a file in all but one of the places with `-`"
        )


def rows_of(sources: Sequence[Path | str], columns: Columns) -> Iterator[Row]:
    """The rows of every file that the sources name, one file after the other.

    Raises:
        InputError: A file cannot be read at all, or a source is no file.
    """
    for source in sources:
        if str(source).startswith(TABLES):
            message = "a table or query is read by the database that it is in"
            raise InputError(str(source), message, "name that database with --backend")
        for path in files.data_files(source):
            yield from _rows(path, columns)


def is_parquet(path: Path | str) -> bool:
    """Whether a file is read as Parquet: by its name's ending, or where that says nothing, by how it begins.

    Raises:
        InputError: It cannot be opened.
    """
    ending = PurePath(path).suffix.lower()
    if str(path) == files.STDIN or ending in (*files.CSV, *files.JSON_LINES):
        return False
    if not Path(path).is_file():  # a pipe, which could not be read again
        return False
    if ending in files.PARQUET:
        return True
    with files.opened(path) as stream:
        return _begins_like_parquet(stream)


def _rows(path: Path | str, columns: Columns) -> Iterator[Row]:
    name = files.shown_name(path)
    stream = files.opened(path)
    # Standard input is not ours to close.
    with nullcontext(stream) if str(path) == files.STDIN else stream:
        ending = PurePath(path).suffix.lower()
        if ending in files.PARQUET or (
            ending not in (*files.CSV, *files.JSON_LINES) and _begins_like_parquet(stream)
        ):
            yield from parquet_rows(name, stream, columns)
            return
        lines = text_lines(name, stream)
        for skipped, first in enumerate(lines):
            if first.strip():
                rows = jsonl_rows if _is_json_lines(ending, first) else csv_rows
                yield from rows(name, chain((first,), lines), skipped, columns)
                return
    wanted = ", ".join(columns.required)
    raise InputError(
        name, "the file is empty", f"a CSV file of {columns.kind} has at least a header: {wanted}"
    )


def _begins_like_parquet(stream: IO[bytes]) -> bool:
    """Whether a file begins like Parquet; nothing is taken from the stream, which may be a pipe."""
    return (
        isinstance(stream, io.BufferedReader)
        and stream.seekable()
        and stream.peek(len(MAGIC)).startswith(MAGIC)
    )


def _is_json_lines(ending: str, first_line: str) -> bool:
    if ending in files.CSV or ending in files.JSON_LINES:
        return ending in files.JSON_LINES
    return first_line.lstrip().startswith(("{", "["))
