"""Which way is taken: the plan where it can, else the fold; the same results by either, and it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("duckdb", reason="the extra `duckdb` is not installed")

from club_shell import Shell
from constructs import CASES, Rules

from pointbook.relational.unsupported import CONSTRUCTS
from pointbook_cli.evaluation.request import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from club_shell import Finished

LARGE_LOGS = Path(__file__).parents[2] / "docs" / "large-logs.md"
LOG = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
BEYOND = "amounts or totals beyond 64 bits"


def _evaluate(shell: Shell, *options: str, log: Sequence[str] = LOG, stdin: bytes = b"") -> Finished:
    return shell.run("evaluate", "club", *log, *options, stdin=stdin)


def _found(shell: Shell, ending: str = "csv") -> tuple[dict[str, bytes], dict[str, Any], dict[str, Any]]:
    """The tables, the summary without how it came about, and how."""
    folder = shell.folder / "out"
    summary = json.loads((folder / "summary.json").read_bytes())
    how = summary.pop("evaluated")
    return {table: (folder / f"{table}.{ending}").read_bytes() for table in TABLES}, summary, how


def test_every_construct_that_rules_show_has_a_case() -> None:
    assert [case.construct for case in CASES] == [one.name for one in CONSTRUCTS if one.find is not None]


def test_the_page_has_the_constructs_with_their_reasons() -> None:
    text = LARGE_LOGS.read_text(encoding="utf-8").partition("## What the plan has not\n")[2]
    rows = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    shown = (one.found for one in CONSTRUCTS)
    assert rows[1:] == [
        f"| {one.name} | {when} | {one.reason} |" for one, when in zip(CONSTRUCTS, shown, strict=True)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.construct)
def test_rules_that_the_plan_has_not_go_to_the_fold_by_themselves(case: Rules, tmp_path: Path) -> None:
    case.written_to(tmp_path)
    shell = Shell(tmp_path)

    assert _evaluate(shell, "--backend", "python").code == 0
    tables, summary, how = _found(shell)
    assert how["backend"] == "python"
    done = _evaluate(shell, "--backend", "duckdb", "--memory-limit", "1GB")

    assert done.code == 0, done.err
    assert done.err.startswith("evaluated by the fold: club/")
    assert f"{case.place}" in done.err
    assert f"the plan cannot evaluate {case.construct} ({case.what}): " in done.err
    assert "evaluated by the fold on duckdb with 1 worker\n" in done.out
    assert _found(shell)[:2] == (tables, summary)
    assert _found(shell)[2] == how | {"backend": "duckdb"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.construct)
def test_the_plan_asked_for_refuses_them_with_their_place(case: Rules, tmp_path: Path) -> None:
    case.written_to(tmp_path)
    shell = Shell(tmp_path)

    evaluated = _evaluate(shell, "--via", "plan")
    printed = shell.run("sql", "club", "--as-of", "2024-12-31")

    for done in (evaluated, printed):
        assert done.code == 3
        assert done.err.startswith(f"error: {case.place}")
        assert f"the plan cannot evaluate {case.construct} ({case.what}): " in done.err
        assert not done.out
    assert "out" not in shell.names(".")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_every_way_gives_the_same_bytes_and_the_same_summary_but_for_how(shell: Shell, form: str) -> None:
    found = []
    for options, way in (
        (("--backend", "python"), "fold"),
        (("--backend", "duckdb"), "plan"),
        (("--backend", "duckdb", "--via", "plan", "--workers", "1"), "plan"),
        (("--backend", "duckdb", "--via", "fold"), "fold"),
        (("--backend", "python", "--via", "fold", "--workers", "1000"), "fold"),
    ):
        done = _evaluate(shell, "--output-format", form, *options)
        assert done.code == 0, done.err
        *same, how = _found(shell, form)
        assert list(how) == ["backend", "way", "workers", "compiled"]
        assert how["way"] == way
        found.append(same)
    assert all(same == found[0] for same in found)


def test_workers_are_those_that_worked(shell: Shell) -> None:
    _evaluate(shell, "--via", "plan", "--workers", "1")
    assert _found(shell)[2] == {"backend": "duckdb", "way": "plan", "workers": 1, "compiled": None}
    _evaluate(shell, "--via", "fold", "--workers", "5")  # more than five events can use
    assert _found(shell)[2]["workers"] == 1


def _large(shell: Shell, first: int, second: int, resets: str = "never") -> None:
    """Two events of one member with so many days at a thousand million points each."""
    shell.edit("club/versions/2024.yaml", "days, points: 30", "days, points: 1000000000")
    shell.edit("club/program.yaml", "stars: {resets: membership_year}", f"stars: {{resets: {resets}}}")
    shell.edit("events.csv", "e3,bob,course,2024-03-05,,3", f"e3,bob,course,2024-03-05,,{first}")
    shell.edit("events.csv", "e4,bob,gift,2024-03-06,,", f"e4,bob,course,2025-03-06,,{second}")


def test_a_total_beyond_64_bits_lets_the_fold_begin_again(shell: Shell) -> None:
    _large(shell, 5_000_000_000, 5_000_000_000)
    assert _evaluate(shell, "--backend", "python").code == 0
    tables, summary, _ = _found(shell)
    assert b",10000000000000000000," in tables["ledger"]

    done = _evaluate(shell)

    assert done.code == 0, done.err
    assert done.err.startswith(f"evaluated by the fold: duckdb: the plan cannot evaluate {BEYOND}: ")
    assert "evaluated by the fold on duckdb with 1 worker\n" in done.out
    assert _found(shell)[:2] == (tables, summary)
    assert shell.names("out") == sorted([*(f"{table}.csv" for table in TABLES), "summary.json"])


@pytest.mark.parametrize("backend", ["python", "duckdb"])
def test_the_fold_writes_a_total_beyond_64_bits_where_the_format_can(shell: Shell, backend: str) -> None:
    _large(shell, 5_000_000_000, 5_000_000_000)
    by_fold = ("--backend", backend, "--via", "fold")
    for form, total in (
        ("csv", b",5000000000000000000,awarded,false,1,10000000000000000000,"),
        ("jsonl", b'"total":10000000000000000000,'),
    ):
        done = _evaluate(shell, *by_fold, "--output-format", form)
        assert done.code == 0, done.err
        assert total in _found(shell, form)[0]["ledger"]
    before = shell.names("out")

    done = _evaluate(shell, *by_fold, "--output-format", "parquet")

    assert done.code == 3
    assert done.err.startswith("error: --output-format parquet: an amount is beyond 64 bits, ")
    assert "use `--output-format csv` or `jsonl`" in done.err
    assert shell.names("out") == before


def test_the_fold_begins_again_with_what_standard_input_gave(shell: Shell) -> None:
    _large(shell, 5_000_000_000, 5_000_000_000)
    assert _evaluate(shell, "--backend", "python").code == 0
    tables, *_ = _found(shell)
    events = (shell.folder / "events.csv").read_bytes()

    done = _evaluate(shell, log=("--events", "-", *LOG[2:]), stdin=events)

    assert done.code == 0, done.err
    assert BEYOND in done.err
    assert _found(shell)[0] == tables


def test_the_plan_asked_for_says_that_a_total_is_beyond_64_bits(shell: Shell) -> None:
    _large(shell, 5_000_000_000, 5_000_000_000)
    done = _evaluate(shell, "--via", "plan")
    assert done.code == 3
    assert done.err.startswith(f"error: duckdb: the plan cannot evaluate {BEYOND}: ")
    assert "out" not in shell.names(".")


def test_the_fold_writes_tables_where_only_a_sum_over_periods_is_beyond_64_bits(shell: Shell) -> None:
    _large(shell, 5_000_000_000, 5_000_000_000, "membership_year")
    assert _evaluate(shell, "--backend", "python").code == 0
    rows = (shell.folder / "out/ledger.csv").read_text(encoding="utf-8").splitlines()[1:]

    done = _evaluate(shell, "--backend", "duckdb://log.db", "--output-format", "table")

    assert done.code == 0, done.err
    assert done.err.startswith("evaluated by the fold: duckdb: ")
    awarded = [row.split(",")[7] for row in sorted(rows)]
    assert [str(row[7]) for row in _rows(shell, "pointbook_ledger")] == awarded


def test_tables_of_a_database_stay_as_they_are_where_they_cannot_hold_a_total(shell: Shell) -> None:
    to_tables = ("--backend", "duckdb://log.db", "--output-format", "table")
    assert _evaluate(shell, *to_tables).code == 0
    before = _rows(shell, "pointbook_ledger")
    _large(shell, 5_000_000_000, 5_000_000_000)

    done = _evaluate(shell, *to_tables)

    assert done.code == 3
    assert "beyond 64 bits, which no column of integers can hold" in done.err
    assert _rows(shell, "pointbook_ledger") == before


def _rows(shell: Shell, table: str) -> list[tuple[Any, ...]]:
    import duckdb  # noqa: PLC0415 - an extra

    with duckdb.connect(str(shell.folder / "log.db"), read_only=True) as connection:
        return sorted(connection.table(table).fetchall(), key=str)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--workers", "0"), "0 is not in the range x>=1"),
        (("--workers", "-1"), "-1 is not in the range x>=1"),
        (("--workers", "x"), "'x' is not a valid integer"),
        (("--via", "pln"), "there is no `pln`; did you mean `plan`?"),
        (("--backend", "python", "--via", "plan"), "python has no plan; use it with `--backend duckdb`"),
    ],
)
def test_wrong_ways_are_wrong_usage(shell: Shell, options: tuple[str, ...], words: str) -> None:
    done = _evaluate(shell, *options)
    assert done.code == 2
    assert words in " ".join(done.err.split())
    assert "out" not in shell.names(".")


def test_results_for_spreadsheets_are_the_same_by_every_way(shell: Shell) -> None:
    members = ("=1+1", "+1", "-5", "@A1", "'=1", "\uff1d1", "ann")
    shell.write("members.csv", "".join(["member_id,signed_up_on\n", *(f"{m},2024-01-10\n" for m in members)]))
    events = (f'{m},{m},visit,2024-02-01\n"\t{m}",{m},visit,2024-13-01\n' for m in members)
    shell.write("events.csv", "".join(["event_id,member_id,activity,occurred_at\n", *events]))
    assert _evaluate(shell, "--backend", "python").code == 1
    plain = _found(shell)

    ways = (("python", "fold"), ("duckdb", "plan"), ("duckdb", "fold"))
    found = []
    for backend, via in ways:
        done = _evaluate(shell, "--backend", backend, "--via", via, "--spreadsheet-safe")
        assert done.code == 1, done.err
        found.append(_found(shell))

    assert found[0][0] != plain[0]
    assert b"\n'@A1,'@A1," in found[0][0]["ledger"]
    assert b"\n'@A1," in found[0][0]["standings"]
    assert b",'\t@A1," in found[0][0]["rejects"]
    assert all(tables == found[0][0] and summary == plain[1] for tables, summary, _ in found)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_event_of_two_entries_and_one_after_the_last_day_are_no_columns_as_they_came(
    tmp_path: Path, form: str
) -> None:
    """There are as many entries as events, and yet not one for each."""
    next(case for case in CASES if case.construct == "an activity of several entries").written_to(tmp_path)
    shell = Shell(tmp_path)
    (tmp_path / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at\ne1,ann,walk,2024-02-01\ne2,ann,run,2024-03-01\n"
    )
    found = []
    for options in (("--backend", "python"), ("--backend", "duckdb")):
        done = _evaluate(shell, "--output-format", form, "--as-of", "2024-02-29", *options)
        assert done.code == 0, done.err
        found.append(_found(shell, form)[:2])
    assert found[0] == found[1]
    counts = found[0][1]["counts"]
    assert [counts[key] for key in ("events_read", "events_in_ledger", "ledger", "after_as_of")] == [
        2,
        1,
        2,
        1,
    ]
