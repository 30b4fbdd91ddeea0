from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

if TYPE_CHECKING:
    from conftest import Shell


def test_passing_scenarios_exit_with_0(shell: Shell) -> None:
    done = shell.run("test", "club")
    assert (done.code, done.out) == (
        0,
        "ok     club/scenarios/visits.yaml: Two visits a month count\n1 passed, 0 failed\n",
    )


def test_the_shipped_scenarios_pass(repository: Shell) -> None:
    done = repository.run("test", "rules/dataminer-devops")
    assert done.code == 0, done.out
    assert done.out.endswith(" passed, 0 failed\n")


def test_a_failing_scenario_exits_with_1_and_points_at_the_expectation(shell: Shell) -> None:
    shell.edit("club/scenarios/visits.yaml", "{awarded: 0, outcome: capped}", "{awarded: 40}")
    done = shell.run("test", "club")
    assert done.code == 1
    assert done.out.startswith(
        "FAILED club/scenarios/visits.yaml: Two visits a month count\n"
        "club/scenarios/visits.yaml:7:66: error[expectation-failed]: "
        "event event-003: `awarded` is 0, not 40\n"
    )
    assert "its outcome is capped" in done.out
    assert done.out.endswith("0 passed, 1 failed\n")


def test_a_scenario_that_cannot_be_run_fails_and_the_others_run(shell: Shell) -> None:
    shell.write("club/scenarios/another.yaml", "title: Broken\nmembers: {ann: {signed_up: 2024-01-10}}\n")
    done = shell.run("test", "club")
    assert done.code == 1
    assert done.out.startswith("FAILED club/scenarios/another.yaml: cannot be run\n")
    assert "ok     club/scenarios/visits.yaml" in done.out
    assert done.out.endswith("1 passed, 1 failed\n")


def test_no_scenario_exits_with_3(shell: Shell) -> None:
    (shell.folder / "club/scenarios/visits.yaml").unlink()
    done = shell.run("test", "club")
    assert done.code == 3
    assert done.err.startswith("error: club/scenarios: there is no scenario to run\n")
    assert "help: write one there" in done.err
    assert not done.out


def test_a_slip_in_the_name_of_an_activity_is_told(shell: Shell) -> None:
    shell.edit(
        "club/scenarios/visits.yaml", "visit, occurred_at: 2024-02-02", "vist, occurred_at: 2024-02-02"
    )
    told = "help: its outcome is no_such_activity, by version `2024`; the closest to `vist` is `visit`\n"
    assert told in shell.run("test", "club").out


def test_only_runs_the_scenarios_that_match_in_title_or_name(shell: Shell) -> None:
    shell.write(
        "club/scenarios/another.yaml",
        "title: Someone signs up\nmembers: {ann: {signed_up_on: 2024-01-10}}\nhistory: {ann: []}\n",
    )
    assert shell.run("test", "club", "--only", "SIGNS").out == (
        "ok     club/scenarios/another.yaml: Someone signs up\n1 passed, 0 failed\n"
    )
    assert shell.run("test", "club", "--only", "nothing like it").code == 3


def test_broken_rules_exit_with_3(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", "threshold: many")
    done = shell.run("test", "club")
    assert done.code == 3
    assert "club/versions/2025.yaml:6:23: error[wrong-type]" in done.err


def test_a_missing_program_exits_with_3(shell: Shell) -> None:
    assert shell.run("test", "clubb").code == 3


def test_a_scenario_whose_changes_break_the_programs_own_files_is_to_blame(shell: Shell) -> None:
    shell.edit("club/scenarios/visits.yaml", "members:", "program: {balances: {coins: null}}\nmembers:")
    done = shell.run("test", "club")
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("FAILED club/scenarios/visits.yaml: cannot be run\nclub/versions/2024.yaml:")
    assert "error[unknown-balance]" in done.out
    assert "= club/scenarios/visits.yaml:2:1: this scenario changes the rules here\n" in done.out
    assert shell.run("validate", "club").code == 1


@pytest.fixture
def failing(shell: Shell) -> Shell:
    """One of two scenarios fails; what is one of the club's own files is named from the root."""
    (shell.folder / ".git").mkdir()
    shell.edit("club/scenarios/visits.yaml", "{awarded: 0, outcome: capped}", "{awarded: 40}")
    shell.write(
        "club/scenarios/another.yaml",
        "title: Someone signs up\nmembers: {ann: {signed_up_on: 2024-01-10}}\nhistory: {ann: []}\n",
    )
    return shell


def test_a_failing_scenario_is_an_annotation_at_its_expectation(failing: Shell) -> None:
    done = failing.run("test", "club", "--format", "github")
    assert done.code == 1
    assert done.out == (
        "::error file=club/scenarios/visits.yaml,line=7,endLine=7,col=66,endColumn=67,"
        "title=expectation-failed::event event-003: `awarded` is 0, not 40; "
        "its outcome is capped, by version `2024`\n"
    )
    assert done.err == "1 passed, 1 failed\n"


def test_each_scenario_is_a_test_of_junit(failing: Shell) -> None:
    done = failing.run("test", "club", "--format", "junit")
    assert done.code == 1
    [suite] = ET.fromstring(done.out)  # noqa: S314 - our own output
    assert suite.get("name") == "pointbook test"
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [(test.get("classname"), test.get("name"), len(test)) for test in suite] == [
        ("club/scenarios/another.yaml", "Someone signs up", 0),
        ("club/scenarios/visits.yaml", "Two visits a month count", 1),
    ]
    [failure] = suite.iter("failure")
    assert (
        failure.get("message") == "club/scenarios/visits.yaml:7:66: event event-003: `awarded` is 0, not 40"
    )
    assert "7 |   - {activity: visit" in (failure.text or "")


def test_a_failing_scenario_is_a_result_of_sarif(failing: Shell) -> None:
    log = json.loads(failing.run("test", "club", "--format", "sarif").out)
    [result] = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("expectation-failed", "error")


@pytest.mark.parametrize("kind", ["github", "junit", "sarif"])
def test_scenarios_are_named_from_the_root_from_a_folder_below_too(failing: Shell, kind: str) -> None:
    above = failing.run("test", "club", "--format", kind)
    below = type(failing)(failing.folder / "club").run("test", ".", "--format", kind)
    assert below == above
