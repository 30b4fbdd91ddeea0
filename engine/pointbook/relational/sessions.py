"""Engines that run a plan: what DuckDB, PostgreSQL and Spark have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from pointbook.relational.emission import Dialect


class Session(Protocol):
    """An engine with tables in it.

    Attributes:
        dialect: How it wants its SQL.
    """

    dialect: Dialect

    def put(self, name: str, table: pa.Table) -> None:
        """Make `table` a relation of that name, for this session alone."""

    def store(self, name: str, sql: str) -> None:
        """Compute a query once and keep it as a relation of that name, for this session alone."""

    def drop(self, name: str) -> None:
        """Forget a relation that was stored."""

    def rows(self, sql: str) -> pa.RecordBatchReader:
        """The rows of a query."""
