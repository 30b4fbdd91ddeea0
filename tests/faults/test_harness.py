"""What once broke something no longer does, and the harness tries all there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import Case, begin_folder, kept, lay_over
from operations import Run
from reading import CORPUS, READERS
from rows import Row, table
from run import PARTS
from stopping import CASES, standing_for_all
from this_process import run_here

from pointbook_cli.main import COMMANDS

PAGE = Path(__file__).resolve().parents[2] / "docs/reliability.md"


@pytest.mark.parametrize("case", kept(CORPUS), ids=lambda case: case.name)
def test_what_once_broke_something_ends_in_a_sentence(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    begin_folder(folder)
    lay_over(case, folder)
    code, _, err = run_here(case.arguments, folder)
    assert code in {0, 1, 2, 3}
    assert b"Traceback" not in err


def test_every_input_of_the_corpus_has_its_line() -> None:
    listed = re.findall(r"^\| `([^`]+)`", (CORPUS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == sorted(place.parent.name for place in CORPUS.glob("*/arguments"))


def test_every_command_is_stopped_where_it_writes() -> None:
    assert {case.arguments.split(" ", 1)[0] for case in CASES} == set(COMMANDS)


def test_of_writes_to_one_file_on_end_the_first_the_last_and_one_between_are_tried() -> None:
    operations = "mowwwowwwwwwtwr"
    files = bytes([0, 0, 1, 1, 1, 0, 1, 2, 1, 2, 2, 2, 2, 2, 0])
    run = Run(0, "", "", operations, files, is_alone=True)
    # Of file 1 the writes 3, 4, 5, 7 and 9; of file 2 those at 8, 10, 11 and 12, then 13 and 14.
    assert standing_for_all(run) == [1, 2, 3, 5, 6, 8, 9, 11, 12, 13, 14, 15]


def test_the_page_quotes_a_table_of_the_harness() -> None:
    """Figures are as they were seen; the lines are those of the harness."""
    quoted = PAGE.read_text(encoding="utf-8").split("<!-- table -->\n")[1].split("\n\n")[0].splitlines()
    rows = [re.split(r" *\| *", line)[1:-1] for line in quoted]
    head = table([]).splitlines()
    assert quoted[: len(head)] == head
    found = {(part, what) for part, what, *_ in rows[len(head) :]}
    assert {part for part, _ in found} <= set(PARTS)
    assert {("stopping", case.what) for case in CASES} <= found
    assert {("reading", reader) for reader in READERS} <= found


def test_the_table_says_how_many_there_are_to_try() -> None:
    rows = [Row("a", "b", 1, ("broken",), 2000), Row("a", "c", 3), Row("a", "d", 4, (), 5, 6000)]
    lines = ["| a | b | 1 of 2,000 | 1 |", "| a | c | 3 | 0 |", "| a | d | 4 of 5, for 6,000 | 0 |"]
    assert table(rows).splitlines()[2:] == lines
