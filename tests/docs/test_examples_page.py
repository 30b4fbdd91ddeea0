"""The page of the examples points at the lines that it shows, and its commands find nothing wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "rules/examples/README.md"
ROW = re.compile(
    r"^\| (?P<what>[^|`]+) \| `(?P<shown>[^`]+)` \| \[[\w-]+\]\((?P<file>[^#)]+)#L(?P<line>\d+)\) \|$",
    re.MULTILINE,
)
ROWS = [match.groupdict() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_the_line_is_the_one_that_is_shown(row: dict[str, str]) -> None:
    lines = (PAGE.parent / row["file"]).read_text(encoding="utf-8").splitlines()

    assert row["shown"] in lines[int(row["line"]) - 1]


def test_every_example_is_on_the_page_and_every_line_of_the_table_is_looked_at() -> None:
    text = PAGE.read_text(encoding="utf-8")
    programs = {file.parent.name for file in PAGE.parent.glob("*/program.yaml")}

    assert programs == {
        match[1] for match in re.finditer(r"^\| \[([\w-]+)\]\(\1/program.yaml\) \|", text, re.MULTILINE)
    }
    assert len(ROWS) == len(re.findall(r"^\| .*#L\d+\) \|$", text, re.MULTILINE)) > len(programs)
