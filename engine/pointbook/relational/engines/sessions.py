"""Engines that run a plan: what DuckDB, PostgreSQL and Spark have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pointbook.diagnostics import InputError
from pointbook.relational.constructs import BEYOND_64_BITS, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from pointbook.relational.engines.dialects import Dialect


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

    def replace_tables(self, tables: Mapping[str, str]) -> None:
        """Make the rows of queries tables that stay, in the place of any of the same name.

        Args:
            tables: Query by name; a name may begin with a schema and a dot.

        Raises:
            EngineError: A table cannot be written, and why.
        """

    def replace_tables_from(self, tables: Mapping[str, pa.RecordBatchReader]) -> None:
        """Make rows that come in batches tables that stay, likewise."""


class EngineError(InputError):
    """An engine cannot do what was asked of it, for a reason that its user can remove."""


def no_query(engine: str, error: Exception) -> EngineError:
    """What is said of a query that an engine cannot run."""
    hint = "check the names of tables and columns; a query is one statement, which only reads"
    return EngineError(engine, first_line(error), hint)


def no_tables(engine: str, error: Exception) -> EngineError:
    """What is said of tables that cannot be written."""
    message = f"the tables cannot be written: {first_line(error)}"
    return EngineError(engine, message, "name other tables with `--table-prefix`")


def first_line(error: Exception) -> str:
    """What an engine says first of an error; lines about the place in the query may follow."""
    return str(error).strip().splitlines()[0]


def number_from(session: Session, sql: str) -> int:
    """The one number that a query comes to."""
    return int(session.rows(sql).read_all().column(0)[0].as_py())


def quoted(name: str) -> str:
    """A name as SQL; a dot parts schema and table."""
    parts = name.replace('"', '""').split(".")
    return ".".join(f'"{part}"' for part in parts)


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def beyond_64_bits(engine: str) -> UnsupportedError:
    """What is said of amounts that only the fold can add up."""
    return UnsupportedError(BEYOND_64_BITS, engine)
