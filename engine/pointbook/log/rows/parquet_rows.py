"""Rows of Parquet files, read a piece at a time."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from pointbook.diagnostics import InputError, install_hint
from pointbook.log.blocks import Block, ReadableRow, in_blocks
from pointbook.log.columns import IGNORED
from pointbook.log.faults import quoted
from pointbook.log.rows.casts import parquet_casts
from pointbook.log.rows.csv_cells import LONGEST_CELL, TOO_LONG
from pointbook.log.rows.header import refuse_names
from pointbook.log.rows.typed_texts import ValueKind, cut_texts, kind_of, texts_of
from pointbook.log.translation import translated
from pointbook.model.wording import quantity
from pointbook.source.archives import packed_wrongly, packing_of
from pointbook.source.counted import tell_read
from pointbook.source.other_formats import PARQUET, other_format

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pointbook.log.columns import Columns
    from pointbook.log.records import Row

MAGIC = b"PAR1"
_ROWS_AT_A_TIME = 1 << 13
_BYTES_AT_A_TIME = 1 << 26
_BYTES_OF_A_CELL = 10_000
"""More in the mean of a column, and that over 64 MB, is no log."""
_HINT = "write it again, for example with DuckDB or pandas"


def parquet_blocks(file: str, stream: IO[bytes], columns: Columns) -> Iterator[Block]:
    """The rows of a Parquet file; a row's line is its number in the file, from 1.

    Args:
        file: The name that rows carry.
        stream: The file, from its beginning.
        columns: The columns there may be.

    Raises:
        InputError: It cannot be read, or its columns cannot be used.
    """
    if not stream.seekable():
        raise InputError(file, "Parquet begins at its end, and cannot come from a pipe", "write it to a file")
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    source = _opened(file, stream)
    kinds = parquet_kinds(file, source.schema_arrow, columns)
    rows = max(1, source.metadata.num_rows)
    for block in translated(_blocks(file, source, columns, list(kinds)), parquet_columns(columns, kinds)):
        yield block
        tell_read(size * len(block.columns[0]) // rows)


def parquet_columns(columns: Columns, kinds: Mapping[str, ValueKind]) -> Columns:
    """The columns of a Parquet file, whose values are of these kinds, by its own names."""
    return replace(with_kinds(columns, kinds), casts=parquet_casts(columns, kinds))


def with_kinds(columns: Columns, kinds: Mapping[str, ValueKind]) -> Columns:
    """The columns of a typed source, whose values are of these kinds, by its own names."""
    is_local = kinds.get(columns.theirs("occurred_at")) is ValueKind.LOCAL
    return replace(columns, has_timestamps=True) if is_local else columns


def _blocks(file: str, source: Any, columns: Columns, names: list[str]) -> Iterator[Block]:
    first = 1
    for whole in _batches(file, source):
        batch = whole.select(names)
        texts, too_long = _texts_by_name(file, batch)
        if too_long or any("\0" in "".join(column) for column in texts.values()):
            rows = batch_rows(file, batch, columns, range(first, first + batch.num_rows))
            yield from in_blocks(rows, columns)
        else:
            absent = [""] * batch.num_rows
            ours = {columns.ours(name): column for name, column in texts.items()}
            in_order = [ours.get(name, absent) for name in columns.known]
            yield Block(file, in_order, _bytes_of(batch), partial(_rows, file, columns, first))
        first += batch.num_rows


def _bytes_of(batch: Any) -> bytes:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def _rows(
    file: str, columns: Columns, first: int, kept: bytes, positions: Iterable[int]
) -> Iterator[ReadableRow]:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    with pa.ipc.open_stream(kept) as reader:
        batch = reader.read_next_batch()
    places = list(positions)
    for _, line, raw, texts, _ in batch_rows(
        file, batch.take(places), columns, [first + place for place in places]
    ):
        assert texts is not None, "a row that cannot be read is not in such a block"
        yield ReadableRow(file, line, raw, texts)


def parquet_schema(file: str, stream: IO[bytes]) -> Any:
    """The Arrow schema of a Parquet file.

    Raises:
        InputError: It cannot be read.
    """
    return _opened(file, stream).schema_arrow


def parquet_kinds(file: str, schema: Any, columns: Columns) -> Mapping[str, ValueKind]:
    """The kinds of a typed source's columns, but for those that are passed over, by name, in its order.

    Args:
        file: What errors call the source.
        schema: Its Arrow schema.
        columns: The columns there may be.

    Raises:
        InputError: Columns are missing, not known, or of a type that has no text.
    """
    refuse_names(file, schema.names, columns)
    kinds = {field.name: kind_of(field.type) for field in schema if columns.ours(field.name) != IGNORED}
    for name, kind in kinds.items():
        if kind is None:
            cast = parquet_casts(columns, kinds).get(columns.ours(name))
            raise no_text(file, name, str(schema.field(name).type), cast)
    return {name: kind for name, kind in kinds.items() if kind is not None}


def plain_names(file: str, stream: IO[bytes]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns of a Parquet file of any kind, and those whose type has no text.

    Raises:
        InputError: It cannot be read.
    """
    schema = parquet_schema(file, stream)
    names = tuple(field.name for field in schema if kind_of(field.type) is not None)
    return names, tuple(field.name for field in schema if kind_of(field.type) is None)


