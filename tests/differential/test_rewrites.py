"""Each rewrite of the plan changes what it says, and never a result."""

from __future__ import annotations

import doctest
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from differential_rulesets import Case, cases
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from relational_evaluators import interpreted_tables, rows_of

from pointbook.relational import RelationalEvaluation, UnsupportedError, evaluate_relational, rewrites
from pointbook.relational import logical_plan as plans
from pointbook.relational.logical_plan import Facts
from pointbook.relational.plan import logical_plan, plan_of
from pointbook.relational.rewrites import REWRITES
from pointbook.relational.rulebook import rows
from pointbook.relational.rulebook.editions import VersionSet

if TYPE_CHECKING:
    from types import ModuleType

    from pointbook.relational.rewrites import Rewrite

ONE_SET = (VersionSet(0, None, (), (), "", 0),)
NAMES = [rewrite.__name__ for rewrite in REWRITES]
VALUED = "member_no, at, local, rule_no, balance_no, limits, requested, outcome, activity, event_id"
RESULTS = [("standings",), ("ledger", "standings", "history")]


@pytest.mark.parametrize(("module", "shown"), [(plans, 1), (rows, 1), (rewrites, len(REWRITES))])
def test_what_a_docstring_shows_is_what_is_done(module: ModuleType, shown: int) -> None:
    found = doctest.testmod(module)
    assert found.attempted >= shown
    assert found.failed == 0


@pytest.mark.parametrize("rewrite", REWRITES, ids=NAMES)
def test_a_rewrite_changes_the_finished_plan_where_it_may(rewrite: Rewrite) -> None:
    facts = Facts(("standings",), keeps_order=True, carries_earned=True, has_one_edition_each=True)
    plan = logical_plan(ONE_SET)
    if rewrite.__name__ not in {
        "wanted_results_only",
        "sorted_once",
    }:  # most are about standings alone
        plan = REWRITES[0](plan, facts)
    assert rewrite(plan, facts) != plan


def test_a_plan_of_standings_alone_prints_itself() -> None:
    facts = Facts(("standings",), carries_earned=True, has_one_edition_each=True)
    plan = logical_plan(ONE_SET)
    for rewrite in REWRITES:
        plan = rewrite(plan, facts)
    assert str(plan).splitlines()[-9:] == [
        "priced_events <- judged_events",
        f"valued_events ({VALUED}) <- priced_events by valued_amounts",
        "awarded_events <- valued_events, rules, caps by awarded_amounts",
        "sums <- awarded_events",
        "gains <- sums",
        "periods <- accounts, numbers by last_two_periods",
        "segment_gains <- periods, gains, editions",
        "segment_ends () <- segment_gains by plain_segment_ends",
        "standings <- accounts, segment_ends, sums, ladder",
    ]


@pytest.mark.parametrize("rewrite", REWRITES, ids=NAMES)
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases(), st.sampled_from(RESULTS), st.booleans())
def test_without_a_rewrite_the_results_are_the_same(
    rewrite: Rewrite, case: Case, results: tuple[str, ...], is_fixed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = case.written_to(Path(folder))
    assume(program is not None)
    assert program is not None
    log, version = case.log(program), program.versions[0].id if is_fixed else None
    try:
        session = evaluate_relational(program, log, as_of=case.as_of, assume=case.assume).session
    except UnsupportedError:
        assume(False)
        raise
    plan = plan_of(
        program,
        as_of=case.as_of,
        versions=(version,),
        assume=case.assume,
        results=results,
        keeps_order=True,
        rewrites=[one for one in REWRITES if one is not rewrite],
    )
    evaluation = RelationalEvaluation(plan, session)
    wanted = interpreted_tables(program, log, as_of=case.as_of, version=version, assume=case.assume)
    assert {name: rows_of(getattr(evaluation, name)()) for name in results} == {
        name: wanted[name] for name in results
    }
