"""Members taken range by range give the rows, and the bytes, of all taken at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

import pyarrow as pa
from relational_evaluators import batch_rows, interpreted_tables, rows_of

from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.model.ledger import Assume
from pointbook.relational.counts import counts_of
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.engines.row_groups import ROWS_OF_A_GROUP, in_groups
from pointbook.relational.engines.sessions import EngineError
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.member_ranges import MemberRanges, ranges_for
from pointbook.relational.plan import plan_of
from pointbook.relational.results import RESULTS
from pointbook.relational.rulebook.columns import input_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.log import Log
    from pointbook.model.program import Program
    from pointbook.model.tally import Tally

RULES = Path(__file__).parents[2] / "rules" / "dataminer-devops"
AS_OF = date(2025, 6, 30)


@pytest.fixture(scope="module")
def program() -> Program:
    return load_program(RULES)


@pytest.fixture(scope="module")
def log(program: Program) -> Log:
    examples = RULES / "examples"
    return read_log(program, members=[examples / "members.csv"], events=[examples / "events.csv"])


def session_with(program: Program, log: Log, threads: int | None = None) -> DuckDBSession:
    session, columns = DuckDBSession(threads=threads), input_columns(program)
    session.put("events", events_table(log, columns))
    session.put("members", members_table(log, columns))
    return session


def evaluation_in(
    session: DuckDBSession,
    program: Program,
    versions: Sequence[str | None] = (None,),
    results: Sequence[str] = RESULTS,
) -> RelationalEvaluation:
    plan = plan_of(
        program, as_of=AS_OF, versions=versions, assume=Assume.LOW, results=results, keeps_order=True
    )
    return RelationalEvaluation(plan, session)


@pytest.mark.parametrize("version", [None, "2023-10-10"])
@pytest.mark.parametrize("number", [1, 2, 7])
def test_the_rows_of_all_ranges_are_those_of_the_interpreter(
    program: Program, log: Log, version: str | None, number: int
) -> None:
    session = session_with(program, log)
    members = MemberRanges(evaluation_in(session, program, (version,)), number)
    ledger = [row for batch in members.ledger() for row in batch_rows(batch)]
    wanted = interpreted_tables(program, log, as_of=AS_OF, version=version, assume="low")
    assert len(wanted["ledger"]) > 1000
    assert ledger == wanted["ledger"]
    assert rows_of(session.rows(members.result_sql("standings"))) == wanted["standings"]
    assert rows_of(session.rows(members.result_sql("history"))) == wanted["history"]


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_there_are_no_more_ranges_than_members(program: Program, log: Log, kept: int) -> None:
    few = {name: log.members[name] for name in sorted(log.members)[:kept]}
    events = tuple(event for event in log.events if event.member_id in few)
    small = replace(log, members=few, events=events)
    session = session_with(program, small)
    ranges: list[int] = []
    members = MemberRanges(evaluation_in(session, program), 4, lambda: ranges.append(1))
    ledger = [row for batch in members.ledger() for row in batch_rows(batch)]
    assert ledger == interpreted_tables(program, small, as_of=AS_OF, version=None, assume="low")["ledger"]
    assert bool(ledger) == (kept > 0)
    assert len(ranges) == max(1, kept)


def test_standings_alone_and_counts_add_up_over_ranges(program: Program, log: Log) -> None:
    session = session_with(program, log)
    alone = MemberRanges(evaluation_in(session, program, results=("standings",)), 3)
    wanted = interpreted_tables(program, log, as_of=AS_OF, version=None, assume="low")["standings"]
    assert rows_of(session.rows(alone.result_sql("standings"))) == wanted
    at_once = counts_of(evaluation_in(session, program))
    assert at_once.assumed > 0
    counts: list[Tally] = []
    evaluation = evaluation_in(session, program)
    ranges = MemberRanges(evaluation, 3, lambda: counts.append(counts_of(evaluation)))
    assert len(rows_of(session.rows(ranges.result_sql("standings")))) == len(wanted)
    assert len(counts) == 3
    assert counts[0] + counts[1] + counts[2] == at_once


def test_the_inputs_are_whole_again_afterwards(program: Program, log: Log) -> None:
    session = session_with(program, log)
    evaluation = evaluation_in(session, program)
    members = MemberRanges(evaluation, 3)
    at_once = len(rows_of(evaluation.ledger()))  # what it has stored is of all members
    first = [len(batch) for batch in members.ledger()]
    assert sum(first) == at_once
    assert sum(first) == sum(len(batch) for batch in members.ledger())  # and may be asked for again
    assert session.values("SELECT COUNT(*) FROM events") == [(len(log.events),)]
    assert session.values("SELECT COUNT(*) FROM members") == [(len(log.members),)]
    assert len(rows_of(session.rows(members.result_sql("standings")))) == len(
        rows_of(evaluation_in(session, program).standings())
    )


@pytest.mark.parametrize("threads", [1, 4])
def test_the_files_have_the_same_bytes(tmp_path: Path, program: Program, threads: int) -> None:
    # Two and three groups of rows in the files, and ranges that end within one.
    session = DuckDBSession(threads=threads)
    session.view(
        "events",
        """SELECT 'm-' || range * 7919 % 130000 AS member_id, 'e-' || range AS event_id,
          TIMESTAMP '2024-03-13' + to_hours(range * 104729 % 5000) AS "at", "at" AS "local",
          ['feedback', 'linkedin.post', 'docs.typo', 'juggling'][1 + range % 4] AS activity,
          NULL::BIGINT AS points, NULL::BIGINT AS a0_days, NULL::DATE AS a1_released_on
          FROM range(300000)""",
    )
    session.view(
        "members", "SELECT 'm-' || range AS member_id, DATE '2024-03-01' AS signed_up_on FROM range(130000)"
    )
    evaluation = evaluation_in(session, program)
    at_once, by_ranges = tmp_path / "at-once.parquet", tmp_path / "by-ranges.parquet"
    session.write_parquet(evaluation.result_sql("ledger", for_file=True), at_once)
    evaluation.forget()
    members = MemberRanges(evaluation, 3)
    members.write_ledger(by_ranges)
    assert at_once.read_bytes() == by_ranges.read_bytes()
    for result in ("standings", "history"):
        session.write_parquet(evaluation.result_sql(result, for_file=True), at_once)
        session.write_parquet(members.result_sql(result, for_file=True), by_ranges)
        assert at_once.read_bytes() == by_ranges.read_bytes(), result


def test_the_number_of_ranges_follows_from_the_memory() -> None:
    session = DuckDBSession(memory_limit="3GiB")
    assert ranges_for(session, 0) == 1
    assert ranges_for(session, 5_000_000) == 1
    # 320 bytes each: 16,000,000,000 bytes in parts of at most 3,221,225,472.
    assert ranges_for(session, 50_000_000) == 5


def test_several_version_sets_are_refused(program: Program, log: Log) -> None:
    session = session_with(program, log)
    with pytest.raises(ValueError, match="one version set"):
        MemberRanges(evaluation_in(session, program, ("2023-10-10", "2024-03-13")), 2)


def test_what_stops_a_later_range_is_said_as_it_is(tmp_path: Path, program: Program, log: Log) -> None:
    session = session_with(program, log)
    evaluation = evaluation_in(session, program)
    count = 0

    def fail() -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise EngineError("duckdb", "an amount or a total of this log goes beyond 64 bits", "correct it")

    before = session.values("SELECT current_setting('memory_limit')")
    with pytest.raises(EngineError, match="beyond 64 bits"):
        MemberRanges(evaluation, 3, fail).write_ledger(tmp_path / "ledger.parquet")
    assert_as_before(session, log, before)
    assert len(rows_of(evaluation.ledger())) > 1000


def assert_as_before(session: DuckDBSession, log: Log, memory: list[tuple[str]]) -> None:
    """The session answers, and has the whole log and its memory."""
    assert session.values("SELECT COUNT(*) FROM events") == [(len(log.events),)]
    assert session.values("SELECT COUNT(*) FROM members") == [(len(log.members),)]
    assert session.values("SELECT current_setting('memory_limit')") == memory


def test_a_file_that_cannot_be_written_leaves_the_session_as_it_was(
    tmp_path: Path, program: Program, log: Log
) -> None:
    session = session_with(program, log)
    session.execute("SET memory_limit = '4GB'")
    before = session.values("SELECT current_setting('memory_limit')")
    members = MemberRanges(evaluation_in(session, program), 3)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        members.write_ledger(tmp_path / "nowhere" / "ledger.parquet")
    assert_as_before(session, log, before)
    for batch in members.ledger():  # who stops reading leaves nothing behind either
        assert len(batch) > 0
        break
    assert len(rows_of(session.rows(members.result_sql("standings")))) > 100
    assert_as_before(session, log, before)


@pytest.mark.parametrize("lengths", [[], [0], [ROWS_OF_A_GROUP, 0], [5, 0, 3 * ROWS_OF_A_GROUP, 7]])
def test_rows_are_handed_over_a_group_at_a_time(lengths: list[int]) -> None:
    numbers = iter(range(10**6))
    batches = [pa.record_batch({"number": [next(numbers) for _ in range(length)]}) for length in lengths]
    groups = list(in_groups(batch.cast(pa.schema([("number", pa.int64())])) for batch in batches))
    assert [number for group in groups for number in group["number"].to_pylist()] == list(range(sum(lengths)))
    assert [len(group) for group in groups[:-1]] == [ROWS_OF_A_GROUP] * (len(groups) - 1)
    assert all(0 < len(group) <= ROWS_OF_A_GROUP for group in groups)


def test_a_full_disk_is_not_called_a_lack_of_memory(tmp_path: Path) -> None:
    session = DuckDBSession(memory_limit="60MB", temporary=tmp_path / "spill", threads=2)
    session.execute("SET max_temp_directory_size = '1MB'")
    with pytest.raises(OSError, match="No space left on device"):
        session.store("many", "SELECT range AS a, md5(range::VARCHAR) AS b FROM range(3000000)")


STOPPED = """
import signal
from pathlib import Path
from pointbook.relational.engines.duckdb_session import DuckDBSession

session = DuckDBSession()

def readers():
    yield session.rows("SELECT 1.0 AS number")
    print("a query runs", flush=True)
    yield session.rows("SELECT sum(a.range * b.range) AS number FROM range(10000000) a, range(10000000) b")

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
try:
    session.write_parquet_from("rows", readers(), "SELECT number FROM rows", Path("rows.parquet"))
except KeyboardInterrupt:
    session.close()
    print("stopped")
"""


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_a_signal_stops_the_query_of_a_range_while_a_file_is_written(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "a query runs\n"
        running.send_signal(signal.SIGINT)
        try:
            output, _ = running.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
    assert output == "stopped\n"
    assert running.returncode == 0
