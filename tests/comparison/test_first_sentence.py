"""The first sentence says only what was looked at, and the change that it names leads every list."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from small_programs import compared

from pointbook.guardrails.judging import JudgedComparison
from pointbook_cli.reporters.comparison.html_page import comparison_html
from pointbook_cli.reporters.comparison.markdown import comparison_markdown
from pointbook_cli.reporters.comparison.tallies import change_effects

SMALL = "bcdef"
OLD = (
    "levels: {silver: {title: Silver, threshold: 100}}\n"
    f"activities: {{a: {{points: 50}}, {', '.join(f'{name}: {{points: 10}}' for name in SMALL)}}}\n"
)
NEW = f"activities: {{a: {{points: 100}}, {', '.join(f'{name}: {{points: 20}}' for name in SMALL)}}}\n"
NOT_LOOKED = ", so that who gains or loses was not looked at."


def test_the_change_that_the_sentence_names_leads_the_lists_of_changes():
    """ann reaches Silver by `a` in her first, third and fifth year, and loses it in between: 3 promotions.

    bob and cy reach it by five changes together, a fifth of a promotion by each: 2 fifths of all five for
    each change, which moves two members; `a` has 3 of 5, and moves one.
    """
    days = ("2022-02-01", "2024-02-01", "2026-02-01")
    events = [f"a{number},ann,a,{day}," for number, day in enumerate(days)]
    events += [f"{name}-{who},{who},{name},2026-02-01," for who in ("bob", "cy") for name in SMALL]
    members = "ann,2022-01-01\nbob,2026-01-01\ncy,2026-01-01"
    result = compared(OLD, NEW, members, "\n".join(events))
    assert result.summary.endswith("3 rise, none falls; Silver 0 → 3, mostly by a: 50 → 100 points.")
    first, second, *_ = change_effects(result)
    assert (first.change.rule_id, first.rising, first.share.promotions) == ("a", 1, 3)
    assert (second.rising, str(second.share.promotions)) == (2, "2/5")
    judged = JudgedComparison(result)
    row = "| a: 50 → 100 points | 1 to a higher level, 1 to more points; most of the promotions |"
    opened = comparison_markdown(judged).split("<details>")[0]
    assert row in opened
    assert opened.count("of the promotions |") == 1
    page = comparison_html(judged, "pointbook compare", None, {})
    assert page.count("(most of the promotions)") == 1


@pytest.mark.parametrize(
    ("events", "since", "summary"),
    [
        (
            "e1,ann,unknown,2024-02-01,",
            None,
            f"No event counted{NOT_LOOKED}",
        ),
        (
            "e1,ann,a,2024-02-01,\ne2,ann,unknown,2024-03-01,",
            date(2024, 2, 15),
            f"No event counted while the new version is in force{NOT_LOOKED}",
        ),
        (
            "e1,ann,a,2024-02-01,\ne2,ann,a,2024-03-01,",
            date(2024, 2, 15),
            "1 of 1 gains, nobody loses points; nobody rises or falls, mostly by a: 50 → 100 points.",
        ),
    ],
)
def test_where_no_event_counts_nobody_is_said_to_lose_nothing(events, since, summary):
    assert compared(OLD, NEW, "ann,2024-01-01", events, since=since).summary == summary


def test_where_no_points_move_one_sentence_stands_for_a_screen_of_zeros():
    """Silver needs 40 instead of 100: ann rises by her 50 points, which stay what they are."""
    result = compared(OLD, "levels: {silver: {threshold: 40}}\n", "ann,2024-01-01", "e1,ann,a,2024-02-01,")
    judged = JudgedComparison(result)
    page = comparison_html(judged, "pointbook compare", None, {})
    assert '<p class="empty">Nobody has more or fewer Points under the new rules.</p>' in page
    assert "Share of the top tenth" not in page
    assert "Gains and losses by level" not in comparison_markdown(judged)
