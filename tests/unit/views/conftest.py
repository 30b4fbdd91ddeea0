from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.views.explanation import ExplainedEvent, Explanation, explain

if TYPE_CHECKING:
    from collections.abc import Callable

PROGRAM = """\
id: club
title: Reading Club
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
  coins: {resets: never, floor: 0}
member_attributes:
  partner: {type: boolean}
"""
FIRST = """\
id: first
effective_from: 2024-01-01
source: {document: Club rules}
levels:
  bronze: {threshold: 100}
  silver: {threshold: 1000, title: Silver}
life_cycle: {demotion: to_earned, leap_day: feb_28}
groups:
  social: {caps: [{points: 50, per: week}]}
activities:
  visit:
    title: Visit to the club
    points: 40
    caps: [{times: 1, per: day}]
  post:
    points: 30
    groups: [social]
  review:
    points: {range: [10, 90]}
  story:
    points: {up_to: 1000}
    split_among: authors
    attributes:
      authors: {type: integer}
  course:
    points: {per: {unit: day, attribute: days, points: 30}}
    attributes:
      days: {type: decimal}
  talk:
    points: {by: {attribute: audience, values: {small: 100, large: 1500}}}
    attributes:
      audience: {type: text}
  kata:
    points: 75
    attributes:
      released_on: {type: date}
    bonuses:
      - title: Done within a week
        points: 75
        if: {attribute: occurred_on, within: {days: 7, after: released_on}}
  referral:
    points: 20
    eligible_if: {attribute: member.partner, is: true}
  earned:
    points: 5
    balance: coins
  spent:
    points: {range: [-20, -1]}
    balance: coins
"""
SECOND = """\
id: second
based_on: first
effective_from: 2025-01-01
source: {document: Club rules}
activities:
  review:
    points: {range: [0, 160]}
  earned:
    points: {range: [1, 9]}
  exercise:
    points: 80
    replaces: kata
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Explanation]:
    """Explains the member `ann`, who signed up on 2024-01-10, from rows of events."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("program.yaml", PROGRAM), ("versions/1.yaml", FIRST), ("versions/2.yaml", SECOND)):
        path = tmp_path / "club" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    program = load_program("club")

    def explanation(*rows: str, member: str = "ann", **options: Any) -> Explanation:
        header = "event_id,member_id,activity,occurred_at,points,authors,days,audience,released_on"
        width = header.count(",")
        lines = [row + "," * (width - row.count(",")) for row in rows]
        Path("events.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        Path("members.csv").write_text(
            "member_id,signed_up_on,partner\nann,2024-01-10,false\n", encoding="utf-8"
        )
        log = read_log(program, members=["members.csv"], events=["events.csv"])
        return explain(program, log, evaluate(program, log, **options), member)

    return explanation


@pytest.fixture
def reasons(told: Callable[..., Explanation]) -> Callable[..., list[tuple[str, str | None]]]:
    """What is said of the last of some events: each text with its file and line."""

    def last(*rows: str, **options: Any) -> list[tuple[str, str | None]]:
        events = [item for item in told(*rows, **options).timeline if isinstance(item, ExplainedEvent)]
        return [
            (reason.text, None if reason.span is None else f"{reason.span.file}:{reason.span.line}")
            for reason in events[-1].reasons
        ]

    return last
