"""What the log cannot answer, each with its events and the points at stake, against hand calculation."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from hypothesis import given, settings

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import compared
from test_shortcuts import leaping_logs, policies, questions

from pointbook.comparison.comparing import compare
from pointbook.comparison.terms import Options

some = settings(max_examples=20, deadline=None)
OLD = (
    "levels: {low: {threshold: 100}}\nactivities: {exam: {points: 50}, essay: {points: {range: [10, 90]}}}\n"
)
BY_TRACK = """\
activities:
  exam:
    attributes: {track: {type: text}}
    points: {by: {attribute: track, values: {basic: 50, high: 100}}}
"""
ANN = "ann,2024-01-01"


def said(result):
    return [(one.code, one.sentence, one.events, one.points) for one in result.unanswered]


def test_a_column_that_a_rule_needs_and_the_log_lacks():
    rows = "e1,ann,exam,2024-02-01,\ne2,ann,exam,2024-02-02,\ne3,ann,essay,2024-02-03,20"
    assert said(compared(OLD, BY_TRACK, ANN, rows)) == [
        (
            "missing-column",
            (
                "The log has no column `track`, or an empty one; exam needs it under the new rules, and"
                " such events count nothing there."
            ),
            2,
            "100 points under the old rules",
        )
    ]


def test_an_activity_that_comes_later_is_not_said_to_be_in_no_rules():
    added = "activities: {party: {points: 5}}\n"
    rows = "e1,ann,party,2024-02-01,\ne2,ann,feast,2024-02-01,\ne3,ann,party,2024-07-01,"
    assert said(compared(OLD, added, ANN, rows, since=date(2024, 6, 1))) == [
        ("unknown-activity", "No rules here have `feast`.", 1, ""),
        (
            "unknown-activity",
            "The rules in force on the day do not have party.",
            1,
            "5 points possible",
        ),
    ]


def test_an_empty_column_is_as_one_that_is_not_there_and_a_cell_is_not():
    rows = "e1,ann,exam,2024-02-01,,\ne2,ann,exam,2024-02-02,,{}"
    (empty,) = said(compared(OLD, BY_TRACK, ANN, rows.format(""), columns="points,track"))
    (cell,) = said(compared(OLD, BY_TRACK, ANN, rows.format("basic"), columns="points,track"))
    assert empty[0] == "missing-column"
    assert cell == (
        "uncounted-events",
        "Events of exam count nothing under the new rules: an attribute that the rule needs is missing.",
        1,
        "50 points under the old rules",
    )


def test_a_member_attribute_that_the_log_lacks():
    new = "activities: {exam: {eligible_if: {attribute: member.tier, is: gold}}}\n"
    rows = "e1,ann,exam,2024-02-01,"
    (found,) = said(compared(OLD, new, ANN, rows, further="member_attributes: {tier: {type: text}}\n"))
    assert found[0] == "missing-column"
    assert "no column `member.tier`" in found[1]
    assert found[2:] == (1, "50 points under the old rules")


def test_values_that_do_not_compare_are_told_from_missing_ones():
    """The essays were given values under the old rules, the exams none, and all of both are wanted."""
    new = "activities: {exam: {points: {range: [20, 60]}}, essay: {points: {range: [1, 50]}}}\n"
    rows = (
        "e1,ann,exam,2024-02-01,30\ne2,ann,exam,2024-02-02,\ne3,ann,essay,2024-02-03,\n"
        "e4,ann,essay,2024-02-04,10"
    )
    assert said(compared(OLD, new, ANN, rows)) == [
        (
            "not-comparable",
            (
                "Values of exam were given under a rule of their day that does not compare under the new"
                " rules, where such events count nothing."
            ),
            2,
            "100 points under the old rules",
        ),
        (
            "missing-values",
            "Events of essay count nothing under both: assessed value is missing.",
            1,
            "1 to 90 points possible",
        ),
    ]
    assert said(compared(OLD, new, ANN, rows, assume="mid")) == [
        (
            "assumed-values",
            "Values of exam and essay are missing or do not compare; they are taken as `mid`.",
            3,
            "",
        )
    ]


def test_activities_that_the_new_rules_do_not_have_and_those_that_nobody_knows():
    new = "removes: {activities: {exam: {note: gone}}}\nactivities: {exam: null, talk: {points: 5}}\n"
    rows = (
        "e1,ann,exam,2024-02-01,\ne2,ann,exam,2024-02-02,\ne3,ann,party,2024-02-03,\ne4,ann,Exam,2024-02-04,\n"
        "e5,ann,party,2024-02-05,\ne6,ann,talk,2024-02-05,"
    )
    assert said(compared(OLD, new, ANN, rows)) == [
        ("unknown-activity", "No rules here have `party` and `Exam`.", 3, ""),
        ("unknown-activity", "The new rules do not have exam.", 2, "100 points under the old rules"),
    ]


def test_rows_that_were_rejected_and_an_as_of_date_long_after_the_log():
    rows = "e1,ann,exam,2024-02-01,\ne2,ann,exam,2024-02-30,\ne3,nobody,exam,2024-02-01,"
    result = compared(OLD, BY_TRACK.replace("50, high", "60, high"), ANN, rows, as_of=date(2024, 4, 1))
    assert ("rejected-rows", "Rejected, and counted on neither side: 2 of 3 rows of events (66.7 %).", 2) in [
        one[:3] for one in said(result)
    ]
    assert result.assumptions == (
        (
            "The last event is of 2024-02-01: in the 60 days from then to 2024-04-01 nobody does anything, so"
            " that levels are lost which members could have kept."
        ),
    )


def test_a_log_of_which_no_event_counts():
    new = "activities: {exam: {points: 60}}\n"
    nothing = (
        "No event counted: of {} of events, {} rejected, {} after 2024-12-31,"
        " {} without an amount under either rules."
    )
    as_of, rows = date(2024, 12, 31), "e1,ann,Exam,2024-02-01,\ne2,ann,exam,2025-02-01,"
    (empty,) = said(compared(OLD, new, ANN, "", as_of=as_of))
    assert empty == ("no-event-counted", nothing.format("0 rows", 0, 0, 0), 0, "")
    first, *_ = said(compared(OLD, new, ANN, rows, as_of=as_of))
    assert first == ("no-event-counted", nothing.format("2 rows", 0, 1, 1), 2, "")


@some
@given(questions(), leaping_logs(), policies)
def test_events_without_an_amount_are_all_told_once(question, log, assume):
    result = compare(question, log, Options(assume=assume, attribution=False, show_ids=True))
    known = {"not_eligible", "insufficient_balance"}
    void = {
        (entry.event_id, entry.outcome)
        for rules, others in (
            (question.ready(None, assume), {"no_such_activity"}),
            (question.ready(question.new, assume), set()),
        )
        for member in log.members.values()
        for entry in rules.result(
            member, [event for event in log.events if event.member_id == member.id]
        ).entries
        if not entry.outcome.is_valued and entry.outcome not in known | others
    }
    apart = {"no-event-counted", "assumed-values", "refused-spends"}
    told = [one for one in result.unanswered if one.code not in apart]
    # An event of several entries can lack one thing for one, and another for another: each is told once.
    assert len({name for name, _ in void}) <= sum(one.events for one in told) <= len(void)