def plain_rows(file: str, stream: IO[bytes]) -> Iterator[Sequence[str]]:
    """The rows of a Parquet file of any kind: the texts in the columns of `plain_names`.

    Raises:
        InputError: It cannot be read.
    """
    names, _ = plain_names(file, stream)
    stream.seek(0)
    for batch in _batches(file, _opened(file, stream)):
        texts, _ = _texts_by_name(file, batch.select(names))
        yield from zip(*texts.values(), strict=True)


def no_text(file: str, name: str, type_name: str, cast: str | None) -> InputError:
    """The error for a column whose type is none that a row can have, with how it is cast."""
    message = f"the column {quoted(name)} is of type {type_name}, which a row cannot have"
    hint = "write it as text, a number, a date, a timestamp or a boolean"
    return InputError(file, message, hint if cast is None else f"{hint}; {cast}")


def batch_rows(file: str, batch: Any, columns: Columns, lines: Iterable[int]) -> Iterator[Row]:
    """The rows of a record batch; a row with a cell that is too long has the beginning of it in its raw text.

    Args:
        file: The name that rows carry.
        batch: Its columns have texts.
        columns: The columns there may be.
        lines: The line of each row.

    Raises:
        InputError: A text is not UTF-8.
    """
    texts, too_long = _texts_by_name(file, batch)
    row_of = RowMaker(list(texts), columns).row
    for position, (line, cells) in enumerate(zip(lines, zip(*texts.values(), strict=True), strict=True)):
        row = row_of(file, line, cells)
        yield (*row[:3], None, TOO_LONG) if position in too_long else row


class RowMaker:
    """Makes rows of texts that come from columns with types."""

    def __init__(self, names: Sequence[str], columns: Columns) -> None:
        """For the columns `names` of a file, of those there may be."""
        self._names = names
        ours = [columns.ours(name) for name in names]
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self._places = [ours.index(name) if name in ours else len(names) for name in columns.known]

    def row(self, file: str, line: int, cells: Sequence[str]) -> Row:
        """The row of `cells`, which stand in the order of the columns; its raw text is JSON."""
        raw = self._encode(dict(zip(self._names, cells, strict=True)))
        if "\\u0000" in raw and any("\0" in cell for cell in cells):
            return file, line, raw, None, "it contains a NUL character (code 0)"
        filled = (*cells, "")
        return file, line, raw, tuple([filled[place] for place in self._places]), ""


