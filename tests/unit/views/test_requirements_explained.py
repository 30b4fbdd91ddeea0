"""What explain says of levels by several requirements, and of conditions of groups and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import pointbook
from pointbook.views.explanation.explained import ExplainedEvent

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
id: hotel
title: Hotel
timezone: UTC
level_balance: points
balances:
  points: {title: Points, resets: calendar_year}
  nights: {title: Nights, resets: calendar_year}
member_attributes: {enrolled: {type: boolean}}
"""
VERSION = """\
id: v1
effective_from: 2024-01-01
conditions: {enrolled: {attribute: member.enrolled, is: true}}
life_cycle: {demotion: to_earned, leap_day: feb_28}
levels:
  member: {title: Member, base: true}
  silver: {title: Silver, threshold: 100, keep: 60}
  gold: {title: Gold, requires: {points: 200, nights: 5}}
groups: {partners: {eligible_if: enrolled}}
activities:
  talk: {points: {range: [1, 500]}}
  stay: {balance: nights, points: {range: [1, 50]}}
  visit: {points: 10, groups: [partners]}
"""
EVENTS = """\
event_id,member_id,activity,occurred_at,points
e1,ann,talk,2024-02-01,200
e2,ann,stay,2024-02-02,5
e3,ann,visit,2024-02-03,
e4,ann,talk,2025-02-01,60
e5,ann,stay,2025-02-02,4
e6,ann,talk,2026-02-01,59
"""

ASKED = "Gold asks for 5 Nights and 200 Points"


@pytest.fixture
def explanation(tmp_path: Path):
    (tmp_path / "versions").mkdir()
    (tmp_path / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    (tmp_path / "versions" / "v1.yaml").write_text(VERSION, encoding="utf-8")
    (tmp_path / "members.csv").write_text("member_id,signed_up_on,enrolled\nann,2024-01-10,false\n")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    program = pointbook.load_program(tmp_path)
    log = pointbook.read_log(
        program, members=[str(tmp_path / "members.csv")], events=[str(tmp_path / "events.csv")]
    )
    return pointbook.explain(program, log, pointbook.evaluate(program, log), "ann")


def test_a_level_that_is_lost_says_what_was_missing_and_by_how_much(explanation):
    reasons = [(str(one.change.date), one.change.to_level, one.reason) for one in explanation.levels]
    assert reasons == [
        ("2024-01-10", "member", "everyone has Member"),
        ("2024-02-01", "silver", "Silver asks for 100"),
        ("2024-02-02", "gold", ASKED),
        (
            "2025-01-01",
            "gold",
            f"the period closed at 5 Nights and 200 Points; {ASKED}",
        ),
        (
            "2026-01-01",
            "silver",
            f"the period closed at 4 Nights and 60 Points; {ASKED}; missing: 1 Nights and 140 Points",
        ),
    ]


def test_the_outlook_names_every_requirement_that_is_missing(explanation):
    assert explanation.outlook == (
        "to keep Silver: 1 more Points before 2027-01-01",
        "to reach Gold: 5 more Nights and 141 more Points before 2027-01-01",
    )


def test_an_event_that_is_not_eligible_says_whose_condition_failed(explanation):
    events = [one for one in explanation.timeline if isinstance(one, ExplainedEvent)]
    texts = [step.text for step in events[2].reasons]
    asked = "`enrolled` does not hold: `member.enrolled is true` is asked for, and the member has `false`"
    assert texts == [f"does not meet the condition of group `partners`: {asked}"]
