"""Reports of a comparison with 100,000 members: cut to a size that can be mailed, and what is cut is said."""

from __future__ import annotations

import csv
import io
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_reject_bounds import headlines

from pointbook.comparison.outcome import Effects, MemberOutcome
from pointbook.comparison.result import MemberDifference, TraceRow
from pointbook.comparison.shares.result import Influence
from pointbook.comparison.traces import MEMBERS as TRACED
from pointbook.comparison.traces import ROWS, ROWS_PER_MEMBER
from pointbook.guardrails.judging import JudgedComparison
from pointbook_cli.reporters.comparison.csv_rows import write_comparison_csv
from pointbook_cli.reporters.comparison.html_page import comparison_html
from pointbook_cli.reporters.comparison.markdown import comparison_markdown

COUNT = 100_000
INFLUENCES = (Influence(0, 1, 0, 0),)


def outcome(points, level):
    return MemberOutcome(
        Effects(points, 1, 0), level, points, (("low", date(2024, 2, 1)),), (), 0, 0, ("low",)
    )


@pytest.fixture(scope="module")
def comparison():
    """Everyone gains a point, is near a threshold, and has a name as long as ids may be."""
    _, small = headlines([])
    members = tuple(
        MemberDifference(f"{number:0100d}", 50, outcome(100, "low"), outcome(101, "low"), "up", 0, INFLUENCES)
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
        shows_ids=True,
    )


def test_the_page_can_be_mailed_and_names_the_table_that_has_the_others(comparison):
    page = comparison_html(JudgedComparison(comparison), "pointbook compare", "impact.csv", {})
    assert len(page.encode()) < 2_000_000
    assert page.count("<tbody data-name=") == 400
    assert "The 400 members who differ most are shown. 99,600 more are in the table" in page
    assert "<b>impact.csv</b>" in page
    assert "99,900 more members are in the CSV and JSON reports" in page


def test_the_page_says_how_to_get_the_others_where_no_table_is_written(comparison):
    page = comparison_html(JudgedComparison(comparison), "pointbook compare", None, {})
    assert "99,600 more are in the table that <code>--out members.csv</code> writes" in page


def test_the_comment_fits_and_counts_what_it_leaves_out(comparison):
    text = comparison_markdown(JudgedComparison(comparison))
    assert len(text) < 60_000
    assert "99,950 more members are in the other reports" in text


def test_the_table_has_every_member(comparison):
    stream = io.StringIO()
    write_comparison_csv(stream, comparison)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert len(rows) == COUNT
    assert sum(int(row["points_change"]) for row in rows) == COUNT
