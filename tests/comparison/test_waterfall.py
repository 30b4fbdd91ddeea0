"""The waterfalls of the report: what bars begin, end and are called."""

from __future__ import annotations

import re
from fractions import Fraction

from pointbook.comparison.outcome import Effects
from pointbook.comparison.shares.result import Share
from pointbook_cli.reporters.comparison.waterfall import ROWS, WIDTH, waterfalls


def share(points=0, promotions=0, demotions=0, error=0, errors=(Fraction(0), Fraction(0))):
    fractions = (Fraction(points), Fraction(promotions), Fraction(demotions))
    return Share(0, True, "", 1, Effects(0, 0, 0), *fractions, error, *errors)


def edges(bar):
    xs = [int(x) for x in re.findall(r"(\d+),", bar.shape)]
    return min(xs), max(xs)


def test_each_bar_begins_where_the_one_before_ends():
    # Running sums 0, 30, 20, 40: from 0 to 1000 that is 25 units a point.
    found = waterfalls([("a", share(30)), ("b", share(-10)), ("c", share(20))])
    bars = [row.cells[0].bar for row in found.rows]
    assert [edges(bar) for bar in bars] == [(0, 750), (500, 750), (500, 1000)]
    assert edges(found.whole.cells[0].bar) == (0, 1000)
    assert found.whole.cells[0].share == 40
    assert [bar.takes for bar in bars] == [False, True, False]


def test_a_bar_points_to_where_it_goes():
    up, down = (waterfalls([("a", share(value))]).rows[0].cells[0].bar for value in (30, -30))
    tip = re.compile(r"(\d+),20\b")
    assert (tip.findall(up.shape), tip.findall(down.shape)) == (["1000"], ["0"])
    assert (up.zero, down.zero) == (0, WIDTH)


def test_the_smallest_bar_can_be_seen_and_stays_inside():
    found = waterfalls([("a", share(10**9)), ("b", share(1)), ("c", share(-1))])
    for row in found.rows:
        left, right = edges(row.cells[0].bar)
        assert 0 <= left < right <= WIDTH
        assert right - left >= 12


def test_more_demotions_are_bad_and_fewer_are_good():
    found = waterfalls([("a", share(5, 2, 1)), ("b", share(-4, -1, -3))])
    assert [[cell.mood for cell in row.cells] for row in found.rows] == [
        ["good", "good", "bad"],
        ["bad", "bad", "good"],
    ]
    assert found.total == "+1 point, +1 promotion and -2 demotions"
    assert found.untouched == ""


def test_what_nothing_has_an_effect_on_has_no_column_but_is_named():
    found = waterfalls([("a", share(5)), ("b", share(-5))])
    assert [metric.title for metric in found.metrics] == ["Points"]
    assert found.total == "no difference in points"
    assert found.untouched == "promotions or demotions"
    assert waterfalls([("a", share(0, 0, 2))]).untouched == "points or promotions"


def test_parts_of_promotions_sum_to_whole_ones():
    found = waterfalls([("a", share(0, Fraction(1, 3))), ("b", share(0, Fraction(2, 3)))])
    assert found.total == "+1 promotion"
    assert found.whole.cells[0].share == 1


def test_many_changes_are_summed_up_in_the_last_row():
    found = waterfalls([(f"change {number}", share(100 - number, error=1)) for number in range(60)])
    assert len(found.rows) == ROWS == 40
    last = found.rows[-1]
    # The 21 from number 39 on: 61 + 60 + … + 41.
    assert last.label == "21 changes with less effect, together"
    assert last.cells[0].share == sum(range(41, 62)) == 1071
    assert last.cells[0].error == 21
    assert found.whole.cells[0].share == sum(range(41, 101))


def test_sampled_shares_of_promotions_and_demotions_have_their_error():
    errors = (Fraction(3, 100), Fraction(1, 2))
    found = waterfalls([("a", share(5, 2, 1, 4, errors)), ("b", share(5, 1, 1))])
    assert [cell.error for cell in found.rows[0].cells] == [4, Fraction(3, 100), Fraction(1, 2)]
    assert [cell.error for cell in found.rows[1].cells] == [0, 0, 0]


def test_the_errors_of_changes_summed_up_are_at_most_their_sum():
    found = waterfalls(
        [(f"change {number}", share(0, 1, 0, 0, (Fraction(1, 10), Fraction(0)))) for number in range(42)]
    )
    # Rows 40 to 42 are three changes, each with an error of a tenth.
    assert (found.rows[-1].label, found.rows[-1].cells[0].error) == (
        "3 changes with less effect, together",
        Fraction(3, 10),
    )
