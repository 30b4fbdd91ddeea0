"""The fold as worker processes have it, without the processes: pieces as bytes, dealt out to several folds.

A log comes from files of every form, in columns of plain bytes or through DuckDB in Arrow's.
"""

from __future__ import annotations

import csv
import gc
import json
import pickle
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
from fold_lines import Lines, joined, work
from pyarrow import parquet

from pointbook.folding.pieces import pieces_of
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.session_pieces import session_pieces
from pointbook.log import read_log
from pointbook.model.tally import Tally
from pointbook.relational.inputs.log_in_session import put_log
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.rulebook.columns import DATED, input_columns
from pointbook_cli.evaluation.fold_work import FoldWork, RowLines, for_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pointbook.folding.stream import Folding
    from pointbook.log import Log, RawRow
    from pointbook.model.program import Program
    from pointbook.relational.engines.duckdb_session import DuckDBSession

    Pieces = Callable[[int], Iterable[Any]]
    """The pieces of a log of at most so many events and members."""

WHOLE = 1 << 20
OWN = {
    "members": ("member_id", "signed_up_on"),
    "events": ("event_id", "member_id", "activity", "occurred_at"),
}
"""Columns that a file has whatever its rows are."""


class Source(NamedTuple):
    """Where a log comes from.

    Attributes:
        name: What it is.
        pieces: Its pieces.
        work: What is done with each.
    """

    name: str
    pieces: Pieces
    work: FoldWork


def sources(
    folding: Folding, rows: dict[str, Sequence[RawRow]], log: Log, folder: Path, session: DuckDBSession
) -> Iterator[Source]:
    """A log by every reader: its rows as text, and the log that was made of them in typed columns.

    One at a time: all share the session.
    """
    program = folding.program
    for ending, write in (("csv", _write_csv), ("jsonl", _write_json_lines)):
        if ending == "jsonl" and not all(rows.values()):
            continue  # an empty file has no header to say what it is
        files = {name: str(folder / f"{name}.{ending}") for name in rows}
        for name, own in rows.items():
            write(files[name], name, [dict(row.cells) for row in own if row.cells is not None])
        read = read_log(program, members=[files["members"]], events=[files["events"]])
        plain = FoldWork(folding, PlainPieces, RowLines, "csv")
        yield Source(f"{ending} here", partial(pieces_of, list(read.members.values()), read.events), plain)
        yield Source(f"{ending} by DuckDB", _in_session(session, program, files), work(folding))
    typed = {name: str(folder / f"{name}.parquet") for name in rows}
    tables = typed_tables(program, log)
    if DATED in tables["members"].column_names:  # a member's rows lie together there, which no file has
        own_rows = [dict(row.cells) for row in rows["members"] if row.cells is not None]
        keys = _columns("members", own_rows)
        tables["members"] = pa.table({key: [row.get(key) for row in own_rows] for key in keys})
    for name, table in tables.items():
        parquet.write_table(table, typed[name], row_group_size=3)
    yield Source("Parquet", _in_session(session, program, typed), work(folding))
    for name, file in typed.items():
        session.execute(f"CREATE OR REPLACE TABLE own_{name} AS FROM '{file}'")
    stored = {name: f"table:own_{name}" for name in rows}
    yield Source("tables", _in_session(session, program, stored), work(folding))


def _in_session(session: DuckDBSession, program: Program, files: dict[str, str]) -> Pieces:
    put_log(session, program, members=[files["members"]], events=[files["events"]])
    return lambda size: session_pieces(session, program, size)


def typed_tables(program: Program, log: Log) -> dict[str, pa.Table]:
    """Members and events in columns that an engine takes as they lie."""
    columns = input_columns(program)
    members, events = members_table(log, columns), events_table(log, columns)
    shown = {column: name for name, column in columns.attributes_in(columns.events).items()}
    times = events.column("at").cast(pa.timestamp("us", tz="UTC"))
    events = events.append_column("occurred_at", times).drop_columns(["at", "local"])
    of_members = {column: name for name, column in columns.attributes_in(columns.members).items()}
    return {
        "members": members.rename_columns([of_members.get(name, name) for name in members.column_names]),
        "events": events.rename_columns([shown.get(name, name) for name in events.column_names]),
    }


def _columns(name: str, rows: list[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(chain(OWN[name], chain.from_iterable(rows))))


def _write_csv(file: str, name: str, rows: list[dict[str, Any]]) -> None:
    with open(file, "w", newline="", encoding="utf-8") as stream:  # noqa: PTH123
        writer = csv.DictWriter(stream, _columns(name, rows), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _write_json_lines(file: str, name: str, rows: list[dict[str, Any]]) -> None:
    columns = _columns(name, rows)
    with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123
        stream.writelines(json.dumps({column: row.get(column) for column in columns}) + "\n" for row in rows)


def dealt(one: Source, pieces: Iterable[Any], workers: int) -> Lines:
    """What pieces come to: each goes to the next worker, but where a member goes on to the same."""
    form: Any = one.work.form(one.work.folding.program)
    collects = gc.isenabled()
    sent = pickle.dumps(one.work)
    folds = [for_bytes(pickle.loads(sent)) for _ in range(workers)]  # noqa: S301 - as a process gets it
    if collects:
        gc.enable()
    turn, written = 0, []
    for piece in pieces:
        written.append(folds[turn](form.bytes_of(piece)))
        turn = turn if piece.goes_on else (turn + 1) % workers
    return Lines(joined(part.results for part in written), sum((part.tally for part in written), Tally()))


def cut_at_every_member(pieces: Iterable[Any]) -> Iterator[Any]:
    """A log that comes as one piece, or none, with a piece for each member."""
    for piece in pieces:
        assert not piece.goes_on
        begin, own = 0, [_id(piece.events, number) for number in range(len(piece.events))]
        for number in range(len(piece.members)):
            end = begin + own.count(_id(piece.members, number))
            yield type(piece)(
                _part(piece.members, number, number + 1), _part(piece.events, begin, end), False
            )
            begin = end


def _id(rows: Any, number: int) -> str:
    found: str = rows[number][0] if isinstance(rows, list) else rows.member_id(number)
    return found


def _part(rows: Any, begin: int, end: int) -> Any:
    return rows[begin:end] if isinstance(rows, list) else rows.part(begin, end)
