"""What a run has seen of each member, kept beside its results, so that the next one can update them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.tables import Column, Columns, ColumnType
from pointbook_cli.evaluation.marks import MARK, mark_of
from pointbook_cli.evaluation.request import SEEN_TABLE
from pointbook_cli.hidden_folder import sha256_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.log import LogFacts
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.backends import Backend
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

SEEN_FILE = f"{SEEN_TABLE}.parquet"
SEEN_COLUMNS: Columns = (
    Column("member_id"),
    Column("digest"),
    Column("rows_digest"),
    Column("points_ignored", ColumnType.INTEGER),
)


def keeps_seen(output_format: str, backend: Backend) -> bool:
    """Whether a run keeps what it sees: where an engine reads the log, and rows can be replaced later."""
    return output_format in {"parquet", "table"} and backend.kind in {"duckdb", "postgresql"}


def seen_rows(session: Session, request: Request, as_of: date, ignored: Mapping[str, int]) -> dict[str, str]:
    """What a full run has seen, as a query by the name of its table; nothing where it is not kept.

    Args:
        session: Has the log.
        request: What was asked for.
        as_of: The last day that counted.
        ignored: How many events of a member carry points that nothing uses.
    """
    if not request.keeps_seen:
        return {}
    from pointbook.relational.updating.changes import seen_sql  # noqa: PLC0415 - an extra
    from pointbook.relational.updating.digests import put_digests  # noqa: PLC0415 - an extra

    put_digests(session, request.program, as_of)
    return {SEEN_TABLE: seen_sql(session, ignored, updates=False)}


def write_seen(
    session: Session, request: Request, output: OutputFolder, rows: Mapping[str, str], what: Mapping[str, str]
) -> None:
    """Write what `seen_rows` found, if it did, to a file that tells of which results, and `what` else."""
    from pointbook_cli.evaluation.fold_work import result_columns  # noqa: PLC0415 - not needed by all
    from pointbook_cli.reporters.tables.parquet_files import write_parquet  # noqa: PLC0415 - an extra

    for sql in rows.values():
        paths = {name: output.path(f"{name}.parquet") for name in result_columns(request.program)}
        metadata = {**what, **{name: sha256_in(path) for name, path in paths.items()}}
        write_parquet(output.path(SEEN_FILE), SEEN_COLUMNS, session.rows(sql), metadata)


def what_was_seen(request: Request, facts: LogFacts, as_of: date) -> dict[str, str]:
    """Of which day a run was, and which rows are new for the next one, for the file of what was seen."""
    mark = mark_of(request, facts)
    return {"as_of": as_of.isoformat()} | ({} if mark is None else {MARK: mark})
