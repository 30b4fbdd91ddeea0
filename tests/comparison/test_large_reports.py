"""Reports of a comparison with 100,000 members: cut to a size that can be mailed, and what is cut is said."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_reject_bounds import headlines

from pointbook.comparison.levels.closings import Closing
from pointbook.comparison.names import pseudonym
from pointbook.comparison.outcome import Effects, MemberOutcome
from pointbook.comparison.result import MemberDifference, TraceRow, Words
from pointbook.comparison.shares.result import Influence
from pointbook.comparison.summaries import BalanceSummary
from pointbook.comparison.traces import MEMBERS as TRACED
from pointbook.comparison.traces import ROWS, ROWS_PER_MEMBER
from pointbook.diagnostics import Span
from pointbook.guardrails.judging import GuardrailResult, JudgedComparison, Verdict
from pointbook_cli.reporters.comparison.csv_rows import write_comparison_csv
from pointbook_cli.reporters.comparison.html_page import comparison_html
from pointbook_cli.reporters.comparison.json_values import write_comparison_json
from pointbook_cli.reporters.comparison.markdown import comparison_markdown

COUNT = 100_000
INFLUENCES = (Influence(0, 1, 0, 0),)
WORDS = Words(("Stars",), 0, ("Visit: 40 → 50 points",))


def outcome(points, level):
    return MemberOutcome(
        Effects(points, 1, 0), level, points, (("low", date(2024, 2, 1)),), (), 0, 0, ("low",), (points,)
    )


@pytest.fixture(scope="module")
def comparison():
    """Everyone gains a point, is near a threshold, and has a name as long as ids may be."""
    _, small = headlines([])
    members = tuple(
        MemberDifference(
            f"{number:0100d}", 50, outcome(100, "low"), outcome(101, "low"), "up", 0, INFLUENCES, words=WORDS
        )
        for number in range(COUNT)
    )
    row = TraceRow(date(2024, 2, 1), "e" * 100, "visit", 40, "awarded", "low", 50, "awarded", "low")
    traces = {
        member.name: tuple(
            replace(row, day=row.day + timedelta(days=day))
            for day in range(min(ROWS_PER_MEMBER, ROWS // TRACED))
        )
        for member in members[:TRACED]
    }
    return replace(
        small,
        members=members,
        ranked=members,
        near=members,
        traces=traces,
        bands={**small.bands, "up": COUNT},
        balances=tuple(balance for balance in small.balances if balance.decides_levels),
        shows_ids=True,
    )


def test_the_page_can_be_mailed_and_names_the_table_that_has_the_others(comparison):
    page = comparison_html(JudgedComparison(comparison), "pointbook compare", "impact.csv", {})
    assert len(page.encode()) < 2_000_000
    assert page.count("<tbody data-name=") == 400
    assert "The 400 members who differ most are listed. 99,600 more are in the table" in page
    assert "<b>impact.csv</b>" in page
    assert "99,900 more members are in the CSV and JSON reports" in page


def test_the_page_says_how_to_get_the_others_where_no_table_is_written(comparison):
    page = comparison_html(JudgedComparison(comparison), "pointbook compare", None, {})
    assert "99,600 more are in the table that <code>--out members.csv</code> writes" in page


def test_the_comment_fits_and_counts_what_it_leaves_out(comparison):
    text = comparison_markdown(JudgedComparison(comparison))
    assert len(text) < 60_000
    assert "99,992 more members are below or in the other reports" in text
    assert "99,950 more members are below or in the other reports" in text


def test_of_the_comment_two_screens_stand_open(comparison):
    """All else is folded: 50 lines are what two screens have."""
    text = comparison_markdown(JudgedComparison(comparison))
    opened = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert sum(1 for line in opened.splitlines() if line) <= 50
    assert "<summary>From level to level</summary>" in text


def json_report(comparison, count):
    """A report of so many members, who differ in figures of many digits; every third breaks a guardrail.

    Of two balances, up to two levels reached on any of 2,000 days, and half of whom move in level, each of
    whose three periods closed: what a log of some years has.
    """
    days = [date(2020, 1, 1) + timedelta(days=day) for day in range(2000)]
    levels = ("low", "mid", "high")

    def side(number, more):
        points = number * 7919 % 99_991 + 1234 * more
        reached = levels[: number % 3]
        firsts = tuple((level, days[(number * place + more) % 2000]) for place, level in enumerate(reached))
        closings = [
            Closing(date(year, 1, 1), date(year, 12, 31), points, "mid", "low", "mid", 15_000)
            for year in range(2021, 2024)
        ]
        return outcome(points, reached[-1] if reached else None)._replace(
            firsts=firsts,
            near=reached[: number % 2],
            cuts=number % 11,
            balances=(points, number % 10_000 * more),
            closings=tuple(closings if number % 2 else ()),
        )

    members = tuple(
        MemberDifference(
            pseudonym("club", str(number)),
            number % 150,
            side(number, 0),
            side(number, 1),
            "up",
            -(number % 2),
            words=Words(("Stars", "Coins"), 0, ()),
        )
        for number in range(count)
    )
    further = BalanceSummary("coins", "Coins", False, 0, 0, 0, 0, 0, 0, 0)
    whole = replace(
        comparison,
        members=members,
        ranked=members,
        near=(),
        traces={},
        balances=(*comparison.balances, further),
        levels=tuple((level, level) for level in levels),
        shows_ids=False,
    )
    broken = tuple(member.name for member in members if not int(member.events) % 3)
    rail = GuardrailResult("few", "Few", Verdict.BROKEN, "", "", broken, (), Span("g.yaml", 2, 3, 3))
    stream = io.StringIO()
    write_comparison_json(stream, JudgedComparison(whole, (rail,)))
    return members, broken, stream.getvalue()


def test_the_json_report_can_be_mailed_too(comparison):
    """Members are columns: with two balances 100,000 take at most 9 MB, by the difference of two sizes."""
    _, _, small = json_report(comparison, 2_000)
    members, broken, large = json_report(comparison, 12_000)
    each = (len(large.encode()) - len(small.encode())) / 10_000
    begins = len(small.encode()) - 2_000 * each
    assert begins + 100_000 * each < 9_000_000
    read = json.loads(large)
    columns, states, lists = read["members"], read["member_states"], read["member_lists"]
    assert {len(column) for column in columns.values()} == {12_000}
    assert len({len(column) for column in states.values()}) == 1
    # Member 8 gains 1,234 points, and has reached two levels, the lower one on the first day.
    assert columns["points_new"][8] - columns["points_old"][8] == 1234
    place, day, *_ = columns["first_reached_old"][8]
    assert (lists["levels"][place], lists["days"][day]) == ("low", "2020-01-01")
    assert lists["levels"][states["level_old"][columns["state"][8]]] == members[8].old.level == "mid"
    # Of those who break the guardrail the first thousand are named, and the columns have all.
    (rail,) = read["guardrails"]
    assert (rail["member_count"], rail["members"]) == (len(broken), list(broken[:1_000]))
    breaks = [lists["sets"][states["breaks"][state]] for state in columns["state"]]
    named = [name for name, ids in zip(columns["name"], breaks, strict=True) if ids == ["few"]]
    assert named == list(broken)
    assert len(broken) == 4_000


def test_the_table_has_every_member(comparison):
    stream = io.StringIO()
    write_comparison_csv(stream, comparison)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert len(rows) == COUNT
    assert sum(int(row["points_change"]) for row in rows) == COUNT
