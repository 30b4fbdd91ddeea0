"""Members and events in tables of the engine's own database, and in what queries make of them.

A table has no lines and no order. So the line of its rows is 0, and they are read in the order of
their texts, by code point, whatever the engine would give first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError
from pointbook.log import ValueKind
from pointbook.log.columns import IGNORED
from pointbook.log.rows.casts import casts_of
from pointbook.log.rows.header import refuse_names
from pointbook.log.rows.parquet_rows import RowMaker, no_text, with_kinds
from pointbook.log.rows.typed_texts import plain_digits, text_of_float
from pointbook.log.spilling import SpilledRows
from pointbook.relational.inputs.clean_rows import EventRows, expression_of, has_ids_in_text
from pointbook.relational.inputs.doubtful_rows import doubtful_blocks
from pointbook.relational.inputs.engine_words import WORDS, column_type
from pointbook.relational.inputs.functions_called import calls_a_function
from pointbook.relational.inputs.loaded_rows import without_loaded_at
from pointbook.relational.inputs.row_versions import rows_known, rows_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from pointbook.log.blocks import Block
    from pointbook.log.columns import Columns
    from pointbook.log.records import TableRead
    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.inputs.doubtful_rows import DoubtfulRow
    from pointbook.relational.inputs.engine_words import EngineType

_LONGEST_QUERY = 60
_ENDS = "; \t\r\n"
_PARTS_OF_A_NAME = 3
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?")
_MICROS, _NANOS = 6, 9


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows of one kind in tables or queries.

    Attributes:
        names: What each source is called in positions.
        relations: The rows of each; their places are their texts, in the order of the columns.
        reads: The tables, where the rows of all of them are known by their transactions.
    """

    names: tuple[str, ...]
    relations: tuple[EventRows, ...]
    reads: tuple[TableRead, ...] = ()

    @property
    def have_ids_in_text(self) -> bool:
        """Whether the engine can write every id of an event as the reader does."""
        return all(has_ids_in_text(relation.types, relation.columns) for relation in self.relations)

    def rows(
        self, session: Session, found: Callable[[int], str], folder: Path | None
    ) -> Iterator[DoubtfulRow]:
        """The rows whose texts a query finds for the relation of a number, one source after the other."""
        for number, (name, relation) in enumerate(zip(self.names, self.relations, strict=True)):
            yield from _rows(name, relation, session.rows(found(number)), folder)

    def all_rows(self, session: Session, folder: Path | None) -> Iterator[Block]:
        """Every row, in blocks."""

        def every(number: int) -> str:
            relation = self.relations[number]
            texts = ", ".join(f"{sql} AS {name}" for name, sql in relation.places.items())
            return f"SELECT {texts}, FALSE AS is_repeated FROM {relation.sql}"  # noqa: S608 - quoted names

        return map(itemgetter(0), doubtful_blocks(self.rows(session, every, folder)))


