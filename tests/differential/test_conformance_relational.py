"""Every conformance case and every program's scenario on the relational evaluator."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from refused_cases import REFUSED
from relational_evaluators import evaluated_by_duckdb

from pointbook.loading import load
from pointbook.relational import UnsupportedRulesError
from pointbook.scenarios import scenario_from
from pointbook.scenarios.reading import scenario_file
from pointbook.scenarios.running import differences
from pointbook_cli.reporters.findings_text import findings_text

if TYPE_CHECKING:
    from pointbook.loading import Loaded
    from pointbook.scenarios.running import Evaluator

TESTS = Path(__file__).parent.parent
FOLDERS = sorted(
    file.parent
    for folder in (TESTS / "conformance", TESTS.parent / "rules")
    for file in folder.rglob("program.yaml")
)
CASES = [path for folder in FOLDERS for path in sorted((folder / "scenarios").glob("*.yaml"))]


@cache
def loaded(folder: Path) -> Loaded:
    return load(folder)


def check(path: Path, evaluator: Evaluator) -> None:
    """Assert that the case holds, or that the rules are refused where they are known to be."""
    rules = loaded(path.parent.parent)
    file = scenario_file(path)
    scenario, findings = scenario_from(file, rules)
    assert scenario is not None, findings_text(findings, {file.file: file.text})
    if path.stem in REFUSED:
        with pytest.raises(UnsupportedRulesError):
            differences(scenario, evaluator)
        return
    found = differences(scenario, evaluator)
    assert not found, "\n" + findings_text(found, {file.file: file.text})


def case_name(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_duckdb_agrees_with_the_case(path: Path) -> None:
    check(path, evaluated_by_duckdb)


@pytest.mark.parametrize("path", CASES, ids=case_name)
def test_postgresql_agrees_with_the_case(path: Path, postgres: Evaluator) -> None:
    check(path, postgres)


@pytest.mark.parametrize("path", CASES, ids=case_name)
@pytest.mark.skipif("POINTBOOK_SPARK" not in os.environ, reason="slow; set POINTBOOK_SPARK=1 to run on Spark")
def test_spark_agrees_with_the_case(path: Path, spark: Evaluator) -> None:
    check(path, spark)
