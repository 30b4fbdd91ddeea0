"""Results as tables of a database: what they have, and the row that each run leaves."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.diagnostics import InputError
from pointbook.model.tables import REJECTS, Column, ColumnType
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.evaluation.marks import MARK, SEEN_THEN
from pointbook_cli.evaluation.request import RUNS_TABLE, SEEN_TABLE, TABLES, refuse_results_behind_views
from pointbook_cli.evaluation.seen import SEEN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from pointbook.model.tables import Columns
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request, RunRow

_RUN = "pointbook_this_run"
_HISTORY_ROWS = "history_rows"

RUNS: Columns = (
    Column("run_id"),
    Column("started_at", ColumnType.TIME),
    Column("finished_at", ColumnType.TIME),
    Column("kind"),
    Column("as_of", ColumnType.DATE),
    Column("program"),
    Column("program_sha256"),
    Column("versions"),
    Column("version"),
    Column("assume"),
    Column("engine_version"),
    Column("backend"),
    Column("way"),
    Column("counts"),
    Column("summary"),
    Column(MARK),
    Column(_HISTORY_ROWS, ColumnType.INTEGER),
)
"""Columns of the table of runs, the only one that differs where nothing else does. Times are in UTC.

Source: docs/large-logs.md, "Tables that stay".
"""


class Run(NamedTuple):
    """A run whose results become tables.

    Attributes:
        run_id: What it is called.
        began: When it began, in seconds of this process's own clock.
    """

    run_id: str
    began: float


def begun(run_id: str | None) -> Run:
    """A run that begins now; None has it called by the time, and by letters that no other run will have."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return Run(run_id or f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}", time.monotonic())


def check_tables(session: Session, request: Request) -> None:
    """Refuse tables that could not be written, before the log is read.

    Raises:
        EngineError: One cannot, and why.
        click.BadParameter: What is read would be replaced.
    """
    from pointbook.relational.inputs.functions_called import words_behind  # noqa: PLC0415 - an extra

    if session.dialect.name == "duckdb":
        refuse_results_behind_views(request, partial(words_behind, session))
    prefix = request.table_prefix
    columns = {f"{prefix}{name}": schema for name, schema in table_schemas(request).items()}
    adds = {f"{prefix}{RUNS_TABLE}"}
    session.check_tables(columns, replace=request.replace, merges=request.updates, adds=adds)


