"""A program with something of everything, a log for it, and what systems show that differ in one thing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pointbook
from pointbook.model.ledger import Assume
from pointbook.model.tables import standings_columns, standings_row
from pointbook.reconciliation.published import read_published
from pointbook.reconciliation.reconciling import reconciled
from pointbook.reconciliation.setting import Setting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pointbook.reconciliation.result import Reconciliation, Tolerance

PROGRAM = """\
id: guild
title: Guild
source: {document: Rules of the guild}
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year, start: 10}
  coins: {resets: never, floor: 0}
member_attributes:
  partner: {type: boolean}
"""
FIRST = """\
id: "2023"
effective_from: 2023-01-01
source: {document: Rules of the guild}
levels:
  bronze: {threshold: 150, title: Bronze Badge}
  silver: {threshold: 300}
  gold: {threshold: 420}
life_cycle: {demotion: to_earned, leap_day: feb_28}
groups:
  outdoors:
    caps: [{points: 170, per: calendar_month}]
activities:
  visit:
    points: 40
    caps: [{times: 2, per: calendar_month}, {points: 400, per: membership_year}]
  walk:
    points: 60
    groups: [outdoors]
  swim:
    points: 55
    groups: [outdoors]
  review:
    points: {range: [10, 91]}
  course:
    points: {per: {attribute: hours, points: 30}}
    attributes:
      hours: {type: decimal}
  project:
    points: 75
    split_among: sharers
    attributes:
      sharers: {type: integer}
  lecture:
    points: 35
    eligible_if: {attribute: member.partner, is: true}
  kata:
    points: 20
    bonuses: [{points: 15, if: {attribute: early, is: true}}]
    attributes:
      early: {type: boolean}
  badge:
    points: 12
  gift:
    points: 5
    balance: coins
  spend:
    points: -8
    balance: coins
"""
SECOND = """\
id: "2024"
based_on: "2023"
effective_from: 2024-06-15
source: {document: Rules of the guild}
levels:
  silver: {threshold: 160}
activities:
  badge: {points: 14}
