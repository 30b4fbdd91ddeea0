"""Events of several balances: a system that differs in one known thing of one of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from planting import Files, against, columns_of, shown_by

from pointbook.reconciliation.hypothesis import CauseKind

if TYPE_CHECKING:
    from pathlib import Path

    from pointbook.reconciliation.result import Reconciliation

PROGRAM = """\
id: guild
title: Guild
source: {document: Rules of the guild}
timezone: Europe/Brussels
level_balance: stars
balances:
  stars: {resets: membership_year}
  coins: {resets: never}
  extra: {resets: never}
member_attributes:
  partner: {type: boolean}
"""
FIRST = """\
id: "2023"
effective_from: 2023-01-01
source: {document: Rules of the guild}
levels: {bronze: {threshold: 20}, silver: {threshold: 40}}
activities:
  stay:
    attributes: {hours: {type: decimal}, sharers: {type: integer}, early: {type: boolean}}
    earns:
      stars: {points: {per: {attribute: sharers}}}
      coins:
        points: {per: {attribute: hours, points: 10}}
        bonuses:
          - {points: 15, if: {attribute: early, is: true}}
          - {percent: 20, if: {attribute: member.partner, is: true}}
        caps: [{points: 90, per: calendar_month}]
      extra: {points: {same_as: stars}, if: {attribute: member.partner, is: true}}
  redeemed:
    spends: {coins: 100}
    earns: {stars: {points: 1}}
"""
SECOND = """\
id: "2024"
based_on: "2023"
effective_from: 2024-06-15
source: {document: Rules of the guild}
activities: {stay: {earns: {coins: {points: {per: {points: 12}}}}}}
"""
FIGURES = ("member_id", "points", "level", "coins", "extra")


@pytest.fixture(scope="module")
def hotel(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The program, and a log by a fixed chance."""
    dice = random.Random(5)  # noqa: S311 - the same log in every run
    rules = {"program.yaml": PROGRAM, "versions/2023.yaml": FIRST, "versions/2024.yaml": SECOND}
    members, events = [], []
    for number in range(14):
        members.append(f"m{number:02},2024-01-{1 + number:02},{'true' if number % 2 else 'false'}")
        for further in range(12):
            day = f"2024-{1 + further:02}-{15 + dice.randrange(12)}"
            hours, people = f"{dice.randrange(1, 140) / 20:.2f}", dice.randrange(1, 5)
            early = dice.choice(("true", "false"))
            events.append(f"e{number:02}{further:02},m{number:02},stay,{day},,{hours},{people},{early}")
            if further % 4 == 1 and number % 3:
                events.append(f"r{number:02}{further:02},m{number:02},redeemed,{day},,,,")
    folder: Path = tmp_path_factory.mktemp("hotel")
    return Files(folder, rules, members, events)


def reconciled(ours: Files, theirs: Files) -> Reconciliation:
    return against(ours, columns_of(shown_by(theirs), *FIGURES))


def test_the_same_rules_show_the_same_figures_of_every_balance(hotel: Files) -> None:
    found = reconciled(hotel, hotel)
    assert not found.causes
    assert {name for row in found.rows for name in row.published} == {"stars", "level", "coins", "extra"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("- {points: 15, if", "- {points: 0, if", "does not give bonus 1 of `coins` of `stay`"),
        (
            "        caps: [{points: 90, per: calendar_month}]\n",
            "",
            "does not apply the cap of 90 points per calendar month of `coins` of `stay`",
        ),
        (
            ", if: {attribute: member.partner, is: true}}\n  redeemed",
            "}\n  redeemed",
            "does not ask the condition of `extra` of `stay`",
        ),
    ],
)
def test_a_part_of_one_entry_is_named_with_its_balance(hotel: Files, old: str, new: str, words: str) -> None:
    found = reconciled(hotel, hotel.edited("versions/2023.yaml", old, new))
    first = found.causes[0]
    assert words in (first.words, *first.alternatives)
    assert len(found.causes) == 1


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "coins: {resets: never}",
            "coins: {resets: never, round: down}",
            "rounds `coins` down, not halves up",
        ),
        (
            "coins: {resets: never}",
            "coins: {resets: never, floor: -1000000}",
            "takes what is spent of `coins` though the balance does not cover it",
        ),
    ],
)
def test_a_balance_that_is_kept_otherwise_is_named(hotel: Files, old: str, new: str, words: str) -> None:
    found = reconciled(hotel, hotel.edited("program.yaml", old, new))
    assert [cause.words for cause in found.causes] == [words]


def test_a_version_that_is_not_taken_up_is_named(hotel: Files) -> None:
    kept = {name: text for name, text in hotel.rules.items() if "2024" not in name}
    (cause,) = reconciled(hotel, Files(hotel.folder / "one", kept, hotel.members, hotel.events)).causes
    assert "has not taken up version `2024` of 2024-06-15" in (cause.words, *cause.alternatives)


def test_one_event_that_is_missing_makes_up_the_difference_in_every_balance(hotel: Files) -> None:
    def without(rows: list[str]) -> list[str]:
        return [row for row in rows if not row.startswith("e0300,")]

    (cause,) = reconciled(hotel, hotel.with_events(without)).causes
    assert cause.kind is CauseKind.ONE_EVENT
