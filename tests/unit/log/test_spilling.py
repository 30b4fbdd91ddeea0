"""Rows that are too many for memory come to the same as those that are not."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from pointbook.log import Rejects, spilling
from pointbook.log.spilling import SpilledRows
from pointbook.model.log import Reject

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "event_id,member_id,activity,occurred_at,points\n"


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """After every second row or so memory is full."""
    monkeypatch.setattr(spilling, "MOST_IN_MEMORY", 800)


@pytest.mark.usefixtures("no_memory")
def test_rows_are_read_as_they_were_added_or_sorted_again_and_again(tmp_path: Path) -> None:
    rows = [(number * 7 % 10, "é", ("a", str(number))) for number in range(10)]
    for in_order in (False, True):
        spilled = SpilledRows(tmp_path / "made", in_order=in_order)
        for row in rows:
            spilled.add(row)
        assert [list(spilled), list(spilled)] == [sorted(rows) if in_order else rows] * 2
        begun = iter(spilled)
        next(begun)
        assert [*zip(begun, spilled, strict=False)][-1] == (list(spilled)[-1], list(spilled)[-2])
    assert len(spilled) == 10
    assert (tmp_path / "made").is_dir()
    assert list((tmp_path / "made").iterdir()) == []  # the files have no names


def test_few_rows_make_no_file(tmp_path: Path) -> None:
    spilled = SpilledRows(tmp_path / "made")
    spilled.add(("a",))
    assert list(spilled) == [("a",)]
    assert not (tmp_path / "made").exists()


@pytest.mark.usefixtures("no_memory")
def test_rejects_are_counted_and_shown_by_example(tmp_path: Path) -> None:
    kinds = [("bad_value", "points"), ("duplicate", "event_id"), ("bad_value", "kind")] * 3
    rows = [
        Reject("e.csv", line, column, f"e{line}", reason, "why", "raw", "m", "visit")
        for line, (reason, column) in enumerate(kinds, 2)
    ]
    rejects = Rejects(rows, tmp_path)
    assert (list(rejects), len(rejects), rejects[4]) == (rows, 9, rows[4])
    assert rejects == tuple(rows)
    assert rejects != Rejects(rows[:-1])
    assert rejects.reasons == {"bad_value": 6, "duplicate": 3}
    assert rejects.examples == {"bad_value": rows[0], "duplicate": rows[1]}
    with pytest.raises(IndexError):
        rejects[9]
    sent = pickle.loads(pickle.dumps(rejects))  # noqa: S301 - made here
    assert (len(sent), sent.reasons, sent.examples) == (9, rejects.reasons, rejects.examples)


def test_a_log_is_the_same_however_little_memory_there_is(log_of, monkeypatch):
    rows = [
        *(f"e{number % 9},anna,course,2024-03-13,{number % 2}" for number in range(30)),  # that differ
        *("e20,ben,course,2024-03-14,5" for _ in range(6)),  # that do not
        *("e21,nobody,course,2024-03-14,5" for _ in range(3)),  # with a fault of their own
        "e22,ben,course,never,5",
        "e22,ben,course,2024-03-14,5",
        'e23,"ben',
        "e24,ben,course,2024-03-15,5",
    ]
    files = {"a.csv": HEADER + "\n".join(rows[::2]) + "\n", "b.csv": HEADER + "\n".join(rows[1::2]) + "\n"}
    before = log_of(files)
    monkeypatch.setattr(spilling, "MOST_IN_MEMORY", 800)
    after = log_of(files)
    assert before == after
    # By hand: nine ids differ in all 30 rows; of six equal rows five go; three are of nobody; two differ,
    # one of them with a fault of its own; one cannot be read. One of the six and the last one stay.
    assert after.rejects.reasons == {
        "conflicting_duplicate": 31,
        "duplicate": 5,
        "unknown_member": 3,
        "bad_value": 1,
        "unreadable_row": 1,
    }
    assert [event.event_id for event in after.events] == ["e20", "e24"]
    assert [reject.line for reject in after.rejects if reject.file == "a.csv"] == sorted(
        reject.line for reject in after.rejects if reject.file == "a.csv"
    )
