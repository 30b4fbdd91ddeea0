"""CONTRIBUTING's lists of files are those that know the example, and no others."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIST = re.compile(r"^### (.+)\n(?:(?!#).*\n)*?<!-- example: (.+) -->\n((?:(?:- |  ).+\n)+)", re.MULTILINE)
FILE = re.compile(r"^- `([^`]+)`: ", re.MULTILINE)
LISTS = LIST.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
SUFFIXES = {".py", ".json", ".j2", ".js", ".css"}


def code_of(path: Path) -> str:
    """The file's text; of Python without comments and docstrings, which may show examples."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(value=None)
    return ast.unparse(tree)


@pytest.fixture(scope="module")
def code() -> dict[str, str]:
    """Every file of the engine and the command line."""
    return {
        path.relative_to(ROOT).as_posix(): code_of(path)
        for folder in ("engine", "cli")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES
    }


def test_there_is_a_list_for_each_kind_of_addition():
    assert [name for name, _, _ in LISTS] == [
        "A check",
        "A cap window",
        "A form of points",
        "An outcome",
        "A command",
    ]


@pytest.mark.xdist_group("every file parsed once")
@pytest.mark.parametrize(
    ("example", "rows"), [found[1:] for found in LISTS], ids=[name for name, *_ in LISTS]
)
def test_the_list_names_the_files_that_know_the_example(code: dict[str, str], example: str, rows: str):
    listed = FILE.findall(rows)
    assert len(listed) == rows.count("- `"), "each item names one file and says what is added there"
    assert [name for name in listed if not (ROOT / name).exists()] == []

    knowing = {name for name, text in code.items() if re.search(example, text) or re.search(example, name)}

    assert {name for name in listed if name.startswith(("engine/", "cli/"))} == knowing


@pytest.mark.parametrize(("addition", "most"), [("A cap window", 3), ("A form of points", 7)])
def test_a_construct_is_known_in_few_places(addition: str, most: int):
    """Not counting the schemas that are made from another."""
    listed = {name: rows for name, _, rows in LISTS}[addition]
    rows = "\n".join(row for row in listed.splitlines() if "`: made from " not in row)
    assert 0 < len([name for name in FILE.findall(rows) if name.startswith(("engine/", "cli/"))]) <= most
