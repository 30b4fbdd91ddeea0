"""Engines that run a plan: what DuckDB, PostgreSQL and Spark have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from pointbook.diagnostics import InputError
from pointbook.relational.constructs import BEYOND_64_BITS, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa

    from pointbook.relational.engines.dialects import Dialect


@dataclass(frozen=True, slots=True)
class TableRows:
    """Rows for a table that stays.

    Attributes:
        columns: Those of the table. Rows may have their columns in another order, and narrower numbers.
        rows: A query of the session, or rows in batches.
        of_members: A relation of the session with a column member_id: only rows of these members are
            replaced, and all others stay. None: all rows are replaced.
        set_to: What columns of rows that stay are given: SQL literals by name.
        adds: Nothing is deleted, the rows are added.
    """

    columns: pa.Schema
    rows: str | pa.RecordBatchReader
    of_members: str | None = None
    set_to: Mapping[str, str] = field(default_factory=dict)
    adds: bool = False


class Session(Protocol):
    """An engine with tables in it.

    Attributes:
        dialect: How it wants its SQL.
        stores: What it stores is computed once; elsewhere by each query that reads it.
    """

    dialect: Dialect
    stores: bool = True

    @property
    def keeps_order(self) -> bool:
        """Whether rows that were sorted stay in order through all but joins and groups.

        Results are handed over in it then.
        """

    def put(self, name: str, table: pa.Table) -> None:
        """Make `table` a relation of that name, for this session alone."""

    def put_rows(self, name: str, rows: pa.RecordBatchReader) -> None:
        """Make rows that come in batches a relation of that name, for this session alone."""
        self.put(name, rows.read_all())

    def store(self, name: str, sql: str) -> None:
        """Compute a query once and keep it as a relation of that name, for this session alone."""

    def view(self, name: str, sql: str) -> None:
        """Make a query a relation of that name, for this session alone, computed whenever it is read."""

    def drop(self, name: str) -> None:
        """Forget a relation of this session, and what is computed from it; none of that name is no error."""

    def columns(self, sql: str) -> Sequence[tuple[str, str]]:
        """Each column of a query, and what the engine calls its type.

        A query of a user's comes here before anything else is done with it.

        Raises:
            EngineError: The query cannot be run, or it is not one statement that reads.
        """

    def rows(self, sql: str) -> pa.RecordBatchReader:
        """The rows of a query; they must be read before the next query begins."""

    def clock(self) -> datetime:
        """The time in UTC, by the clock that all who work in its database have in common."""
        return datetime.now(UTC).replace(tzinfo=None)

    def check_tables(
        self,
        columns: Mapping[str, pa.Schema],
        *,
        replace: bool,
        merges: bool = False,
        adds: Collection[str] = (),
    ) -> None:
        """Find out whether tables can be written, and keep other runs from them until the session is closed.

        A table that stands must have these columns; the order makes no difference.

        Args:
            columns: The columns of each table by its name, which may begin with a schema and a dot.
            replace: Whether tables with other columns may be dropped.
            merges: Whether rows that stay will be changed, which takes another right.
            adds: Names of tables of which no row will be deleted.

        Raises:
            EngineError: A table cannot be written, and why.
        """

    def write_tables(self, tables: Mapping[str, TableRows], *, replace: bool) -> None:
        """Write rows to tables that stay, made where there are none; all are written, or none.

        Of a table that stands the rows are replaced: grants, views, comments and indexes stay, and whoever
        reads meanwhile sees the rows from before.

        Args:
            tables: The rows by the name of their table, which may begin with a schema and a dot.
            replace: Whether tables with other columns are dropped and made anew; otherwise they are refused.

        Raises:
            EngineError: A table cannot be written, and why.
        """


class EngineError(InputError):
    """An engine cannot do what was asked of it, for a reason that its user can remove."""


def sqlstate_of(error: EngineError) -> str:
    """The state by which a server says why it refused; empty where no server did."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def no_query(engine: str, error: Exception) -> EngineError:
    """What is said of a query that an engine cannot run."""
    hint = "check the names of tables and columns; a query is one statement, which only reads"
    return EngineError(engine, first_line(error), hint)


OTHER_TABLES = "name other tables with `--table-prefix`"


def no_tables(engine: str, error: Exception, hint: str = OTHER_TABLES) -> EngineError:
    """What is said of tables that cannot be written."""
    return EngineError(engine, f"the tables cannot be written: {first_line(error)}", hint)


def first_line(error: Exception) -> str:
    """What an engine says first of an error; lines about the place in the query may follow."""
    return str(error).strip().splitlines()[0]


def number_from(session: Session, sql: str) -> int:
    """The one number that a query comes to."""
    return int(session.rows(sql).read_all().column(0)[0].as_py())


def compute(session: Session, name: str, sql: str) -> None:
    """Compute a query now and keep its rows as a relation, also where `store` computes it later."""
    if session.stores:
        session.store(name, sql)
    else:
        session.put(name, session.rows(sql).read_all())


def quoted(name: str) -> str:
    """A name as SQL; a dot parts schema and table."""
    parts = name.replace('"', '""').split(".")
    return ".".join(f'"{part}"' for part in parts)


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def exact(column: str) -> str:
    """A column of texts of which none is equal to another, whatever collation the user's table gives it."""
    return f'{column} COLLATE "C"'


def beyond_64_bits(engine: str) -> UnsupportedError:
    """What is said of amounts that only the fold can add up."""
    return UnsupportedError(BEYOND_64_BITS, engine)


def changes_sql(place: str, table: TableRows) -> list[str]:
    """What is to happen to the rows that a table has, before those that come are added."""
    if table.adds:
        return []
    if table.of_members is None:
        return [f"DELETE FROM {place}"]  # noqa: S608 - a name made here
    members = f"SELECT member_id FROM {quoted(table.of_members)}"  # noqa: S608 - likewise
    changes = [f"DELETE FROM {place} WHERE {exact('member_id')} IN ({members})"]  # noqa: S608 - likewise
    if table.set_to:
        pairs = ", ".join(f"{quoted(name)} = {value}" for name, value in table.set_to.items())
        differs = " OR ".join(
            f"{quoted(name)} IS DISTINCT FROM {value}" for name, value in table.set_to.items()
        )
        changes.append(f"UPDATE {place} SET {pairs} WHERE {differs}")  # noqa: S608 - likewise
    return changes


def insert_sql(place: str, columns: pa.Schema, query: str) -> str:
    """The statement that adds the rows of a query to a table, by the names of columns."""
    names = ", ".join(quoted(name) for name in columns.names)
    return f"INSERT INTO {place} ({names}) SELECT {names} FROM ({query}) AS q"  # noqa: S608 - names of results
