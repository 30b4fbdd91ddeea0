"""The synthetic log as Parquet, with a type for every column.

A column with a type cannot hold a mistake of spelling, such as `02/13/2024` for a time: there the
cell is empty. All other mistakes are those of the CSV files.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from pointbook.log import Clock
from pointbook.log.typed.values import reader_of
from pointbook.model.attributes import AttributeType
from pointbook.model.log import VALID_FROM
from pointbook_cli.reporters.tables.parquet_files import ROWS_OF_A_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pointbook.model.program import Program

_MOST_KEPT = 1 << 17
_ARROW_TYPES = {
    AttributeType.INTEGER: pa.int64(),
    AttributeType.DECIMAL: pa.decimal128(21, 6),
    AttributeType.DATE: pa.date32(),
    AttributeType.TEXT: pa.string(),
    AttributeType.BOOLEAN: pa.bool_(),
}


def write_sample_parquet(path: Path, rows: Iterable[tuple[str, ...]], program: Program) -> None:
    """Write rows of a sample, header first, to a Parquet file.

    Args:
        path: The file.
        rows: Of members or of events.
        program: Whose sample it is.
    """
    rows = iter(rows)
    names = next(rows)
    moment = Clock(program.timezone).moment
    readers = {"occurred_at": lambda text: moment(text)[0]}
    known = {
        **{name: attribute.type for name, attribute in program.member_attributes.items()},
        **program.event_attributes,
        "points": AttributeType.DECIMAL if program.places else AttributeType.INTEGER,
        **dict.fromkeys(("signed_up_on", VALID_FROM), AttributeType.DATE),
    }
    types = {name: known.get(name, AttributeType.TEXT) for name in names}
    schema = pa.schema(
        [
            (name, pa.timestamp("us", "UTC") if name in readers else _ARROW_TYPES[kind])
            for name, kind in types.items()
        ]
    )
    values = [_value_from(readers.get(name, reader_of(kind))) for name, kind in types.items()]
    with pq.ParquetWriter(path.absolute(), schema) as writer:
        while batch := list(islice(rows, ROWS_OF_A_GROUP)):
            columns = [
                pa.array([value(row[index]) for row in batch], kind)  # a row can be too long
                for index, (value, kind) in enumerate(zip(values, schema.types, strict=True))
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))


def _value_from(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """The value that a text stands for; None where it is empty, or stands for none of that type."""

    @lru_cache(_MOST_KEPT)
    def value(text: str) -> Any:
        try:
            return reader(text) if text else None
        except ValueError:
            return None

    return value
