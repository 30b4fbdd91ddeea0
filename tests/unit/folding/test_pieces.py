"""A log in pieces is the log: cut anywhere, in either form, as bytes and back, and folded."""

from __future__ import annotations

from datetime import date
from itertools import chain
from types import SimpleNamespace

import pytest
from logs_in_pieces import LOGS, PROGRAM, TYPED

from pointbook.evaluating import evaluate
from pointbook.folding.pieces import pieces_of
from pointbook.folding.plain_pieces import PlainPieces
from pointbook.folding.stream import Folding, StreamFold
from pointbook.model.ledger import Assume, Entry
from pointbook.model.log import Event


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
    nothing = SimpleNamespace(places=0, event_columns={}, member_attributes={})
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
    from pointbook.log import Log, Rejects  # noqa: PLC0415 - one use

    return Log(members, events, Rejects(), Rejects(), len(events), len(members))
