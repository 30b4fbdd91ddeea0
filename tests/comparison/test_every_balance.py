"""Every balance is compared, ranked and spread; names of members are words that differ."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import compared
from test_shortcuts import leaping_logs, policies, questions

from pointbook.comparison.comparing import compare
from pointbook.comparison.names import distinct_pseudonym, members_called, pseudonym, shared_pseudonyms
from pointbook.comparison.result import ranked
from pointbook.comparison.summaries import ALL, BalanceSummary
from pointbook.comparison.terms import Options

some = settings(max_examples=20, deadline=None)
CREDITS = "  credits: {title: Credits, resets: never}\n"
OLD = """\
levels: {low: {title: Low, threshold: 40}, top: {title: Top, threshold: 100}}
activities: {visit: {points: 40}, gift: {balance: credits, points: 10}}
"""


def test_who_has_fewer_points_on_any_balance_loses_points():
    """The gift's credits are halved: ann loses 10 of 20, bob has more points and fewer credits, cy none."""
    result = compared(
        OLD,
        "activities: {visit: {points: 50}, gift: {points: 5}}\n",
        "ann,2024-01-01\nbob,2024-01-01\ncy,2024-01-01\ndan,2024-01-01",
        "e1,ann,gift,2024-02-01,\ne2,ann,gift,2024-02-02,\ne3,bob,gift,2024-02-01,\ne4,bob,visit,2024-02-01,\n"
        "e5,cy,visit,2024-02-01,",
        further=CREDITS,
    )
    assert result.balances == (
        BalanceSummary("points", "Points", True, 80, 100, 2, 0, 2, 0, 10),
        BalanceSummary("credits", "Credits", False, 30, 15, 0, 2, 2, 10, 0),
    )
    sentences = {line.key: line.sentence for line in result.headlines}
    assert sentences["points"] == "20 more points in Points: 80 → 100 (+25 %)."
    assert sentences["losing"] == "2 members have fewer points, 50 % of all: 2 in Credits."
    assert sentences["gaining"] == "1 member has more points, 25 % of all: 1 in Points."
    assert sentences["unchanged"] == "1 member has the same points on every balance, 25 % of all."
    assert result.summary == (
        "1 of 4 gains Points, 2 lose Credits; nobody rises or falls, mostly by visit: 40 → 50 points."
    )
    assert [(member.name, member.sentence) for member in result.ranked] == [
        ("ann", "-10 points in Credits"),
        ("bob", "+10 points in Points, mostly by visit: 40 → 50 points; -5 points in Credits"),
        ("cy", "+10 points in Points, mostly by visit: 40 → 50 points"),
    ]


def test_one_balance_is_not_named():
    result = compared(
        OLD.replace("balance: credits, ", ""),
        "levels: {top: {threshold: 80}}\n",
        "ann,2024-01-01",
        "e1,ann,visit,2024-02-01,\ne2,ann,visit,2024-02-02,",
    )
    sentences = {line.key: line.sentence for line in result.headlines}
    assert sentences["points"] == "No difference: 80 under both."
    assert sentences["losing"] == "Nobody has fewer points."
    assert result.summary == (
        "Nobody of 1 gains or loses points; 1 rises, none falls; Top 0 → 1,"
        " mostly by Top: threshold 100 → 80."
    )


def test_who_loses_most_levels_comes_first_then_who_gains_them_then_points():
    """Thresholds 40 and 100 become 90 and 100; the visit's points double, and the review's become a fifth."""
    old = """\
levels: {low: {threshold: 40}, top: {threshold: 100}}
activities: {visit: {points: 20}, review: {points: 50}, talk: {points: 1}}
"""
    new = "activities: {visit: {points: 40}, review: {points: 10}, talk: {points: 2}}\n"
    result = compared(
        old,
        new,
        "\n".join(f"{name},2024-01-01" for name in ("drop2", "drop1", "rise", "few", "same", "more")),
        "a,drop2,review,2024-02-01,\nb,drop2,review,2024-02-02,\n"  # 100 to 20: top to none
        "c,drop1,review,2024-02-01,\n"  # 50 to 10: low to none
        "d,rise,visit,2024-02-01,\n"  # 20 to 40: none to low
        "f,few,talk,2024-02-01,\n"  # 1 to 2
        "g,more,talk,2024-02-01,\nh,more,talk,2024-02-02,",  # 2 to 4
    )
    assert [(member.name, member.ranks) for member in result.ranked] == [
        ("drop2", -2),
        ("drop1", -1),
        ("rise", 1),
        ("more", 0),
        ("few", 0),
    ]
    whole, *levels = result.distribution
    # Sorted: -80, -40, 0, 1, 2, 20; of 23 gained, the one with most has 20.
    assert (whole.level, whole.members, whole.least, whole.most) == (ALL, 6, -80, 20)
    assert (whole.lower_quartile, whole.median, whole.upper_quartile) == (-40, 0, 2)
    assert whole.top_tenth == Fraction(20, 23)
    assert [(one.level, one.members, one.median) for one in levels] == [
        (None, 4, 1),
        ("low", 1, -40),
        ("top", 1, -80),
    ]


