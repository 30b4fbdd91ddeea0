# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""PostgreSQL for an account that may only read: the work happens there, nothing is created, results travel.

A relation of the session is part of each query that needs it. Rows of this process are values of that query.
What another engine stores is computed anew by each, which costs time; so this is not the ordinary way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from pointbook.relational.engines.postgres_session import PostgresSession, sql_type
from pointbook.relational.engines.sessions import EngineError, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    import psycopg
    import pyarrow as pa

_MAY_CREATE = (
    "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'"
    " AND has_database_privilege(current_database(), 'TEMPORARY')"
)
_WORD = re.compile(r"\w+")
_WITH = "WITH "


def session_in(connection: psycopg.Connection[Any], *, writes_tables: bool = False) -> PostgresSession:
    """A session in a connection, of the kind that the account's rights allow.

    Raises:
        EngineError: Tables are to be written, and the account may not create any.
    """
    session = PostgresSession(connection)
    row = session.rows(_MAY_CREATE).read_all().column(0)[0]
    if row.as_py():
        return session
    reading = ReadingPostgresSession(connection)
    if writes_tables:
        reading.replace_tables({})
    return reading


@dataclass(frozen=True)
class _Relation:
    """A relation as part of a query.

    Attributes:
        sql: The query for its rows; of rows of this process, empty.
        how: What says whether it is computed once.
        rows: Rows of this process.
    """

    sql: str = ""
    how: str = ""
    rows: pa.Table | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the query: among them are the names of what it reads."""
        return frozenset(_WORD.findall(self.sql))


class ReadingPostgresSession(PostgresSession):
    """One connection in which nothing is created; all that it reads is of one moment."""

    stores = False

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Work in a connection, which the caller closes; a transaction is open until then."""
        super().__init__(connection)
        self._relations: dict[str, _Relation] = {}
        # Of a relation that is part of a query nothing is known beforehand: where few rows are expected and
        # many come, nested loops take hours, and anything else seconds.
        self._run("SET enable_nestloop = off")
        self._run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def put(self, name: str, table: pa.Table) -> None:
        self._define(name, _Relation(rows=table))

    def store(self, name: str, sql: str) -> None:
        self._define(name, _Relation(sql, "MATERIALIZED "))

    def view(self, name: str, sql: str) -> None:
        self._define(name, _Relation(sql, "NOT MATERIALIZED "))

    def drop(self, name: str) -> None:
        """As for every session; what others are computed from stays for these."""
        others = (one.words for other, one in self._relations.items() if other != name)
        if not any(name in words for words in others):
            self._relations.pop(name, None)

    def replace_tables(self, tables: Mapping[str, str]) -> NoReturn:
        del tables
        message = "this account may create no tables there, which `--output-format table` needs"
        hint = "write files, `--output-format parquet`, or ask for the rights CREATE and TEMPORARY"
        raise EngineError("postgresql", message, hint)

    def replace_tables_from(self, tables: Mapping[str, pa.RecordBatchReader]) -> NoReturn:
        del tables
        self.replace_tables({})

    def _define(self, name: str, relation: _Relation) -> None:
        """Relations stand in the order of their definition: what a user calls so is looked for before it."""
        self._relations.pop(name, None)
        self._relations[name] = relation

    def _reading(self) -> AbstractContextManager[None]:
        """A part of the transaction, which goes on where this one fails."""
        return self._transaction(
            "SAVEPOINT pointbook", "RELEASE SAVEPOINT pointbook", "ROLLBACK TO SAVEPOINT pointbook"
        )

    def _declare(self, cursor: str, sql: str) -> None:
        clauses: list[str] = []
        values: list[object] = []
        for name in self._needed_for(sql):
            relation = self._relations[name]
            if relation.rows is None:
                clauses.append(f"{quoted(name)} AS {relation.how}({relation.sql})")
            else:
                clauses.append(f"{quoted(name)} AS ({_rows(relation.rows, len(values))})")
                values += (column.to_pylist() for column in relation.rows.columns)
        if clauses:
            own = f", {sql.removeprefix(_WITH)}" if sql.startswith(_WITH) else f" {sql}"
            sql = f"{_WITH}{', '.join(clauses)}{own}"
        self._run(f"DECLARE {cursor} NO SCROLL CURSOR FOR {sql}", values, is_one=True)

    def _needed_for(self, sql: str) -> Sequence[str]:
        """Names of relations that a query may need, in the order of their definition."""
        words = set(_WORD.findall(sql))
        needed = []
        for name, relation in reversed(self._relations.items()):
            if name in words:
                needed.append(name)
                words |= relation.words
        return needed[::-1]


def _rows(table: pa.Table, number: int) -> str:
    """Rows as a query over arrays, of which the first is the value after `number` others."""
    arrays = ", ".join(
        f"${place}::{sql_type(field.type)}[]" for place, field in enumerate(table.schema, number + 1)
    )
    columns = ", ".join(quoted(field.name) for field in table.schema)
    return f"SELECT * FROM unnest({arrays}) AS rows ({columns})"  # noqa: S608 - the names are quoted
