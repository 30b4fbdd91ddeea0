"""The corpus's exports of Parquet: each is read right, and `adopt` finds its columns."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "corpus"))  # test folders are not packages

from corpus_reading import EXPORTS, check
from corpus_readings import OF_PARQUET

from pointbook.adoption import adopted

TYPES = {"topic": "text", "minutes": "integer", "price": "decimal", "done": "boolean", "due": "date"}


@pytest.mark.parametrize("file", OF_PARQUET)
def test_each_is_read_right(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for reading in OF_PARQUET[file]:
        check(file, reading, tmp_path)


@pytest.mark.parametrize("file", OF_PARQUET)
def test_each_column_is_taken_for_what_it_is(file: str) -> None:
    sheet = adopted(EXPORTS / file, None).events
    assert {role: guess.column.name for role, guess in sheet.guesses.items()} == {
        "event_id": "id",
        "member_id": "user_id",
        "activity": "action",
        "occurred_at": "created_at",
    }
    assert {one.column.name: one.type for one in sheet.further if one.use == "attribute"} == TYPES
