from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """A module of the repository, parsed."""

    name: str
    text: str
    tree: ast.Module


def _modules(folder: str) -> list[Module]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(path.relative_to(ROOT).as_posix(), text, ast.parse(text)))
    assert found, f"there is nothing in {folder}"
    return found


@pytest.fixture(scope="session")
def engine() -> list[Module]:
    return _modules("engine")


@pytest.fixture(scope="session")
def command_line() -> list[Module]:
    return _modules("cli")
