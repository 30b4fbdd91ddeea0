"""Whoever waits for files to be read is told how many bytes of them were."""

from __future__ import annotations

from pathlib import Path

from pointbook.source.counted import bytes_told, size_of

EVENTS = "event_id,member_id,activity,occurred_at\n" + "".join(
    f"e{number},anna,course,2024-03-13\n" for number in range(5000)
)


def test_all_bytes_of_the_files_are_told_and_the_log_is_the_same(log_of):
    before = log_of({"a.csv": EVENTS, "b": EVENTS.replace(",anna,", ",ben,")})
    read = []
    with bytes_told(read.append):
        log = log_of({"a.csv": EVENTS, "b": EVENTS.replace(",anna,", ",ben,")})
    assert log == before
    names = ["members.csv", "a.csv", "b"]
    assert sum(read) == size_of(names) == sum(Path(name).stat().st_size for name in names)
    assert max(read) < len(EVENTS)


def test_what_is_no_file_has_no_size(tmp_path):
    assert size_of(["-"]) is None
    (tmp_path / "part.csv").write_text(EVENTS)
    assert size_of([tmp_path]) == size_of([str(tmp_path / "*.csv")]) == len(EVENTS)
    assert size_of(["query:SELECT 1"]) is None
