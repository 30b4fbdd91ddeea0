"""Random rules and logs: the interpreter and the relational plan give the same tables, whole.

All versions and the timeline are evaluated in one pass, and then again by two other shapes of the
plan: it is another for one set of versions, for some of the results, and for an engine that does not
keep the order of rows.

`POINTBOOK_EXAMPLES=500 pytest tests/differential/test_random_rulesets.py` looks harder. What fails
is shrunk and printed as documents; it then becomes a case under `tests/conformance/relational/`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from differential_rulesets import Case, as_yaml, cases
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st
from relational_evaluators import batch_rows, interpreted_tables, relational_tables, rows_of

from pointbook.relational import RelationalEvaluation, UnsupportedError, evaluate_relational
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.member_ranges import MemberRanges
from pointbook.relational.plan import plan_of
from pointbook.relational.results import RESULTS

if TYPE_CHECKING:
    from relational_evaluators import Tables

Shape = tuple[str, tuple[str, ...], bool]
SHAPES: list[Shape] = [
    (chosen, results, keeps_order)
    for chosen in ("timeline", "versions")
    for results in (("ledger", "standings", "history"), ("ledger", "standings"), ("history",), ("standings",))
    for keeps_order in (True, False)
]
"""Which sets of versions, which results, and whether the engine keeps the order of rows."""
EXAMPLES = int(os.environ.get("POINTBOOK_EXAMPLES", "15"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 15,
    suppress_health_check=list(HealthCheck),
)
@given(cases(), st.sets(st.sampled_from(SHAPES), min_size=2, max_size=2).map(sorted))
def test_the_plan_equals_the_interpreter_on_random_rules_and_logs(case: Case, shapes: list[Shape]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = case.written_to(Path(folder))
    assume(program is not None)
    assert program is not None
    log = case.log(program)
    versions = (None, *(version.id for version in program.versions))
    try:
        evaluation = evaluate_relational(
            program, log, as_of=case.as_of, versions=versions, assume=case.assume
        )
    except UnsupportedError:
        assume(False)
        raise
    wanted = {
        version: interpreted_tables(program, log, as_of=case.as_of, version=version, assume=case.assume)
        for version in versions
    }
    for number, version in enumerate(versions):
        assert_equal(relational_tables(evaluation, number), wanted[version], version, case)
    timeline = plan_of(
        program,
        as_of=case.as_of,
        versions=versions[:1],
        assume=case.assume,
        results=RESULTS,
        keeps_order=True,
    )
    assert isinstance(evaluation.session, DuckDBSession)
    members = MemberRanges(RelationalEvaluation(timeline, evaluation.session), 2)
    found: Tables = {
        "ledger": [row for batch in members.ledger() for row in batch_rows(batch)],
        "standings": rows_of(evaluation.session.rows(members.result_sql("standings"))),
        "history": rows_of(evaluation.session.rows(members.result_sql("history"))),
    }
    assert_equal(found, wanted[None], "the timeline, range by range", case)
    for chosen, results, keeps_order in shapes:
        own_versions = {"timeline": versions[:1], "versions": versions[1:]}[chosen]
        plan = plan_of(
            program,
            as_of=case.as_of,
            versions=own_versions,
            assume=case.assume,
            results=results,
            keeps_order=keeps_order,
        )
        shaped = RelationalEvaluation(plan, evaluation.session)
        for number, version in enumerate(own_versions):
            found = {name: rows_of(getattr(shaped, name)(number)) for name in results}
            assert_equal(found, wanted[version], version, case)


def assert_equal(found: Tables, wanted: Tables, version: str | None, case: Case) -> None:
    for name, rows in found.items():
        if wanted[name] != rows:
            note(as_yaml({"program": case.program, "versions": case.versions}))
            note(as_yaml(case.scenario(f"{name} of version {version}")))
        assert rows == wanted[name], f"{name} under {version or 'the timeline'}"