def write_tables(  # noqa: PLR0913 - whose rows, and what becomes of the others
    session: Session,
    request: Request,
    rows: Mapping[str, str | pa.RecordBatchReader],
    run: RunRow,
    *,
    of_members: Mapping[str, str] = MappingProxyType({}),
    set_to: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> None:
    """Write the results as tables, all or none.

    Args:
        session: The engine.
        request: What was asked for.
        rows: A query or rows for each result, rejects among them.
        run: Makes the row of this run.
        of_members: A relation with the members whose rows are replaced, by table; of others all rows are.
        set_to: What columns of rows that stay are given, as SQL, by table.
    """
    from pointbook.relational.engines.sessions import TableRows  # noqa: PLC0415 - an extra

    schemas = table_schemas(request)
    tables = {
        name: TableRows(schemas[name], own, of_members.get(name), set_to.get(name, {}))
        for name, own in rows.items()
    }
    row = run(session.clock())
    run_rows: str | pa.RecordBatchReader = row.to_reader()
    if request.keeps_seen:
        session.put(_RUN, row)
        run_rows = _with_what_is_there(session, request, row[MARK][0].as_py() or "")
    tables[RUNS_TABLE] = TableRows(schemas[RUNS_TABLE], run_rows, adds=True)  # last: then all are there
    prefixed = {f"{request.table_prefix}{name}": one for name, one in tables.items()}
    session.write_tables(prefixed, replace=request.replace)


def _with_what_is_there(session: Session, request: Request, mark: str) -> str:
    """The row of this run as a query, with the rows that history then has, and a digest of what was seen."""
    from pointbook.relational.engines.sessions import literal, quoted  # noqa: PLC0415 - an extra
    from pointbook.relational.updating.digests import seen_digest  # noqa: PLC0415 - an extra

    history, seen = (result_table(session, request, name) for name in ("history", SEEN_TABLE))
    counted = {_HISTORY_ROWS: f"(SELECT COUNT(*) FROM {history})"}  # noqa: S608 - quoted
    if SEEN_THEN in mark:
        digest = seen_digest(session.dialect.name, seen)
        counted[MARK] = f"replace({quoted(MARK)}, {literal(SEEN_THEN)}, ({digest}))"
    names = [quoted(column.name) for column in RUNS]
    columns = (counted.get(column.name, name) for column, name in zip(RUNS, names, strict=True))
    selected = ", ".join(f"{column} AS {name}" for column, name in zip(columns, names, strict=True))
    return f"SELECT {selected} FROM {_RUN}"  # noqa: S608 - names made here


def table_schemas(request: Request) -> dict[str, pa.Schema]:
    """The columns of each table, by its name without the prefix."""
    from pointbook_cli.reporters.tables.parquet_files import result_schema  # noqa: PLC0415 - an extra

    columns = {**result_columns(request.program), "rejects": REJECTS, RUNS_TABLE: RUNS}
    if request.keeps_seen:
        columns[SEEN_TABLE] = SEEN_COLUMNS
    return {name: result_schema(own) for name, own in columns.items()}


def run_row(
    run: Run, summary: Mapping[str, Any], finished_at: datetime, *, mark: str | None = None
) -> pa.Table:
    """The row that a run leaves in the table of runs.

    Args:
        run: The run.
        summary: Of `summary_of`.
        finished_at: The time, by the clock of the database.
        mark: By what the next run tells which rows are new, where it can.
    """
    import pyarrow as pa  # noqa: PLC0415 - an extra

    from pointbook_cli.reporters.tables.parquet_files import batch_from, result_schema  # noqa: PLC0415 - an extra

    evaluated = summary["evaluated"]
    values = {
        "run_id": run.run_id,
        "started_at": (finished_at - timedelta(seconds=time.monotonic() - run.began)).isoformat(),
        "finished_at": finished_at.isoformat(),
        "kind": "update" if "update" in evaluated else "full",
        "versions": _json({one["id"]: one["sha256"] for one in summary["versions"]}),
        "backend": evaluated["backend"],
        "way": str(evaluated["way"]),
        "counts": _json(summary["counts"]),
        "summary": _json(summary),
        MARK: mark,
        _HISTORY_ROWS: None,  # counted once it is written
    }
    values |= {column.name: summary[column.name] for column in RUNS if column.name not in values}
    batch = batch_from([[values[column.name]] for column in RUNS], result_schema(RUNS))
    return pa.Table.from_batches([batch])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def tables_stand(session: Session | None, request: Request) -> bool:
    """Whether one of the tables that are asked for is there already."""
    if request.output_format != "table" or session is None:
        return False
    return any(_stands(session, result_table(session, request, name)) for name in TABLES)


def result_table(session: Session, request: Request, name: str) -> str:
    """The table of a result as SQL; its schema can be called by a word that SQL has, such as `user`."""
    from pointbook.relational.inputs.engine_words import WORDS  # noqa: PLC0415 - an extra

    parts = f"{request.table_prefix}{name}".split(".")
    return ".".join(map(WORDS[session.dialect.name].named, parts))


def result_rows(session: Session, request: Request, name: str, columns: Columns) -> str:
    """Columns of the table of a result, as a query whose texts are equal to no others."""
    from pointbook.relational.engines.sessions import exact, quoted  # noqa: PLC0415 - an extra

    names = [
        f"{exact(quoted(column.name))} AS {quoted(column.name)}"
        if column.type is ColumnType.TEXT
        else quoted(column.name)
        for column in columns
    ]
    return f"SELECT {', '.join(names)} FROM {result_table(session, request, name)}"  # noqa: S608 - names of ours


def _stands(session: Session, table: str) -> bool:
    try:
        session.columns(f"SELECT * FROM {table}")  # noqa: S608 - the name is quoted
    except InputError:
        return False
    return True
