"""Rows of DuckDB put into tables of a PostgreSQL server, for the scripts that measure there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import psycopg

_KINDS = {"VARCHAR": "TEXT", "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ"}


def put_table(
    server: psycopg.Connection, name: str, connection: duckdb.DuckDBPyConnection, query: str, folder: Path
) -> None:
    """Make a table anew of the rows of a query, which pass through a file in a folder."""
    described = connection.execute(f"DESCRIBE ({query})").fetchall()
    columns = ", ".join(f"{row[0]} {_KINDS.get(row[1], row[1])}" for row in described)
    path = folder / f"{name}.csv"
    connection.execute(f"COPY ({query}) TO '{path}' (HEADER false)")
    server.execute(f"DROP TABLE IF EXISTS {name}".encode())
    server.execute(f"CREATE TABLE {name} ({columns})".encode())
    with server.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)".encode()) as to:
        to.write(path.read_bytes())
    server.execute(f"ANALYZE {name}".encode())
