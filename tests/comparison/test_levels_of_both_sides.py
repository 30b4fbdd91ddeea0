"""Which of two levels is the higher, where the sides have different ones: by thresholds, never by names."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import LIFE_CYCLE, compared

OLD = """\
levels: {silver: {title: Silver, threshold: 100}, gold: {title: Gold, threshold: 300}}
activities: {task: {points: {range: [1, 400]}}}
"""
MEMBERS = "ann,2024-01-01\nbob,2024-01-01\ncy,2024-01-01"
EVENTS = "e1,ann,task,2024-02-01,350\ne2,bob,task,2024-02-01,150\ne3,cy,task,2024-02-01,50"
GONE = "removes: {{levels: {{{}: {{note: renamed}}}}}}\n"


def moves(result):
    return {member.name: (member.old.level, member.new.level, member.level_move) for member in result.members}


def figures(result):
    return {line.key: line.change for line in result.headlines}


@pytest.mark.parametrize("name", ["aureo", "oro"])
@pytest.mark.parametrize("since", [None, date(2024, 1, 15), date(2024, 3, 1)])
def test_a_level_renamed_at_the_same_threshold_is_neither_a_rise_nor_a_fall(name, since):
    """ann has 350 of the 300 that both need, before and after in the order of the alphabet.

    She was promoted once, past Silver to Gold; that Gold is called Oro from a day on is no promotion.
    """
    new = f"levels: {{gold: null, {name}: {{title: Oro, threshold: 300}}}}\n" + GONE.format("gold")
    result = compared(OLD, new, MEMBERS, f"{EVENTS}\ne4,cy,task,2024-03-02,1", since=since)
    assert moves(result) == {
        "ann": ("gold", name, 0),
        "bob": ("silver", "silver", 0),
        "cy": (None, None, 0),
    }
    found = figures(result)
    assert (found["level_up"], found["level_down"], found["promotions"], found["demotions"]) == (0, 0, 0, 0)
    assert result.members[0].new.effects.promotions == 1
    assert result.members[0].sentence == (
        "Gold at 300 under the old rules, Oro at 300 under the new ones: neither is higher"
    )
    assert result.level_moves["gold", name] == 0
    assert result.summary.startswith("Nobody of 3 gains or loses points; nobody rises or falls")
    assert "0 →" not in result.summary
    assert dict(result.members[0].new.firsts)[name] == (
        since if since == date(2024, 3, 1) else date(2024, 2, 1)
    )


def test_beside_a_renamed_level_real_moves_are_told():
    """Silver rises to 200, which bob's 150 no longer reach; ann's level has another name."""
    new = "levels: {silver: {threshold: 200}, gold: null, oro: {title: Oro, threshold: 300}}\n"
    result = compared(OLD, new + GONE.format("gold"), MEMBERS, EVENTS)
    assert moves(result) == {
        "ann": ("gold", "oro", 0),
        "bob": ("silver", None, -1),
        "cy": (None, None, 0),
    }
    assert [member.name for member in result.ranked] == ["bob", "ann"]
    assert "; none rises, 1 falls; Silver 1 → 0" in result.summary


@pytest.mark.parametrize(("silver", "gold"), [(300, 100), (300, 110), (310, 100), (450, 310)])
def test_of_two_levels_that_swap_their_order_neither_is_the_higher(silver, gold):
    """Under the old rules Gold is above Silver, under the new ones Silver above Gold: ann keeps the top one.

    In the last case ann's 350 reach only the lower of the two, which was the top one.
    """
    levels = f"gold: {{title: Gold, threshold: {gold}}}, silver: {{title: Silver, threshold: {silver}}}"
    new = f"{LIFE_CYCLE}levels: {{{levels}}}\nactivities: {{task: {{points: {{range: [1, 400]}}}}}}\n"
    result = compared(OLD, new, MEMBERS, EVENTS)
    found = moves(result)
    if silver < 350:
        assert found["ann"] == ("gold", "silver", 0)
        assert found["bob"] == ("silver", "gold", 0)
    else:
        assert found["ann"] == ("gold", "gold", 0)
        assert found["bob"] == ("silver", None, -1)


def test_a_level_put_between_lies_below_the_one_that_moved_up():
    """Gold goes from 300 to 500 and Amber takes its place: ann's 350 are enough for Amber only.

    A level of her old one's threshold is not her old one, which is still there, above it.
    """
    new = "levels: {gold: {threshold: 500}, amber: {title: Amber, threshold: 300}}\n"
    result = compared(OLD, new, MEMBERS, EVENTS)
    assert moves(result)["ann"] == ("gold", "amber", -1)
    assert result.members[0].sentence == (
        "reached 300 on 2024-02-01: enough for Gold under the old rules; the new ones ask for 500, and the"
        " year has 350 so far"
    )
    added = compared(OLD, "levels: {amber: {title: Amber, threshold: 140}}\n", MEMBERS, EVENTS)
    assert moves(added)["bob"] == ("silver", "amber", 1)


def test_a_level_that_goes_lies_above_those_that_were_below_it():
    """Gold goes, and Silver is harder to reach than Gold was: still, who had Gold and has Silver falls."""
    new = "levels: {silver: {threshold: 340}, gold: null}\n" + GONE.format("gold")
    assert moves(compared(OLD, new, MEMBERS, EVENTS))["ann"] == ("gold", "silver", -1)


def test_another_level_at_another_threshold_goes_by_the_threshold():
    """Gold at 300 becomes Oro, at 320 or at 280: ann's 350 reach either."""
    for threshold, move in ((320, 1), (280, -1)):
        new = f"levels: {{gold: null, oro: {{threshold: {threshold}}}}}\n" + GONE.format("gold")
        assert moves(compared(OLD, new, MEMBERS, EVENTS))["ann"] == ("gold", "oro", move)


def test_swapping_the_sides_turns_every_move_round():
    """Silver 100 and Gold 300, against Amber 100, Silver 200 and Oro 300: bob has Silver, and Amber."""
    other = """\
levels: {amber: {threshold: 100}, silver: {threshold: 200}, oro: {threshold: 300}}
activities: {task: {points: {range: [1, 400]}}}
"""
    there = "levels: {amber: {threshold: 100}, silver: {threshold: 200}, oro: {threshold: 300}, gold: null}\n"
    back = "levels: {amber: null, silver: {threshold: 100}, oro: null, gold: {threshold: 300}}\n"
    forth = compared(OLD, there + GONE.format("gold"), MEMBERS, EVENTS)
    gone = "removes: {levels: {amber: {note: renamed}, oro: {note: renamed}}}\n"
    reverse = compared(other, back + gone, MEMBERS, EVENTS)
    assert moves(forth)["bob"] == ("silver", "amber", -1)
    assert {name: (old, new, -move) for name, (new, old, move) in moves(reverse).items()} == moves(forth)
