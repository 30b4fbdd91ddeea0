"""Texts that nearly are what a rule names: the same in the summary of every backend, way and worker count."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from near_texts import AS_OF, NEAR, put_near_texts

from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.reasoning.near_texts import NearTexts
from pointbook.relational.engines.spark_session import SparkEngine
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.near_texts import near_texts_in
from pointbook.relational.rulebook.columns import input_columns
from pointbook_cli.evaluation import by_fold
from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from club_shell import Shell


@pytest.fixture
def near(shell: Shell) -> Shell:
    put_near_texts(shell)
    return shell


def _found(shell: Shell) -> list[dict[str, Any]]:
    summary = json.loads((shell.folder / "out/summary.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = summary["near_texts"]
    return found


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_duckdb_tells_the_same(near: Shell, way: str) -> None:
    done = near.evaluate("--backend", "duckdb", "--via", way, *AS_OF)
    assert done.code == 0, done.err
    assert f"by the {way} on duckdb" in done.out.replace("compiled ", "")
    assert _found(near) == NEAR


def test_the_plan_tells_the_same_under_a_fixed_version_and_as_tables(near: Shell) -> None:
    assert near.evaluate(*AS_OF, "--version", "2025").code == 0
    wanted = _found(near)
    assert len(wanted) > 2
    options = ("--backend", "duckdb://club.duckdb", "--output-format", "table")
    done = near.evaluate(*options, *AS_OF, "--version", "2025")
    assert done.code == 0, done.err
    assert _found(near) == wanted


def test_workers_tell_the_same_also_of_a_member_cut_in_two(
    near: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_fold, "LEAST_EVENTS_OF_A_WORKER", 1)
    monkeypatch.setattr(by_fold, "EVENTS_OF_A_PIECE", 2)
    done = near.evaluate("--workers", "2", *AS_OF)
    assert done.code == 0, done.err
    assert "with 2 workers" in done.out
    assert _found(near) == NEAR


def test_rows_with_nothing_in_them_are_counted_once_also_where_files_are_read_again(shell: Shell) -> None:
    rows = (
        "event_id,member_id,activity,occurred_at",
        ",,,",
        "",
        *["e1,ann,visit,2024-02-01"] * 2,
        '"",,,',
        "",
    )
    shell.write("events.csv", "\n".join(rows))
    summaries = []
    for options in (
        ("--backend", "python"),
        ("--backend", "duckdb"),
        ("--backend", "duckdb", "--via", "fold"),
    ):
        assert shell.evaluate(*options).code == 1  # of the two rows that are the same, one is rejected
        summary = json.loads((shell.folder / "out/summary.json").read_text(encoding="utf-8"))
        del summary["evaluated"]
        summaries.append(summary)
    assert summaries[0] == summaries[1] == summaries[2]
    assert summaries[0]["counts"]["blank_rows"] == 3


@pytest.mark.parametrize("way", ["plan", "fold"])
def test_postgresql_tells_the_same(near: Shell, server: tuple[str, Any], way: str) -> None:
    done = near.evaluate("--backend", server[0], "--via", way, *AS_OF)
    assert done.code == 0, done.err
    assert _found(near) == NEAR


@pytest.mark.usefixtures("spark_session")
def test_the_fold_in_spark_tells_the_same(near: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(near.folder)
    log = ("--events", "events.csv", "--members", "members.csv", "--out", "out")
    assert exit_code_of(["evaluate", "club", *log, "--backend", "spark", "--via", "fold", *AS_OF]) == 0
    assert _found(near) == NEAR


def test_spark_counts_the_same_where_the_log_lies(near: Shell, spark_session: Any) -> None:
    """Without the whole plan, which takes Spark long."""
    program = load_program(near.folder / "club")
    log = read_log(program, members=[near.folder / "members.csv"], events=[near.folder / "events.csv"])
    session, columns = SparkEngine(spark_session), input_columns(program)
    session.put("events", events_table(log, columns))
    session.put("members", members_table(log, columns))
    for version in (None, "2025"):
        wanted = NearTexts(program, version, date(2025, 1, 31)).counted(log.members.values(), log.events)
        assert near_texts_in(session, program, version, date(2025, 1, 31)) == wanted
        assert len(wanted) > 2
