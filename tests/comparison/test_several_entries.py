"""Events that feed several balances and spend from them: figures worked out by hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import compared

from pointbook.diagnostics import Span
from pointbook.guardrails.guardrail import Guardrail, Measure
from pointbook.guardrails.judging import Verdict, judged

FURTHER = """\
  coins: {title: Coins, resets: never}
  spend: {title: Spend, resets: membership_year}
"""
OLD = """\
attributes: {usd: {type: decimal}}
activities:
  stay:
    title: Stay
    attributes: {nights: {type: integer}}
    earns:
      points: {points: {per: {attribute: nights}}}
      coins: {points: {per: {attribute: usd, points: 10}}}
      spend: {points: {per: {attribute: usd}}}
  reward:
    title: Reward
    spends: {coins: 5000}
    earns: {points: {points: 1}}
levels:
  silver: {title: Silver, threshold: 10}
  top: {title: Top, requires: {points: 20, spend: 2000}}
"""
NEW = """\
activities: {stay: {earns: {coins: {points: {per: {points: 8}}}}}}
levels: {top: {requires: {spend: 2500}}}
"""
MEMBERS = "ann,2024-01-01\nbob,2024-01-01\ncy,2024-01-01"
EVENTS = """\
e1,ann,stay,2024-02-01,12,1200
e2,ann,stay,2024-03-01,8,1000
e3,ann,reward,2024-04-01,,
e4,bob,stay,2024-02-01,5,550
e5,bob,reward,2024-05-01,,
e6,cy,stay,2024-02-01,3,100
e7,cy,stay,2024-02-09,3,
e8,cy,reward,2024-03-01,,"""


@pytest.fixture(scope="module")
def club():
    """Coins become 8 for a dollar, not 10, and the top level asks for 500 more of spend.

    Ann has 22,000 coins or 17,600, of which a reward takes 5,000. Bob has 5,500 or 4,400: the reward is
    covered or not. Cy has 1,000 or 800, and one stay without its dollars: no reward on either side.
    """
    return compared(OLD, NEW, MEMBERS, EVENTS, further=FURTHER, columns="nights,usd")


def test_each_balance_has_what_its_entries_come_to(club):
    members = {member.name: (member.old.balances, member.new.balances) for member in club.members}
    assert members == {
        "ann": ((21, 17_000, 2_200), (21, 12_600, 2_200)),
        "bob": ((6, 500, 550), (5, 4_400, 550)),
        "cy": ((6, 1_000, 100), (6, 800, 100)),
    }
    assert [(one.balance, one.old, one.new, one.losing, one.gaining) for one in club.balances] == [
        ("points", 33, 32, 1, 0),
        ("coins", 18_500, 17_800, 2, 1),
        ("spend", 2_850, 2_850, 0, 0),
    ]
    assert club.quality.events == 8
    # Entries: of 5 stays 15, less 2 without dollars; of 3 rewards 6, covered for ann, and for bob once.
    assert club.quality.old_outcomes == {"awarded": 17, "missing_attribute": 2, "insufficient_balance": 2}
    assert club.quality.new_outcomes == {"awarded": 15, "missing_attribute": 2, "insufficient_balance": 4}


def test_fair_shares_count_what_a_refused_spend_would_have_given(club):
    """The lower rate takes bob's reward, and the point that goes with it; the requirement ann's level."""
    shares = {
        club.changes[share.index].sentence: share.fair for share in club.attribution.shares if share.counted
    }
    (rate,) = [fair for sentence, fair in shares.items() if "8 per usd" in sentence]
    (asked,) = [fair for sentence, fair in shares.items() if sentence.startswith("Top")]
    assert (rate, asked) == ((-1, 0, 0), (0, -1, 0))
    assert club.attribution.method == "exact"


def test_refused_spends_are_told_with_what_they_are_about(club):
    found = {one.sentence.partition(":")[0]: one for one in club.unanswered if one.code == "refused-spends"}
    apart = found[
        "1 member could not pay for 1 event of Reward under the new rules, which the old rules cover"
    ]
    assert apart.events == 1
    assert apart.points == "1 point in Points given for it, 5,000 points in Coins spent under the old rules"
    both = found["1 member could not pay for 1 event of Reward under either rules, though the log has them"]
    assert both.points == ""


def test_an_event_of_which_two_entries_lack_an_attribute_counts_once(club):
    (gap,) = [one for one in club.unanswered if one.code == "uncounted-events"]
    assert (gap.events, gap.points) == (1, "no limit is known in Coins; no limit is known in Spend")
    assert gap.sentence == (
        "Events of Stay count nothing in Coins and Spend under both: an attribute that the rule needs is missing."
    )


def test_what_decides_is_the_requirement_that_is_missed(club):
    (ann,) = [member for member in club.members if member.level_move]
    assert (ann.name, ann.missed) == ("ann", ("spend",))
    assert ann.sentence == (
        "Top lacked points on 2024-05-01 under the new rules: 2,200 of 2,500 in Spend; Top asks for 20 points"
        " and 2,000 spend under the old rules, for 20 points and 2,500 spend under the new ones"
    )


def test_a_guardrail_on_lost_levels_can_be_about_one_requirement(club):
    def rail(balance):
        where = Span("guardrails.yaml", 1, 1)
        measure = Measure.MEMBERS_LOSING_LEVEL
        return Guardrail(str(balance), "", measure, 0, None, None, None, balance, where)

    found = judged(club, [rail(balance) for balance in (None, "points", "spend", "coins")])
    assert [result.verdict for result in found] == [
        Verdict.BROKEN,
        Verdict.HOLDS,
        Verdict.BROKEN,
        Verdict.NOT_CHECKED,
    ]
    assert found[2].members == ("ann",)
    assert found[3].reason == "no level asks for points in `coins`"


def test_a_year_that_closes_without_a_requirement_is_told_with_its_day():
    """23 points and 2,300 of spend in the first year: the level is kept at 2,000, lost at 2,500."""
    old = OLD.replace("title: Top, ", "title: Top, keep: {points: 20, spend: 1000}, ")
    new = "levels: {top: {keep: {spend: 2400}}}\n"
    result = compared(
        old,
        new,
        "ann,2023-01-01",
        "e1,ann,stay,2023-02-01,23,2300\ne2,ann,stay,2024-02-01,1,10",
        further=FURTHER,
        columns="nights,usd",
    )
    (ann,) = result.members
    assert (ann.old.level, ann.new.level, ann.missed) == ("top", "silver", ("spend",))
    assert ann.sentence.startswith(
        "Top lacked points when the year to 2023-12-31 closed under the new rules: 2,300 of 2,400 in Spend; "
    )


def test_a_trace_has_a_row_for_each_entry_that_differs(club):
    rows = [
        (row.event, row.old_balance or row.new_balance, row.old_awarded, row.new_awarded, row.new_outcome)
        for row in club.traces["bob"]
        if row.kind == "event"
    ]
    assert rows == [
        ("e4", "Coins", 5_500, 4_400, "awarded"),
        ("e5", "Coins", -5_000, 0, "insufficient_balance"),
        ("e5", "", 1, 0, "insufficient_balance"),
    ]


def test_an_entry_that_one_side_lacks_is_a_row_with_nothing_on_that_side():
    result = compared(
        OLD,
        "activities: {stay: {earns: {spend: null}}}\nlevels: {top: {threshold: 20}}\n",
        "ann,2024-01-01",
        "e1,ann,stay,2024-02-01,3,100",
        further=FURTHER,
        columns="nights,usd",
    )
    (row,) = result.traces["ann"]
    assert (row.old_balance, row.old_awarded, row.new_awarded, row.new_outcome) == (
        "Spend",
        100,
        0,
        "not counted",
    )
    assert result.balances[2].new == 0


def test_a_rate_by_level_that_feeds_the_level_balance_is_split_by_whole_evaluations():
    """20 a visit, 10 % more from Low on at 40: 20 + 20 + 22 = 62; 20 % more from 20 on: 20 + 24 + 24 = 68."""
    old = """\
