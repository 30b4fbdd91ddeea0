"""Tables of Spark's catalog that results are written to."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.sessions import EngineError, no_tables
from pointbook.relational.engines.spark_errors import of_arithmetic
from pointbook.relational.engines.table_columns import (
    differences,
    no_schema,
    no_table,
    refuse_other_columns,
    types_by_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructField

    from pointbook.relational.engines.sessions import TableRows

_MODE = "spark.sql.sources.partitionOverwriteMode"
_VIEWS = frozenset(("VIEW", "TEMPORARY"))


def refuse_tables_in_memory(spark: SparkSession) -> None:
    """Refuse to write tables that would be gone when Spark ends.

    Raises:
        EngineError: It keeps its catalog in memory.
    """
    if spark.conf.get("spark.sql.catalogImplementation") == "in-memory":
        message = "this Spark keeps its tables in memory, so that they would be lost when it ends"
        hint = "give Spark a catalog that lasts, such as Hive's, or write `--output-format parquet`"
        raise EngineError("spark", message, hint)


def try_a_table(spark: SparkSession, beside: str) -> None:
    """Have executors write a table that nobody needs, beside one that will be written, and drop it again.

    Raises:
        EngineError: It cannot be made, and why.
    """
    name = f"{beside}__tried"
    with _watched():
        try:
            spark.range(1).write.mode("overwrite").saveAsTable(name)
        finally:
            spark.sql(f"DROP TABLE IF EXISTS {name}")


def to_make(spark: SparkSession, tables: Mapping[str, pa.Schema], *, replace: bool) -> frozenset[str]:
    """Which of the tables are to be made: they are not there, or have other columns, which may be replaced.

    Raises:
        EngineError: A table cannot be written, and why.
    """
    others, made = {}, set()
    for name, columns in tables.items():
        schema = name.rpartition(".")[0]
        if schema and not spark.catalog.databaseExists(schema):
            raise no_schema("spark", schema)
        if not spark.catalog.tableExists(name):
            made.add(name)
            continue
        kind = spark.catalog.getTable(name).tableType
        if kind in _VIEWS:
            raise no_table("spark", name, "view" if kind == "VIEW" else "temporary view")
        stand = {field.name: _type_of(field) for field in spark.table(name).schema}
        if found := differences(stand, types_by_name(DIALECTS["spark"], columns)):
            if replace and kind == "EXTERNAL":
                message = (
                    f"`{name}` is an external table with other columns, whose files stay when it is dropped"
                )
                hint = "drop it, and delete its files; or name other tables with `--table-prefix`"
                raise EngineError("spark", message, hint)
            others[name] = found
            made.add(name)
    if not replace:
        refuse_other_columns("spark", others, {})
    return frozenset(made)


def _type_of(field: StructField) -> str:
    """The type of a column; Spark shows texts of a limited length as any others, and cuts or pads them."""
    return str(field.metadata.get("__CHAR_VARCHAR_TYPE_STRING") or field.dataType.simpleString())


def write_tables(
    spark: SparkSession, tables: Mapping[str, TableRows], queries: Mapping[str, str], *, replace: bool
) -> None:
    """Write the rows of queries to tables.

    Spark knows no transaction over several tables: all are computed under other names first, then each
    takes its place. Tables that stay have their rows overwritten, so that grants and views are kept.

    Args:
        spark: The session.
        tables: What is to be written, by name; the last is written last.
        queries: The query for the rows of each.
        replace: Whether tables with other columns may be dropped.

    Raises:
        EngineError: A table cannot be written, and why.
    """
    with _watched():
        made = to_make(spark, {name: one.columns for name, one in tables.items()}, replace=replace)
        # Another run may be writing, and what one that was killed has left would be in the way of the next.
        computed = {name: f"{name}__{secrets.token_hex(4)}" for name in tables}
        try:
            for name, one in tables.items():
                sql = _whole(name, one, queries[name], is_new=name in made)
                spark.sql(sql).write.saveAsTable(computed[name])
            with _all_partitions(spark):
                for name, one in tables.items():
                    _take_its_place(spark, name, computed[name], is_new=name in made, adds=one.adds)
        finally:
            for name in computed.values():
                spark.sql(f"DROP TABLE IF EXISTS {name}")


def _take_its_place(spark: SparkSession, name: str, computed: str, *, is_new: bool, adds: bool) -> None:
    if is_new:
        spark.sql(f"DROP TABLE IF EXISTS {name}")
        spark.sql(f"ALTER TABLE {computed} RENAME TO {name}")
        return
    columns = ", ".join(f"`{column}`" for column in spark.table(name).columns)
    how = "INTO" if adds else "OVERWRITE"
    spark.sql(f"INSERT {how} TABLE {name} SELECT {columns} FROM {computed}")  # noqa: S608 - columns of results


def _whole(name: str, table: TableRows, sql: str, *, is_new: bool) -> str:
    """The query for all rows that the table is to have, or that are added to it."""
    types = types_by_name(DIALECTS["spark"], table.columns)
    cast = ", ".join(f"CAST(`{column}` AS {kind}) AS `{column}`" for column, kind in types.items())
    rows = f"SELECT {cast} FROM ({sql})"  # noqa: S608 - columns of results
    if is_new or table.of_members is None:
        return rows
    kept = ", ".join(
        f"CAST({table.set_to[column]} AS {kind}) AS `{column}`" if column in table.set_to else f"`{column}`"
        for column, kind in types.items()
    )
    others = f"LEFT ANTI JOIN {table.of_members} USING (member_id)"
    return f"SELECT {kept} FROM {name} {others} UNION ALL {rows}"  # noqa: S608 - likewise


@contextmanager
def _all_partitions(spark: SparkSession) -> Iterator[None]:
    """Overwriting a table that its owner has cut into partitions means all of them."""
    before = spark.conf.get(_MODE)
    spark.conf.set(_MODE, "static")
    try:
        yield
    finally:
        spark.conf.set(_MODE, str(before))


@contextmanager
def _watched() -> Iterator[None]:
    from pyspark.errors import ArithmeticException, PySparkException  # noqa: PLC0415 - heavy, and only Spark needs it

    try:
        yield
    except ArithmeticException as error:
        raise of_arithmetic(error) from error
    except PySparkException as error:
        raise no_tables("spark", error) from error
