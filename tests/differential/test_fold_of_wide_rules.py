"""The fold over what DuckDB hands over comes to the interpreter's lines: random rules of several entries."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

from fold_lines import interpreted_lines, lines_over
from hypothesis import HealthCheck, given, settings

from pointbook.folding.stream import Folding
from pointbook.relational.engines.duckdb_session import DuckDBSession

sys.path.insert(0, str(Path(__file__).parents[1] / "property"))  # test folders are not packages
from strategies import Case, cases, wide_pool


@settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(cases(wide_pool()))
def test_entries_are_the_same_lines_over_duckdb(case: Case) -> None:
    folding = Folding(case.rules.ready, case.as_of, case.version, case.assume)
    assert lines_over(DuckDBSession(), folding, case.log) == interpreted_lines(folding, case.log)
