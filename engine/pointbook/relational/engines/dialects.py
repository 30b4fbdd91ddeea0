"""What engines differ in; nothing of a plan, nor of what writes its SQL, is needed to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an engine wants its SQL.

    Attributes:
        name: What sqlglot calls it.
        compiler: The class in ibis that writes it.
        widens_sums: A sum of 64-bit integers is of a wider type.
        collation: The collation by code point, where that is not the default.
        materializes: It can be told whether to compute a named relation once.
        writes_files: It writes files of Parquet itself, and has enumerations.
        folds_to_capitals: Names that people write without quotation marks are in capitals.
    """

    name: str
    compiler: str
    widens_sums: bool
    collation: str | None = None
    materializes: bool = False
    writes_files: bool = False
    folds_to_capitals: bool = False

    def outside(self, name: str) -> str:
        """A name of ours as people write it there without quotation marks."""
        return name.upper() if self.folds_to_capitals else name


DIALECTS: Mapping[str, Dialect] = {
    "duckdb": Dialect("duckdb", "DuckDBCompiler", True, materializes=True, writes_files=True),
    "postgres": Dialect("postgres", "PostgresCompiler", True, collation='"C"', materializes=True),
    "spark": Dialect("spark", "PySparkCompiler", False),
    "bigquery": Dialect("bigquery", "BigQueryCompiler", False),
    "snowflake": Dialect("snowflake", "SnowflakeCompiler", False, folds_to_capitals=True),
}
