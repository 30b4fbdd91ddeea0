"""A log that the Python reader has read, and rules as rows, as Arrow tables."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow.json import ParseOptions, read_json

from pointbook.model.dated_attributes import dated_text
from pointbook.relational.rulebook.columns import DATED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.log import Log
    from pointbook.model.log import Event, Member
    from pointbook.relational.rulebook.columns import InputColumns
    from pointbook.relational.rulebook.rows import RuleTable

_ARROW_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp(6)": pa.timestamp("us"),
    "decimal(21, 6)": pa.decimal128(21, 6),
}


def _arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    return pa.schema([(name, _ARROW_TYPES[kind]) for name, kind in types.items()])


def rule_table(table: RuleTable) -> pa.Table:
    """Rules as rows.

    They go through JSON, days as numbers: arrays made of Python's lists would have pyarrow import
    pandas, and a cast its functions, which takes longer than all the rest.
    """
    schema = _arrow_schema(table.types)
    if not table.rows:
        return pa.Table.from_batches([], schema)
    lines = "\n".join(json.dumps(row, default=_days_since_1970) for row in table.rows)
    read = read_json(BytesIO(lines.encode()), parse_options=ParseOptions(explicit_schema=schema))
    return read.select(schema.names)


def _days_since_1970(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def events_table(log: Log, columns: InputColumns) -> pa.Table:
    """A log's events."""
    return table_of_events(log.events, columns)


def table_of_events(events: Sequence[Event], columns: InputColumns) -> pa.Table:
    """Events."""
    own = ("member_id", "at", "event_id", "local", "activity", "points")
    return _table(events, {name: name for name in own}, columns, columns.events)


def members_table(log: Log, columns: InputColumns) -> pa.Table:
    """A log's members."""
    own = {"member_id": "id", "signed_up_on": "signed_up_on"}
    members = list(log.members.values())
    table = _table(members, own, columns, columns.members)
    if not any(member.dated for member in members):
        return table
    return table.append_column(DATED, pa.array([dated_text(member.dated) for member in members], pa.string()))


def _table(
    records: Sequence[Event | Member], own: Mapping[str, str], columns: InputColumns, types: Mapping[str, str]
) -> pa.Table:
    """Records as a table: what each column of their own is called in a record, and their attributes."""
    cells: dict[str, list[Any]] = {
        column: list(map(attrgetter(name), records)) for column, name in own.items()
    }
    for name, column in columns.attributes_in(types).items():
        cells[column] = [record.attributes.get(name) for record in records]
    return pa.table(cells, schema=_arrow_schema(types))
