"""Events that are read in pieces are those of the log: in any order, however few fit into memory."""

from __future__ import annotations

from itertools import chain

import pytest
from logs_in_pieces import LOGS, PROGRAM, TYPED

from pointbook.folding import log_in_pieces, sorted_events
from pointbook.folding.sorted_events import SortedEvents
from pointbook.log import read_log, settled_rows, spilling
from pointbook.log.records import latest_of

MEMBERS = "member_id,signed_up_on\nanna,2024-01-01\nben,2024-02-01\n"
EVENTS = """event_id,member_id,activity,occurred_at
e1,ben,qa.question,2024-03-05T10:00:00
e2,anna,qa.question,2024-03-04T10:00:00
e3,anna,qa.question,2024-03-04T10:00:00
e1,ben,qa.question,2024-03-05T10:00:00
e4,anna,qa.question,2024-03-09T10:00:00
,anna,qa.question,2024-03-09T10:00:00
e4,anna,docs.typo,2024-03-09T10:00:00
e5,carl,qa.question,2024-03-01T10:00:00
e6,anna,qa.question,2024-03-02T10:00:00Z
,ben,qa.question,2024-03-01T10:00:00
e7,ben,qa.question,2024-03-05
"""


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorted_events, "MOST_IN_MEMORY", 4)
    monkeypatch.setattr(sorted_events, "EVENTS_OF_A_CHUNK", 2)
    monkeypatch.setattr(spilling, "MOST_IN_MEMORY", 400)


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
def test_events_in_any_order_come_out_sorted(log, tmp_path):
    _, events = log
    shuffled = [*events[1::2], *events[::2]][::-1]
    accepted = SortedEvents(TYPED, tmp_path)
    for begin in range(0, len(shuffled), 3):
        accepted.add(shuffled[begin : begin + 3])
    assert list(chain.from_iterable(accepted.in_order())) == events
    assert accepted.latest() == latest_of(events)


@pytest.mark.usefixtures("little_memory")
def test_events_that_are_left_out_do_not_come_out_unless_they_are_added_again(tmp_path):
    _, events = LOGS["one has nearly all"]
    latest = latest_of(events)
    accepted = SortedEvents(TYPED, tmp_path)
    for event in events:
        accepted.add([event])
    accepted.leave_out({hash(event.event_id) for event in (*latest, events[3])})
    rest = [event for event in events if event not in (*latest, events[3])]
    assert accepted.latest() == latest_of(rest)
    assert list(chain.from_iterable(accepted.in_order())) == rest
    accepted.add(latest)
    assert accepted.latest() == latest
    assert list(chain.from_iterable(accepted.in_order())) == sorted([*rest, *latest])


@pytest.mark.parametrize("all_collide", [False, True])
@pytest.mark.parametrize("in_file", [False, True])
def test_a_log_in_pieces_is_the_log_that_is_read_at_once(
    all_collide, in_file, tmp_path, monkeypatch, request
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.csv").write_text(MEMBERS)
    (tmp_path / "e.csv").write_text(EVENTS)
    files = {"members": ["m.csv"], "events": ["e.csv"]}
    log = read_log(PROGRAM, **files)
    if in_file:
        request.getfixturevalue("little_memory")
    if all_collide:  # ids whose hashes are equal are told apart by their texts
        monkeypatch.setattr(settled_rows, "hash", lambda _: 7, raising=False)
        monkeypatch.setattr(sorted_events, "hash", lambda _: 7, raising=False)
    pieces = log_in_pieces.log_in_pieces(PROGRAM, **files, folder=tmp_path)
    assert pieces.facts == log.facts
    # By hand: of e1 the second row goes, both of e4 differ, nobody knows carl, two have no id.
    assert [event.event_id for event in log.events] == ["e6", "e2", "e3", "e7", "e1"]
    assert pieces.facts.rejects.reasons == {
        "duplicate": 1,
        "conflicting_duplicate": 2,
        "unknown_member": 1,
        "missing_value": 2,
    }
    for size in (1, 2, 100):
        found = list(pieces.pieces(size))
        assert list(chain.from_iterable(piece.events for piece in found)) == log.events
        assert list(chain.from_iterable(piece.members for piece in found)) == list(log.members.values())
