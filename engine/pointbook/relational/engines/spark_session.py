# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""Spark as the engine: the work happens there, only results travel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.sessions import Session, TableRows, no_query
from pointbook.relational.engines.spark_errors import end_of, of_arithmetic, refuse_times_in_text
from pointbook.relational.engines.spark_tables import (
    refuse_tables_in_memory,
    to_make,
    try_a_table,
    write_tables,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_ZONE = "spark.sql.session.timeZone"
_UTC = frozenset(("UTC", "ETC/UTC", "GMT", "ETC/GMT", "Z", "ZULU", "UCT", "+00:00"))
SETTINGS: Mapping[str, str] = {
    # Times are the program's own, without a zone; Spark must not move them.
    _ZONE: "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # A number that is too large is an error, never another number.
    "spark.sql.ansi.enabled": "true",
    # A text of rules, or of log.yaml, is that text, whatever signs are in it.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
}
"""What the plan needs of a Spark session; set when it is handed over."""


class SparkEngine(Session):
    """A Spark session.

    Attributes:
        spark: The session.
        is_own: It was begun for this work, and ends with it.
        keeps_checkpoints: What is computed on the way is written to a folder that executors share, so that
            none of them is missed.
        origin: The session of which this one is a copy, and which is to see what tables have become.
    """

    keeps_order = False  # only the last `ORDER BY` of a query says the order of rows

    def __init__(
        self,
        spark: SparkSession,
        *,
        is_own: bool = False,
        keeps_checkpoints: bool = False,
        origin: SparkSession | None = None,
    ) -> None:
        """Work in a session, which the caller stops."""
        self.dialect = DIALECTS["spark"]
        self.spark = spark
        self.is_own = is_own
        self.origin = origin
        self._zone_before = str(spark.conf.get(_ZONE))
        self.keeps_checkpoints = keeps_checkpoints
        self._views: set[str] = set()
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)

    @property
    def threads(self) -> int | None:
        """With how many threads it works inside this process; None for a cluster."""
        context = getattr(self.spark, "_sc", None)  # a session of Connect has none
        if context is None or not re.fullmatch(r"local(\[.*\])?", context.master):
            return None
        return int(context.defaultParallelism)

    @property
    def parallelism(self) -> int:
        """About how many tasks are at work at once; 0 where only the server knows."""
        context = getattr(self.spark, "_sc", None)
        return 0 if context is None else int(context.defaultParallelism)

    def keep_checkpoints(self, folder: str) -> None:
        """Keep what is computed on the way in a folder that executors share, unless there is one already."""
        context = getattr(self.spark, "_sc", None)
        if self.is_own and context is not None and self.threads is None and not self.keeps_checkpoints:
            context.setCheckpointDir(folder)
            self.keeps_checkpoints = True

    def put(self, name: str, table: pa.Table) -> None:
        from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - heavy, and only Spark needs it

        # A session of Connect wants to be told the columns of a table without rows.
        schema = None if len(table) else from_arrow_schema(table.schema, prefer_timestamp_ntz=True)
        self.show(name, self.spark.createDataFrame(table, schema))

    def store(self, name: str, sql: str) -> None:
        from pyspark.errors import ArithmeticException  # noqa: PLC0415 - heavy, and only Spark needs it

        try:
            self.show(name, self.settled(self.spark.sql(sql)))
        except ArithmeticException as error:
            raise of_arithmetic(error) from error

    def settled(self, rows: DataFrame) -> DataFrame:
        """The same rows, computed now; their plan is forgotten.

        Spark would else plan every step anew for each of those that read it. Executors keep the rows, each
        those of another one too, so that one of them may be lost; a folder that they share, if there is one,
        keeps them however many are.
        """
        from pyspark.storagelevel import StorageLevel  # noqa: PLC0415 - heavy, and only Spark needs it

        if self.keeps_checkpoints:
            return rows.checkpoint()
        if self.threads is not None:
            return rows.localCheckpoint()
        return rows.localCheckpoint(storageLevel=StorageLevel.MEMORY_AND_DISK_2)

    def view(self, name: str, sql: str) -> None:
        self.show(name, self.spark.sql(sql))

    def show(self, name: str, rows: DataFrame) -> None:
        """Make rows a relation of that name, for this session alone."""
        rows.createOrReplaceTempView(name)
        self._views.add(name)

    def columns(self, sql: str) -> Sequence[tuple[str, str]]:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - heavy, and only Spark needs it

        try:
            rows = self.spark.sql(sql)
            schema = rows.schema
        except PySparkException as error:
            raise (end_of(error) or no_query("spark", error)) from error
        if self._zone_before.upper() not in _UTC:
            refuse_times_in_text(rows, self._zone_before)
        return [(field.name, field.dataType.simpleString()) for field in schema]

    def drop(self, name: str) -> None:
        if name in self._views:  # another one is that of whoever made the session
            self.spark.catalog.dropTempView(name)
            self._views.discard(name)

    def rows(self, sql: str) -> pa.RecordBatchReader:
        from pyspark.errors import ArithmeticException  # noqa: PLC0415 - heavy, and only Spark needs it

        try:
            return self.spark.sql(sql).toArrow().to_reader()
        except ArithmeticException as error:
            raise of_arithmetic(error) from error

    def check_tables(
        self,
        columns: Mapping[str, pa.Schema],
        *,
        replace: bool,
        merges: bool = False,
        adds: Collection[str] = (),
    ) -> None:
        """As for every session, but for other runs and rights to what stands: a catalog tells neither."""
        del merges, adds
        refuse_tables_in_memory(self.spark)
        to_make(self.spark, columns, replace=replace)
        try_a_table(self.spark, next(iter(columns)))

    def write_tables(self, tables: Mapping[str, TableRows], *, replace: bool) -> None:
        """As for every session, but for transactions: see `write_tables` of `spark_tables`."""
        queries = {}
        for number, (name, one) in enumerate(tables.items()):
            if isinstance(one.rows, str):
                queries[name] = one.rows
            else:
                self.put_rows(f"arrow_rows_{number}", one.rows)
                queries[name] = f"SELECT * FROM arrow_rows_{number}"  # noqa: S608 - a name made here
        write_tables(self.spark, tables, queries, replace=replace)
        if self.origin is not None:
            for name in tables:
                self.origin.catalog.refreshTable(name)
