# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""PostgreSQL as the engine: the work happens there, only results travel."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from pyarrow.csv import CSVWriter, WriteOptions

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.interruptible import Interruptible
from pointbook.relational.engines.sessions import (
    EngineError,
    Session,
    beyond_64_bits,
    first_line,
    no_query,
    no_tables,
    quoted,
)

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
        self.drop(name)
        self.execute(f'CREATE TEMP TABLE "{name}" ({_columns(table.schema)})')
        self._copy(quoted(name), table.to_reader())
        self.execute(f'ANALYZE "{name}"')

    def _copy(self, place: str, rows: pa.RecordBatchReader) -> None:
        """Add rows to a table. In Arrow's CSV all texts are in quotes, and nothing at all is null."""
        statement = f"COPY {place} FROM STDIN (FORMAT csv, ENCODING 'UTF8')"
        options = WriteOptions(include_header=False)

        def copy() -> None:
            with (
                self.connection.cursor() as cursor,
                cursor.copy(statement) as written,
                CSVWriter(_Sink(written), rows.schema, write_options=options) as csv,
            ):
                for batch in rows:
                    csv.write_batch(batch)

        with _server_watched():
            self._queries.done(copy)

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
        with self._replacing():
            for name, sql in tables.items():
                columns = self._run(f"SELECT * FROM ({sql}) AS q LIMIT 0").description  # noqa: S608 - the plan's
                place = self._emptied(name, self._arrow_schema(columns or ()))
                self.execute(f"INSERT INTO {place} {sql}")

    def replace_tables_from(self, tables: Mapping[str, pa.RecordBatchReader]) -> None:
        """As for every session; all are written, or none."""
        with self._replacing():
            for name, rows in tables.items():
                self._copy(self._emptied(name, rows.schema), rows)

    @contextmanager
    def _replacing(self) -> Iterator[None]:
        try:
            with self._transaction():
                yield
        except psycopg.Error as error:
            raise no_tables("postgresql", error) from error

    def _emptied(self, name: str, schema: pa.Schema) -> str:
        """A new table in the place of any of that name, as SQL."""
        place = quoted(name if "." in name else f"{self._schema()}.{name}")
        self.execute(f"DROP TABLE IF EXISTS {place}")
        self.execute(f"CREATE TABLE {place} ({_columns(schema)})")
        return place

    def execute(self, sql: str) -> None:
        """Run a statement; an interrupt stops it.

        Raises:
            EngineError: A number is too large for it.
        """
        self._run(sql)

    def _run(self, sql: str, values: Sequence[object] = ()) -> psycopg.Cursor[Any]:
        """Run a statement outside of this thread, where no signal meets it halfway."""
        with _server_watched():
            return self._queries.done(
                lambda: self.connection.execute(
                    sql, values or None, prepare=False
                )  # a FETCH differs each time
            )

    @contextmanager
    def _transaction(self, begin: str = "BEGIN") -> Iterator[None]:
        self._run(begin)
        try:
            yield
        except BaseException:
            if not self.connection.closed:  # else the server has rolled back
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
        with self._transaction("BEGIN READ ONLY"):
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


class _Sink:
    """What a COPY reads, as a file that Arrow writes."""

    closed = False

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy

    def write(self, part: pa.Buffer) -> int:
        self._copy.write(memoryview(part))
        return len(part)

    def flush(self) -> None:
        """Nothing waits."""


def _columns(schema: pa.Schema) -> str:
    """The columns of a table to be made, as SQL."""
    return ", ".join(f"{quoted(field.name)} {_TYPES[str(field.type)]}" for field in schema)


@contextmanager
def _server_watched() -> Iterator[None]:
    """Say clearly that the server has ended a connection or a query, or that a number is too large."""
    try:
        yield
    except psycopg.errors.NumericValueOutOfRange as error:
        raise beyond_64_bits("postgresql") from error
    except (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction) as error:
        hint = "look into the server's log, or ask whoever runs it"
        raise EngineError("postgresql", f"the server has stopped this: {first_line(error)}", hint) from error
