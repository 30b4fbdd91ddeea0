"""Spark as the engine: the work happens there, only results travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.relational.emission import DIALECTS

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


class SparkEngine:
    """A Spark session.

    Attributes:
        dialect: How it wants its SQL.
        spark: The session.
    """

    def __init__(self, spark: SparkSession) -> None:
        """Work in a session, which the caller stops."""
        self.dialect = DIALECTS["spark"]
        self.spark = spark
        self._stored: dict[str, DataFrame] = {}
        # Times are the program's own, without a zone; Spark must not move them.
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        spark.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")
        spark.conf.set("spark.sql.ansi.enabled", "true")

    def put(self, name: str, table: pa.Table) -> None:
        """Make `table` a relation of that name, for this session alone."""
        frame = self.spark.createDataFrame(_rows(table), schema=_schema(table.schema))
        frame.createOrReplaceTempView(name)

    def store(self, name: str, sql: str) -> None:
        """Compute a query once and keep it as a relation of that name, for this session alone."""
        frame = self.spark.sql(sql).persist()
        self._stored[name] = frame
        frame.createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        """Forget a relation that was stored."""
        frame = self._stored.pop(name, None)
        if frame is not None:
            frame.unpersist()
        self.spark.catalog.dropTempView(name)

    def rows(self, sql: str) -> pa.RecordBatchReader:
        """The rows of a query."""
        return self.spark.sql(sql).toArrow().to_reader()


def _rows(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def _schema(schema: pa.Schema) -> Any:
    from pyspark.sql import types  # noqa: PLC0415 - heavy, and only Spark needs it

    known = {
        "string": types.StringType(),
        "int32": types.IntegerType(),
        "int64": types.LongType(),
        "bool": types.BooleanType(),
        "date32[day]": types.DateType(),
        "timestamp[us]": types.TimestampNTZType(),
        "decimal128(21, 6)": types.DecimalType(21, 6),
    }
    return types.StructType([types.StructField(field.name, known[str(field.type)]) for field in schema])
