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

from pointbook.comparison.names import pseudonym
from pointbook.comparison.outcome import Effects, MemberOutcome
from pointbook.comparison.result import MemberDifference, TraceRow, Words
from pointbook.comparison.shares.result import Influence
from pointbook.comparison.traces import MEMBERS as TRACED
from pointbook.comparison.traces import ROWS, ROWS_PER_MEMBER
from pointbook.guardrails.judging import JudgedComparison
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


def test_the_json_report_can_be_mailed_too(comparison):
    """Members are columns: 100,000 take less than 10 MB; here is a fifth of them, with real figures."""
    days = [date(2020, 1, 1) + timedelta(days=day) for day in range(2000)]

    def side(number, points):
        firsts = (("low", days[number % 2000]),) if number % 3 else ()
        return outcome(points, "low" if firsts else None)._replace(firsts=firsts)

    members = tuple(
        MemberDifference(
            pseudonym("club", str(number)),
            number % 150,
            side(number, number % 99_991),
            side(number, number % 99_991 + 1234),
            "up",
            0,
        )
        for number in range(COUNT // 5)
    )
    stream = io.StringIO()
    whole = replace(comparison, members=members, near=(), shows_ids=False)
    write_comparison_json(stream, JudgedComparison(whole))
    assert len(stream.getvalue().encode()) < 10_000_000 // 5
    read = json.loads(stream.getvalue())
    columns = read["members"]
    assert {len(column) for column in columns.values()} == {COUNT // 5}
    assert columns["points_new"][7] - columns["points_old"][7] == 1234
    level, day = columns["first_reached_old"][7]
    assert (read["member_lists"]["levels"][level], read["member_lists"]["days"][day]) == ("low", "2020-01-08")


def test_the_table_has_every_member(comparison):
    stream = io.StringIO()
    write_comparison_csv(stream, comparison)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert len(rows) == COUNT
    assert sum(int(row["points_change"]) for row in rows) == COUNT
