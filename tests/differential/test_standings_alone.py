"""Standings asked for alone come from a shorter plan, and are those of the interpreter all the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from relational_evaluators import interpreted_tables

from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.model.ledger import Assume
from pointbook.relational import evaluate_relational
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.plan import plan_of

RULES = Path(__file__).parents[2] / "rules" / "dataminer-devops"
EXAMPLES = RULES / "examples"
VERSIONS = (None, "2023-10-10", "2024-03-13")


@pytest.mark.parametrize("as_of", [date(2023, 12, 31), date(2024, 6, 30), date(2025, 12, 31)], ids=str)
def test_standings_alone_are_those_of_the_interpreter(as_of: date) -> None:
    program = load_program(RULES)
    log = read_log(program, members=[EXAMPLES / "members.csv"], events=[EXAMPLES / "events.csv"])
    session = evaluate_relational(program, log, as_of=as_of).session
    plan = plan_of(program, as_of=as_of, versions=VERSIONS, assume=Assume.NONE, results=("standings",))
    alone = RelationalEvaluation(plan, session)
    for number, version in enumerate(VERSIONS):
        wanted = interpreted_tables(program, log, as_of=as_of, version=version, assume="none")["standings"]
        rows = [
            tuple(cell.isoformat() if isinstance(cell, date) else cell for cell in row.values())
            for row in alone.standings(number).read_all().to_pylist()
        ]
        assert wanted
        assert rows == wanted, version or "the timeline"
