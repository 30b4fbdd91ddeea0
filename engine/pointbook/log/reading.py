"""Files of members and events as a log."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import chain
from pathlib import PurePath
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.log.acceptance import log_of
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.csv_rows import csv_rows
from pointbook.log.jsonl_rows import jsonl_rows
from pointbook.log.text_lines import text_lines
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pointbook.log.columns import Columns
    from pointbook.log.records import Log, Row
    from pointbook.model.rules import Program

_JSON_LINES = (".jsonl", ".ndjson", ".json")
_CSV = (".csv", ".tsv", ".txt")


def read_log(program: Program, *, members: Sequence[Path | str], events: Sequence[Path | str]) -> Log:
    """The log of `program` that files hold.

    Args:
        program: Whose log it is.
        members: Files of members, CSV or JSON Lines; `-` is standard input.
        events: Files of events, likewise.

    Raises:
        InputError: A file cannot be read at all.
    """
    if [str(path) for path in (*members, *events)].count(files.STDIN) > 1:
        message = "standard input can be read once only"
        raise InputError(
            files.shown_name(files.STDIN), message, "name a file in all but one of the places with `-`"
        )
    return log_of(
        program,
        _rows_of(members, member_columns(program)),
        _rows_of(events, event_columns(program)),
    )


def _rows_of(paths: Sequence[Path | str], columns: Columns) -> Iterator[Row]:
    for path in paths:
        yield from _rows(path, columns)


def _rows(path: Path | str, columns: Columns) -> Iterator[Row]:
    name = files.shown_name(path)
    stream = files.opened(path)
    # Standard input is not ours to close.
    with nullcontext(stream) if str(path) == files.STDIN else stream:
        lines = text_lines(name, stream)
        for skipped, first in enumerate(lines):
            if first.strip():
                rows = jsonl_rows if _is_json_lines(path, first) else csv_rows
                yield from rows(name, chain((first,), lines), skipped, columns)
                return
    wanted = ", ".join(columns.required)
    raise InputError(
        name, "the file is empty", f"a CSV file of {columns.kind} has at least a header: {wanted}"
    )


def _is_json_lines(path: Path | str, first_line: str) -> bool:
    ending = PurePath(path).suffix.lower()
    if ending in _CSV or ending in _JSON_LINES:
        return ending in _JSON_LINES
    return first_line.lstrip().startswith(("{", "["))
