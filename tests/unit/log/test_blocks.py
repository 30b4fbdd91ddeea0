"""A log is the same wherever its files are cut into blocks, and however its lines are read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointbook.log.acceptance import log_with, settled_members
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.reading import blocks_of
from pointbook.log.rows import csv_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.model.program import Program

WHOLE = 1 << 20
MEMBERS = "member_id,signed_up_on\nanna,2023-01-15\nben,2023-01-15\n"
HEADER = "event_id,member_id,activity,occurred_at,points,hours,released_on,kind"
GOOD = ("{id}", "anna", "course", "2024-03-13T10:00:05", "5", "2.5", "2024-03-13", "kind")
PARTS = st.sampled_from(
    [
        *("", " ", "anna", "nobody", "2024-03-31T02:30", "2024-02-30", "05", "x", "\0", "\u2028", "é"),
        *("\U0001f600", '"', '""', '"a,b"', '"a""b"', '"x\ny"', '"x\r\ny"', '"a"b', "\r", "\n", "a,b"),
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def lines(draw: st.DrawFn) -> str:
    """A row with its line end: mostly good, and one of few ids."""
    cells = [cell.format(id=f"e{draw(st.integers(0, 9))}") for cell in GOOD]
    for place in draw(st.lists(st.integers(0, len(cells) - 1), max_size=2)):
        cells[place] = draw(PARTS)
    kept = draw(st.sampled_from([len(cells)] * 8 + [0, 1, 7]))
    return ",".join([*cells[:kept], *draw(st.sampled_from([()] * 8 + [("",)]))]) + draw(ENDS)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A file of events with or without byte-order mark and last line end."""
    text = HEADER + draw(ENDS) + "".join(draw(st.lists(lines(), min_size=1, max_size=12)))
    return (
        draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text[: len(text) - draw(st.integers(0, 2))].encode()
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    (folder / "members.csv").write_text(MEMBERS, encoding="utf-8")
    return folder


def read(program: Program, folder: Path, events: Sequence[Path], piece: int) -> Log:
    members = blocks_of([folder / "members.csv"], member_columns(program), piece)
    of_members = settled_members(program, members)
    return log_with(program, of_members, blocks_of(events, event_columns(program), piece))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents=st.lists(files(), min_size=1, max_size=2), piece=st.integers(1, 400))
def test_blocks_of_any_size_make_the_log_that_rows_one_by_one_make(contents, piece, folder, program):
    paths = [folder / f"events-{number}.csv" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    with patch.object(csv_blocks.Table, "doubtful", lambda _, lines: range(len(lines))):
        one_by_one = read(program, folder, paths, WHOLE)
    assert read(program, folder, paths, WHOLE) == one_by_one
    assert read(program, folder, paths, piece) == one_by_one
