"""Closing totals, and the sentence that decides, against hand calculation and on random rules."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import compared
from test_shortcuts import AS_OF, leaping_logs, policies, questions

from pointbook.comparison.comparing import compare
from pointbook.comparison.levels.closings import Closing
from pointbook.comparison.terms import Options
from pointbook.model.ledger import LevelCause

some = settings(max_examples=20, deadline=None)
OLD = """\
levels: {enabler: {title: Enabler, threshold: 50}, catalyst: {title: Catalyst, threshold: 150}}
activities: {task: {points: {range: [1, 400]}}}
"""
HIGHER = "levels: {catalyst: {threshold: 250}}\n"


def only(result):
    (member,) = result.members
    return member


def test_a_closing_has_its_total_and_the_level_that_it_kept_or_took():
    """The year to 7 August 2023 closed at 260, the next one at 242 of 250: kept at 150, lost at 250."""
    result = compared(
        OLD,
        HIGHER,
        "ann,2022-08-08",
        "e1,ann,task,2023-02-01,260\ne2,ann,task,2023-09-01,200\ne3,ann,task,2024-08-07,42\n"
        "e4,ann,task,2024-08-08,10",
    )
    member = only(result)
    first, second = date(2022, 8, 8), date(2023, 8, 8)
    ends = [first + timedelta(days=364), second + timedelta(days=365)]
    assert ends == [date(2023, 8, 7), date(2024, 8, 7)]
    assert member.old.closings == (
        Closing(first, ends[0], 260, "catalyst", "catalyst", "catalyst", 150),
        Closing(second, ends[1], 242, "catalyst", "catalyst", "catalyst", 150),
    )
    assert member.new.closings == (
        Closing(first, ends[0], 260, "catalyst", "catalyst", "catalyst", 250),
        Closing(second, ends[1], 242, "catalyst", "enabler", "catalyst", 250),
    )
    assert member.sentence == "year to 2024-08-07 closed at 242: enough for Catalyst at 150, not at 250"
    assert (member.old.standing, member.old.effects) == (10, member.new.effects._replace(demotions=0))


def test_of_several_closings_the_last_that_is_enough_for_one_side_decides():
    """260 reaches both; 242 loses at 250; 160 a year later is enough at 150, and too little again."""
    result = compared(
        OLD,
        HIGHER,
        "ann,2022-08-08",
        "e1,ann,task,2023-02-01,260\ne2,ann,task,2023-09-01,242\ne3,ann,task,2024-09-01,160\n"
        "e4,ann,task,2025-08-08,10",
    )
    assert only(result).sentence == "year to 2025-08-07 closed at 160: enough for Catalyst at 150, not at 250"


HALF = "activities: {task: {points: {range: [1, 200]}}}\n"
"""About half: 150 becomes half-up(1 + 149 * 199 / 399), which is 75; 100 becomes 50, 145 becomes 73."""

REACHED = "reached 150 on {}: enough for Catalyst under the old rules; "


@pytest.mark.parametrize(
    ("resets", "new", "events", "sentence"),
    [
        (
            "membership_year",
            HALF,
            "e1,ann,task,2023-02-01,150",
            REACHED.format("2023-02-01") + "under the new ones the year has 75 so far",
        ),
        (
            "membership_year",
            HIGHER,
            "e1,ann,task,2023-02-01,150\ne2,ann,task,2023-08-08,1",
            "year to 2023-08-07 closed at 150: enough for Catalyst at 150, not at 250",
        ),
        (
            "calendar_year",
            HIGHER,
            "e1,ann,task,2023-02-01,160\ne2,ann,task,2023-08-08,1",
            REACHED.format("2023-02-01") + "the new ones ask for 250, and the year has 161 so far",
        ),
        (
            "never",
            HIGHER,
            "e1,ann,task,2023-02-01,100\ne2,ann,task,2024-08-08,145",
            "has 245 points: enough for Catalyst at 150, not at 250",
        ),
        (
            "never",
            HALF + "levels: {catalyst: {threshold: 180}}\n",
            "e1,ann,task,2023-02-01,100\ne2,ann,task,2024-08-08,145",
            REACHED.format("2024-08-08") + "the new ones ask for 180, and there are 123",
        ),
        (
            "membership_year",
            "levels: {catalyst: null}\nremoves: {levels: {catalyst: {note: gone}}}\n",
            "e1,ann,task,2023-02-01,150",
            REACHED.format("2023-02-01") + "the new ones have no such level",
        ),
    ],
)
def test_each_way_to_another_level_has_its_sentence(resets, new, events, sentence):
    assert only(compared(OLD, new, "ann,2022-08-08", events, resets=resets)).sentence == sentence


def test_a_level_that_falls_more_slowly_says_what_each_closing_leaves():
    result = compared(
        OLD,
        "life_cycle: {demotion: one_level}\n",
        "ann,2022-08-08",
        "e1,ann,task,2022-09-01,150\ne2,ann,task,2023-09-01,10\ne3,ann,task,2024-09-01,1",
    )
    assert only(result).sentence == (
        "year to 2024-08-07 closed at 10 under the old rules, not enough for Catalyst at 150, which leaves no"
        " level; at 10 under the new rules, not enough for Catalyst at 150, which leaves Enabler"
    )


def test_who_keeps_the_level_has_what_moves_the_points_most():
    result = compared(
        OLD + "  # a comment\n",
        "activities:\n  task: {points: {range: [1, 300]}}\n  talk: {points: 5}\n",
        "ann,2022-08-08\nbob,2022-08-08",
        "e1,ann,task,2023-02-01,10\ne2,bob,talk,2023-02-01,\ne3,bob,task,2023-02-01,1",
    )
    by_name = {member.name: member.sentence for member in result.members}
    # Of 10, the place in the narrower range is half-up(1 + 9 * 299 / 399), which is 8.
    assert by_name == {
        "ann": "-2 points, mostly by task: 1 to 400 (assessed) → 1 to 300 (assessed)",
        "bob": "+5 points, mostly by talk: activity added, 5 points",
    }


@some
@given(questions(), leaping_logs(), policies)
def test_closings_are_what_a_walk_from_day_to_day_sees(question, log, assume):
    result = compare(question, log, Options(assume=assume, show_ids=True, attribution=False))
    rules = question.ready(None, assume), question.ready(question.new, assume)
    for member in result.members:
        own = [event for event in log.events if event.member_id == member.name]
        for ready, outcome in zip(rules, (member.old, member.new), strict=True):
            assert list(outcome.closings) == walked(ready, log.members[member.name], own)


def walked(ready, member, events):
    """Each day on its own: what time does, then the day's events, one step each."""
    interpreter, found = ready.evaluation.interpreter, []
    place, books = interpreter.program.level_balance_no, interpreter.timeline.books
    state, _ = interpreter.opened(member)
    first = day = member.signed_up_on
    while day <= AS_OF:
        before = state
        state, changes = interpreter.advanced(state, day)
        if state.periods[place] != before.periods[place]:
            carried = [change.to_level for change in changes if change.cause is not LevelCause.REACHED]
            level = needed = None
            if before.level is not None:
                ladder = books[state.version].ladder
                level = ladder.counted(before.level, books[before.version].ladder)
                needed = None if level is None else ladder.threshold(level)
            after = carried[0] if carried else None
            last = day - timedelta(days=1)
            found.append(Closing(first, last, before.totals[place], before.level, after, level, needed))
            first = day
        for event in events:
            if event.local.date() == day:
                state, _ = interpreter.step(state, event)
        day += timedelta(days=1)
    return found


@some
@given(questions(), leaping_logs(), policies)
def test_each_sentence_names_totals_that_there_are(question, log, assume):
    result = compare(question, log, Options(assume=assume, show_ids=True))
    for member in result.members:
        assert bool(member.sentence) == member.differs
        assert bool(member.turn) == (member.old.level != member.new.level)
        if (closed := re.search(r"year to (\S+) closed", member.turn)) is not None:
            closings = [one for side in (member.old, member.new) for one in side.closings]
            totals = {f"{one.points:,}" for one in closings if str(one.last) == closed[1]}
            assert totals
            assert totals >= set(re.findall(r"(?:closed| and|;) at (-?[\d,]+?)(?=[:, ])", member.turn))
