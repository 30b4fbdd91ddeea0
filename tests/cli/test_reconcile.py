"""`pointbook reconcile`: exit codes, the four forms, and what people get wrong with their file."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from club_shell import Finished, Shell

LOG = ("--events", "events.csv", "--members", "members.csv")
# By hand, as of 2025-01-09, the last day of ann's first year: 40 for each of two visits, 80 for the review.
# bob has 3 days at 30, and 5 coins.
EQUAL = "member_id,points,level,coins\nann,160,bronze,0\nbob,90,,5\n"


def reconcile(shell: Shell, text: str, *options: str) -> Finished:
    shell.write("shown.csv", text)
    return shell.run("reconcile", "club", *LOG, "--published", "shown.csv", *options)


def test_equal_figures_are_clean(shell: Shell) -> None:
    done = reconcile(shell, EQUAL)

    assert done.code == 0, done.out
    assert "  2  equal\n" in done.out
    assert done.out.endswith("Nothing differs.\n")
    assert "Causes" not in done.out


def test_a_difference_is_named_with_its_cause_and_exits_with_1(shell: Shell) -> None:
    rows = [f"v{day},ann,visit,2024-05-0{day},," for day in (1, 2, 3)]
    rows += [f"w{day},bob,visit,2024-06-0{day},," for day in (1, 2, 3)]
    shell.edit("events.csv", "e5,", "\n".join(rows) + "\ne5,")
    # Three visits a month count there: 40 more for each than here.
    done = reconcile(shell, "member_id,points\nann,280\nbob,210\n")

    assert done.code == 1
    assert "1. does not apply the cap of 2 times per calendar month of `visit`" in done.out
    assert "ann: stars 280 there, 240 here" in done.out
    assert done.out.endswith("2 rows differ beyond the tolerance of 0.\n")


def test_a_tolerance_lets_small_differences_pass(shell: Shell) -> None:
    shown = EQUAL.replace("160", "161")

    assert reconcile(shell, shown).code == 1
    assert reconcile(shell, shown, "--tolerance", "1").code == 0
    assert reconcile(shell, shown, "--tolerance", "1%").code == 0
    assert reconcile(shell, shown, "--tolerance", "0.5%").code == 1
    wrong = reconcile(shell, shown, "--tolerance", "a bit")
    assert wrong.code == 2
    assert "write `5` or `0.5%`" in wrong.err


def test_members_on_one_side_only_are_kinds_of_their_own(shell: Shell) -> None:
    done = reconcile(shell, "member_id,points\nann,160\nBob,90\nzoe,0\n")

    assert done.code == 1
    assert "In the file, not in members: 2 members, 90 points" in done.out
    assert "there is no member 'Bob', but there is 'bob': the two differ in letter case" in done.out
    assert "In members, not in the file: 1 member, 90 points" in done.out
    assert done.out.endswith("2 rows differ beyond the tolerance of 0.\n"), "zoe has nothing to show"


def test_every_form_says_the_same(shell: Shell) -> None:
    names = ("r.txt", "r.md", "r.json", "r.csv")
    done = reconcile(
        shell, EQUAL.replace("160", "161"), *(word for name in names for word in ("--out", name))
    )

    assert done.code == 1
    text, page, values, table = ((shell.folder / name).read_text(encoding="utf-8") for name in names)
    assert text == done.out
    assert "| 1 | differ: 1 member, 1 point" in page
    found = json.loads(values)
    assert found["counts"]["differs"]["points"] == 1
    assert [row["member_id"] for row in found["rows"]] == ["ann"]
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["member_id"], row["state"], row["stars_published"]) for row in rows] == [
        ("ann", "differs", "161"),
        ("bob", "equal", "90"),
    ]
    markdown = reconcile(shell, EQUAL.replace("160", "161"), "--format", "markdown")
    assert markdown.out == page


def test_our_own_standings_are_equal_and_say_their_day(shell: Shell) -> None:
    assert shell.evaluate("--as-of", "2024-03-05").code == 0
    shown = (shell.folder / "out/standings.csv").read_text(encoding="utf-8")

    done = reconcile(shell, shown)
    assert done.code == 0, done.out
    assert "as of 2024-03-05" in done.out
    other = reconcile(shell, shown, "--as-of", "2024-03-06")
    assert other.code == 2
    assert "are as of 2024-03-05, not 2024-03-06" in other.err


def test_points_can_be_of_another_balance(shell: Shell) -> None:
    done = reconcile(shell, "member_id,points\nann,0\nbob,5\n", "--balance", "coins")

    assert done.code == 0, done.out
    wrong = reconcile(shell, EQUAL, "--balance", "coin")
    assert wrong.code == 2
    assert "did you mean `coins`?" in wrong.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("member_id,point\nann,1\n", "did you mean `points`?"),
        ("member_id;points\nann;1,5\nbob;2,5\n", "'1,5' is not a whole number"),
        ("member_id,signed_up_on\nann,2024-01-10\n", "column 'signed_up_on' is not known"),
        ("ann,160\nbob,90\n", "there is no header"),
        ("member_id,points\n", "there are no rows under the header"),
        ("member_id,level\nann,\n", "no row has points or a level to compare"),
        ("member_id,points,stars\nann,1,1\n", "`points` and `stars` are the same balance"),
        ("member_id,points,as_of\nann,1,2024-02-01\nbob,1,2024-02-02\n", "its rows are of several days"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_3_and_says_what_to_do(
    shell: Shell, text: str, message: str
) -> None:
    done = reconcile(shell, text)

    assert done.code == 3, done.out
    assert message in done.err
    assert "help: " in done.err


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        ("level", "ann,160,bronce\nbob,90,\n", "there is no level 'bronce'; did you mean `bronze`?"),
        ("level", "ann,1.600,\nbob,90,\n", "'1.600' is not a whole number"),
        ("coins", "ann,,\nbob,90,\n", "it has neither points nor a level"),
        ("coins", "ann,160,\nann,161,\nbob,90,\n", "the same member as shown.csv:3, with other figures"),
        ("coins", "ann,160,\nann,160,\nbob,90,\n", "duplicate: the same member as shown.csv:2"),
        (
            "period",
            "ann,160,2023\nbob,90,\n",
            "there is no period 2023 of a member who signed up on 2024-01-10",
        ),
        ("period", "ann,160,2024-01-01\nbob,90,\n", "periods begin on the anniversaries of 2024-01-10"),
        ("period", "ann,160,2\nbob,90,\n", "that period begins on 2025-01-10, after 2025-01-09"),
        ("period", "ann,160,first\nbob,90,\n", "'first' is neither the number of a period nor its first day"),
    ],
)
def test_a_row_that_cannot_be_used_is_said_and_is_no_difference(
    shell: Shell, header: str, rows: str, message: str
) -> None:
    done = reconcile(shell, f"member_id,points,{header}\n{rows}")

    assert done.code == 0, done.out
    assert message in done.out


def test_an_id_that_a_spreadsheet_shortened_is_told(shell: Shell) -> None:
    done = reconcile(shell, "member_id,points\n1.23457E+15,160\nbob,90\n")

    assert done.code == 1
    assert "it looks like a number that a spreadsheet shortened; export the column as text" in done.out


def test_what_is_read_is_never_replaced(shell: Shell) -> None:
    done = reconcile(shell, EQUAL, "--out", "shown.csv")

    assert done.code == 2
    assert "shown.csv is read, and would be replaced by a report" in done.err
    assert (shell.folder / "shown.csv").read_text() == EQUAL


def test_unexplained_rows_that_differ_by_the_same_amount_are_told(shell: Shell) -> None:
    done = reconcile(shell, "member_id,points\nann,167\nbob,97\n")

    assert done.code == 1
    assert "Unexplained: 2 members, 14 points (net +14); " in done.out
    assert "tried; 2 rows by the same +7\n" in done.out
    assert "causes. That system" not in done.out


def test_where_no_row_is_of_a_period_nothing_is_compared_and_that_is_an_error(shell: Shell) -> None:
    done = reconcile(shell, "member_id,period,points\nann,Q1,160\nbob,Q1,90\n")

    assert done.code == 3
    assert "shown.csv:2: no row can be used; the first one: 'Q1' is neither the number" in done.err


def test_what_could_not_be_compared_is_not_called_equal(shell: Shell) -> None:
    text = "member_id,level\nann,bronze\nbob,None\n"
    done = reconcile(shell, text)

    assert done.code == 0
    assert "there is no level 'None': it stands for no value; leave the cell empty" in done.out
    assert done.out.endswith("Nothing of what could be compared differs.\n")


def test_columns_of_another_name_are_not_sent_to_log_yaml(shell: Shell) -> None:
    done = reconcile(shell, "Member,Points,Tier\nann,160,\n")

    assert done.code == 3
    assert "delete 'Tier'; known: " in done.err
    assert "log.yaml" not in done.err
