"""Rows with nothing in them, as spreadsheets write them: passed over like blank lines, and counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Shell

HEADER = "event_id;member_id;activity;occurred_at"
VISIT = "e1;ann;visit;2024-02-01"


def _blank(shell: Shell) -> int:
    counts = json.loads((shell.folder / "out/summary.json").read_text(encoding="utf-8"))["counts"]
    assert (counts["events_read"], counts["rejects"], counts["awarded"]) == (1, 0, 1)
    found: int = counts["blank_rows"]
    return found


@pytest.mark.parametrize(
    "row", ["", " ", ";;;", ";;;;;;", ",,,,", " ; ;\t;", "\u00a0;;;", '"";"";"";""', '"";" ";;', '"\n";;;']
)
def test_a_row_of_separators_is_passed_over_and_counted_like_a_blank_line(shell: Shell, row: str) -> None:
    for line_end in ("\n", "\r\n"):
        shell.write("events.csv", line_end.join((HEADER, row, VISIT, row, row, "")))
        done = shell.evaluate()
        assert done.code == 0, done.out + done.err
        assert "rows with nothing in them, passed over: 3\n" in done.out
        assert _blank(shell) == 3


def test_above_the_header_and_among_members_they_are_counted_too(shell: Shell) -> None:
    shell.write("events.csv", f";;;\n\n{HEADER}\n{VISIT}\n")
    shell.write("members.csv", "member_id,signed_up_on\n,\nann,2024-01-10\n")
    assert shell.evaluate().code == 0
    assert _blank(shell) == 3


def test_a_file_without_such_rows_says_nothing_of_them(shell: Shell) -> None:
    shell.write("events.csv", f"{HEADER}\n{VISIT}\n")
    done = shell.evaluate()
    assert _blank(shell) == 0
    assert "passed over" not in done.out


def test_a_row_of_which_one_cell_is_filled_is_rejected(shell: Shell) -> None:
    shell.write("events.csv", f"{HEADER}\n;;;2024-02-01\n{VISIT}\n")
    assert shell.evaluate().code == 1


def test_of_json_lines_separators_are_no_row(shell: Shell) -> None:
    shell.write(
        "events.jsonl",
        '{"event_id": "e1", "member_id": "ann", "activity": "visit", "occurred_at": "2024-02-01"}\n\n,,,\n',
    )
    log = ("--events", "events.jsonl", "--members", "members.csv", "--out", "out", "--backend", "python")
    assert shell.run("evaluate", "club", *log).code == 1
    assert "unreadable_row" in (shell.folder / "out/rejects.csv").read_text(encoding="utf-8")


def test_adopt_passes_over_the_same_rows(shell: Shell) -> None:
    shell.write("export.csv", f';;;\n\n{HEADER}\n{VISIT}\n,,,,\n\u00a0;;;\n"";"";;\n')
    done = shell.run("adopt", "export.csv", "--out", "drafts")
    assert done.code == 0, done.err
    assert done.out.startswith("export.csv: 1 row of 4 columns, separated by ';', header in line 3\n")
    assert "cannot be read" not in done.out
    assert "above the header" not in done.out
