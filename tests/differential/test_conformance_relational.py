"""Every conformance case and every program's scenario on the relational evaluator."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from refused_cases import REFUSED, REFUSED_PROGRAMS
from relational_evaluators import evaluated_by_duckdb, evaluated_by_printed_queries

from pointbook.loading import load
from pointbook.relational import UnsupportedError
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.scenarios import scenario_from
from pointbook.scenarios.reading import scenario_file
from pointbook.scenarios.running import differences
from pointbook_cli.reporters.findings.text import findings_text

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
    if path.stem in REFUSED or path.parent.parent.name in REFUSED_PROGRAMS:
        with pytest.raises(UnsupportedError):
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


NOT_TOLD_BY_QUERIES = {
    "a-rule-that-is-no-range-does-not-look-at-the-reference",  # which points are ignored
    "points-that-a-rule-does-not-use-are-ignored-and-counted",
    "where-clocks-go-back-attributes-are-those-of-the-members-day",  # a member has one row, says their header
}
PRINTED = [path for path in CASES if path.stem not in NOT_TOLD_BY_QUERIES]


@pytest.mark.parametrize("path", PRINTED, ids=case_name)
def test_the_queries_that_are_printed_agree_with_the_case(path: Path) -> None:
    """A plan for any day is another one than the plan for a day that is known."""
    check(path, evaluated_by_printed_queries(DuckDBSession()))


SPARK_CASES = (
    "a-bonus-whose-condition-is-unknown-makes-the-event-incomplete",
    "a-calendar-year-ends-on-31-december",
    "a-deduction-takes-no-level-away-within-a-period",
    "a-floor-cuts-deductions",
    "a-later-cap-sees-what-an-earlier-one-lets-through",
    "a-level-that-a-version-removes-counts-as-one-not-above-it",
    "a-local-time-that-is-skipped-moves-forward-by-the-gap",
    "a-lower-threshold-reaches-members-on-the-day-it-takes-effect",
    "a-missing-value-is-assumed-in-the-middle",
    "an-assessed-value-keeps-its-relative-place-in-another-range",
    "anniversaries-of-29-february-fall-on-1-march",
    "bonuses-are-added-then-the-sum-is-split",
    "conditions-compare-values-of-every-type",
    "conditions-see-the-members-attributes",
    "each-balance-has-periods-and-a-start-of-its-own",
    "each-form-of-points-gives-its-amount",
    "events-at-the-same-moment-are-taken-by-event-id-by-code-point",
    "every-outcome-is-told",
    "per-unit-points-are-exact-decimals-rounded-half-up",
    "usage-is-carried-over-a-version-change",
    "with-one-level-nobody-falls-more-than-one",
    "with-to-earned-the-closing-total-decides-the-level-carried-on",
    "within-counts-from-the-day-itself-to-the-last-day",
    "usage-belongs-to-the-kind-and-the-window-of-a-cap",
)
"""Every form of points, condition, cap window, balance, demotion and time at least once.

Spark takes seconds to compile the plan of each case, however few rows it has; all of them would
take longer than everything else on CI. `POINTBOOK_SPARK=all` runs them.
"""


def spark_cases() -> list[Path]:
    if os.environ.get("POINTBOOK_SPARK") == "all":
        return CASES
    return [path for path in CASES if path.stem in SPARK_CASES]


@pytest.mark.parametrize("path", spark_cases(), ids=case_name)
def test_spark_agrees_with_the_case(path: Path, spark: Evaluator) -> None:
    check(path, spark)


def test_every_case_chosen_for_spark_exists() -> None:
    assert {path.stem for path in CASES} >= set(SPARK_CASES)
