"""Pieces of a log as tables of Arrow hold the same records as those of a log in this process."""

from __future__ import annotations

import pyarrow as pa
import pytest
from logs_in_pieces import LOGS, TYPED

from pointbook.folding.arrow_pieces import ArrowPieces, arrow_pieces
from pointbook.folding.pieces import pieces_of


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
def test_tables_of_arrow_are_the_pieces(log):
    types = {
        "integer": pa.int64(),
        "decimal": pa.decimal128(21, 6),
        "date": pa.date32(),
        "text": pa.string(),
        "boolean": pa.bool_(),
    }

    def table(records, own, declared):
        columns = {
            name: pa.array([record[place] for record in records], kind)
            for place, (name, kind) in enumerate(own.items())
        }
        for name, kind in sorted(declared.items()):
            columns[f"a_{name}"] = pa.array([one.attributes.get(name) for one in records], types[kind])
        return pa.table(columns)

    members, events = log
    text, time = pa.string(), pa.timestamp("us")
    own = {
        "member_id": text,
        "at": time,
        "event_id": text,
        "local": time,
        "activity": text,
        "points": pa.int64(),
    }
    of_events = table(events, own, TYPED.event_columns)
    declared = {name: attribute.type for name, attribute in TYPED.member_attributes.items()}
    of_members = table(members, {"member_id": text, "signed_up_on": pa.date32()}, declared)
    arrow = ArrowPieces(TYPED)
    for size in (1, 3, 100):
        for rows in (1, 2, 100):
            pieces = arrow_pieces(of_members, of_events.to_reader(rows), size)
            found = [arrow.records(arrow.from_bytes(arrow.bytes_of(piece))) for piece in pieces]
            assert found == list(pieces_of(members, events, size))
