"""A scenario says which rules it is about; adding a version changes nothing about one of older rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pointbook.loading import load
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding

FIRST = """\
id: first
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  bronze: {threshold: 50}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit: {points: 60}
"""
SECOND = "id: second\nbased_on: first\neffective_from: 2025-01-01\nactivities: {visit: {points: 7}}\n"
VISITS = """\
members:
  ann: {signed_up_on: 2024-02-10}
events:
  - {activity: visit, occurred_at: 2024-03-01, expect: {awarded: 60, version: first}}
  - {activity: visit, occurred_at: 2025-02-01, expect: {awarded: 60, total: 120}}
"""
DRAFT = """\
versions:
  - id: draft
    based_on: {}
    effective_from: 2025-01-01
    levels: {{bronze: {{threshold: 49}}}}
"""
PROGRAM = """\
id: club
title: Club
timezone: Europe/Brussels
level_balance: stars
balances: {stars: {resets: never}}
"""


@pytest.fixture(autouse=True)
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("program.yaml", PROGRAM)
    write("versions/first.yaml", FIRST)
    write("versions/second.yaml", SECOND)


def write(name: str, text: str) -> None:
    path = Path("club", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def found(head: str, events: str = VISITS) -> tuple[Finding, ...]:
    """What is wrong with a scenario, or where it differs."""
    write("scenarios/s.yaml", f"title: Visits\n{head}{events}")
    [file] = scenario_files("club")
    scenario, problems = scenario_from(file, load("club"))
    return problems if scenario is None else differences(scenario)


def test_versions_later_than_the_named_one_are_left_out() -> None:
    assert found("rules: {until: first}\n") == ()
    assert [finding.message for finding in found("rules: {until: second}\n")] == [
        "event event-002: `awarded` is 7, not 60",
        "event event-002: `total` is 67, not 120",
    ]


def test_a_failure_names_the_version_and_what_came_before_the_newest() -> None:
    first, second = found("")
    assert first.hint == (
        "its outcome is awarded, by version `second`; before that came it was awarded, by `first`; "
        "without version `second` the scenario passes: "
        "if it is about earlier rules, add `rules: {until: first}`"
    )
    assert (
        second.hint
        == "its outcome is awarded, by version `second`; before that came it was awarded, by `first`"
    )


def test_a_failure_that_an_earlier_version_has_too_is_not_blamed_on_the_newest() -> None:
    [finding] = found(
        "",
        VISITS.replace("awarded: 60, version: first", "awarded: 61").replace(
            "awarded: 60, total: 120", "awarded: 7"
        ),
    )
    assert finding.message == "event event-001: `awarded` is 60, not 61"
    assert finding.hint == "its outcome is awarded, by version `first`"


def test_a_pinned_scenario_fails_without_advice_to_pin_it() -> None:
    [finding] = found("rules: {until: first}\n", VISITS.replace("total: 120", "total: 121"))
    assert finding.hint == "its outcome is awarded, by version `first`"


def test_a_draft_may_take_the_day_of_a_version_that_is_left_out() -> None:
    draft = DRAFT.format("first")
    assert found(f"rules: {{until: first}}\n{draft}") == ()


def test_a_draft_on_the_day_of_a_version_is_the_scenarios_fault() -> None:
    draft = DRAFT.format("first")
    [finding] = found(draft)
    assert (str(finding.span), finding.code) == ("club/scenarios/s.yaml:5:21", "same-effective-date")
    assert finding.message == "version `second` takes effect on 2025-01-01 too"
    assert [str(related.span) for related in finding.related] == ["club/versions/second.yaml:3:17"]


def test_a_draft_may_be_based_on_a_version_that_is_left_out() -> None:
    draft = DRAFT.format("second")
    first, *_ = found(f"rules: {{until: first}}\n{draft}")
    assert (first.message, first.hint) == (
        "event event-002: `awarded` is 7, not 60",
        "its outcome is awarded, by version `draft`",
    )


def test_a_later_version_with_errors_does_not_stop_a_scenario_of_older_rules() -> None:
    write("versions/second.yaml", SECOND.replace("points: 7", "points: seven"))
    assert found("rules: {until: first}\n") == ()


@pytest.mark.parametrize(
    ("head", "place", "message", "hint"),
    [
        ("rules: {until: frist}\n", "2:16", "there is no version `frist`", "did you mean `first`?"),
        ("rules: {untill: first}\n", "2:9", "`untill` is not a key of `rules`", "did you mean `until`?"),
        (
            "rules: {until: first}\nversion: second\n",
            "3:10",
            "version `second` takes effect after `first`, the last one that the scenario is about",
            "leave out `rules`, or name a later version there",
        ),
    ],
)
def test_slips_are_told_at_their_place(head: str, place: str, message: str, hint: str) -> None:
    finding = found(head)[0]
    assert (str(finding.span), finding.message, finding.hint) == (
        f"club/scenarios/s.yaml:{place}",
        message,
        hint,
    )
