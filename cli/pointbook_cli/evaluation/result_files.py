"""Where results go: a file for each, or tables of a database."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, install_hint
from pointbook.model.tables import REJECTS, cells_of
from pointbook_cli.evaluation.fold_work import RowLines, result_columns
from pointbook_cli.evaluation.result_tables import write_tables
from pointbook_cli.reporters.tables.table_files import table_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from pointbook.log import LogFacts
    from pointbook.model.tables import Cell, Columns
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.fold_work import ResultWriter, Stretches
    from pointbook_cli.evaluation.request import Request, RunRow
    from pointbook_cli.output_files import OutputFolder

LINES = ("csv", "jsonl")
_REJECTS_AT_A_TIME = 1 << 12


def refuse_missing_parquet() -> None:
    """Refuse what needs Parquet where nothing can write it.

    Raises:
        InputError: It is so.
    """
    try:
        import pyarrow.parquet  # noqa: F401, PLC0415 - an extra
    except ModuleNotFoundError as error:
        message = f"the module `{(error.name or '').partition('.')[0]}` is not installed"
        raise InputError("--output-format parquet", message, install_hint("duckdb")) from error


@contextmanager
def result_files(
    request: Request, session: Session | None, output: OutputFolder
) -> Iterator[Callable[[Stretches], None]]:
    """A function that takes a stretch of each result; the files are complete when this is left.

    Where tables are asked for, the files are those that `write_result_tables` reads.
    """
    with ExitStack() as stack:
        columns = result_columns(request.program)
        if request.output_format == "table":
            output.scratch.mkdir(exist_ok=True)
        writes = [stack.enter_context(_writer(request, session, output, *named)) for named in columns.items()]

        def write(stretches: Stretches) -> None:
            for own, stretch in zip(writes, stretches, strict=True):
                own(stretch)

        yield write


@contextmanager
def _writer(
    request: Request, session: Session | None, output: OutputFolder, name: str, columns: Columns
) -> Iterator[Callable[[bytes], object]]:
    file = f"{name}.{request.output_format}"
    if request.output_format in LINES:
        stream = output.file(file)
        table_writer(stream, columns, request.output_format)  # its header
        stream.flush()
        yield stream.buffer.write  # type: ignore[attr-defined] # what is below every file of text
        return
    from pointbook.folding.arrow_pieces import table_from  # noqa: PLC0415 - an extra
    from pointbook_cli.reporters.tables.parquet_files import ipc_writer, parquet_writer  # noqa: PLC0415 - an extra

    if request.output_format == "table":
        writer = ipc_writer(output.scratch / name, columns)
    elif session is not None and session.dialect.writes_files:
        from pointbook_cli.reporters.tables.duckdb_parquet import (  # noqa: PLC0415 - an extra
            duckdb_parquet_writer,
            ledger_enumerations,
        )

        enumerations = ledger_enumerations(request.program, request.version) if name == "ledger" else {}
        writer = duckdb_parquet_writer(output.path(file), columns, enumerations)
    else:
        writer = parquet_writer(output.path(file), columns)
    with writer as write:
        yield lambda stretch: write(table_from(stretch))


def result_writer(request: Request, *, in_columns: bool) -> type[ResultWriter]:
    """What makes stretches of results.

    Args:
        request: As what.
        in_columns: Whether the log comes in columns of Arrow; otherwise lines need no extra.

    Raises:
        InputError: Nothing can write Parquet.
    """
    if request.output_format in LINES and not in_columns:
        return RowLines
    refuse_missing_parquet()
    from pointbook_cli.evaluation.fold_batches import ArrowLines, ArrowTables  # noqa: PLC0415 - an extra

    return ArrowLines if request.output_format in LINES else ArrowTables


def write_rejects(facts: LogFacts, request: Request, output: OutputFolder) -> None:
    """Rejects were found in this process: a file also where the results are tables."""
    output_format = request.rejects_format
    file = f"rejects.{output_format}"
    if output_format != "parquet":
        safe = request.spreadsheet_safe
        write = table_writer(output.file(file), REJECTS, output_format, spreadsheet_safe=safe)
        for cells in _reject_cells(facts):
            write(cells)
        return
    refuse_missing_parquet()
    from pointbook_cli.reporters.tables.parquet_files import write_parquet  # noqa: PLC0415 - an extra

    write_parquet(output.path(file), REJECTS, reject_rows(facts))


def _reject_cells(facts: LogFacts) -> Iterator[list[Sequence[Cell]]]:
    """The cells of rejects, column by column, some rows at a time."""
    every = chain(facts.member_rejects, facts.rejects)
    while some := list(islice(every, _REJECTS_AT_A_TIME)):
        yield cells_of(REJECTS, some)


def reject_rows(facts: LogFacts) -> pa.RecordBatchReader:
    """The rejects as rows of a table."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    from pointbook_cli.reporters.tables.parquet_files import batch_from, result_schema  # noqa: PLC0415 - an extra

    schema = result_schema(REJECTS)
    batches = (batch_from(cells, schema) for cells in _reject_cells(facts))
    return pa.RecordBatchReader.from_batches(schema, batches)


def write_result_tables(  # noqa: PLR0913, PLR0917 - all that becomes a table
    session: Session,
    facts: LogFacts,
    request: Request,
    output: OutputFolder,
    seen: Mapping[str, str],
    run: RunRow,
) -> None:
    """Write the results, which Arrow reads from files, rejects and what was seen to tables, all or none."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    with ExitStack() as stack:
        rows: dict[str, str | pa.RecordBatchReader] = {
            name: stack.enter_context(pa.ipc.open_stream(output.scratch / name))
            for name in result_columns(request.program)
        }
        rows |= {**seen, "rejects": reject_rows(facts)}
        write_tables(session, request, rows, run)
