"""Real programs in the language: those of rules/ and rules/examples/, and more that stand here.

`not-yet/` holds what is published of them and cannot be said yet, each under a title that says what it needs:
once such a scenario holds, it belongs to the program's own.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pointbook.diagnostics import Severity
from pointbook.evaluating import evaluate
from pointbook.loading import load, load_program
from pointbook.log import read_log
from pointbook.model.ledger import Outcome
from pointbook.scenarios import scenario_from
from pointbook.scenarios.coverage import Exercised, Watched, coverage_of
from pointbook.scenarios.reading import scenario_file
from pointbook.scenarios.running import differences
from pointbook.validation import validated
from pointbook_cli.reporters.findings.text import findings_text

HERE = Path(__file__).parent
RULES = HERE.parents[1] / "rules"
SHIPPED = sorted(file.parent for file in RULES.rglob("program.yaml"))
PROGRAMS = [*SHIPPED, *sorted(file.parent for file in HERE.glob("*/program.yaml"))]
EXAMPLES = sorted(file.parent for file in (RULES / "examples").glob("*/program.yaml"))
NOT_YET = sorted((HERE / "not-yet").glob("*/*.yaml"))

AS_OF = date(2026, 12, 31)


def scenarios_of(program: Path) -> list[Path]:
    return sorted((program / "scenarios").glob("*.yaml"))


def program_named(name: str) -> Path:
    (program,) = (one for one in PROGRAMS if one.name == name)
    return program


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_nothing_is_wrong_with_it(program: Path) -> None:
    findings = validated([program]).findings

    assert not findings, findings_text(findings, {})


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_its_scenarios_hold_and_exercise_what_is_shipped(program: Path) -> None:
    loaded, exercised = load(program), Exercised()

    for path in scenarios_of(program):
        scenario, findings = scenario_from(scenario_file(path), loaded)
        assert scenario is not None, findings_text(findings, {})
        watched = Watched()
        found = differences(scenario, watched)
        assert not found, findings_text(found, {})
        exercised.add(scenario, watched)

    coverage = coverage_of(loaded.usable(), exercised.identities)
    assert not (program in SHIPPED and coverage.lacking), coverage.lacking


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda path: path.name)
def test_its_log_is_read_whole_and_of_activities_that_there_are(program: Path) -> None:
    rules, folder = load_program(program), program / "examples"

    log = read_log(rules, members=[folder / "members.csv"], events=[folder / "events.csv"])
    ledger = [entry for result in evaluate(rules, log, as_of=AS_OF) for entry in result.entries]

    assert log.rejects == ()
    assert {entry.event_id for entry in ledger} == {event.event_id for event in log.events}
    assert Outcome.NO_SUCH_ACTIVITY not in {entry.outcome for entry in ledger}


@pytest.mark.parametrize("path", NOT_YET, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_needs_more_than_the_language_has_does_not_hold(path: Path) -> None:
    file = scenario_file(path)
    scenario, findings = scenario_from(file, load(program_named(path.parent.name)))

    assert scenario is not None, findings_text(findings, {})
    assert scenario.title.startswith("Needs ")
    assert [one for one in differences(scenario) if one.severity is Severity.ERROR]
