"""PostgreSQL as the engine: the work happens there, only results travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from pointbook.relational.emission import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

_TYPES: Mapping[str, str] = {
    "string": "TEXT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
    "decimal128(21, 6)": "NUMERIC(21, 6)",
}


class PostgresSession:
    """One connection to a PostgreSQL server; what is put there is temporary.

    Attributes:
        dialect: How it wants its SQL.
        connection: The open connection.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Work in a connection, which the caller closes."""
        self.dialect = DIALECTS["postgres"]
        self.connection = connection
        # Nested queries of known size: compiling them costs more than running them.
        connection.execute("SET jit = off")

    def put(self, name: str, table: pa.Table) -> None:
        """Make `table` a relation of that name, for this session alone."""
        columns = ", ".join(f'"{field.name}" {_TYPES[str(field.type)]}' for field in table.schema)
        self.drop(name)
        self.connection.execute(f'CREATE TEMP TABLE "{name}" ({columns})')
        names = ", ".join(f'"{field.name}"' for field in table.schema)
        with self.connection.cursor() as cursor, cursor.copy(f'COPY "{name}" ({names}) FROM STDIN') as copy:
            for batch in table.to_batches(max_chunksize=50_000):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    copy.write_row(row)
        self.connection.execute(f'ANALYZE "{name}"')

    def store(self, name: str, sql: str) -> None:
        """Compute a query once and keep it as a relation of that name, for this session alone."""
        self.drop(name)
        self.connection.execute(f'CREATE TEMP TABLE "{name}" AS {sql}')
        self.connection.execute(f'ANALYZE "{name}"')

    def drop(self, name: str) -> None:
        """Forget a relation that was stored."""
        self.connection.execute(f'DROP TABLE IF EXISTS pg_temp."{name}"')

    def rows(self, sql: str) -> pa.RecordBatchReader:
        """The rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        columns = {name: [row[index] for row in rows] for index, name in enumerate(names)}
        return pa.table(columns).to_reader()
