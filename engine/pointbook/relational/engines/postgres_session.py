# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""PostgreSQL as the engine: the work happens there, only results travel."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from pyarrow.csv import CSVWriter, WriteOptions

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.interruptible import Interruptible
from pointbook.relational.engines.postgres_errors import (
    query_refused,
    query_watched,
    server_watched,
    tables_refused,
)
from pointbook.relational.engines.postgres_places import TEMPORARY, lock_keys, place_of
from pointbook.relational.engines.postgres_tables import to_make
from pointbook.relational.engines.sessions import (
    EngineError,
    Session,
    TableRows,
    changes_sql,
    insert_sql,
    quoted,
)
from pointbook.relational.engines.table_columns import columns_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

_ROWS_AT_A_TIME = 50_000

_SETTINGS: Mapping[str, str] = {
    # How values are written, and names of types, whatever the role or the database has set.
    "client_encoding": "UTF8",
    "DateStyle": "ISO",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
    # Nested queries of known size: compiling them costs more than running them.
    "jit": "off",
    # Results are read to their end.
    "cursor_tuple_fraction": "1",
}
"""What the work needs of a session."""

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
        for name, value in _SETTINGS.items():
            self._run(f"SET {name} = {value}")
        self._made = dict(self.values(TEMPORARY))

    def put(self, name: str, table: pa.Table) -> None:
        self._make("TABLE", name, f"({columns_sql(self.dialect, table.schema)})")
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

        with server_watched():
            self._queries.done(copy)

    def store(self, name: str, sql: str) -> None:
        self._make("TABLE", name, f"AS {sql} WITH NO DATA")
        # What a query of a user's calls may write nothing, but for rows of temporary tables.
        with query_watched(), self._reading():
            self.execute(f'INSERT INTO "{name}" {sql}')
        self.execute(f'ANALYZE "{name}"')

    def drop(self, name: str) -> None:
        if kind := self._made.pop(name, None):  # it may have gone with another that it was computed from
            self.execute(f'DROP {kind} IF EXISTS pg_temp."{name}" CASCADE')

    def view(self, name: str, sql: str) -> None:
        self._make("VIEW", name, f"AS {sql}", is_one=True)

    def _make(self, kind: str, name: str, definition: str, *, is_one: bool = False) -> None:
        """Make a relation anew; `is_one` as `_run` takes it."""
        self.drop(name)
        self._run(f'CREATE TEMP {kind} "{name}" {definition}', is_one=is_one)
        self._made[name] = kind

    def columns(self, sql: str) -> Sequence[tuple[str, str]]:
        try:
            with self._reading():
                cursor = self._run(f"SELECT * FROM ({sql}) AS q LIMIT 0", is_one=True)  # noqa: S608 - the user's own
        except (psycopg.Error, EngineError) as error:
            raise query_refused(error) from error.__cause__ or error
        return [(column.name, self._type_name(column)) for column in cursor.description or ()]

    def _type_name(self, column: psycopg.Column) -> str:
        """What PostgreSQL calls the type of a column; `enum` for all of the user's own lists of words."""
        name = "CASE typtype WHEN 'e' THEN 'enum' ELSE format_type(oid, NULL) END"
        query = f"SELECT {name} FROM pg_type WHERE oid = $1"  # noqa: S608 - written above
        if self.connection.adapters.types.get(column.type_code) is None:
            found = self._run(query, [column.type_code]).fetchone()
            if found is not None:
                return str(found[0])
        return column.type_display

    def rows(self, sql: str) -> pa.RecordBatchReader:
        batches = self._batches(sql)
        first = next(batches)
        return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))

    def clock(self) -> datetime:
        [(now,)] = self.values("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        assert isinstance(now, datetime), "it is a timestamp"
        return now

    def check_tables(
        self,
        columns: Mapping[str, pa.Schema],
        *,
        replace: bool,
        merges: bool = False,
        adds: Collection[str] = (),
    ) -> None:
        places = {name: place_of(self.values, name) for name in columns}
        wanted = {places[name]: schema for name, schema in columns.items()}
        added = {places[name] for name in adds}
        to_make(self.values, wanted, replace=replace, merges=merges, adds=added)
        # Held until the session ends: whoever else would write there has to see what this run leaves.
        for key in lock_keys(wanted):
            self._run("SELECT pg_advisory_lock($1)", [key])

    def write_tables(self, tables: Mapping[str, TableRows], *, replace: bool) -> None:
        places = {name: place_of(self.values, name) for name in tables}
        added = {places[name] for name, one in tables.items() if one.adds}
        with self._writing():
            for key in lock_keys(places.values()):
                self._run("SELECT pg_advisory_xact_lock($1)", [key])
            made = to_make(
                self.values,
                {places[name]: one.columns for name, one in tables.items()},
                replace=replace,
                merges=any(one.set_to for one in tables.values()),
                adds=added,
            )
            for place in sorted({*places.values()} - made - added):  # readers go on; others that write wait
                self.execute(f"LOCK TABLE {place.sql} IN SHARE ROW EXCLUSIVE MODE")
            for name, one in tables.items():
                self._write(places[name].sql, one, is_new=places[name] in made)

    def _write(self, place: str, table: TableRows, *, is_new: bool) -> None:
        if is_new:
            self.execute(f"DROP TABLE IF EXISTS {place}")
            self.execute(f"CREATE TABLE {place} ({columns_sql(self.dialect, table.columns)})")
        else:
            for change in changes_sql(place, table):
                self.execute(change)
        if isinstance(table.rows, str):
            self.execute(insert_sql(place, table.columns, table.rows))
        else:
            names = ", ".join(map(quoted, table.rows.schema.names))
            self._copy(f"{place} ({names})", table.rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction; what was committed before it took its locks is seen, whatever the default."""
        try:
            with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED", "COMMIT", "ROLLBACK"):
                yield
        except psycopg.Error as error:
            raise tables_refused(error) from error

    def execute(self, sql: str) -> None:
        """Run a statement; an interrupt stops it.

        Raises:
            EngineError: A number is too large for it.
        """
        self._run(sql)

    def values(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query, if they are few, as Python has them."""
        return self._run(sql, values).fetchall()

    def _run(
        self, sql: str, values: Sequence[object] = (), *, is_one: bool = False
    ) -> psycopg.RawCursor[Any]:
        """Run a statement outside of this thread, where no signal meets it halfway.

        Args:
            sql: The statement.
            values: What `$1` and so on stand for.
            is_one: A user has written in it, so that the server must refuse it if it is several.
        """
        cursor = psycopg.RawCursor(self.connection)

        def run() -> psycopg.RawCursor[Any]:
            # Asked for results in binary, psycopg takes the protocol that has one statement alone. Statements
            # are not prepared: a FETCH differs each time.
            return cursor.execute(sql, values or None, prepare=False, binary=is_one or None)

        with server_watched():
            return self._queries.done(run)

    @contextmanager
    def _transaction(self, begin: str, end: str, undo: str) -> Iterator[None]:
        self._run(begin)
        try:
            yield
        except BaseException:
            if not self.connection.closed:  # else the server has rolled back
                self._run(undo)
            raise
        self._run(end)

    def _reading(self) -> AbstractContextManager[None]:
        """A transaction in which nothing that lasts can be written."""
        return self._transaction("BEGIN READ ONLY", "COMMIT", "ROLLBACK")

    def _batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """At least one batch, which may be empty, so that the columns' types are known."""
        fetch = f"FETCH {_ROWS_AT_A_TIME} FROM pointbook_rows"
        with query_watched(), self._reading():
            self._declare("pointbook_rows", sql)
            cursor = self._run(fetch)
            schema = self._arrow_schema(cursor.description or ())
            rows = cursor.fetchall()
            while True:
                columns = zip(*rows, strict=True) if rows else [()] * len(schema)
                arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
                yield pa.record_batch(arrays, schema=schema)
                rows = [] if len(rows) < _ROWS_AT_A_TIME else self._run(fetch).fetchall()
                if not rows:
                    break
            self._run("CLOSE pointbook_rows")

    def _declare(self, cursor: str, sql: str) -> None:
        self._run(f"DECLARE {cursor} NO SCROLL CURSOR FOR {sql}")

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
