"""The run whose results are to be updated: what it was of, and why all members must be evaluated instead."""

# Queries are put together from names of tables, which are quoted, and a date.
# ruff: noqa: S608

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pointbook.diagnostics import InputError
from pointbook.model.tables import REJECTS
from pointbook.relational.engines.sessions import EngineError, number_from
from pointbook.relational.updating.digests import REJECTED, SEEN
from pointbook.source import files
from pointbook.version import __version__
from pointbook_cli.backends import backend_from
from pointbook_cli.evaluation.marks import MARK
from pointbook_cli.evaluation.request import RUNS_TABLE, SEEN_TABLE
from pointbook_cli.evaluation.result_tables import result_rows, result_table, table_schemas
from pointbook_cli.evaluation.seen import SEEN_COLUMNS, SEEN_FILE
from pointbook_cli.hidden_folder import sha256_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request

    Summary = Mapping[str, Any]

_ROWS_READ = ("events_read", "rejects", "member_rejects", "after_as_of")
_WITH_MEMBERS = ("ledger", "standings", "history", SEEN_TABLE)


class FullRunError(Exception):
    """All members must be evaluated; the message says why, in words that follow "because"."""


def state_of(request: Request, folder: Path) -> str | None:
    """The digest of what the last run has seen, which knows its results' own; None where no file has it."""
    path = folder / SEEN_FILE
    return sha256_in(path) if request.output_format != "table" and files.is_file(path) else None


def summary_in_folder(request: Request, folder: Path) -> Summary:
    """The summary of the run that wrote a folder's results, where these can be updated.

    Raises:
        FullRunError: They cannot.
    """
    if not files.is_file(folder / SEEN_FILE):
        raise FullRunError(f"{folder} has no {SEEN_FILE} of an earlier run")
    try:
        text = files.bytes_of(folder / "summary.json").decode()
    except (InputError, UnicodeError) as error:
        raise FullRunError(f"{folder} has no summary.json of an earlier run") from error

    def found(name: str) -> tuple[list[str], int]:
        try:
            file = pq.read_metadata((folder / f"{name}.parquet").absolute())
            digest = sha256_in(folder / f"{name}.parquet").encode()
        except (OSError, pa.ArrowException) as error:
            raise FullRunError(f"{name}.parquet cannot be read") from error
        if name != SEEN_TABLE and seen.get(name.encode()) != digest:
            raise _other_than_written(name)
        return file.schema.names, file.num_rows

    try:
        seen = pq.read_metadata((folder / SEEN_FILE).absolute()).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise FullRunError(f"{SEEN_FILE} cannot be read") from error
    last = _summary(request, text, {name: found(name) for name in _WITH_MEMBERS})
    if seen.get(b"as_of") != last["as_of"].encode():
        raise _other_than_written("summary")
    return last


def summary_in_tables(request: Request, session: Session) -> Summary:
    """The summary of the run that wrote tables, likewise."""

    def found(name: str) -> tuple[set[str], int]:
        table = result_table(session, request, name)
        columns = {column for column, _ in session.columns(f"SELECT * FROM {table}")}
        return columns, number_from(session, f"SELECT COUNT(*) FROM {table}")

    try:
        tables = {name: found(name) for name in _WITH_MEMBERS}
        newest = _newest(session, request, "summary, history_rows")
        session.columns(newest)
    except EngineError as error:
        raise FullRunError("there are no tables of an earlier run") from error
    rows = session.rows(newest).read_all().to_pylist() or [{"summary": "", "history_rows": None}]
    last = _summary(request, str(rows[0]["summary"]), tables, rows[0]["history_rows"])
    last_day = date.fromisoformat(last["as_of"])
    standings = result_table(session, request, "standings")
    day = f"SELECT COUNT(*) FROM {standings} WHERE as_of <> DATE '{last_day}'"
    if number_from(session, day):
        raise _other_than_written("standings")
    return last


def mark_of_last(request: Request, session: Session, folder: Path) -> str | None:
    """The mark that the last run has left; None where it left none.

    Raises:
        FullRunError: What was seen cannot be read.
    """
    if request.output_format == "table":
        mark: str | None = session.rows(_newest(session, request, MARK)).read_all().column(0)[0].as_py()
        return mark
    try:
        kept = (pq.read_metadata((folder / SEEN_FILE).absolute()).metadata or {}).get(MARK.encode())
    except (OSError, pa.ArrowException) as error:
        raise FullRunError(f"{SEEN_FILE} cannot be read") from error
    return None if kept is None else kept.decode(errors="replace")


