"""A log in pieces is the log: cut anywhere, in either form, as bytes and back, and folded."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import pytest

from pointbook.evaluating import evaluate
from pointbook.folding.pieces import pieces_of
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.stream import Folding, StreamFold
from pointbook.loading import load_program
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.ledger import Assume, Entry
from pointbook.model.log import Event, Member

PROGRAM = load_program(Path(__file__).parents[3] / "rules" / "dataminer-devops")
TYPED = SimpleNamespace(
    event_attributes={kind.value: kind for kind in AttributeType},
    member_attributes={f"of_{kind.value}": Attribute(kind) for kind in AttributeType},
)
"""What codecs ask of a program: attributes of every type."""
FIRST = datetime(2024, 2, 1, 9, 0, 0, 999_999)  # noqa: DTZ001 - as a log has it
VALUES = {
    "integer": [-(10**15), 10**15, None],
    "decimal": [Decimal("0.000001"), Decimal("-999999999999999.5"), None],
    "date": [date(1900, 1, 1), date(2999, 12, 31), None],
    "text": ["", 'a,"b"\n\r\x00', "é\U0001f600"],
    "boolean": [True, False, None],
}


def attributes_for(types, number):
    named = {name: VALUES[kind][number % 3] for name, kind in types.items()}
    return {name: value for name, value in named.items() if value is not None}


def log_of(counts):
    """Members with so many events each, and the extremes of every type of attribute."""
    of_members = {name: attribute.type for name, attribute in TYPED.member_attributes.items()}
    known = [name for version in PROGRAM.versions for name in version.activities]
    members, events = [], []
    for number, count in enumerate(counts):
        member_id = f"m{number}\x7f"
        members.append(Member(member_id, date(2024, 1, 1 + number), attributes_for(of_members, number)))
        for place in range(count):
            at, name = FIRST + timedelta(days=3 * place + number), f"e{number}-{place:03}"
            given = attributes_for(TYPED.event_attributes, place)
            points = (None, 0, 7)[place % 3]
            events.append(Event(member_id, at, name, at, known[(place + number) % len(known)], points, given))
    return members, events


LOGS = {
    "ordinary": log_of([3, 0, 5, 1, 0, 0, 2]),
    "one has nearly all": log_of([1, 30, 0, 2]),
    "members without events": log_of([0, 0, 0, 0, 0, 0]),
    "one event": log_of([1]),
    "empty": ([], []),
}


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_pieces_hold_whole_members_and_are_the_log(log, size):
    members, events = log
    pieces = list(pieces_of(members, events, size))
    assert list(chain.from_iterable(piece.members for piece in pieces)) == members
    assert list(chain.from_iterable(piece.events for piece in pieces)) == events
    for number, piece in enumerate(pieces):
        assert max(len(piece.members), len(piece.events)) <= size
        later = {event.member_id for following in pieces[number + 1 :] for event in following.events}
        assert {event.member_id for event in piece.events} & later == (
            {piece.events[-1].member_id} if piece.goes_on else set()
        )
        if piece.goes_on:
            assert len({event.member_id for event in piece.events}) == 1


def test_plain_bytes_are_the_piece_where_no_attribute_is_declared():
    nothing = SimpleNamespace(event_attributes={}, member_attributes={})
    plain = PlainPieces(nothing)
    members, events = LOGS["ordinary"]
    bare = (
        [member._replace(attributes={}) for member in members],
        [event._replace(attributes={}) for event in events],
    )
    for size in (1, 3, 100):
        pieces = list(pieces_of(*bare, size))
        assert [plain.from_bytes(plain.bytes_of(piece)) for piece in pieces] == pieces


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
def test_plain_bytes_are_the_piece(log):
    plain = PlainPieces(TYPED)
    for piece in pieces_of(*log, 4):
        back = plain.records(plain.from_bytes(plain.bytes_of(piece)))
        assert [*map(tuple, back.events)] == [*map(tuple, piece.events)]
        assert list(back.members) == list(piece.members)
        assert back.goes_on == piece.goes_on
        assert all(isinstance(event, Event) for event in back.events)


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
def test_tables_of_arrow_are_the_pieces(log):
    pa = pytest.importorskip("pyarrow")
    pytest.importorskip("numpy")
    from pointbook.folding.arrow_pieces import ArrowPieces, arrow_pieces  # noqa: PLC0415 - an extra

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
    of_events = table(events, own, TYPED.event_attributes)
    declared = {name: attribute.type for name, attribute in TYPED.member_attributes.items()}
    of_members = table(members, {"member_id": text, "signed_up_on": pa.date32()}, declared)
    arrow = ArrowPieces(TYPED)
    for size in (1, 3, 100):
        for rows in (1, 2, 100):
            pieces = arrow_pieces(of_members, of_events.to_reader(rows), size)
            found = [arrow.records(arrow.from_bytes(arrow.bytes_of(piece))) for piece in pieces]
            assert found == list(pieces_of(members, events, size))


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_folded_pieces_are_the_evaluation(log, size):
    members, events = log
    as_of = date(2024, 4, 1)
    fold = StreamFold(Folding(PROGRAM, as_of, None, Assume.LOW))
    parts = list(map(fold.results, pieces_of(members, events, size)))
    by_id = {member.id: member for member in members}
    whole = list(evaluate(PROGRAM, log_with(by_id, events), as_of=as_of, assume="low"))
    entries = [entry for result in whole for entry in result.entries]
    assert [row for part in parts for row in zip(*part.entries.values(), strict=True)] == entries
    assert [standing for part in parts for standing in part.standings] == [
        result.standing for result in whole if result.standing is not None
    ]
    assert [change for part in parts for change in part.changes] == [
        change for result in whole for change in result.history
    ]
    assert sum(part.tally.after_as_of for part in parts) == sum(result.after_as_of for result in whole)
    assert sum(part.tally.outcomes.total() for part in parts) == len(entries)
    assert all(list(part.entries) == list(Entry._fields) for part in parts)


def log_with(members, events):
    from pointbook.log import Log  # noqa: PLC0415 - one use

    return Log(members, events, (), (), len(events), len(members))