def _texts_by_name(file: str, batch: Any) -> tuple[dict[str, list[str]], set[int]]:
    """The texts of each column, those that are too long cut, and the positions of rows that have such."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    texts: dict[str, list[str]] = {}
    too_long: set[int] = set()
    for name in batch.schema.names:
        try:
            values, long = cut_texts(batch.column(name), LONGEST_CELL)
            texts[name] = texts_of(values)
        except UnicodeDecodeError as error:
            message = f"the column {quoted(name)} holds text that is not UTF-8"
            raise InputError(file, message, _HINT) from error
        except (pa.ArrowException, ValueError, OverflowError) as error:
            raise _damaged(file) from error
        too_long.update(long)
    return texts, too_long


def _damaged(file: str) -> InputError:
    return InputError(file, "this Parquet file is damaged: its rows cannot be read", _HINT)


def _opened(file: str, stream: IO[bytes]) -> Any:
    try:
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = "Parquet files are read with pyarrow, which is not installed"
        raise InputError(file, message, install_hint("duckdb")) from error
    if not stream.peek(1) if hasattr(stream, "peek") else False:
        raise InputError(file, "the file is empty", _HINT)
    try:
        source = parquet.ParquetFile(stream)
        _refuse_huge_cells(file, source.metadata)
        return parquet.ParquetFile(stream, metadata=source.metadata, read_dictionary=_repeated_texts(source))
    except InputError:
        raise
    except Exception as error:  # in a damaged file anything can be found
        stream.seek(0)
        begins = stream.read(_BYTES_OF_A_CELL)
        if packing := packing_of(begins):
            raise packed_wrongly(file, packing, PARQUET) from error
        what, hint = other_format(file, begins) or (PARQUET, "")
        if what != PARQUET:
            raise InputError(file, f"this looks like {what}, not like Parquet", hint) from error
        message = "this is no Parquet file, or a damaged one"
        raise InputError(file, message, f"{_HINT}; a text file's name ends in `.csv` or `.jsonl`") from error


def _chunks(metadata: Any) -> Iterator[Any]:
    """What is known of the columns of each group of rows that hold texts, before these are read."""
    for group in range(metadata.num_row_groups):
        columns = map(metadata.row_group(group).column, range(metadata.num_columns))
        yield from (column for column in columns if column.physical_type == "BYTE_ARRAY")


def _refuse_huge_cells(file: str, metadata: Any) -> None:
    """Refuse a file whose texts are absurdly long by its own figures, without reading them."""
    for column in _chunks(metadata):
        size, cells = column.total_uncompressed_size, column.num_values
        if size > _BYTES_AT_A_TIME and size > _BYTES_OF_A_CELL * cells:
            texts = f"{size // 10**6:,} MB of text in {quantity(cells, 'row')}"
            message = f"the column {quoted(column.path_in_schema)} has {texts}, which no log has"
            hint = f"leave such texts out; a cell may have {LONGEST_CELL:,} characters"
            raise InputError(file, message, hint)


def _repeated_texts(source: Any) -> list[str]:
    """Columns with long texts that the file has once for many rows: they stay once in memory too."""
    found = {
        column.path_in_schema
        for column in _chunks(source.metadata)
        if column.total_uncompressed_size > LONGEST_CELL and "RLE_DICTIONARY" in column.encodings
    }
    return sorted(found & set(source.schema_arrow.names))


def _batches(file: str, source: Any) -> Iterator[Any]:
    try:
        for group in range(source.metadata.num_row_groups):
            known = source.metadata.row_group(group)
            of_a_row = known.total_byte_size // max(1, known.num_rows)
            size = max(1, min(_ROWS_AT_A_TIME, _BYTES_AT_A_TIME // max(1, of_a_row)))
            yield from source.iter_batches(batch_size=size, row_groups=[group])
    except Exception as error:  # in a damaged file anything can be found
        raise _damaged(file) from error
