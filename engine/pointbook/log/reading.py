"""Files of members and events as a log."""

from __future__ import annotations

import io
from contextlib import nullcontext
from itertools import chain
from typing import IO, TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.log.acceptance import log_with, settled_members
from pointbook.log.blocks import in_blocks
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.rows.csv_blocks import csv_blocks
from pointbook.log.rows.csv_cells import NOTHING
from pointbook.log.rows.jsonl_rows import jsonl_rows
from pointbook.log.rows.parquet_rows import MAGIC, parquet_blocks
from pointbook.log.rows.text_blocks import PIECE, after_blank_lines, lines_of, text_blocks
from pointbook.log.translation import translated
from pointbook.model.exports import TABLES
from pointbook.source import files, other_formats
from pointbook.source.archives import Unpacked, packed_wrongly, unpacked_file
from pointbook.source.endings import CSV, JSON_LINES, PARQUET, ending_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pointbook.log.blocks import Block
    from pointbook.log.columns import Columns
    from pointbook.log.records import Log
    from pointbook.model.program import Program


def is_table(source: Path | str) -> bool:
    """Whether a source lies in a database: a table or a query there."""
    return str(source).startswith(TABLES)


def read_log(
    program: Program,
    *,
    members: Sequence[Path | str],
    events: Sequence[Path | str],
    folder: Path | None = None,
) -> Log:
    """The log of `program` that files hold.

    Args:
        program: Whose log it is.
        members: Files of members: CSV, JSON Lines or Parquet; folders of such files, patterns such
            as `members/*.parquet`; `-` is standard input.
        events: Files of events, likewise.
        folder: Where rejects are written if they are many, None for the system's folder.

    Raises:
        InputError: A file cannot be read at all.
    """
    refuse_second_standard_input((*members, *events))
    of_members = settled_members(program, blocks_of(members, member_columns(program)), folder)
    return log_with(program, of_members, blocks_of(events, event_columns(program)), folder)


def refuse_second_standard_input(sources: Sequence[Path | str]) -> None:
    """Refuse sources that name standard input twice.

    Raises:
        InputError: They do.
    """
    if [str(source) for source in sources].count(files.STDIN) > 1:
        message = "standard input can be read once only"
        hint = "name a file in all but one of the places with `-`"
        raise InputError(files.shown_name(files.STDIN), message, hint)


def read_by(program: Program, kind: str, sources: Sequence[Path | str]) -> dict[str, list[str]]:
    """The files of `events` or of `members`, by the place in log.yaml that says how they are exported.

    Those that have our columns are under the empty place.

    Raises:
        InputError: A source is no file.
    """
    found: dict[str, list[str]] = {}
    for source in sources:
        for path in (source,) if is_table(source) else files.data_files(source):
            name = str(path) if is_table(path) else files.shown_name(path)
            known = None if str(path) == files.STDIN else name
            found.setdefault(program.exports.form_of(kind, known).place_of(), []).append(name)
    return found


def blocks_of(sources: Sequence[Path | str], columns: Columns, piece: int = PIECE) -> Iterator[Block]:
    """The rows of every file that the sources name, one file after the other.

    Args:
        sources: Files, folders and patterns.
        columns: The columns there may be.
        piece: How many bytes of a text file are read at a time.

    Raises:
        InputError: A file cannot be read at all, or a source is no file.
    """
    for source in sources:
        refuse_table_or_query(source)
        for path in files.data_files(source):
            own = columns.of_file(None if str(path) == files.STDIN else files.shown_name(path))
            yield from _blocks(path, own, piece)


def refuse_table_or_query(source: Path | str) -> None:
    """Refuse what no file is.

    Raises:
        InputError: It is a table or a query.
    """
    if is_table(source):
        message = "a table or query is read by the database that it is in"
        hint = "`evaluate` and `compare` do so with --backend; export its rows for all other commands"
        raise InputError(str(source), message, hint)


def is_parquet(path: Path | str) -> bool:
    """Whether a file is read as Parquet: by its name's ending, or where that says nothing, by how it begins.

    Raises:
        InputError: It cannot be opened.
    """
    if str(path) == files.STDIN or not files.is_file(path):  # a pipe could not be read again
        return False
    with files.opened(path) as stream:
        return _holds_parquet(ending_of(path), stream)


def _blocks(path: Path | str, columns: Columns, piece: int) -> Iterator[Block]:
    name = files.shown_name(path)
    stream = unpacked_file(path)
    # Standard input is not ours to close.
    with nullcontext(stream) if str(path) == files.STDIN else stream:
        ending = ending_of(path)
        if _holds_parquet(ending, stream):
            if isinstance(stream, Unpacked):
                raise packed_wrongly(name, stream.packing, other_formats.PARQUET)
            yield from parquet_blocks(name, stream, columns)
            return
        nothing = "" if ending in JSON_LINES else NOTHING
        number, first, texts = after_blank_lines(text_blocks(name, stream, piece), nothing)
        if not first:
            wanted = ", ".join(map(columns.theirs, columns.required))
            hint = f"a CSV file of {columns.kind} has at least a header: {wanted}"
            raise InputError(name, "the file is empty", hint)
        if _is_json_lines(ending, first):
            lines = chain((first,), chain.from_iterable(map(lines_of, texts)))
            yield from translated(in_blocks(jsonl_rows(name, lines, number - 1, columns), columns), columns)
        else:
            yield from translated(csv_blocks(name, number, first, texts, columns), columns)


def _holds_parquet(ending: str, stream: IO[bytes]) -> bool:
    """By the name's ending, or how the file begins; nothing is taken from the stream, which may be a pipe."""
    if ending in (*PARQUET, *CSV, *JSON_LINES):
        return ending in PARQUET
    return (
        isinstance(stream, io.BufferedReader)
        and stream.seekable()
        and stream.peek(len(MAGIC)).startswith(MAGIC)
    )


def _is_json_lines(ending: str, first_line: str) -> bool:
    if ending in CSV or ending in JSON_LINES:
        return ending in JSON_LINES
    return first_line.lstrip().startswith(("{", "["))
