"""Events in Parquet files, as DuckDB reads them in place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pointbook.log.columns import event_columns
from pointbook.log.rows.csv_cells import LONGEST_CELL
from pointbook.log.rows.parquet_rows import batch_rows, parquet_columns, parquet_kinds, parquet_schema
from pointbook.relational.engines.sessions import EngineError, literal
from pointbook.relational.inputs.clean_rows import EventRows, has_ids_in_text
from pointbook.relational.inputs.engine_words import column_type
from pointbook.relational.inputs.reading_digests import digest_of_file
from pointbook.source import files
from pointbook.source.file_states import FileRead, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from pointbook.log import ValueKind
    from pointbook.log.columns import Columns
    from pointbook.model.program import Program
    from pointbook.relational.engines.duckdb_session import DuckDBSession
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.doubtful_rows import DoubtfulRow
    from pointbook.relational.inputs.engine_words import EngineType

_ENGINES_OWN = frozenset(("file_index", "file_row_number", "filename"))
_ROWS_AT_A_TIME = 1 << 15
_GLOB_SIGNS = str.maketrans({sign: f"[{sign}]" for sign in "*?["})
_FOUND, _REPEATED = "found_events", "is\0repeated"
"""A name that no column of a log has: it would have to be one that rules declare."""
_Shape = tuple[tuple[tuple[str, str], ...], int]
"""The columns of a file with their types, and how log.yaml says that its rows are exported."""
_PLACES: Mapping[str, str] = {"file_no": "file_index", "row_no": "file_row_number"}


@dataclass(frozen=True, slots=True)
class ParquetEvents:
    """Parquet files of events.

    Attributes:
        reads: The files, in order, as they were before any row was read.
        groups: Indexes in `reads` of files with equal columns.
        relations: The rows of each group; their places are the file's index in its group, the row's
            number in its file, from 0, and its cells.
    """

    reads: tuple[FileRead, ...]
    groups: tuple[tuple[int, ...], ...]
    relations: tuple[EventRows, ...]

    def are_in(self, chosen: Collection[int]) -> list[str]:
        """Whether a row is in one of the files of these indexes, as SQL over the rows of each relation."""
        found = []
        for group in self.groups:
            places = [str(place) for place, index in enumerate(group) if index in chosen]
            found.append(f"{_PLACES['file_no']} IN ({', '.join(places)})" if places else "FALSE")
        return found

    def rows(
        self, session: Session, found: Callable[[int], str], folder: Path | None
    ) -> Iterator[DoubtfulRow]:
        """The rows that a query finds for the relation of a number, in the order of the files."""
        del folder
        in_turn = sorted((index, number) for number, group in enumerate(self.groups) for index in group)
        stretches = [[*indexes] for _, indexes in groupby(in_turn, itemgetter(1))]
        queries = [found(number) for number in range(len(self.groups))]
        if len(stretches) > len(queries):
            for number, sql in enumerate(queries):
                session.store(f"{_FOUND}_{number}", sql)
            queries = [f"SELECT * FROM {_FOUND}_{number}" for number in range(len(queries))]  # noqa: S608 - names made here
        for stretch in stretches:
            number = stretch[0][1]
            first, last = (self.groups[number].index(index) for index, _ in (stretch[0], stretch[-1]))
            places = ", ".join(_PLACES)
            query = f"SELECT * FROM ({queries[number]}) AS q WHERE file_no BETWEEN {first} AND {last}"  # noqa: S608 - likewise
            for batch in session.rows(f"{query} ORDER BY {places}"):
                yield from self._rows_of(batch, number)

    def _rows_of(self, batch: pa.RecordBatch, number: int) -> Iterator[DoubtfulRow]:
        columns = self.relations[number].columns
        names = [*_PLACES, *self.relations[number].types, _REPEATED]
        rows, begins = pa.Table.from_batches([batch]).rename_columns(names), 0
        for counted in pc.value_counts(rows["file_no"]).to_pylist():
            of_file = rows.slice(begins, counted["counts"])
            begins += counted["counts"]
            name = files.shown_name(self.reads[self.groups[number][counted["values"]]].path)
            for part in of_file.to_batches(max_chunksize=_ROWS_AT_A_TIME):
                lines = pc.add(part["row_no"], 1).to_pylist()
                cells = part.drop_columns([*_PLACES, _REPEATED])
                rows_of_part = batch_rows(name, cells, columns, lines)
                for row, is_repeated in zip(rows_of_part, part[_REPEATED].to_pylist(), strict=True):
                    yield row, is_repeated, columns


def parquet_events(
    session: DuckDBSession, program: Program, paths: Sequence[Path | str], *, digests: bool = False
) -> ParquetEvents | None:
    """Files of events as relations; None where the engine reads one of them otherwise than the reader.

    Args:
        session: The engine.
        program: Whose log it is.
        paths: The files, in order.
        digests: Whether digests of the files are wanted.

    Raises:
        InputError: A file or its columns cannot be used.
    """
    known = event_columns(program)
    reads = []
    for path in paths:
        state = state_of(path)
        digest = digest_of_file(path, known.of_file(files.shown_name(path))) if digests else None
        reads.append(FileRead(path, state, digest))
    by_shape: dict[_Shape, list[int]] = {}
    kinds: dict[_Shape, tuple[Columns, Mapping[str, ValueKind]]] = {}
    for index, path in enumerate(paths):
        name = files.shown_name(path)
        with files.opened(path) as stream:
            schema = parquet_schema(name, stream)
        columns = known.of_file(name)
        shape = tuple((field.name, str(field.type)) for field in schema), id(columns.form)
        by_shape.setdefault(shape, []).append(index)
        own = parquet_kinds(name, schema, columns)
        kinds[shape] = parquet_columns(columns, own), own
    relations = []
    for shape, indexes in by_shape.items():
        sql = _scan([paths[index] for index in indexes])
        types = _types(session, sql, shape[0], *kinds[shape])
        if types is None:
            return None
        cells = {f"cell_{number}": _cell(name, of) for number, (name, of) in enumerate(types.items())}
        beside = tuple(_PLACES.values())
        relations.append(EventRows(sql, types, kinds[shape][0], {**_PLACES, **cells}, beside))
    return ParquetEvents(tuple(reads), tuple(map(tuple, by_shape.values())), tuple(relations))


def _cell(name: str, of: EngineType) -> str:
    """A cell as the reader is given it: of a text, no more than shows whether it is too long."""
    return f'left("{name}", {LONGEST_CELL + 1})' if of.name.lower() == "varchar" else f'"{name}"'


def _scan(paths: Sequence[Path | str]) -> str:
    # The working directory of the process is the engine's too. A sign of a pattern stands for itself.
    listed = ", ".join(literal(str(path).translate(_GLOB_SIGNS)) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def _types(
    session: DuckDBSession,
    sql: str,
    shape: Sequence[tuple[str, str]],
    columns: Columns,
    kinds: Mapping[str, ValueKind],
) -> Mapping[str, EngineType] | None:
    """The engine's types, if it sees the same columns as the reader, with the same kinds."""
    names = {name.casefold() for name, _ in shape}
    if len(names) < len(shape) or names & _ENGINES_OWN:  # names that the engine does not tell apart
        return None
    try:
        found = session.columns(f"SELECT * FROM {sql}")  # noqa: S608 - the names are quoted
    except EngineError:  # the reader says what is wrong, if anything is
        return None
    types = {name: column_type(kind, "duckdb") for name, kind in found if name in kinds}
    if {name: of.kind for name, of in types.items()} != dict(kinds):
        return None
    is_exact = all(
        types[name].is_nanosecond == kind.startswith("timestamp[ns") and types[name].scale == _scale(kind)
        for name, kind in shape
        if name in kinds
    )
    return types if is_exact and has_ids_in_text(types, columns) else None


def _scale(arrow_type: str) -> int | None:
    """The scale in the name of an Arrow decimal."""
    if not arrow_type.startswith("decimal"):
        return None
    return int(arrow_type.rstrip(")").rpartition(",")[2])
