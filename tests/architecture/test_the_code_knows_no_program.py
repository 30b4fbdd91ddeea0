"""No activity, level, balance or benefit of the shipped program, and no amount of it, stands in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Module

ROOT = Path(__file__).parents[2]
SMALLEST_AMOUNT = 100

# Numbers that the program happens to use too.
GENERIC_NUMBERS = {
    100: "percent, centuries, the longest name that is looked up",
    1000: "thousands: per mille, rows at a time",
    10_000: "a date as a number; results kept at hand",
}
OTHER_NUMBERS = {
    "cli/pointbook_cli/reporters/comparison/markdown.py": "characters of a line",
    "engine/pointbook/sample/amounts.py": "round numbers in which people think, whatever the range",
    "engine/pointbook/sample/people.py": "shares per mille",
    "engine/pointbook/sample/values.py": "shares per mille",
}


@pytest.fixture(scope="module")
def program() -> list[Any]:
    """The shipped rules as plain values, one for each version."""
    loaded = load(ROOT / "rules/dataminer-devops")
    assert loaded.program is not None
    resolved = [version.document.resolved for version in loaded.versions]
    return [loaded.documents.program.plain(), *(node.plain() for node in resolved if node is not None)]  # type: ignore[union-attr]


def _ids(documents: list[Any]) -> set[str]:
    """Ids of rules; versions are called by their dates, which stand in messages as examples."""
    sections = ("activities", "levels", "benefits", "balances", "groups")
    return {key for document in documents for section in sections for key in document.get(section, {})}


def _amounts(value: Any) -> Iterator[int]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield abs(value)
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _amounts(part)


def _constants(modules: list[Module]) -> Iterator[tuple[Module, ast.Constant]]:
    """Every constant but docstrings, whose examples may be those of the program."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    for module in modules:
        docstrings = {
            node.body[0].value
            for node in ast.walk(module.tree)
            if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and node not in docstrings:
                yield module, node


def test_no_id_of_the_program_stands_in_code(
    program: list[Any], engine: list[Module], command_line: list[Module]
) -> None:
    ids = _ids(program) - {"member"}  # also what everyone is called who takes part, in any program
    assert {"qa.answer", "catalyst", "devops_points", "priority_support"} <= ids
    words = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w.])" for name in sorted(ids)))
    found = [
        f"{module.name}:{node.lineno}: {match[0]}"
        for module, node in _constants([*engine, *command_line])
        if isinstance(node.value, str)
        for match in words.finditer(node.value)
    ]
    assert not found


def test_no_amount_of_the_program_stands_in_code(
    program: list[Any], engine: list[Module], command_line: list[Module]
) -> None:
    amounts = {amount for amount in _amounts(program) if amount >= SMALLEST_AMOUNT}
    assert {750, 5000, 15000, 25000} <= amounts
    found = [
        f"{module.name}:{node.lineno}: {node.value}"
        for module, node in _constants([*engine, *command_line])
        if isinstance(node.value, int)
        and node.value in amounts - set(GENERIC_NUMBERS)
        and module.name not in OTHER_NUMBERS
    ]
    assert not found
