"""The fold where the data is comes to the interpreter's lines: random rules of several entries."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

from fold_lines import interpreted_lines, lines_of_a_range, lines_over
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pointbook.folding.stream import Folding
from pointbook.relational.engines.duckdb_session import DuckDBSession

sys.path.insert(0, str(Path(__file__).parents[1] / "property"))  # test folders are not packages
from strategies import Case, cases, wide_pool

FEW: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


def folding_of(case: Case) -> Folding:
    return Folding(case.rules.ready, case.as_of, case.version, case.assume)


@settings(max_examples=40, **FEW)
@given(cases(wide_pool()))
def test_entries_are_the_same_lines_over_duckdb(case: Case) -> None:
    folding = folding_of(case)
    assert lines_over(DuckDBSession(), folding, case.log) == interpreted_lines(folding, case.log)


@settings(max_examples=15, **FEW)
@given(cases(wide_pool()))
def test_entries_are_the_same_lines_over_postgresql(postgres_session: Any, case: Case) -> None:
    folding = folding_of(case)
    assert lines_over(postgres_session, folding, case.log) == interpreted_lines(folding, case.log)


@settings(max_examples=40, **FEW)
@given(cases(wide_pool()), st.integers(1, 5))
def test_entries_of_a_range_of_members_are_the_same_lines(case: Case, size: int) -> None:
    """As a process of Spark has them, in batches of so many rows."""
    folding = folding_of(case)
    assert lines_of_a_range(size, folding, case.log) == interpreted_lines(folding, case.log)
