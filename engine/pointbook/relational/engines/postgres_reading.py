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

from pointbook.relational.engines.postgres_session import PostgresSession
from pointbook.relational.engines.postgres_tables import no_tables_here
from pointbook.relational.engines.sessions import EngineError, TableRows, quoted
from pointbook.relational.engines.table_columns import type_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from contextlib import AbstractContextManager

    import psycopg
    import pyarrow as pa

    from pointbook.relational.engines.dialects import Dialect

_WORD = re.compile(r"\w+")
_WITH = "WITH "


def session_in(connection: psycopg.Connection[Any], *, writes_tables: bool = False) -> PostgresSession:
    """A session in a connection, of the kind that the account's rights allow.

    Raises:
        EngineError: Tables are to be written, and the account may not create any.
    """
    session = PostgresSession(connection)
    reason = no_tables_here(session.values)
    if reason is None:
        return session
    if writes_tables:
        raise reason
    return ReadingPostgresSession(connection)


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

    def check_tables(
        self,
        columns: Mapping[str, pa.Schema],
        *,
        replace: bool,
        merges: bool = False,
        adds: Collection[str] = (),
    ) -> NoReturn:
        del columns, replace, merges, adds
        raise self._nothing_created()

    def write_tables(self, tables: Mapping[str, TableRows], *, replace: bool) -> NoReturn:
        del tables, replace
        raise self._nothing_created()

    def _nothing_created(self) -> EngineError:
        hint = "begin a session with `session_in(connection, writes_tables=True)`"
        return no_tables_here(self.values) or EngineError("postgresql", "this session only reads", hint)

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
                clauses.append(f"{quoted(name)} AS ({_rows(self.dialect, relation.rows, len(values))})")
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


def _rows(dialect: Dialect, table: pa.Table, number: int) -> str:
    """Rows as a query over arrays, of which the first is the value after `number` others."""
    arrays = ", ".join(
        f"${place}::{type_name(dialect, field.type)}[]"
        for place, field in enumerate(table.schema, number + 1)
    )
    columns = ", ".join(quoted(field.name) for field in table.schema)
    return f"SELECT * FROM unnest({arrays}) AS rows ({columns})"  # noqa: S608 - the names are quoted
