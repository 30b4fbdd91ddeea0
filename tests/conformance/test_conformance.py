"""The meaning of the rules (docs/meaning.md), case by case, by the plain step and by the fast fold.

tests/differential runs the same cases on the engines.

A case is a scenario as `pointbook test` runs it. Those in `scenarios/` bring their own versions to a
program that has none; the programs under `rules/` bring theirs. The figures in them are computed by
hand, never copied from an evaluator.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.diagnostics import Severity
from pointbook.interpret import Interpreter
from pointbook.loading import load
from pointbook.scenarios import scenario_from
from pointbook.scenarios.reading import scenario_file
from pointbook.scenarios.running import EvaluatedScenario, differences, interpreted
from pointbook_cli.reporters.findings.text import findings_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from pointbook.diagnostics import Finding
    from pointbook.loading import Loaded
    from pointbook.log import Log
    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program

    Evaluator = Callable[..., EvaluatedScenario]


def stepped(
    program: Program, log: Log, as_of: date, version: str | None, assume: Assume
) -> EvaluatedScenario:
    """The log as the definition evaluates it: one plain step after the other."""
    interpreter = Interpreter(program, version, assume)
    entries, history, standings = {}, {}, {}
    later = [event for event in log.events if event.local.date() > as_of]
    for name, member in log.members.items():
        state, opening = interpreter.opened(member)
        changes = [*opening]
        for event in log.events:
            if event.member_id == name and event not in later:
                state, entries[event.event_id] = interpreter.step(state, event)
                changes += [change for entry in entries[event.event_id] for change in entry.changes]
        if member.signed_up_on <= as_of:
            state, closing = interpreter.advanced(state, as_of)
            standings[name] = interpreter.standing(state, as_of)
            history[name] = [*changes, *closing]
    return EvaluatedScenario(entries, history, standings, len(later))


EVALUATORS: tuple[Evaluator, ...] = (stepped, interpreted)

HERE = Path(__file__).parent
RULES = HERE.parent.parent / "rules"
FOLDERS = (HERE, *sorted(file.parent for file in RULES.rglob("program.yaml")))
CASES = [path for folder in FOLDERS for path in sorted((folder / "scenarios").glob("*.yaml"))]


@cache
def loaded_from(folder: Path) -> Loaded:
    return load(folder)


def shown(findings: Iterable[Finding], file: str, text: str) -> str:
    return "\n" + findings_text(tuple(findings), {file: text})


@pytest.mark.parametrize("evaluator", EVALUATORS, ids=lambda evaluator: evaluator.__name__)
@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_the_rules_mean_what_the_case_says(path: Path, evaluator: Evaluator) -> None:
    file = scenario_file(path)
    scenario, findings = scenario_from(file, loaded_from(path.parent.parent))
    assert not findings, shown(findings, file.file, file.text)
    assert scenario is not None, "the program's rules cannot be used; validate it"
    different = differences(scenario, evaluator)
    assert not different, shown(different, file.file, file.text)


def test_there_are_cases_of_every_program() -> None:
    assert {path.parent.parent for path in CASES} == set(FOLDERS)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.stem}")
def test_every_case_expects_something(path: Path) -> None:
    document = scenario_file(path).node
    assert document is not None
    plain = document.plain()
    expected = [event["expect"] for event in plain.get("events", []) if "expect" in event]
    assert expected or any(plain.get(key) for key in ("standings", "history", "summary"))


def test_the_program_of_the_cases_has_nothing_wrong_but_that_it_has_no_versions() -> None:
    errors = [finding for finding in load(HERE).findings if finding.severity is Severity.ERROR]
    assert [finding.code for finding in errors] == ["no-versions"]
