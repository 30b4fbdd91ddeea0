"""Results in Parquet with the rows of some members replaced: the bytes that a full run would have written."""

# Queries are put together from names of columns and of files made here; no value of a log is in one.
# ruff: noqa: S608

from __future__ import annotations

from contextlib import closing, contextmanager, nullcontext
from shutil import copyfile
from typing import TYPE_CHECKING

from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.sessions import literal, quoted
from pointbook.relational.updating.tallies import tally_of
from pointbook_cli.evaluation.fold_work import result_columns
from pointbook_cli.reporters.tables.duckdb_parquet import file_values, ledger_enumerations
from pointbook_cli.reporters.tables.parquet_files import write_parquet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

    from pointbook.model.tables import Columns
    from pointbook.model.tally import Tally
    from pointbook.relational.engines.sessions import Session
    from pointbook_cli.evaluation.request import Request
    from pointbook_cli.output_files import OutputFolder

_REPLACED = "pointbook_replaced"


class MergedFiles:
    """The results of a folder, of which those of some members are replaced.

    Attributes:
        session: A DuckDB, in which rows are put together.
        replaced: Ids of the members whose rows go, as `member_id`.
        parts: Where the files with the rows lie that come instead; None where there are none.
    """

    def __init__(self, session: DuckDBSession, replaced: pa.Table, parts: Path | None) -> None:
        self.session = session
        self.replaced = replaced
        self.parts = parts
        session.put(_REPLACED, replaced)

    def write(self, request: Request, output: OutputFolder, set_to: Mapping[str, Mapping[str, str]]) -> Tally:
        """Write all results, and count what is in them.

        Args:
            request: What was asked for.
            output: Has the results, and gets those that take their place.
            set_to: Values, as SQL, that columns have in all rows that stay, by result.
        """
        for name, columns in result_columns(request.program).items():
            old, path = output.folder / f"{name}.parquet", output.path(f"{name}.parquet")
            if not len(self.replaced) and not set_to.get(name):
                copyfile(old, path)
                continue
            rows = self._rows(old, columns, set_to.get(name, {}))
            order = "ORDER BY member_id, place"
            if request.backend.kind == "duckdb":
                texts = ledger_enumerations(request.program, request.version) if name == "ledger" else {}
                values = ", ".join(file_values(columns, texts))
                self.session.write_parquet(f"SELECT {values} FROM ({rows}) AS q {order}", path)
            else:
                names = ", ".join(quoted(column.name) for column in columns)
                write_parquet(path, columns, self.session.rows(f"SELECT {names} FROM ({rows}) AS q {order}"))
        ledger, standings = (literal(str(output.path(f"{name}.parquet"))) for name in ("ledger", "standings"))
        return tally_of(self.session, request.program, ledger, standings)

    def _rows(self, old: Path, columns: Columns, set_to: Mapping[str, str]) -> str:
        """The rows that stay and those that come, with the place that each has among its member's."""
        names = [quoted(column.name) for column in columns]
        kept = ", ".join(
            f"{set_to[column.name]} AS {name}" if column.name in set_to else name
            for name, column in zip(names, columns, strict=True)
        )
        rows = (
            f"SELECT {kept}, file_row_number AS place FROM {_file(old)}"
            f" WHERE member_id NOT IN (SELECT member_id FROM {_REPLACED})"
        )
        if self.parts is not None:
            new = _file(self.parts / old.name)
            rows += f" UNION ALL SELECT {', '.join(names)}, file_row_number AS place FROM {new}"
        return rows


def _file(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, file_row_number = true)"


def as_of_set(as_of: date) -> Mapping[str, Mapping[str, str]]:
    """What rows that stay have otherwise than before, in a later run."""
    return {"standings": {"as_of": f"CAST('{as_of}' AS DATE)"}}


@contextmanager
def duckdb_for(session: Session, request: Request, output: OutputFolder) -> Iterator[DuckDBSession]:
    """A DuckDB to put rows together in: that of the log, where it lies in one."""
    own: AbstractContextManager[DuckDBSession]
    if isinstance(session, DuckDBSession):
        own = nullcontext(session)
    else:
        own = closing(DuckDBSession(temporary=output.scratch / "merged", threads=request.threads))
    with own as found:
        yield found
