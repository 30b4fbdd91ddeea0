"""What a run has seen of each member, kept beside its results, so that the next one can update them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.tables import Column, ColumnType, Columns

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

SEEN_FILE = "seen.parquet"
SEEN_COLUMNS: Columns = (
    Column("member_id"),
    Column("digest"),
    Column("points_ignored", ColumnType.INTEGER),
)


def keeps_seen(request: Request) -> bool:
    """Whether a run keeps what it sees: where an engine reads the log, and rows can be replaced later."""
    return request.output_format == "parquet" and request.backend.kind in {"duckdb", "postgresql"}


def write_seen(
    session: Session, request: Request, output: OutputFolder, as_of: date, ignored: Mapping[str, int]
) -> None:
    """Write what a full run has seen, where its results can be updated.

    Args:
        session: Has the log.
        request: What was asked for.
        output: Where results are written.
        as_of: The last day that counted.
        ignored: How many events of a member carry points that nothing uses.
    """
    if not request.keeps_seen:
        return
    from pointbook.relational.updating.changes import seen_sql  # noqa: PLC0415 - an extra
    from pointbook.relational.updating.digests import put_digests  # noqa: PLC0415 - an extra

    put_digests(session, request.program, as_of)
    write_seen_file(session, output, seen_sql(session, ignored, updates=False))


def write_seen_file(session: Session, output: OutputFolder, sql: str) -> None:
    """Write the rows of a query with `SEEN_COLUMNS`."""
    from pointbook_cli.reporters.tables.parquet_files import write_parquet  # noqa: PLC0415 - an extra

    write_parquet(output.path(SEEN_FILE), SEEN_COLUMNS, session.rows(sql))
