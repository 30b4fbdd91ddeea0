"""Tables of a DuckDB file that results are written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.sessions import changes_sql, insert_sql, literal, quoted
from pointbook.relational.engines.table_columns import (
    columns_sql,
    differences,
    no_schema,
    no_table,
    refuse_other_columns,
    types_by_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from pointbook.relational.engines.sessions import TableRows

    Ask = Callable[[str], Sequence[tuple[Any, ...]]]
    """The rows of a query."""


class Place(NamedTuple):
    """Where a table lies.

    Attributes:
        database: What DuckDB calls its file.
        schema: The schema there.
        table: Its name.
    """

    database: str
    schema: str
    table: str

    @property
    def sql(self) -> str:
        """In full, so that no relation of this session is meant."""
        return quoted(".".join(self))


def place_of(ask: Ask, name: str) -> Place:
    """Where a table of that name lies; a name may begin with a schema and a dot."""
    [(database, current)] = ask("SELECT current_database(), current_schema()")
    schema, _, table = name.rpartition(".")
    return Place(database, schema or current, table)


def to_make(ask: Ask, tables: Mapping[str, pa.Schema], *, replace: bool) -> frozenset[str]:
    """Which of the tables are to be made: they are not there, or have other columns, which may be replaced.

    Raises:
        EngineError: A table cannot be written, and why.
    """
    others: dict[str, list[str]] = {}
    made = set()
    for name, columns in tables.items():
        place = place_of(ask, name)
        schemas = "SELECT 1 FROM information_schema.schemata WHERE catalog_name = "
        if not ask(
            f"{schemas}{literal(place.database)} AND lower(schema_name) = lower({literal(place.schema)})"
        ):
            raise no_schema("duckdb", place.schema)
        known = _of(place, "SELECT table_type FROM information_schema.tables")
        for (kind,) in ask(known):
            if kind != "BASE TABLE":
                raise no_table("duckdb", f"{place.schema}.{place.table}", str(kind).lower())
        types = _of(place, "SELECT column_name, data_type FROM information_schema.columns")
        stand: dict[str, str] = dict(ask(f"{types} ORDER BY ordinal_position"))
        if not stand:
            made.add(name)
        elif found := differences(stand, types_by_name(DIALECTS["duckdb"], columns)):
            others[f"{place.schema}.{place.table}"] = found
            made.add(name)
    if not replace:
        refuse_other_columns("duckdb", others, {})
    return frozenset(made)


def _of(place: Place, query: str) -> str:
    return (
        f"{query} WHERE table_catalog = {literal(place.database)}"
        f" AND lower(table_schema) = lower({literal(place.schema)})"
        f" AND lower(table_name) = lower({literal(place.table)})"
    )


def write(
    ask: Ask, execute: Callable[[str], None], tables: Mapping[str, TableRows], *, replace: bool
) -> None:
    """Write rows to tables, in a transaction that has begun; those in batches are called arrow_rows_N.

    Raises:
        EngineError: A table cannot be written, and why.
    """
    made = to_make(ask, {name: one.columns for name, one in tables.items()}, replace=replace)
    for number, (name, one) in enumerate(tables.items()):
        place = place_of(ask, name).sql
        if name in made:
            columns = columns_sql(DIALECTS["duckdb"], one.columns)
            execute(f"CREATE OR REPLACE TABLE {place} ({columns})")
        else:
            for change in changes_sql(place, one):
                execute(change)
        query = one.rows if isinstance(one.rows, str) else f"FROM arrow_rows_{number}"
        execute(insert_sql(place, one.columns, query))
