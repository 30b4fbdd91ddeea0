"""Only one module of the engine reads files, and only the command line prints."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Module

READER = "engine/pointbook/source/files.py"
READING = frozenset(("open", "read_text", "read_bytes", "write_text", "write_bytes", "fdopen", "files"))
READING_MODULES = frozenset(("importlib.resources", "fileinput", "tempfile", "shutil", "pkgutil"))

# What reads, under a name that something else could have too.
ALLOWED_CALLS = {
    ("engine/pointbook/source/git_objects.py", "stdout"): "the output of git",
    ("engine/pointbook/source/git_objects.py", "stderr"): "why git could not",
}


def _called_name(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _readings(module: Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _called_name(node) in READING:
            yield module.name, _called_name(node)
        elif isinstance(node, ast.Import):
            yield from ((module.name, name.name) for name in node.names if name.name in READING_MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module in READING_MODULES:
            yield module.name, node.module
        elif isinstance(node, ast.Attribute) and node.attr in {"stdin", "stdout", "stderr"}:
            yield module.name, node.attr


def test_only_one_module_of_the_engine_reads_files(engine: list[Module]) -> None:
    found = {place for module in engine if module.name != READER for place in _readings(module)}
    assert found <= set(ALLOWED_CALLS), "read through pointbook.source.files"


def test_the_scan_sees_what_the_reader_does(engine: list[Module]) -> None:
    """The test above would pass for ever if the scan saw nothing."""
    reader = next(module for module in engine if module.name == READER)
    assert {"open", "read_bytes", "read_text", "stdin"} <= {name for _, name in _readings(reader)}


def test_nothing_in_the_engine_prints(engine: list[Module]) -> None:
    found = [
        f"{module.name}:{node.lineno}"
        for module in engine
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Call) and _called_name(node) in {"print", "echo", "secho", "warn"})
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"click", "logging"})
        or (isinstance(node, ast.Import) and any(name.name in {"click", "logging"} for name in node.names))
    ]
    assert not found, "hand over values; the command line prints"


def test_the_engine_has_no_clock(engine: list[Module]) -> None:
    """Results are the same on every day: nothing asks what day it is."""
    found = [
        f"{module.name}:{node.lineno}"
        for module in engine
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"today", "now", "utcnow", "getenv"}
        and not node.args
        and not node.keywords
    ]
    assert not found