def tables_of(
    session: Session,
    sources: Sequence[Path | str],
    known: Columns,
    loaded_at: str | None = None,
    *,
    digests: bool = False,
) -> Tables:
    """The tables and queries that sources name, under names of their own in the session.

    Args:
        session: Where they are.
        sources: As a user types them.
        known: The columns there may be.
        loaded_at: A further column, which says when a row came.
        digests: Whether it is wanted that rows are known by their transactions.

    Raises:
        InputError: There is no such table, the query is wrong, or the columns cannot be used.
    """
    names = [_shown(str(source)) for source in sources]
    relations, reads = [], []
    for number, (source, name) in enumerate(zip(sources, names, strict=True)):
        view = f"source_of_{known.kind}_{number}"
        columns = known.of_file(str(source))
        sql, is_settled = query_of(session, str(source))
        try:
            found = session.columns(sql)
        except InputError as error:
            raise InputError(name, error.message, error.hint) from error
        if loaded_at is not None:
            columns = without_loaded_at(name, loaded_at, found, columns, session.dialect.name)
        refuse_names(name, [column for column, _ in found], columns)
        types = {
            column: column_type(kind, session.dialect.name)
            for column, kind in found
            if columns.ours(column) != IGNORED
        }
        kinds = {column: of.kind for column, of in types.items() if of.kind is not None}
        every = {column: of.kind for column, of in types.items()}
        casts = casts_of(columns, every, partial(_selecting, str(source)), session.dialect.name)
        if len(kinds) < len(types):
            column = next(column for column in types if column not in kinds)
            raise no_text(name, column, types[column].name, casts.get(columns.ours(column)))
        typed = replace(with_kinds(columns, kinds), casts=casts)
        if digests and session.dialect.name == "postgres" and str(source).startswith("table:"):
            table, versions = _table(str(source), session.dialect.name), f"pointbook_versions_{number}"
            if (read := rows_known(session, versions, name, table, columns, types)) is not None:
                reads.append(read)
                sql = rows_sql(versions, read)
        if is_settled:
            session.view(view, sql)
        if not is_settled or calls_a_function(session, view):
            session.store(view, sql)
        relations.append(EventRows(view, types, typed, _texts(session, types)))
    return Tables(tuple(names), tuple(relations), tuple(reads) if len(reads) == len(relations) else ())


def _selecting(source: str, items: Sequence[str]) -> str:
    """The query of some expressions over a source, as it is given to the command."""
    kind, _, rest = source.partition(":")
    place = rest if kind == "table" else f"({rest.rstrip(_ENDS)}) AS q"
    return f"query:SELECT {', '.join(items)} FROM {place}"  # noqa: S608 - to be read by a person


def _shown(source: str) -> str:
    line = " ".join(source.split())
    return line if len(line) <= _LONGEST_QUERY else line[: _LONGEST_QUERY - 3] + "..."


def query_of(session: Session, source: str) -> tuple[str, bool]:
    """A source as a query, and whether it will mean the same when the session has other relations too.

    Raises:
        InputError: It names no table.
    """
    kind, _, rest = source.partition(":")
    dialect = session.dialect.name
    if kind == "table":
        query = f"SELECT * FROM {_table(source, dialect)}"  # noqa: S608 - quoted names
    else:
        # In brackets only a query can stand; a comment at its end must not hide the closing one.
        query = f"SELECT * FROM (\n{rest.rstrip(_ENDS)}\n) AS q"  # noqa: S608 - the user's own
    return _unshadowed(session, query) if dialect == "duckdb" else (query, True)


def _table(source: str, dialect: str) -> str:
    """The table that a source names, as SQL.

    Raises:
        InputError: It names none.
    """
    names = source.partition(":")[2].split(".")
    if not all(names) or len(names) > _PARTS_OF_A_NAME:
        hint = "write table:NAME, table:SCHEMA.NAME or table:DATABASE.SCHEMA.NAME"
        raise InputError(_shown(source), "this is not the name of a table", hint)
    return ".".join(map(WORDS[dialect].named, names))


