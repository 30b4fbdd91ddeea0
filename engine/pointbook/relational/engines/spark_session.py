# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""Spark as the engine: the work happens there, only results travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.sessions import Session, TableRows, beyond_64_bits, no_query
from pointbook.relational.engines.spark_tables import refuse_tables_in_memory, to_make, write_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa
    from pyspark.sql import SparkSession

SETTINGS: Mapping[str, str] = {
    # Times are the program's own, without a zone; Spark must not move them.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # A number that is too large is an error, never another number.
    "spark.sql.ansi.enabled": "true",
}
"""What the plan needs of a Spark session; set when it is handed over."""


class SparkEngine(Session):
    """A Spark session.

    Attributes:
        spark: The session.
    """

    keeps_order = False  # only the last `ORDER BY` of a query says the order of rows

    def __init__(self, spark: SparkSession) -> None:
        """Work in a session, which the caller stops."""
        self.dialect = DIALECTS["spark"]
        self.spark = spark
        for name, value in SETTINGS.items():
            spark.conf.set(name, value)

    def put(self, name: str, table: pa.Table) -> None:
        self.spark.createDataFrame(table).createOrReplaceTempView(name)

    def store(self, name: str, sql: str) -> None:
        """As for every session.

        Its rows stay with the executors and its plan is forgotten; Spark would else plan every step
        anew for each of those that read it. Where an executor is lost, the evaluation fails.
        """
        from pyspark.errors import ArithmeticException  # noqa: PLC0415 - heavy, and only Spark needs it

        try:
            self.spark.sql(sql).localCheckpoint().createOrReplaceTempView(name)
        except ArithmeticException as error:
            raise beyond_64_bits("spark") from error

    def view(self, name: str, sql: str) -> None:
        self.spark.sql(sql).createOrReplaceTempView(name)

    def columns(self, sql: str) -> Sequence[tuple[str, str]]:
        from pyspark.errors import PySparkException  # noqa: PLC0415 - heavy, and only Spark needs it

        try:
            schema = self.spark.sql(sql).schema
        except PySparkException as error:
            raise no_query("spark", error) from error
        return [(field.name, field.dataType.simpleString()) for field in schema]

    def drop(self, name: str) -> None:
        self.spark.catalog.dropTempView(name)

    def rows(self, sql: str) -> pa.RecordBatchReader:
        from pyspark.errors import ArithmeticException  # noqa: PLC0415 - heavy, and only Spark needs it

        try:
            return self.spark.sql(sql).toArrow().to_reader()
        except ArithmeticException as error:
            raise beyond_64_bits("spark") from error

    def check_tables(
        self,
        columns: Mapping[str, pa.Schema],
        *,
        replace: bool,
        merges: bool = False,
        adds: Collection[str] = (),
    ) -> None:
        """As for every session, but for other runs and for rights: a catalog tells neither."""
        del merges, adds
        refuse_tables_in_memory(self.spark)
        to_make(self.spark, columns, replace=replace)

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
