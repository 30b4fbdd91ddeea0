"""A log that the Python reader has read, and rules as rows, as Arrow tables."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow.json import ParseOptions, read_json

from pointbook.model.attributes import MEMBER_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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


def arrow_schema(types: Mapping[str, str]) -> pa.Schema:
    """The Arrow schema of columns with ibis types."""
    return pa.schema([(name, _ARROW_TYPES[kind]) for name, kind in types.items()])


def rule_table(table: RuleTable) -> pa.Table:
    """Rules as rows.

    They go through JSON, days as numbers: arrays made of Python's lists would have pyarrow import
    pandas, and a cast its functions, which takes longer than all the rest.
    """
    schema = arrow_schema(table.types)
    if not table.rows:
        return pa.Table.from_batches([], schema)
    lines = "\n".join(json.dumps(row, default=_days_since_1970) for row in table.rows)
    read = read_json(BytesIO(lines.encode()), parse_options=ParseOptions(explicit_schema=schema))
    return read.select(schema.names)


def _days_since_1970(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def events_table(log: Log, columns: InputColumns) -> pa.Table:
    """A log's events."""
    events = log.events
    own: dict[str, list[Any]] = {
        "member_id": [event.member_id for event in events],
        "at": [event.at for event in events],
        "event_id": [event.event_id for event in events],
        "local": [event.local for event in events],
        "activity": [event.activity for event in events],
        "points": [event.points for event in events],
    }
    attributes = {name: column for name, column in columns.attributes.items() if column in columns.events}
    return pa.table(own | _attributes(events, attributes), schema=arrow_schema(columns.events))


def members_table(log: Log, columns: InputColumns) -> pa.Table:
    """A log's members."""
    members = list(log.members.values())
    own: dict[str, list[Any]] = {
        "member_id": [member.id for member in members],
        "signed_up_on": [member.signed_up_on for member in members],
    }
    attributes = {
        name.removeprefix(MEMBER_PREFIX): column
        for name, column in columns.attributes.items()
        if column in columns.members
    }
    return pa.table(own | _attributes(members, attributes), schema=arrow_schema(columns.members))


def _attributes(records: Iterable[Event | Member], columns: Mapping[str, str]) -> dict[str, list[Any]]:
    records = list(records)
    return {column: [record.attributes.get(name) for record in records] for name, column in columns.items()}
