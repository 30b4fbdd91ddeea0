"""The summary of an evaluation, as the program manager reads it."""

from __future__ import annotations

from typing import Any

from pointbook.model.ledger import Outcome
from pointbook.model.log import Reject
from pointbook_cli.reporters.summary_text import summary_text


def summary(members: int, reasons: dict[str, int]) -> dict[str, Any]:
    counts = dict.fromkeys(Outcome, 0)
    counts |= {
        "events_read": 9,
        "events_in_ledger": 9,
        "ledger": 9,
        "rejects": sum(reasons.values()),
        "after_as_of": 0,
    }
    counts |= {"assumed": 1, "points_ignored": 0, "member_rejects": 0}
    return {
        "program": "club",
        "version": None,
        "members": members,
        "as_of": "2024-03-01",
        "as_of_source": "given",
        "evaluated": {"backend": "python", "way": "fold", "workers": 1, "compiled": False},
        "assume": "low",
        "counts": counts,
        "unknown_activities": {},
        "reject_reasons": reasons,
        "levels": {"": members},
        "versions": [],
    }


def reject(line: int, reason: str, detail: str) -> Reject:
    return Reject("log/events.csv", line, "", "", reason, detail, "")


def test_one_member_is_not_members():
    assert summary_text(summary(1, {})).startswith("club: 1 member, by the version in force")
    assert "1 event without an assessed value" in summary_text(summary(1, {}))
    assert summary_text(summary(1200, {})).startswith("club: 1,200 members, by")


def test_the_most_frequent_reasons_come_with_the_first_row_of_each():
    reasons = {"bad_value": 2, "duplicate": 1, "missing_value": 1, "unreadable_row": 1}
    rows = [
        reject(7, "duplicate", "the same as line 6"),
        reject(8, "bad_value", "'many' is not a whole number"),
        reject(9, "bad_value", "another"),
        reject(10, "unreadable_row", "it has 1 cell"),
        reject(11, "missing_value", "it has no member_id"),
    ]
    lines = summary_text(summary(3, reasons), rows, "rejects.jsonl").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("rejected rows"))
    assert lines[start : start + 5] == [
        (
            "rejected rows, all in rejects.jsonl:"
            " bad_value 2, duplicate 1, missing_value 1, unreadable_row 1; for example:"
        ),
        "    log/events.csv:8: bad_value: 'many' is not a whole number",
        "    log/events.csv:7: duplicate: the same as line 6",
        "    log/events.csv:11: missing_value: it has no member_id",
        "",
    ]


def test_a_row_cannot_steer_the_terminal_nor_fill_it():
    rows = [reject(2, "bad_value", "'\x1b[2J' is not a date" + "!" * 1000)]
    text = summary_text(summary(3, {"bad_value": 1}), rows)
    assert "\\u001b[2J" in text
    assert max(map(len, text.splitlines())) < 250


def test_without_rejects_there_is_no_line_of_them():
    assert "rejected" not in summary_text(summary(3, {}))
