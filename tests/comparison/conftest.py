from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "cli")]
from command import git, pointbook  # noqa: E402 - found by the line above

ROOT = Path(__file__).parents[2]
PROGRAM = """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
source: {document: Club rules}
"""
OLD = """\
id: "2024"
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  bronze: {title: Bronze, threshold: 100}
  silver: {title: Silver, threshold: 300}
benefits:
  lounge: {title: Lounge, from_level: silver}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  visit:
    title: Visit
    points: 40
    caps: [{times: 2, per: calendar_month}]
  review:
    title: Review
    points: {range: [10, 90]}
"""
NEW = """\
id: "2025"
based_on: "2024"
effective_from: 2025-01-01
source: {document: Club rules}
levels:
  silver: {threshold: 350}
activities:
  visit: {points: 50}
  review: {points: {range: [10, 50]}}
"""
MEMBERS = "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\ncy,2024-05-01\n"
EVENTS = """\
event_id,member_id,activity,occurred_at,points
e1,ann,visit,2024-02-01,
e2,ann,visit,2024-02-02,
e3,ann,visit,2024-02-03,
e4,ann,review,2024-03-01,90
e5,ann,review,2024-03-02,90
e6,ann,review,2024-03-03,80
e7,bob,visit,2024-04-01,
e8,bob,review,2024-04-02,
e9,bob,nothing,2024-04-02,
e9,bob,nothing,2024-04-03,
"""
GUARDRAILS = """\
guardrails:
  nobody-drops: {title: Nobody drops, measure: members_losing_level, at_most: 0}
  notice: {title: Fair notice, measure: notice_days, at_least: 30}
"""


@pytest.fixture
def club(tmp_path):
    """A folder with the program `club` and a log."""
    files = {
        "club/program.yaml": PROGRAM,
        "club/versions/2024.yaml": OLD,
        "club/versions/2025.yaml": NEW,
        "club/guardrails.yaml": GUARDRAILS,
        "members.csv": MEMBERS,
        "events.csv": EVENTS,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(club):
    """Runs `pointbook` in the folder of the program `club`."""
    return lambda *arguments: pointbook(*arguments, folder=club)


@pytest.fixture
def repository(club):
    """The program `club` in a git repository of its own, committed as `main`."""
    git(club, "init")
    git(club, "add", ".")
    git(club, "commit", "-m", "first")
    return club