def test_a_trace_has_what_differs_and_every_change_of_level_with_totals():
    """The review gives 25 instead of 40: 60 is reached, or 45; the next year closes at 20."""
    result = compared(
        "levels: {low: {title: Low, threshold: 50}}\n"
        "activities: {visit: {points: 20}, review: {points: 40}}\n",
        "activities: {review: {points: 25}}\n",
        "ann,2023-01-01",
        "e1,ann,visit,2023-02-01,\ne2,ann,review,2023-03-01,\ne3,ann,visit,2024-03-01,\ne4,ann,visit,2025-03-01,",
    )
    assert [
        (row.kind, str(row.day), row.event, row.old_outcome, row.old_level, row.new_outcome, row.new_level)
        for row in result.traces["ann"]
    ] == [
        ("event", "2023-03-01", "e2", "awarded", "low", "awarded", None),
        ("level", "2023-03-01", "", "reached", "low", "", None),
        ("level", "2025-01-01", "", "demoted", None, "", None),
    ]
    assert [
        (row.old_awarded, row.new_awarded, row.old_total, row.new_total) for row in result.traces["ann"]
    ] == [
        (40, 25, 60, 45),
        (0, 0, 60, 45),
        (0, 0, 20, 20),
    ]


@some
@given(questions(), leaping_logs(), policies)
def test_sums_over_members_are_sums_over_activities(question, log, assume):
    result = compare(question, log, Options(assume=assume, attribution=False))
    own = question.program.level_balance
    for place, balance in enumerate(result.balances):
        flows = [flow for flow in result.activities if (flow.balance or own) == balance.balance]
        old, new = (sum(getattr(m, side).balances[place] for m in result.members) for side in ("old", "new"))
        assert balance.old == sum(flow.old for flow in flows) == old
        assert balance.new == sum(flow.new for flow in flows) == new
        changes = [member.balance_changes[place] for member in result.members]
        assert balance.gaining + balance.losing + balance.unchanged == len(changes)
        assert (balance.most_lost, balance.most_gained) == (-min([0, *changes]), max([0, *changes]))
    for member in result.members:
        assert member.loses_points == (min(member.balance_changes) < 0)
        assert member.change == member.balance_changes[question.program.level_balance_no]
    assert sum(spread.members for spread in result.distribution[1:]) == len(result.members)
    assert [m.name for m in result.ranked] == [m.name for m in ranked(m for m in result.members if m.differs)]
    assert set(result.traces) <= {member.name for member in result.ranked}


@given(st.text(min_size=1), st.sets(st.text(), max_size=20))
def test_names_are_words_of_letters_that_lead_back_to_the_member(program_id, member_ids):
    shared = shared_pseudonyms(program_id, member_ids)
    names = {distinct_pseudonym(program_id, member_id, shared): member_id for member_id in member_ids}
    assert len(names) == len(member_ids)
    for name, member_id in names.items():
        assert name.replace("-", "").isascii()
        assert name.replace("-", "").islower()
        assert members_called(program_id, name, member_ids) == [member_id]


def test_members_whose_short_names_are_the_same_have_longer_ones():
    """By chance: of 229,557 members called m0, m1, ..., the first two of one name."""
    ids = ["m17975", "m229556", "m1"]
    assert pseudonym("club", ids[0]) == pseudonym("club", ids[1]) == "siduje-tiwuso"
    shared = shared_pseudonyms("club", ids)
    assert shared == {"siduje-tiwuso"}
    assert [distinct_pseudonym("club", member_id, shared) for member_id in ids] == [
        "siduje-tiwuso-honivo",
        "siduje-tiwuso-wahida",
        pseudonym("club", "m1"),
    ]
    assert members_called("club", "siduje-tiwuso", ids) == ids[:2]
    assert members_called("club", "m1", ids) == []