levels: {low: {title: Low, threshold: 40}}
activities:
  visit:
    points: 20
    bonuses: [{title: Bonus, percent: {by: {attribute: level, values: {none: 0, low: 10}}}}]
"""
    new = """\
levels: {low: {threshold: 20}}
activities:
  visit: {bonuses: [{title: Bonus, percent: {by: {attribute: level, values: {none: 0, low: 20}}}}]}
"""
    events = "\n".join(f"e{number},ann,visit,2024-02-0{number}," for number in (1, 2, 3))
    result = compared(old, new, "ann,2024-01-01", events)
    (ann,) = result.members
    assert (ann.old.effects.points, ann.new.effects.points) == (62, 68)
    shares = [share for share in result.attribution.shares if share.counted]
    points = {result.changes[share.index].section.value: share.points for share in shares}
    # Alone, the bonus brings 2 and the threshold 2; together 6: each its own and half of the other 2.
    assert points == {"levels": 3, "activities": 3}
    assert result.attribution.evaluations == 2


def test_more_than_eight_changes_with_rates_by_level_are_sampled_and_still_add_up():
    """Nine visits of 10 become visits of 12; from Low on, at 50, each brings 10 % more."""
    names = "abcdefghi"
    bonus = "bonuses: [{title: Bonus, percent: {by: {attribute: level, values: {none: 0, low: 10}}}}]"
    old = "levels: {low: {title: Low, threshold: 50}}\nactivities:\n" + "".join(
        f"  {name}: {{points: 10, {bonus}}}\n" for name in names
    )
    new = f"activities: {{{', '.join(f'{name}: {{points: 12}}' for name in names)}}}\n"
    events = "\n".join(f"e{day},ann,{name},2024-02-0{day}," for day, name in enumerate(names, 1))
    result = compared(old, new, "ann,2024-01-01", events)
    # 5 at 10 and 4 at 11 are 94; 5 at 12 and 4 at 13.2, that is 13, are 112.
    assert result.members[0].change == 18
    assert result.attribution.method == "sampled"
    assert sum(share.points for share in result.attribution.shares) == 18
