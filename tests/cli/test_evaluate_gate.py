"""When `evaluate` exits with 1, what it says, and what it writes then."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import click
import pytest

from pointbook.model.ledger import Outcome
from pointbook_cli.evaluation import gate
from pointbook_cli.evaluation.gate import MostRejected, MostRejectedType

if TYPE_CHECKING:
    from conftest import Shell

HEADER = "event_id,member_id,activity,occurred_at,points,days\n"


def with_a_reject(shell: Shell) -> None:
    """The 5 events and 2 members, and one more event of nobody: 1 of 8 rows."""
    with (shell.folder / "events.csv").open("a", encoding="utf-8") as stream:
        stream.write("e6,bobb,visit,2024-05-01,,\n")


def _files(shell: Shell) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (shell.folder / "out").iterdir()}


def test_a_reject_fails_and_names_the_option_that_lets_the_log_pass(shell: Shell) -> None:
    with_a_reject(shell)
    done = shell.evaluate()
    assert done.code == 1
    assert done.out.endswith("\nnot passed: rows were rejected\n")
    assert done.err == (
        "written to out/\n"
        "error: 1 of 8 rows of events and members was rejected\n"
        "  help: correct what was rejected; `--max-rejected 1` lets this log pass\n"
    )
    passed = shell.evaluate("--max-rejected", "1")
    assert (passed.code, passed.err) == (0, "written to out/\n")
    assert "not passed" not in passed.out


@pytest.mark.parametrize("most", ["1", "12.5%", "12.5 %", "99", "100%"])
def test_a_log_passes_with_as_many_rejects_as_allowed(shell: Shell, most: str) -> None:
    with_a_reject(shell)  # 1 of 8 rows is 12.5 %
    assert shell.evaluate("--max-rejected", most).code == 0


@pytest.mark.parametrize("most", ["0", "0%", "12.499999999%"])
def test_more_rejects_than_allowed_write_nothing_and_what_stands_stays(shell: Shell, most: str) -> None:
    nothing_is_written(shell, most)


def nothing_is_written(shell: Shell, most: str, *way: str) -> None:
    """With more rejects than `most` what stands stays."""
    shell.evaluate()
    before = _files(shell)
    with_a_reject(shell)
    done = shell.evaluate("--max-rejected", most, *way, "--output-format", "jsonl")
    assert done.code == 1
    assert _files(shell) == before
    assert "rejected rows: unknown_member 1; for example:\n    events.csv:7: unknown_member: " in done.out
    assert done.out.endswith("\nnot passed: more rows were rejected than allowed\n")
    assert done.err.endswith(
        f"error: 1 of 8 rows of events and members was rejected, more than `--max-rejected {most}` allows;"
        " nothing was written\n  help: `--max-rejected 1` lets this log pass\n"
    )
    assert "written to" not in done.err


def test_nothing_is_left_where_nothing_was(shell: Shell) -> None:
    with_a_reject(shell)
    assert shell.evaluate("--max-rejected", "0").code == 1
    assert not (shell.folder / "out").exists()


def test_rejected_members_count_too(shell: Shell) -> None:
    with (shell.folder / "members.csv").open("a", encoding="utf-8") as stream:
        stream.write("eve,2024-02-30\n")
    done = shell.evaluate()
    assert done.code == 1
    assert "error: 1 of 8 rows of events and members was rejected\n" in done.err
    assert shell.evaluate("--max-rejected", "1").code == 0


@pytest.mark.parametrize("value", ["-1", "1.5", "few", "0,5%", "%", "101%", "1e2", "1_000", "½", "-0%", ""])
def test_a_limit_that_cannot_be_read_is_wrong_usage(shell: Shell, value: str) -> None:
    done = shell.evaluate(f"--max-rejected={value}")
    assert done.code == 2
    words = (
        "write at most 100%" if value == "101%" else "is no number of rows, such as 12, and no share of them"
    )
    assert f"'{value}' " in done.err
    assert words in done.err.replace("\n", " ")
    assert not (shell.folder / "out").exists()


def test_shares_are_exact() -> None:
    def convert(text: str) -> MostRejected:
        return MostRejectedType().convert(text, None, None)

    assert convert("0.1%") == MostRejected("0.1%", percent=Fraction(1, 10))
    assert convert("0.1%").allows(3, 3000)
    assert not convert("0.1%").allows(3, 2999)
    assert convert("33.3%").allows(333, 1000)
    assert not convert("33.3%").allows(1, 3)
    assert convert("0%").allows(0, 0)
    with pytest.raises(click.BadParameter):
        convert("100.000000000000001%")


UNKNOWN = "e1,ann,large,2024-02-01,,\ne2,ann,onetime,2024-02-02,,\ne3,bob,large,2024-03-05,,\n"


NOTHING_COUNTED = [
    pytest.param("", (), "the log has no events\n  help: name the files that have them", id="a header only"),
    pytest.param(
        UNKNOWN,
        (),
        "all 3: no_such_activity (the version in force has no such activity)\n  help: check the column"
        " `activity`, and that this is the log of this program\n",
        id="unknown activities",
    ),
    pytest.param(
        "e1,ann,visit,2023-02-01,,\n",
        ("--version", "2024"),
        "the only one: before_sign_up (before the member signed up)\n  help: check `signed_up_on`",
        id="before sign-up",
    ),
    pytest.param(
        "e1,ann,review,2024-02-01,,\ne2,ann,review,2024-02-03,,\ne3,ann,course,2024-02-03,,\n",
        (),
        "2 of 3: unvalued (assessed value is missing)\n  help: fill the column `points`, or say what to"
        " assume with `--assume`\n",
        id="no values",
    ),
    pytest.param(
        "e1,ann,review,2024-02-01,900,\n", (), "the only one: out_of_range (", id="values out of range"
    ),
    pytest.param(
        "e1,ann,course,2024-02-01,,\n", (), "the only one: missing_attribute (", id="a column is missing"
    ),
    pytest.param(
        "e1,ann,visit,2024-02-01,,\ne2,ann,visit,2024-02-02,,\n",
        ("--as-of", "2024-01-31"),
        "all 2: after 2024-01-31, the last day that counts\n  help: give a later `--as-of`, or",
        id="after the last day",
    ),
    pytest.param(
        "e1,eve,visit,2024-02-01,,\ne2,eve,visit,2024-02-30,,\ne3,eve,visit,2024-02-03,,\n",
        ("--max-rejected", "3"),
        "all 3: rejected, most for `unknown_member`\n  help: correct these rows",
        id="all rejected",
    ),
]
"""A log, options, and what is said of it."""


def does_not_pass(shell: Shell, rows: str, options: tuple[str, ...], said: str) -> None:
    """Of this log no event counts."""
    shell.write("events.csv", HEADER + rows)
    done = shell.evaluate(*options)
    assert done.code == 1
    assert f"error: no event counted: {said}" in done.err
    assert done.out.endswith("not passed: no event counted\n")
    assert "standings.csv" in shell.names("out")


@pytest.mark.parametrize(("rows", "options", "said"), NOTHING_COUNTED)
def test_a_log_of_which_nothing_counted_does_not_pass(
    shell: Shell, rows: str, options: tuple[str, ...], said: str
) -> None:
    does_not_pass(shell, rows, options, said)


def test_one_event_that_a_limit_cut_to_nothing_has_counted(shell: Shell) -> None:
    shell.write("events.csv", f"{HEADER}e1,ann,visit,2024-02-01,,\ne2,ann,large,2024-02-01,,\n")
    assert shell.evaluate().code == 0


def test_every_outcome_that_does_not_count_says_what_to_do() -> None:
    assert set(gate._HELP) == {outcome for outcome in Outcome if not outcome.is_valued}  # noqa: SLF001 - a closed set


def with_a_wrong_time_column(shell: Shell) -> None:
    """Each of the 5 events has a time that none is."""
    path = shell.folder / "events.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [",".join((*row.split(",")[:3], "soon", *row.split(",")[4:])) for row in rows]
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")


def what_stands_stays_where_most_rows_are_rejected(shell: Shell, *way: str) -> None:
    """All events are rejected: files that stand stay, unless the option says that they may be replaced."""
    shell.evaluate(*way)
    before = _files(shell)
    with_a_wrong_time_column(shell)
    done = shell.evaluate(*way, "--output-format", "jsonl")
    assert done.code == 1
    assert _files(shell) == before
    assert "written to" not in done.err
    assert (
        "error: 5 of 7 rows of events and members were rejected, more than half of events; the results that"
        " stand were not replaced\n"
        "  help: correct what was rejected; `--max-rejected 5` replaces them all the same\n"
    ) in done.err
    assert "\nnot passed: more than half of the rows were rejected\n" in done.out
    again = shell.evaluate(*way, "--max-rejected", "5")
    assert "written to out/\n" in again.err
    assert _files(shell) != before


def test_what_stands_is_not_replaced_by_a_log_of_rejects(shell: Shell) -> None:
    what_stands_stays_where_most_rows_are_rejected(shell)


def test_a_log_of_rejects_is_written_where_nothing_stands(shell: Shell) -> None:
    with_a_wrong_time_column(shell)
    done = shell.evaluate()
    assert done.code == 1
    fault = "every row of events has a value in `occurred_at` that cannot be read: is this the right column?"
    assert done.err.startswith(f"warning: {fault}\nwritten to out/\n")
    assert "error: 5 of 7 rows of events and members were rejected\n" in done.err


def test_rejected_members_keep_what_stands_too(shell: Shell) -> None:
    shell.evaluate()
    before = _files(shell)
    with (shell.folder / "members.csv").open("a", encoding="utf-8") as stream:
        stream.write("eve,soon\nfay,soon\ngil,soon\n")
    done = shell.evaluate()
    assert done.code == 1
    assert "more than half of members; the results that stand were not replaced" in done.err
    assert _files(shell) == before


def test_half_of_the_rows_is_not_more_than_half(shell: Shell) -> None:
    shell.evaluate()
    with (shell.folder / "members.csv").open("a", encoding="utf-8") as stream:
        stream.write("eve,soon\nfay,soon\n")
    done = shell.evaluate()
    assert done.code == 1
    assert done.err.startswith("written to out/\n")


def test_an_empty_name_is_not_the_folder_one_is_in(shell: Shell) -> None:
    done = shell.run("evaluate", "club", "--events", "", "--members", "members.csv", "--out", "out")
    assert done.code == 2
    assert "the name of a file of events or members is empty" in done.err
