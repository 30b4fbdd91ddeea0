"""Exports as people make them: read right, or refused in words that somebody can act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from corpus_reading import EXPORTS, check
from corpus_readings import OF_PARQUET, READINGS

if TYPE_CHECKING:
    from pathlib import Path

    from corpus_readings import Read, Refused, Rejected

CASES = [(file, reading) for file, readings in READINGS.items() for reading in readings]


@pytest.mark.parametrize(
    ("file", "reading"), CASES, ids=[f"{file}-{type(reading).__name__}" for file, reading in CASES]
)
def test_each_export_is_read_right_or_says_what_to_do(
    file: str, reading: Read | Refused | Rejected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check(file, reading, tmp_path)


def test_every_export_is_read_and_it_is_said_how_it_was_made() -> None:
    files = {path.name for path in EXPORTS.iterdir()} - {"MADE.md"}
    of_members = {file for file in files if file.startswith("members-")}
    assert files == {*READINGS, *OF_PARQUET, *of_members}
    assert files == set(
        re.findall(r"^\| `(.+?)` \|", (EXPORTS / "MADE.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