"""
HEADER = "event_id,member_id,activity,occurred_at,points,hours,sharers,early"
MEMBERS, EVENTS = 24, 20
AS_OF = "2025-03-10"


@dataclass(frozen=True)
class Files:
    """A program folder and its log.

    Attributes:
        folder: Where they lie.
        rules: The text of each file of the program, by its name.
        members: Rows of members.
        events: Rows of events.
    """

    folder: Path
    rules: dict[str, str]
    members: list[str]
    events: list[str]

    def written(self, name: str) -> Path:
        """The folder that they are written to."""
        place = self.folder / name
        for file, text in self.rules.items():
            path = place / "guild" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (place / "members.csv").write_text(
            "\n".join(["member_id,signed_up_on,partner", *self.members]) + "\n"
        )
        (place / "events.csv").write_text("\n".join([HEADER, *self.events]) + "\n")
        return place

    def edited(self, file: str, old: str, new: str) -> Files:
        """The same with another text in the rules."""
        assert old in self.rules[file]
        rules = {**self.rules, file: self.rules[file].replace(old, new)}
        return Files(self.folder, rules, self.members, self.events)

    def with_events(self, change: Callable[[list[str]], list[str]]) -> Files:
        """The same with other events."""
        return Files(self.folder, self.rules, self.members, change(self.events))


def guild(folder: Path) -> Files:
    """The program, and a log by a fixed chance."""
    dice = random.Random(11)  # noqa: S311 - the same log in every run
    rules = {"program.yaml": PROGRAM, "versions/2023.yaml": FIRST, "versions/2024.yaml": SECOND}
    members, events = [], []
    for number in range(MEMBERS):
        first = datetime(2024, 3, 11) if number % 3 else datetime(2023, 1, 15)  # noqa: DTZ001 - a local day
        joined = first + timedelta(days=dice.randrange(50))
        partner = "true" if dice.random() < 0.6 else "false"
        members.append(f"m{number:02},{joined:%Y-%m-%d},{partner}")
        # Some fall behind after their first year, and lose their level.
        end = joined + timedelta(days=300) if number % 6 == 0 else datetime(2025, 3, 10)  # noqa: DTZ001 - a local day
        for further in range(EVENTS if number % 4 else EVENTS // 3):
            minutes = dice.randrange(int((end - joined).total_seconds()) // 60)
            events.append(_event(dice, f"e{number:02}{further:02}", f"m{number:02}", joined, minutes))
        burst = joined + timedelta(days=dice.randrange(200, 300))
        # So that caps of a month are reached; the third visit is in another month elsewhere.
        days = (
            ("10-10T12:00", "10-12T12:00", "10-31T23:30") if number % 2 else ("11-10", "11-12", "12-01T02:30")
        )
        for further, day in enumerate(days):
            if number % 3:
                events.append(f"z{number:02}{further},m{number:02},visit,2024-{day}{'Z' * ('T' in day)},,,,")
            moment = burst.replace(day=3 + further, hour=12)
            events.append(f"b{number:02}{further},m{number:02},walk,{moment:%Y-%m-%dT%H:%M}Z,,,,")
            moment = datetime(2024, 6, 5 + (7 * number + 9 * further) % 25)  # noqa: DTZ001 - around a version
            events.append(f"v{number:02}{further},m{number:02},badge,{moment:%Y-%m-%d},,,,")
    return Files(folder, rules, members, events)


def _event(dice: random.Random, event_id: str, member: str, joined: datetime, minutes: int) -> str:
    activities = ("visit", "walk", "swim", "review", "course", "project", "lecture", "kata", "gift", "spend")
    activity = dice.choice(activities)
    moment = joined + timedelta(minutes=minutes)
    points = str(dice.randrange(10, 92)) if activity == "review" and dice.random() < 0.8 else ""
    hours = f"{dice.randrange(1, 40) / 20:.2f}" if activity == "course" else ""
    sharers = str(dice.choice((1, 2, 4))) if activity == "project" else ""
    early = dice.choice(("true", "false")) if activity == "kata" else ""
    return f"{event_id},{member},{activity},{moment:%Y-%m-%dT%H:%M}Z,{points},{hours},{sharers},{early}"


def shown_by(files: Files, *, assume: str = "none", version: str | None = None, as_of: str = AS_OF) -> str:
    """The standings that a system with these rules and this log shows, as CSV."""
    place = files.written("that")
    program = pointbook.load_program(place / "guild")
    log = pointbook.read_log(program, members=[place / "members.csv"], events=[place / "events.csv"])
    day = datetime.strptime(as_of, "%Y-%m-%d").date()  # noqa: DTZ007 - a local day
    found = pointbook.evaluate(program, log, as_of=day, version=version, assume=assume)
    names = [column.name for column in standings_columns(program)]
    lines = [",".join(names)]
    for result in found:
        if result.standing is not None:
            cells = dict(zip(names, standings_row(result.standing), strict=True))
            lines.append(",".join("" if cell is None else str(cell) for cell in cells.values()))
    return "\n".join(lines) + "\n"


def columns_of(text: str, *names: str) -> str:
    """Some columns of CSV without quotation marks."""
    header, *rows = (line.split(",") for line in text.splitlines())
    places = [header.index(name) for name in names]
    return "\n".join(",".join(row[place] for place in places) for row in (header, *rows)) + "\n"


def against(ours: Files, shown: str, tolerance: Tolerance | None = None) -> Reconciliation:
    """What is shown against what our rules give of our log."""
    place = ours.written("here")
    program = pointbook.load_program(place / "guild")
    log = pointbook.read_log(program, members=[place / "members.csv"], events=[place / "events.csv"])
    (place / "shown.csv").write_text(shown, encoding="utf-8")
    published = read_published(program, str(place / "shown.csv"), program.level_balance)
    day = datetime.strptime(AS_OF, "%Y-%m-%d").date()  # noqa: DTZ007 - a local day
    setting = Setting(program, None, Assume.NONE, day)
    further = {} if tolerance is None else {"tolerance": tolerance}
    return reconciled(
        setting,
        log,
        published,
        balance=program.level_balance,
        sources=[str(place / "events.csv")],
        **further,
    )
