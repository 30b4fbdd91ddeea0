from __future__ import annotations

import gc
import random
from datetime import date, datetime

import pytest

from pointbook.diagnostics import InputError
from pointbook.log import RawRow, accepted_log
from pointbook.model.log import Event, Member, Reject

ANNA = RawRow("s.yaml", 1, "", {"member_id": "anna", "signed_up_on": "2023-01-15"})
BEN = RawRow("s.yaml", 2, "", {"member_id": "ben", "signed_up_on": "2023-02-01"})


def event(line: int, **cells: str) -> RawRow:
    plain = {"event_id": f"e{line}", "member_id": "anna", "activity": "course", "occurred_at": "2024-03-13"}
    return RawRow("s.yaml", line, f"row {line}", {**plain, **cells})


def test_rows_become_typed_events_of_typed_members(program):
    log = accepted_log(program, [ANNA], [event(5, points="50", days="3")])
    assert log.members == {"anna": Member("anna", date(2023, 1, 15), {})}
    assert log.events == [
        Event(
            member_id="anna",
            at=datetime.fromisoformat("2024-03-12 23:00"),
            event_id="e5",
            local=datetime.fromisoformat("2024-03-13 00:00"),
            activity="course",
            points=50,
            attributes={"days": 3},
        )
    ]


def test_a_row_that_cannot_be_read_is_rejected_with_its_problem(program):
    log = accepted_log(program, [], [RawRow("s.yaml", 7, "raw text", None, "it is bent")])
    assert log.rejects == (Reject("s.yaml", 7, "", "", "unreadable_row", "it is bent", "raw text"),)


def test_a_column_that_the_rules_do_not_declare_makes_a_row_unreadable(program):
    (reject,) = accepted_log(program, [ANNA], [event(1, pionts="5")]).rejects
    assert reject.reason == "unreadable_row"
    assert reject.detail.endswith("did you mean `points`?")


def test_a_nul_character_makes_a_row_unreadable(program):
    (reject,) = accepted_log(program, [ANNA], [event(1, kind="a\0b")]).rejects
    assert reject.reason == "unreadable_row"


def test_events_are_sorted_by_member_then_moment_then_id_by_code_point(program):
    rows = [
        event(1, event_id="b", member_id="ben", occurred_at="2024-01-01"),
        event(2, event_id="z", occurred_at="2024-03-13T10:00"),
        event(3, event_id="a", occurred_at="2024-03-13T09:00Z"),
        event(4, event_id="Z", occurred_at="2024-03-13T09:00Z"),
        event(5, event_id="é", occurred_at="2024-03-13T09:00Z"),
        event(6, event_id="e10", occurred_at="2024-03-13T09:00Z"),
        event(7, event_id="e9", occurred_at="2024-03-13T09:00Z"),
    ]
    log = accepted_log(program, [BEN, ANNA], rows)
    assert [e.event_id for e in log.events] == ["Z", "a", "e10", "e9", "z", "é", "b"]
    assert log.events == sorted(log.events)
    assert list(log.members) == ["anna", "ben"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_does_not_matter(program, seed):
    rows = [
        event(n, occurred_at=f"2024-01-{n % 28 + 1:02}", member_id=("anna", "ben")[n % 2]) for n in range(60)
    ]
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - not for secrets
    assert accepted_log(program, [ANNA, BEN], shuffled) == accepted_log(program, [BEN, ANNA], rows)


def test_rejects_are_sorted_by_the_order_of_files_then_line(program):
    rows = [
        event(9, event_id="x")._replace(file="b"),
        event(3, event_id="y")._replace(file="b", cells=None),
        event(2, event_id="x", points="1")._replace(file="a"),
    ]
    log = accepted_log(program, [ANNA], rows)
    assert [(reject.file, reject.line) for reject in log.rejects] == [("b", 3), ("b", 9), ("a", 2)]


def test_events_with_the_same_attributes_share_one_mapping_that_cannot_be_changed(program):
    log = accepted_log(program, [ANNA], [event(1, days="3"), event(2, days="3"), event(3), event(4)])
    first, second, third, fourth = (e.attributes for e in log.events)
    assert first is second
    assert third is fourth
    with pytest.raises(TypeError):
        first["days"] = 4


@pytest.mark.parametrize("enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(program, enabled):
    def broken():
        yield event(1)
        raise InputError("x", "y", "z")

    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(InputError):
            accepted_log(program, [ANNA], broken())
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()
