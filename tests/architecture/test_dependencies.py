"""Every package that code imports is declared, and upper bounds are those that have a cause.

Source: docs/decisions/dependencies.md.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CORE = [Requirement(text) for text in PROJECT["dependencies"]]
ENGINES = {
    extra: [Requirement(text) for text in PROJECT["optional-dependencies"][extra]]
    for extra in ("duckdb", "postgres", "spark")
}
OTHER_NAMES = {"ibis": "ibis-framework", "yaml": "pyyaml"}
"""Packages that are imported by another name than they are installed by."""
ONLY_FOR = {"duckdb": {"duckdb"}, "psycopg": {"postgres"}, "pyspark": {"spark"}}
"""Packages that one of the engines needs; each of the others is needed by all of them."""


def imported() -> Iterator[tuple[str, str]]:
    """Each package that a module of ours imports, and the module."""
    for root in ("engine", "cli"):
        for file in sorted((ROOT / root).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                for name in names:
                    package = name.partition(".")[0]
                    if package not in sys.stdlib_module_names | {"pointbook", "pointbook_cli"}:
                        yield OTHER_NAMES.get(package, package), file.relative_to(ROOT).as_posix()


def test_every_package_that_is_imported_is_declared():
    declared = {one.name for one in CORE}.union(*({one.name for one in extra} for extra in ENGINES.values()))
    assert [found for found in imported() if found[0] not in declared] == []


def test_every_engine_brings_what_its_way_imports():
    """All ways share `relational`; what is of one engine only stands in `ONLY_FOR`."""
    core = {one.name for one in CORE}
    needed = {package for package, _ in imported()} - core
    for extra, requirements in ENGINES.items():
        its_own = {package for package in needed if extra in ONLY_FOR.get(package, {extra})}
        assert its_own <= {one.name for one in requirements}, extra


def test_every_declared_package_is_imported():
    """tzdata is read by the standard library's zoneinfo."""
    used = {package for package, _ in imported()} | {"tzdata"}
    declared = [*CORE, *(one for extra in ENGINES.values() for one in extra)]
    assert {one.name for one in declared} <= used


def test_every_requirement_says_what_is_needed_at_least():
    for one in [*CORE, *(one for extra in ENGINES.values() for one in extra)]:
        assert any(bound.operator in (">=", "~=", "==") for bound in one.specifier), one


def test_upper_bounds_are_those_that_have_a_cause():
    page = (ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", page, re.MULTILINE))
    bounded = {
        (one.name, str(bound))
        for one in [*CORE, *(one for extra in ENGINES.values() for one in extra)]
        for bound in one.specifier
        if bound.operator not in (">=", ">", "!=")
    }
    assert bounded == explained
