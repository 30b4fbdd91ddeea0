# ruff: noqa: D102 - what a method of every session does is told once, on `Session`
"""Spark as the engine: the work happens there, only results travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.sessions import EngineError, Session, beyond_64_bits, no_query, no_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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

    def replace_tables(self, tables: Mapping[str, str]) -> None:
        """As for every session.

        Spark knows no transaction over several tables: all are computed under other names first,
        then each takes its place.
        """
        from pyspark.errors import ArithmeticException, PySparkException  # noqa: PLC0415 - heavy, and only Spark needs it

        if self.spark.conf.get("spark.sql.catalogImplementation") == "in-memory":
            message = "this Spark keeps its tables in memory, so that they would be lost when it ends"
            hint = "give Spark a catalog that lasts, such as Hive's, or write `--output-format parquet`"
            raise EngineError("spark", message, hint)
        try:
            for name, sql in tables.items():
                self.spark.sql(sql).write.mode("overwrite").saveAsTable(f"{name}__new")
            for name in tables:
                self.spark.sql(f"DROP TABLE IF EXISTS {name}")
                self.spark.sql(f"ALTER TABLE {name}__new RENAME TO {name}")
        except ArithmeticException as error:
            raise beyond_64_bits("spark") from error
        except PySparkException as error:
            raise no_tables("spark", error) from error
        finally:
            for name in tables:
                self.spark.sql(f"DROP TABLE IF EXISTS {name}__new")

    def replace_tables_from(self, tables: Mapping[str, pa.RecordBatchReader]) -> None:
        queries = {}
        for number, (name, rows) in enumerate(tables.items()):
            self.put(f"arrow_rows_{number}", rows.read_all())
            queries[name] = f"SELECT * FROM arrow_rows_{number}"  # noqa: S608 - a name made here
        self.replace_tables(queries)
