"""Modules and functions stay short, shipped files name their schema, imports go downwards."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.source.files import schema_text
from pointbook.structure.patch_schema import patch_schema_from, version_schema_from
from pointbook.structure.validators import SCHEMAS, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Module

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 300
FULLEST_ROOM = 20
LONGEST_FUNCTION = 60
SCHEMA_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")

ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
LONG_FUNCTIONS = {
    "engine/pointbook/interpret/fast_fold.py:rows": "the step once more, without a call for each part",
    "engine/pointbook/interpret/fast_entries.py:entries_of": "likewise, for several entries",
}


def _listed(heading: str) -> list[str]:
    """What the table under a heading of docs/architecture.md has in its first column."""
    section = ARCHITECTURE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \| \S", section, re.MULTILINE)


def _rooms(modules: list[Module]) -> dict[str, int]:
    """Every package, and how many modules it has side by side."""
    found = Counter(module.name.rpartition("/")[0] for module in modules)
    return {room: count - 1 for room, count in found.items()}


def test_long_modules_and_full_rooms_are_those_that_the_page_lists(
    engine: list[Module], command_line: list[Module]
) -> None:
    modules = [*engine, *command_line]
    long = {module.name for module in modules if module.text.count("\n") > LONGEST_MODULE}
    full = {room for room, count in _rooms(modules).items() if count > FULLEST_ROOM}
    listed = _listed("Long modules and full rooms")
    assert long | full == set(listed), "split it, or give the cause in docs/architecture.md"
    assert len(listed) == len(set(listed))


def test_the_page_names_every_room(engine: list[Module], command_line: list[Module]) -> None:
    rooms = {room.partition("/")[2] for room in _rooms([*engine, *command_line])}
    assert set(_listed("The rooms")) | {"pointbook"} == rooms


def _statements(function: ast.AST) -> int:
    return sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1


def test_functions_are_short(engine: list[Module], command_line: list[Module]) -> None:
    found = {
        f"{module.name}:{node.name}": _statements(node)
        for module in [*engine, *command_line]
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _statements(node) > LONGEST_FUNCTION
    }
    assert set(found) <= set(LONG_FUNCTIONS), "split it, or say in LONG_FUNCTIONS why not"


WRITTEN_BY_PEOPLE = (
    "program",
    "version",
    "complete",
    "patch",
    "scenario",
    "guardrails",
    "approvals",
    "survivors",
    "log",
    "event",
    "member",
    "lock",
)
"""Schemas that editors complete with."""

WRITTEN_BY_COMMANDS = ("changes", "comparison")
"""Schemas of the JSON that commands write, for whoever reads it with a program."""


@pytest.mark.parametrize(
    "path", sorted((ROOT / "rules").rglob("*.yaml")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_every_shipped_yaml_file_begins_with_its_schema(path: Path) -> None:
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    match = SCHEMA_LINE.fullmatch(first)
    assert match is not None
    target = (path.parent / match[1]).resolve()
    assert target.is_file()
    is_patch = any(line.startswith("based_on:") for line in rest)
    kind = (
        "guardrails"
        if path.name == "guardrails.yaml"
        else {"versions": "patch" if is_patch else "version", "scenarios": "scenario"}.get(
            path.parent.name, "program"
        )
    )
    assert target.name == f"{kind}.schema.json"


def test_imports_go_downwards() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout


def test_two_schemas_of_versions_are_made_from_that_of_a_complete_one(
    golden: Callable[[Path, str], None],
) -> None:
    complete = schema("complete")
    patch = patch_schema_from(complete)
    for name, made in (("patch", patch), ("version", version_schema_from(complete, patch))):
        text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
        golden(ROOT / f"engine/pointbook/structure/schemas/{name}.schema.json", text)
        assert schema_text(name) == text


def _undescribed(part: Any, definitions: dict[str, Any], path: str) -> Iterator[str]:
    """Keys without a description. Conditions only repeat keys that are described elsewhere."""
    if isinstance(part, list):
        for index, item in enumerate(part):
            yield from _undescribed(item, definitions, f"{path}/{index}")
    if not isinstance(part, dict):
        return
    for key, value in part.get("properties", {}).items():
        if "/if" not in path and value is not True and not _described(value, definitions):
            yield f"{path}/{key}"
    for key, value in part.items():
        if key not in {"enum", "required"}:
            yield from _undescribed(value, definitions, f"{path}/{key}")


def _described(part: dict[str, Any], definitions: dict[str, Any]) -> bool:
    if "description" in part:
        return True
    if "$ref" in part:
        return _described(definitions[part["$ref"].removeprefix("#/$defs/")], definitions)
    return False


def test_every_schema_is_listed_and_one_or_the_other() -> None:
    folder = ROOT / "engine/pointbook/structure/schemas"
    assert {f"{name}.schema.json" for name in SCHEMAS} == {path.name for path in folder.iterdir()}
    assert set(WRITTEN_BY_PEOPLE) | set(WRITTEN_BY_COMMANDS) == set(SCHEMAS)


@pytest.mark.parametrize("name", [*WRITTEN_BY_PEOPLE, *WRITTEN_BY_COMMANDS])
def test_every_key_of_a_schema_has_a_description(name: str) -> None:
    whole = schema(name)
    assert "description" in whole
    assert not sorted(_undescribed(whole, whole.get("$defs", {}), name))


def _untitled(part: Any, definitions: dict[str, Any], path: str) -> Iterator[str]:
    """Keys without a title. What branches say of a key is said beside what it is."""
    for key, value in part.get("properties", {}).items():
        own = definitions[value["$ref"].removeprefix("#/$defs/")] if "$ref" in value else {}
        if "title" not in {**own, **value}:
            yield f"{path}/{key}"
        yield from _untitled(value, definitions, f"{path}/{key}")
    for inside in ("additionalProperties", "items"):
        if isinstance(part.get(inside), dict):
            yield from _untitled(part[inside], definitions, f"{path}/{inside}")


@pytest.mark.parametrize(
    "name", [name for name in WRITTEN_BY_PEOPLE if name != "lock"]
)  # which a command writes
def test_every_key_that_people_write_has_a_title_of_its_own(name: str) -> None:
    """The lock is written by a command."""
    whole = schema(name)
    definitions = whole.get("$defs", {})
    without = [
        place
        for title, part in {"": whole, **definitions}.items()
        for place in _untitled(part, definitions, title)
    ]
    assert without == []


@pytest.mark.parametrize("name", WRITTEN_BY_PEOPLE)
def test_no_schema_uses_one_of(name: str) -> None:
    """The messages of `oneOf` name the wrong branch."""
    assert '"oneOf"' not in schema_text(name)
    assert '"anyOf"' not in schema_text(name)
