"""Results that Spark's executors write themselves: a folder of Parquet for each, whose parts are in order.

Only counts come here. Executors and this process must have `--out` in common, which is tried before anything
is computed: an executor that has another folder of that name would else keep its part to itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from pyspark.errors import ArithmeticException
from pyspark.sql.pandas.types import from_arrow_schema

from pointbook.relational.engines.sessions import EngineError, first_line
from pointbook.relational.engines.spark_errors import meaning_of, of_arithmetic
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.reporters.tables.parquet_files import result_schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyspark.sql import DataFrame

    from pointbook.model.tally import Tally
    from pointbook.relational.engines.spark_session import SparkEngine
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

_PARTS = "part-*.parquet"
_LEAST_TRIED = 16
_HINT = (
    "name a folder in --out that every machine of the cluster has under the same path, and in which the"
    " executors' account may write; or write `--output-format table`"
)


def try_folders(session: SparkEngine, output: OutputFolder) -> None:
    """Have executors write some rows where results will go, and see whether they are here.

    Where they are, what is computed on the way is kept there, too, so that no executor is missed.

    Raises:
        EngineError: Executors cannot write there, or elsewhere on machines of their own.
    """
    folder = output.scratch.resolve() / "tried"
    output.scratch.mkdir(exist_ok=True)
    parts = max(_LEAST_TRIED, 2 * session.parallelism)
    try:
        session.spark.range(0, parts, 1, parts).write.parquet(_address(folder))
    except Exception as error:
        known = meaning_of(error)
        reason = known.message if known is not None else first_line(error)
        message = f"its executors cannot write to {output.folder}: {reason}"
        raise EngineError("spark", message, _HINT) from error
    _refuse_less(_rows_in(folder), parts, output)
    session.keep_checkpoints(_address(output.scratch.resolve() / "kept"))


def write_folders(
    session: SparkEngine, queries: Mapping[str, str], request: Request, output: OutputFolder, counts: Tally
) -> None:
    """Write the rows of a query for each result, in their order.

    Raises:
        EngineError: What was written is not all here.
        UnsupportedError: A number is beyond 64 bits.
    """
    expected = {"ledger": sum(counts.outcomes.values()), "standings": sum(counts.levels.values())}
    for name, columns in result_columns(request.program).items():
        schema = from_arrow_schema(result_schema(columns), prefer_timestamp_ntz=True)
        folder = output.path(f"{name}.parquet").resolve()
        _write(session.spark.sql(queries[name]).to(schema), folder)
        rows = _rows_in(folder)
        _refuse_less(rows, expected.get(name, rows), output)


def _write(rows: DataFrame, folder: Path) -> None:
    try:
        rows.write.parquet(_address(folder))
    except ArithmeticException as error:
        raise of_arithmetic(error) from error
    for number, part in enumerate(sorted(folder.glob(_PARTS))):  # Spark's own names are others at each run
        part.rename(folder / f"part-{number:05}.parquet")
    for sum_of_a_file in folder.glob(".*.crc"):  # which is of the old name
        sum_of_a_file.unlink()


def _address(folder: Path) -> str:
    """A folder of this machine for Spark, which takes every sign of it literally."""
    return f"file://{folder}"


def _rows_in(folder: Path) -> int:
    return sum(pq.read_metadata(part).num_rows for part in folder.glob(_PARTS))


def _refuse_less(found: int, expected: int, output: OutputFolder) -> None:
    if found != expected:
        message = (
            f"of {expected:,} rows that its executors have written to {output.folder}, {found:,} are here"
        )
        raise EngineError("spark", message, _HINT)
