"""What is written of a case can be read again, whatever the rules are called."""

from __future__ import annotations

from datetime import date

import pytest

from pointbook.diagnostics import Span
from pointbook.mutation.drafts import Told, scenario_document, scenario_text, title_of
from pointbook.mutation.edits import Edit
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


def test_a_total_is_made_of_several_fixed_amounts() -> None:
    # 130 = 2 * 50 + 3 * 10.
    (way,) = totals_of(130, [(10, STORY, None, True), (50, STORY, None, True)], most=60)
    assert way == [(STORY, None)] * 5


@pytest.mark.parametrize("total", [0, -5, 7, 6001])
def test_a_total_that_cannot_be_made_has_no_way(total: int) -> None:
    # In tens, and of at most sixty events of 100.
    assert not list(totals_of(total, [(100, STORY, None, True), (10, STORY, None, True)], most=60))