def _unshadowed(session: Session, query: str) -> tuple[str, bool]:
    """`query` with the tables of the database under their full names, and whether all it reads are tables.

    DuckDB looks a view's tables up whenever it is read, and finds temporary ones first: those that
    an evaluation makes, which have plain names such as `events`. What views and macros of the database
    read cannot be given full names here, so that their rows have to be taken before there are others.
    """
    from sqlglot import errors, exp, parse  # noqa: PLC0415 - needed for DuckDB only
    from sqlglot.optimizer.scope import traverse_scope  # noqa: PLC0415 - likewise

    owned = (
        "SELECT table_catalog, table_schema, table_name, table_type,"
        " table_schema = current_schema() AS is_here FROM information_schema.tables"
        " WHERE table_catalog = current_database()"
    )
    macros = (
        "SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions()"
        " WHERE function_type LIKE '%macro%' AND NOT internal UNION VALUES ('query'), ('query_table')"
    )
    found = session.rows(owned).read_all().to_pylist()
    places = {row["table_name"].lower(): row for row in found if row["is_here"]}
    places |= {(row["table_schema"].lower(), row["table_name"].lower()): row for row in found}
    views = {row["table_name"].lower() for row in found if row["table_type"] == "VIEW"}
    called = set(re.findall(r"(\w+)\W*\(", query.lower()))
    has_macros = not called.isdisjoint(session.rows(macros).read_all().column(0).to_pylist())
    try:
        trees = parse(query, dialect="duckdb")
    except errors.SqlglotError:  # the engine itself says what is wrong with it
        return query, False
    tree = trees[0]
    if tree is None or len(trees) > 1:  # likewise
        return query, False
    has_views = False
    for scope in traverse_scope(tree):
        for table in scope.tables:
            has_views = has_views or table.name.lower() in views
            name = table.name.lower()
            place = places.get((table.db.lower(), name) if table.db else name)
            is_ours = not table.db and table.name in scope.cte_sources
            if place is not None and not table.catalog and not is_ours:
                table.set("db", exp.to_identifier(place["table_schema"], quoted=True))
                table.set("catalog", exp.to_identifier(place["table_catalog"], quoted=True))
    return tree.sql(dialect="duckdb"), not (has_views or has_macros)


def _texts(session: Session, types: Mapping[str, EngineType]) -> Mapping[str, str]:
    """Each column as text."""
    words = WORDS[session.dialect.name]
    texts = {}
    for number, (name, of) in enumerate(types.items()):
        column = expression_of(name, of, words)
        text = f"CAST({column} AS {words.text})"
        if of.kind is ValueKind.INSTANT:
            in_utc = (words.in_utc_ns_text if of.is_nanosecond else words.in_utc).format(column)
            text = f"COALESCE(CAST({in_utc} AS {words.text}), {text})"
        texts[f"t{number}"] = text
    return texts


def _rows(
    name: str, relation: EventRows, found: pa.RecordBatchReader, folder: Path | None
) -> Iterator[DoubtfulRow]:
    names, columns = list(relation.types), relation.columns
    readers = [_READERS.get(of.kind or ValueKind.TEXT, str) for of in relation.types.values()]
    first = names.index(columns.theirs(columns.required[0]))
    rows = SpilledRows(folder, in_order=True)
    for batch in found:
        *texts, repeated = (column.to_pylist() for column in batch.columns)
        cells = [
            ["" if text is None else read(text) for text in column]
            for read, column in zip(readers, texts, strict=True)
        ]
        for one in zip(cells[first], *cells, repeated, strict=True):
            rows.add(one)
    row_of = RowMaker(names, columns).row
    for _, *row, is_repeated in rows:
        yield row_of(name, 0, row), is_repeated, columns


def _time(text: str) -> str:
    match = _TIME.fullmatch(text)
    if match is None:  # infinity, or a year that no log has
        return text
    day, time, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if not fraction:
        return day if time == "00:00:00" else f"{day}T{time}"
    return f"{day}T{time}.{fraction.ljust(_MICROS if len(fraction) <= _MICROS else _NANOS, '0')}"


def _instant(text: str) -> str:
    match = _TIME.fullmatch(text)
    if match is None:
        return text
    written = _time(text)
    return f"{written}{'' if 'T' in written else 'T00:00:00'}+00:00"


_READERS: Mapping[ValueKind, Callable[[str], str]] = {
    ValueKind.DECIMAL: lambda text: plain_digits(Decimal(text)),
    ValueKind.SINGLE: lambda text: text_of_float(float(text)),
    ValueKind.DOUBLE: lambda text: text_of_float(float(text)),
    ValueKind.LOCAL: _time,
    ValueKind.INSTANT: _instant,
}
