"""Results in Parquet with the rows of some members replaced: the bytes that a full run would have written."""

# Queries are put together from names of columns and of files made here; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from contextlib import closing, contextmanager
from shutil import copyfile
from typing import TYPE_CHECKING

from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.sessions import literal, quoted
from pointbook.relational.updating.changes import CHANGED, changed_members, unchanged
from pointbook.relational.updating.tallies import tally_of
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.reporters.tables.duckdb_parquet import file_values, ledger_enumerations
from pointbook_cli.reporters.tables.parquet_files import write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pointbook.model.tables import Columns
    from pointbook.model.tally import Tally
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder


def write_merged(
    session: Session,
    request: Request,
    output: OutputFolder,
    parts: Path,
    set_to: Mapping[str, Mapping[str, str]],
) -> Tally:
    """Write all results, and count what is in them.

    Args:
        session: Has `CHANGED`, the members whose rows are replaced.
        request: What was asked for.
        output: Has the results, and gets those that take their place.
        parts: Where the files with the rows lie that come.
        set_to: Values, as SQL, that columns have in all rows that stay, by result.
    """
    paths = {name: output.path(f"{name}.parquet") for name in result_columns(request.program)}
    with _duckdb_for(session, request, output) as merging:
        is_changed = bool(merging.values(f"SELECT 1 FROM {CHANGED} LIMIT 1"))
        for name, columns in result_columns(request.program).items():
            old, others = output.folder / f"{name}.parquet", set_to.get(name, {})
            if not is_changed and not others:
                copyfile(old, paths[name])
                continue
            rows = f"({_rows(old, parts / old.name, columns, others)}) AS q ORDER BY member_id, place"
            if request.backend.kind == "duckdb":
                texts = ledger_enumerations(request.program, request.version) if name == "ledger" else {}
                values = ", ".join(file_values(columns, texts))
                merging.write_parquet(f"SELECT {values} FROM {rows}", paths[name])
            else:
                names = ", ".join(quoted(column.name) for column in columns)
                write_parquet(paths[name], columns, merging.rows(f"SELECT {names} FROM {rows}"))
        return tally_of(merging, request.program, *map(_named, (paths["ledger"], paths["standings"])))


def _rows(old: Path, new: Path, columns: Columns, set_to: Mapping[str, str]) -> str:
    """The rows that stay and those that come, with the place that each has among its member's."""
    names = [quoted(column.name) for column in columns]
    kept = ", ".join(
        f"{set_to[column.name]} AS {name}" if column.name in set_to else name
        for name, column in zip(names, columns, strict=True)
    )
    place = "file_row_number AS place"
    return (
        f"SELECT {kept}, {place} FROM {unchanged(_placed(old))}"
        f" UNION ALL SELECT {', '.join(names)}, {place} FROM {_placed(new)}"
    )


def _named(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _placed(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, file_row_number = true)"


@contextmanager
def _duckdb_for(session: Session, request: Request, output: OutputFolder) -> Iterator[DuckDBSession]:
    """A DuckDB to put rows together in: that of the log, where it lies in one."""
    if isinstance(session, DuckDBSession):
        yield session
        return
    spill = output.scratch / "merged"
    with closing(DuckDBSession(temporary=spill, threads=request.threads)) as found:
        found.put(CHANGED, changed_members(session))
        yield found
