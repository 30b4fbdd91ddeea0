"""Record batches as lines of CSV or JSON: the same bytes as `table_files`, column by column.

Where a text of a batch needs quoting, or an apostrophe for spreadsheets, its rows go one by one through
`table_files`, so that there is one definition of that.
"""

from __future__ import annotations

from itertools import chain
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pointbook.model.tables import names_of, rows_of
from pointbook_cli.reporters.escaping import FORMULA
from pointbook_cli.reporters.tables.table_files import table_writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.tables import Columns

_ROWS_AT_A_TIME = 100_000
_SPECIAL = {"csv": r'[,"\r\n]', "jsonl": r'["\\\x00-\x1f]'}
"""What makes a text more than itself."""


def write_lines(
    stream: IO[str],
    columns: Columns,
    output_format: str,
    batches: Iterable[pa.RecordBatch],
    *,
    spreadsheet_safe: bool = False,
) -> None:
    """Write batches with `columns` to `stream`, with the header, if there is one.

    Args:
        stream: Where to.
        columns: Of the table.
        output_format: `csv` or `jsonl`.
        batches: Rows, in their order.
        spreadsheet_safe: Whether no text of CSV may be taken for a formula.
    """
    write_cells = table_writer(stream, columns, output_format, spreadsheet_safe=spreadsheet_safe)
    special = f"{_SPECIAL[output_format]}|{FORMULA}" if spreadsheet_safe else _SPECIAL[output_format]
    for batch in batches:
        for start in range(0, len(batch), _ROWS_AT_A_TIME):
            part = batch.slice(start, _ROWS_AT_A_TIME)
            if _has(special, part):
                for rows in rows_of((part,)):
                    write_cells(list(zip(*rows, strict=True)))
            else:
                lines = _csv_lines(part) if output_format == "csv" else _json_lines(part, columns)
                stream.write("\n".join(chain(lines.to_pylist(), ("",))))


def _has(pattern: str, batch: pa.RecordBatch) -> bool:
    texts = (column for column in batch.columns if pa.types.is_string(column.type))
    return any(pc.any(pc.match_substring_regex(column, pattern)).as_py() for column in texts)


def _csv_lines(batch: pa.RecordBatch) -> pa.Array:
    return pc.binary_join_element_wise(*(pc.fill_null(_text(column), "") for column in batch.columns), ",")


def _json_lines(batch: pa.RecordBatch, columns: Columns) -> pa.Array:
    parts: list[pa.Array | str] = []
    for index, (name, column) in enumerate(zip(names_of(columns), batch.columns, strict=True)):
        parts += ("," if index else "{", f'"{name}":', pc.fill_null(_json(column), "null"))
    return pc.binary_join_element_wise(*parts, "}", "")


def _json(column: pa.Array) -> pa.Array:
    text = _text(column)
    if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
        return text
    return pc.binary_join_element_wise('"', text, '"', "")


def _text(column: pa.Array) -> pa.Array:
    """Texts as `table_files` has them, null where there is none."""
    text = column.cast(pa.string())
    if pa.types.is_timestamp(column.type):
        text = pc.replace_substring_regex(text, r"^(\S+) (\S+?)(\.0+)?$", r"\1T\2")
    return text
