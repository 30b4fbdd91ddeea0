"""Result tables on their way out: a file for each, or, where tables are asked for, rows that wait for that."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from pointbook.diagnostics import InputError, install_hint
from pointbook_cli.reporters.tables.table_files import table_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager, ExitStack
    from pathlib import Path

    import pyarrow as pa

    from pointbook.model.tables import Columns
    from pointbook_cli.output_files import OutputFolder
    from pointbook_cli.reporters.tables.table_files import WriteRows

    WriteBytes = Callable[[bytes], object]
    """Takes stretches of a table in order: lines without a header, or tables of Arrow."""


def rows_writer(
    stack: ExitStack, output: OutputFolder, name: str, columns: Columns, output_format: str
) -> WriteRows:
    """A function that writes rows of a table, which is complete when `stack` is left."""
    file = f"{name}.{output_format}"
    if output_format != "parquet":
        return table_writer(output.file(file), columns, output_format)
    refuse_missing_parquet()
    import pyarrow as pa  # noqa: PLC0415 - an extra

    from pointbook_cli.reporters.tables.parquet_files import batch_from, parquet_writer, result_schema  # noqa: PLC0415 - an extra

    write, schema = stack.enter_context(parquet_writer(output.path(file), columns)), result_schema(columns)
    return lambda rows: write(pa.Table.from_batches([batch_from(rows, schema)]))


def refuse_missing_parquet() -> None:
    """Refuse what needs Parquet where nothing can write it.

    Raises:
        InputError: It is so.
    """
    try:
        import pyarrow.parquet  # noqa: F401, ICN001, PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = f"the module `{(error.name or '').partition('.')[0]}` is not installed"
        raise InputError("--output-format parquet", message, install_hint("duckdb")) from error


def lines_writer(stream: IO[str], columns: Columns, output_format: str) -> WriteBytes:
    """A function that writes lines to a file, whose header is written at once."""
    table_writer(stream, columns, output_format)
    stream.flush()
    return stream.buffer.write  # type: ignore[attr-defined, no-any-return] - it is a file's text


@contextmanager
def of_tables(writer: AbstractContextManager[Callable[[pa.Table], object]]) -> Iterator[WriteBytes]:
    """A function that hands tables over to a writer of them."""
    from pointbook.folding.arrow_pieces import table_from  # noqa: PLC0415 - an extra

    with writer as write:
        yield lambda written: write(table_from(written))
