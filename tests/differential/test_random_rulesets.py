"""Random rules and logs: the interpreter and the relational plan give the same tables, whole.

`POINTBOOK_EXAMPLES=500 pytest tests/differential/test_random_rulesets.py` looks harder. What fails
is shrunk and printed as documents; it then becomes a case under `tests/conformance/relational/`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from differential_rulesets import Case, as_yaml, cases
from hypothesis import HealthCheck, assume, given, note, settings
from relational_evaluators import interpreted_tables, relational_tables

from pointbook.relational import UnsupportedRulesError, evaluate_relational

EXAMPLES = int(os.environ.get("POINTBOOK_EXAMPLES", "15"))


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 15,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_the_plan_equals_the_interpreter_on_random_rules_and_logs(case: Case) -> None:
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
    except UnsupportedRulesError:
        assume(False)
        raise
    for number, version in enumerate(versions):
        wanted = interpreted_tables(program, log, as_of=case.as_of, version=version, assume=case.assume)
        found = relational_tables(evaluation, number)
        for name, rows in wanted.items():
            if found[name] != rows:
                note(as_yaml({"program": case.program, "versions": case.versions}))
                note(as_yaml(case.scenario(f"{name} of version {version}")))
            assert found[name] == rows, f"{name} under {version or 'the timeline'}"