def put_rejected(request: Request, session: Session, folder: Path, last: Summary) -> None:
    """Put what the last run has rejected into a session, as `REJECTED`.

    Raises:
        FullRunError: It is not there as it was written.
    """
    if request.output_format == "table":
        columns = tuple(column for column in REJECTS if column.name in {"event_id", "reason"})
        session.view(REJECTED, result_rows(session, request, "rejects", columns))
    else:
        try:
            rejects = pq.read_table((folder / "rejects.parquet").absolute(), columns=["event_id", "reason"])
        except (OSError, pa.ArrowException) as error:
            raise FullRunError("rejects.parquet cannot be read") from error
        session.put(REJECTED, rejects)
    number = last["counts"]["rejects"] + last["counts"]["member_rejects"]
    if number_from(session, f"SELECT COUNT(*) AS number FROM {REJECTED}") != number:
        raise _other_than_written("rejects")


def _newest(session: Session, request: Request, column: str) -> str:
    """A query for what the last run left in a column of the table of runs."""
    runs = result_table(session, request, RUNS_TABLE)
    return f"SELECT {column} FROM {runs} ORDER BY finished_at DESC, started_at DESC LIMIT 1"


def put_seen(request: Request, session: Session, folder: Path) -> None:
    """Put what the last run has seen into a session, as `SEEN`.

    Raises:
        FullRunError: It cannot be read.
    """
    if request.output_format == "table":
        session.view(SEEN, result_rows(session, request, SEEN_TABLE, SEEN_COLUMNS))
    else:
        try:
            seen = pq.read_table((folder / SEEN_FILE).absolute())
        except (OSError, pa.ArrowException) as error:
            raise FullRunError(f"{SEEN_FILE} cannot be read") from error
        if seen.schema != table_schemas(request)[SEEN_TABLE]:
            raise FullRunError(f"what stands as {SEEN_TABLE} has other columns")
        session.put(SEEN, seen)


def refuse_earlier(last: Summary, as_of: date) -> None:
    """Refuse to go back in time.

    Raises:
        FullRunError: The last run was of a later day.
    """
    if as_of < date.fromisoformat(last["as_of"]):
        raise FullRunError(f"the last run was as of {last['as_of']}, which is later than {as_of}")


def _other_than_written(name: str) -> FullRunError:
    return FullRunError(f"what stands as {name} is not what the last run has written")


def _summary(
    request: Request, text: str, tables: Mapping[str, tuple[Collection[str], int]], history: int | None = None
) -> Summary:
    """A summary, if it is one of the same rules and of what lies beside it.

    Args:
        request: What is asked for.
        text: The summary as JSON.
        tables: The columns of what lies there, of which sets have no order, and how many rows there are.
        history: How many rows of history a run has left that wrote tables.
    """
    try:
        last: Summary = json.loads(text)
        _refuse_other(request, last)
        counts = last["counts"]
        numbers = {"ledger": counts["ledger"], "standings": sum(last["levels"].values())}
        sum((counts[name] for name in _ROWS_READ), len(last["near_texts"]))  # which are there, and numbers
        numbers[SEEN_TABLE] = last["members"]
        if history is not None:
            numbers["history"] = history
        date.fromisoformat(last["as_of"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FullRunError("the last run left no summary that can be read") from error
    schemas = table_schemas(request)
    for name, (columns, rows) in tables.items():
        names = schemas[name].names
        if columns not in (names, set(names)):
            raise FullRunError(f"what stands as {name} has other columns")
        if rows != numbers.get(name, rows):
            raise _other_than_written(name)
    return last


def _refuse_other(request: Request, last: Summary) -> None:
    """Refuse the results of a run of something else."""
    program = request.program
    versions = [
        {"id": known.id, "effective_from": known.effective_from.isoformat(), "sha256": known.sha256}
        for known in program.versions
    ]
    backend = last["evaluated"]["backend"]
    same = {
        "the last run was of another program": last["program"] == program.id,
        "program.yaml is not what it was in the last run": last["program_sha256"] == program.sha256,
        "versions are not what they were in the last run": last["versions"] == versions,
        f"the last run was by version {last['engine_version']}": last["engine_version"] == __version__,
        f"the last run had {_option(last['version'])}": last["version"] == request.version,
        f"the last run had --assume {last['assume']}": last["assume"] == request.assume.value,
        f"the last run was on {backend}": backend_from(backend).kind == request.backend.kind,
    }
    for difference, is_same in same.items():
        if not is_same:
            raise FullRunError(difference)


def _option(version: str | None) -> str:
    return "no --version" if version is None else f"--version {version}"
