# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""PostgreSQL as the engine: the work happens there, only results travel."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa

from pointbook.relational.engines.emission import DIALECTS
from pointbook.relational.engines.interruptible import Interruptible
from pointbook.relational.engines.sessions import Session, beyond_64_bits, no_query, no_tables, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ROWS_AT_A_TIME = 50_000

_TYPES: Mapping[str, str] = {
    "string": "TEXT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "bool": "BOOLEAN",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
    "decimal128(21, 6)": "NUMERIC(21, 6)",
}
_ARROW_TYPES: Mapping[str, pa.DataType] = {
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "numeric": pa.decimal128(38, 6),
}


class PostgresSession(Session):
    """One connection to a PostgreSQL server; what is put there is temporary.

    A signal that asks this process to stop cancels the query that runs.

    Attributes:
        connection: The open connection, which commits each statement.
    """

    keeps_order = False  # only the last `ORDER BY` of a query says the order of rows

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Work in a connection, which the caller closes."""
        self.dialect = DIALECTS["postgres"]
        self.connection = connection
        self._queries = Interruptible(connection.cancel_safe)
        # Nested queries of known size: compiling them costs more than running them.
        self._run("SET jit = off")
        # Results are read to their end.
        self._run("SET cursor_tuple_fraction = 1")

    def put(self, name: str, table: pa.Table) -> None:
        columns = ", ".join(f'"{field.name}" {_TYPES[str(field.type)]}' for field in table.schema)
        self.drop(name)
        self.execute(f'CREATE TEMP TABLE "{name}" ({columns})')
        names = ", ".join(f'"{field.name}"' for field in table.schema)
        self._queries.done(lambda: self._copy(f'COPY "{name}" ({names}) FROM STDIN', table))
        self.execute(f'ANALYZE "{name}"')

    def _copy(self, sql: str, table: pa.Table) -> None:
        with self.connection.cursor() as cursor, cursor.copy(sql) as copy:
            for batch in table.to_batches(max_chunksize=_ROWS_AT_A_TIME):
                for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                    copy.write_row(row)

    def store(self, name: str, sql: str) -> None:
        self.drop(name)
        self.execute(f'CREATE TEMP TABLE "{name}" AS {sql}')
        self.execute(f'ANALYZE "{name}"')

    def drop(self, name: str) -> None:
        known = "SELECT relkind = 'v' FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname = %s"
        found = self._run(known, [name]).fetchone()
        if found is not None:
            self.execute(f'DROP {"VIEW" if found[0] else "TABLE"} pg_temp."{name}" CASCADE')

    def view(self, name: str, sql: str) -> None:
        self.drop(name)
        self.execute(f'CREATE TEMP VIEW "{name}" AS {sql}')

    def columns(self, sql: str) -> Sequence[tuple[str, str]]:
        try:
            cursor = self._run(f"SELECT * FROM ({sql}) AS q LIMIT 0")  # noqa: S608 - the user's own query
        except psycopg.Error as error:
            raise no_query("postgresql", error) from error
        return [(column.name, self._type_name(column)) for column in cursor.description or ()]

    def _type_name(self, column: psycopg.Column) -> str:
        """What PostgreSQL calls the type of a column; `enum` for all of the user's own lists of words."""
        query = "SELECT typtype = 'e' FROM pg_type WHERE oid = %s"
        if self.connection.adapters.types.get(column.type_code) is None:
            found = self._run(query, [column.type_code]).fetchone()
            if found is not None and found[0]:
                return "enum"
        return column.type_display

    def rows(self, sql: str) -> pa.RecordBatchReader:
        batches = self._batches(sql)
        first = next(batches)
        return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))

    def replace_tables(self, tables: Mapping[str, str]) -> None:
        """As for every session; all are written, or none."""
        try:
            with self._transaction():
                for name, sql in tables.items():
                    place = quoted(name if "." in name else f"{self._schema()}.{name}")
                    self.execute(f"DROP TABLE IF EXISTS {place}")
                    self.execute(f"CREATE TABLE {place} AS {sql}")
        except psycopg.Error as error:
            raise no_tables("postgresql", error) from error

    def execute(self, sql: str) -> None:
        """Run a statement; an interrupt stops it.

        Raises:
            EngineError: A number is too large for it.
        """
        self._run(sql)

    def _run(self, sql: str, values: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        """Run a statement outside of this thread, where no signal meets it halfway."""
        try:
            return self._queries.done(
                lambda: self.connection.execute(
                    sql, values or None, prepare=False
                )  # a FETCH differs each time
            )
        except psycopg.errors.NumericValueOutOfRange as error:
            raise beyond_64_bits("postgresql") from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN")
        try:
            yield
        except BaseException:
            self._run("ROLLBACK")
            raise
        self._run("COMMIT")

    def _schema(self) -> str:
        row = self._run("SELECT current_schema()").fetchone()
        assert row is not None
        return str(row[0])

    def _batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """At least one batch, which may be empty, so that the columns' types are known."""
        fetch = f"FETCH {_ROWS_AT_A_TIME} FROM pointbook_rows"
        with self._transaction():
            self._run(f"DECLARE pointbook_rows NO SCROLL CURSOR FOR {sql}")
            cursor = self._run(fetch)
            schema = self._arrow_schema(cursor.description or ())
            rows = cursor.fetchall()
            while True:
                columns = zip(*rows, strict=True) if rows else [()] * len(schema)
                arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
                yield pa.record_batch(arrays, schema=schema)
                rows = self._run(fetch).fetchall()
                if not rows:
                    return

    def _arrow_schema(self, columns: Sequence[psycopg.Column]) -> pa.Schema:
        def kind(column: psycopg.Column) -> pa.DataType:
            known = self.connection.adapters.types.get(column.type_code)
            return _ARROW_TYPES.get(known.name if known else "", pa.string())

        return pa.schema([(column.name, kind(column)) for column in columns])
