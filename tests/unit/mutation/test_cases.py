"""What is written of a case can be read again, whatever the rules are called."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import cast

import pytest

from pointbook.diagnostics import Span
from pointbook.loading import ProgramDocuments
from pointbook.loading.documents import document_from
from pointbook.mutation.drafts import Told, scenario_document, scenario_text, title_of
from pointbook.mutation.edits import Edit
from pointbook.mutation.judging import Fate, Judge, Judged
from pointbook.mutation.ladders import totals_of
from pointbook.mutation.story import Differing, Happening, Story

HOSTILE = (
    "\x1b[31mred",
    "a\nb: c",
    "x\u2028y",
    "# no comment",
    "null",
    "1e5",
    "- a",
    "{a}",
    "yes: no",
    "",
    " a ",
)
STORY = Story(date(2024, 1, 10))


@pytest.mark.parametrize("text", HOSTILE)
def test_any_value_of_an_attribute_is_written_so_that_it_is_read_again(text: str) -> None:
    edit = Edit(
        Span("a.yaml"),
        "one",
        ("activities", "x", "points", "by", "values", text),
        None,
        f"`{text}`",
        "1",
        "2",
    )
    story = Story(date(2024, 1, 10), (Happening("2024-01-11", "x", (("size", text),)),))
    told = Told((edit,), story, Differing({0: {"awarded": 1}}, {}))
    read = scenario_document("new.yaml", scenario_text(title_of([edit]), "one", [told, told]))
    assert not read.findings
    assert read.node is not None
    assert [event.value("size") for event in read.node.listed("events")] == [text, text]
    assert read.text.isprintable() or all(line.isprintable() for line in read.text.split("\n"))


def test_members_are_called_like_the_rules_that_they_are_about() -> None:
    paths = (
        ("levels", "gold", "threshold"),
        ("activities", "qa.answer", "points"),
        ("activities", "42", "points"),
    )
    told = [
        Told((Edit(Span("a.yaml"), "one", path, None, "it", "1", "2"),), STORY, Differing({}, {}))
        for path in (*paths, paths[1])
    ]
    read = scenario_document("new.yaml", scenario_text("Four", "one", told))
    assert read.node is not None
    assert list(read.node.entries("members")) == ["levels", "qa-answer", "member-42", "qa-answer-2"]


def test_a_total_is_made_of_the_largest_amounts_and_what_is_left() -> None:
    # 749 = 100 + 100 + ... + 49, each from 20 to 100.
    (way,) = totals_of(749, [(100, STORY, (20, 100), True)], most=60)
    assert [points for _, points in way] == [100] * 7 + [49]
    # 205 = 100 + 85 + 20: what is left is never below the lowest.
    (way,) = totals_of(205, [(100, STORY, (20, 100), True)], most=60)
    assert [points for _, points in way] == [100, 85, 20]


def test_a_total_of_a_balance_with_places_is_made_exactly() -> None:
    # 7.5 = 3 * 2.5, and 7.5 = 3.0 + 3.0 + 1.5, each from 1.0 to 3.0.
    total, half, ends = (cast("int", Decimal(text)) for text in ("7.5", "2.5", "3.0"))
    assert list(totals_of(total, [(half, STORY, None, True)], most=60)) == [[(STORY, None)] * 3]
    (way,) = totals_of(total, [(ends, STORY, (1, ends), True)], most=60)
    assert [points for _, points in way] == [ends, ends, Decimal("1.5")]


def test_a_total_is_made_of_several_fixed_amounts() -> None:
    # 130 = 2 * 50 + 3 * 10.
    (way,) = totals_of(130, [(10, STORY, None, True), (50, STORY, None, True)], most=60)
    assert way == [(STORY, None)] * 5


@pytest.mark.parametrize("total", [0, -5, 7, 6001])
def test_a_total_that_cannot_be_made_has_no_way(total: int) -> None:
    # In tens, and of at most sixty events of 100.
    assert not list(totals_of(total, [(100, STORY, None, True), (10, STORY, None, True)], most=60))


PROGRAM = """\
id: club
title: Club
timezone: UTC
level_balance: points
balances: {points: {resets: never}, coins: {resets: never, floor: 0}}
"""
FIRST = """\
id: first
effective_from: 2024-01-01
levels: {low: {threshold: 77}}
life_cycle: {demotion: one_level, leap_day: mar_1}
groups: {all: {caps: [{points: 60, per: calendar_month}]}}
activities:
  talk: {points: {range: [20, 30]}, groups: [all]}
  post: {points: 7, groups: [all]}
  shop: {points: {range: [-9, -1]}, balance: coins}
  gift: {points: 5, balance: coins}
"""
LATER = """\
id: later
based_on: first
effective_from: 2025-01-01
activities: {shop: null}
removes: {activities: {shop: {note: Nothing is sold any more.}}}
"""


def judged(address: str, now: str) -> Judged:
    documents = [
        document_from(f"{number}.yaml", text.encode()) for number, text in enumerate((PROGRAM, FIRST, LATER))
    ]
    nodes = tuple((one.file, one.node) for one in documents[1:] if one.node is not None)
    judge = Judge.of(ProgramDocuments("club", documents[0].node, nodes, (), {}), ())
    (index,) = [at for at, one in enumerate(judge.edits) if (one.address, one.now) == (address, now)]
    return judge(index)


def told(address: str, now: str) -> str:
    """The rows of the case that is found."""
    scenario = judged(address, now).scenario
    return scenario.split("\n\n", 1)[1] if scenario else ""


def test_what_shows_under_an_earlier_version_only_is_shown_by_that() -> None:
    # Only the first version takes coins: 0 - 9 is cut at 0, and not at -1.
    one = judged("balances/coins/floor", "-1")
    assert one.case is not None
    assert one.case.until == "first"
    assert "activity: shop" in one.scenario
    assert "outcome: capped}}" in one.scenario


def test_a_threshold_is_reached_exactly() -> None:
    # 77 are more than the 60 of a month: one talk a month, 30 + 27 + 20, reaches 77 and not 78.
    rows = told("levels/low/threshold", "78")
    assert re.findall(r"points: (\d+)", rows) == ["30", "27", "20"]
    assert rows.endswith("expect: {level: low}}\n")
    # With 76 it shows one point sooner: 30 + 26 + 20.
    rows = told("levels/low/threshold", "76")
    assert re.findall(r"points: (\d+)", rows) == ["30", "26", "20"]
    assert rows.endswith("expect: {level: null}}\n")


def test_a_limit_is_filled_and_passed() -> None:
    # 30 + 30 = 60 of 60: the third talk brings nothing, and 1 with 61.
    assert told("groups/all/caps/0/points", "61").count("activity: talk") == 3
    assert told("groups/all/caps/0/points", "61").endswith("expect: {awarded: 0, outcome: capped}}\n")


def test_a_window_is_shown_on_both_sides_of_its_border() -> None:
    # A new month, and the same quarter.
    days = re.findall(r"occurred_at: (\S+)T", told("groups/all/caps/0/per", "calendar_quarter"))
    assert {day[:7] for day in days} == {"2024-01", "2024-02"}


def test_a_refused_edit_has_no_case() -> None:
    # No coins are less than a floor of 1 to begin with: a check refuses it.
    assert judged("balances/coins/floor", "1") == Judged(Fate.REFUSED)
