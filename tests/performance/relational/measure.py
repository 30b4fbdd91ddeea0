"""The relational evaluator's measures, side by side: `python tests/performance/relational/measure.py`.

Makes a log of a million events with `pointbook sample`, multiplies it to the sizes asked for (every
copy has members of its own), runs each measure in a process of its own and prints Markdown tables.
What the plan gives is compared with what the queries written by hand give, row by row. It needs the extra
`bench`: `.venv/bin/pip install -e '.[bench]'`.

    measure.py --millions 1 10 50            # the sizes
    measure.py --against-others              # events a second of other tools, at a million events
    measure.py --sample-events 20000         # a quick look: 20,000 events stand for each million
"""
# ruff: noqa: S608 - the queries hold this benchmark's own paths

from __future__ import annotations

import argparse
import gc
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import hand_written_polars
import zen_scoring

from pointbook.evaluating import evaluate
from pointbook.folding.arrow_pieces import ArrowPieces
from pointbook.folding.stream import Folding
from pointbook.loading import load_program
from pointbook.log import LogFacts, Rejects, read_log
from pointbook.model.ledger import Assume
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.member_ranges import MemberRanges, ranges_for
from pointbook.relational.plan import plan_of
from pointbook.views.evaluated import Way
from pointbook_cli.backends import Backend
from pointbook_cli.evaluation.by_fold import evaluated_by_fold
from pointbook_cli.evaluation.fold_batches import ArrowTables
from pointbook_cli.evaluation.fold_work import FoldWork, for_pieces, result_columns
from pointbook_cli.evaluation.log_in_session import LogInSession
from pointbook_cli.evaluation.request import Request
from pointbook_cli.output_files import output_folder
from pointbook_cli.reporters.tables.parquet_files import result_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.relational.engines.sessions import Session
    from pointbook.relational.engines.spark_session import SparkEngine

HERE = Path(__file__).parent
RULES = HERE.parents[2] / "rules" / "dataminer-devops"
VERSION, OTHER = "2024-03-13", "2023-10-10"
AS_OF = date(2028, 12, 31)
ZONE = "Europe/Brussels"
MEMORY_LIMIT = "4GB"
WORKERS = 2
SCORED = 100_000
"""So many events are scored by ZEN, which takes one call for each."""

BY_HAND = {
    "read, sort and write": "read_sort_write",
    "ledger by hand": "hand_written",
    "standings by hand": "hand_written_standings",
}
"""Measures that are a query in a file."""
SIZES_MEASURES = (
    "read, sort and write",
    "ledger by hand",
    "ledger and standings",
    "standings by hand",
    "standings",
    "two versions",
    "fold in 2 workers",
)
RATIOS = (
    ("ledger and standings", "ledger by hand", 1.25, "seconds"),
    ("standings", "standings by hand", 1.25, "seconds"),
    ("ledger and standings", "read, sort and write", 1.9, "processor"),
    ("two versions", "ledger and standings", 1.5, "processor"),
    ("fold in 2 workers", "ledger by hand", 3.0, "seconds"),
)
"""Each with the most it may be, and of which kind of seconds."""
OTHERS = ("ledger by hand", "ledger and standings", "polars", "interpreter", "zen, scoring only")
SPARK = ("spark", "spark fold")
"""The plan there, and the fold: at most twice as long."""


def make_log(folder: Path, million: int, sample_events: int) -> None:
    """`events.parquet` and `members.parquet` with so many samples' events, times already in UTC and local."""
    made = folder / "sample"
    if not made.exists():
        size = ["--members", str(sample_events // 50), "--events", str(sample_events)]
        command = ["sample", str(RULES), "--out", str(made), *size]
        days = ["--seed", "7", "--mistakes", "0", "--from", "2024-03-13", "--to", "2028-03-12"]
        subprocess.run(
            [sys.executable, "-m", "pointbook_cli", *command, *days], check=True, stdout=subprocess.DEVNULL
        )
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone = '{ZONE}'")
    copies = f"(SELECT printf('%03d', range) AS copy FROM range({million})) AS copies"
    connection.execute(
        f"""COPY (
          SELECT copy || '-' || member_id AS member_id, timezone('UTC', moment) AS "at",
            copy || '-' || event_id AS event_id, timezone('{ZONE}', moment) AS "local", activity,
            points::BIGINT AS points, "days"::BIGINT AS a0_days, released_on::DATE AS a1_released_on
          FROM (SELECT *, occurred_at::TIMESTAMPTZ AS moment
            FROM read_csv('{made}/events.csv', all_varchar = true)), {copies}
        ) TO '{folder}/events-{million}.parquet' (FORMAT parquet)"""
    )
    connection.execute(
        f"""COPY (
          SELECT copy || '-' || member_id AS member_id, signed_up_on::DATE AS signed_up_on
          FROM read_csv('{made}/members.csv', all_varchar = true), {copies}
        ) TO '{folder}/members-{million}.parquet' (FORMAT parquet)"""
    )


def session_on(folder: Path, million: int) -> DuckDBSession:
    """A session whose inputs are the Parquet files."""
    session = DuckDBSession(temporary=folder / "spill", memory_limit=MEMORY_LIMIT)
    for name in ("events", "members"):
        session.view(name, f"SELECT * FROM '{folder}/{name}-{million}.parquet'")
    return session


def run(measure: str, folder: Path, million: int, sample_events: int) -> dict[str, float]:
    """Seconds, processor seconds, events and peak gigabytes of one measure in this process."""
    begun, begun_cpu, events = time.perf_counter(), time.process_time(), million * sample_events
    match measure:
        case _ if measure in BY_HAND:
            query = (HERE / f"{BY_HAND[measure]}.sql").read_text(encoding="utf-8")
            session_on(folder, million).write_parquet(query, folder / f"{measure}.parquet")
        case "polars":
            ledger = hand_written_polars.ledger(
                *(folder / f"{name}-{million}.parquet" for name in ("events", "members"))
            )
            ledger.write_parquet(folder / "polars.parquet")
        case "interpreter":
            log = read_log(
                load_program(RULES),
                members=[folder / "sample/members.csv"],
                events=[folder / "sample/events.csv"],
            )
            begun, begun_cpu = time.perf_counter(), time.process_time()
            events = sum(
                len(one.entries) for one in evaluate(load_program(RULES), log, as_of=AS_OF, version=VERSION)
            )
        case "zen, scoring only":
            rows = duckdb.sql(
                f"SELECT activity, points FROM '{folder}/events-{million}.parquet' LIMIT {SCORED}"
            ).fetchall()
            begun, begun_cpu = time.perf_counter(), time.process_time()
            zen_scoring.scored(rows)
            events = len(rows)
        case "fold in 2 workers":
            run_fold(folder, million, events)
        case "spark":
            begun, begun_cpu = run_spark(folder, million)
        case "spark fold":
            begun, begun_cpu = run_spark_fold(folder, million)
        case _:
            run_plan(measure, session_on(folder, million), folder, events)
    here, workers = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - begun_cpu + workers.ru_utime + workers.ru_stime,
        "events": events,
        "gigabytes": (here.ru_maxrss + WORKERS * workers.ru_maxrss) / 1e6,  # the largest, for each of them
    }


def evaluation_in(session: Session, measure: str) -> RelationalEvaluation:
    """The plan of a measure in a session."""
    versions = (VERSION, OTHER) if measure == "two versions" else (VERSION,)
    results = ("standings",) if measure == "standings" else ("ledger", "standings")
    plan = plan_of(
        load_program(RULES),
        as_of=AS_OF,
        versions=versions,
        assume=Assume.NONE,
        results=results,
        keeps_order=session.keeps_order,
    )
    return RelationalEvaluation(plan, session)


def run_plan(measure: str, session: DuckDBSession, folder: Path, events: int) -> None:
    """Write the results of a plan on DuckDB."""
    evaluation = evaluation_in(session, measure)
    ranges = ranges_for(session, events)
    if len(evaluation.plan.sets) == 1:
        members = MemberRanges(evaluation, ranges)
        if measure != "standings":
            members.write_ledger(folder / "ledger-0.parquet")
        session.write_parquet(members.result_sql("standings", for_file=True), folder / f"{measure}-0.parquet")
        return
    for number in range(len(evaluation.plan.sets)):
        if measure != "standings":
            session.write_parquet(
                evaluation.result_sql("ledger", number, for_file=True), folder / f"ledger-{number}.parquet"
            )
        session.write_parquet(
            evaluation.result_sql("standings", number, for_file=True), folder / f"{measure}-{number}.parquet"
        )


def run_fold(folder: Path, million: int, events: int) -> None:
    """Write the results of the fold over a log in DuckDB."""
    program, session = load_program(RULES), session_on(folder, million)
    facts = LogFacts(0, events, Rejects(), Rejects(), events, 0, (), None)
    request = Request(
        program=program,
        events=(),
        members=(),
        as_of=AS_OF,
        version=VERSION,
        assume=Assume.NONE,
        backend=Backend("duckdb", "duckdb"),
        output_format="parquet",
        table_prefix="",
        memory_limit=MEMORY_LIMIT,
        workers=WORKERS,
        via=Way.FOLD,
    )
    with (
        output_folder(folder / "fold") as output,
        evaluated_by_fold(request, output, LogInSession(session, facts, AS_OF)),
    ):
        pass


def spark_with_log(folder: Path, million: int) -> tuple[SparkEngine, tuple[float, float]]:
    """A local Spark with the log, and when it was there; starting it is not measured."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - heavy, and an extra

    from pointbook.relational.engines.spark_session import SparkEngine  # noqa: PLC0415 - needs an extra

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    engine = SparkEngine(spark)
    begun = time.perf_counter(), time.process_time()
    for name in ("events", "members"):
        spark.read.parquet(f"{folder}/{name}-{million}.parquet").createOrReplaceTempView(name)
    return engine, begun


def run_spark(folder: Path, million: int) -> tuple[float, float]:
    """The ledger and the standings by the plan on a local Spark; when it began."""
    engine, begun = spark_with_log(folder, million)
    evaluation = evaluation_in(engine, "spark")
    for name in ("ledger", "standings"):
        rows = engine.spark.sql(evaluation.result_sql(name))
        rows.write.mode("overwrite").parquet(f"{folder}/spark-{name}")
    return begun


def run_spark_fold(folder: Path, million: int) -> tuple[float, float]:
    """The same by the fold."""
    from pointbook.folding.in_spark import FoldInSpark  # noqa: PLC0415 - needs an extra

    engine, begun = spark_with_log(folder, million)
    program = load_program(RULES)
    work = FoldWork(Folding(program, AS_OF, VERSION, Assume.NONE), ArrowPieces, ArrowTables, "table")
    fold = FoldInSpark(engine, program, partial(for_pieces, work))
    for name in ("ledger", "standings"):
        fold.put_table(f"fold_{name}", name, result_schema(result_columns(program)[name]))
        engine.spark.table(f"fold_{name}").write.mode("overwrite").parquet(f"{folder}/spark-fold-{name}")
    return begun


def measured(measure: str, folder: Path, million: int, sample_events: int, times: int) -> dict[str, float]:
    """The least of a measure's runs: what disturbs one only ever adds to it."""
    command = [sys.executable, __file__, "--folder", str(folder), "--millions", str(million)]
    command += ["--sample-events", str(sample_events)]
    runs = []
    for _ in range(times):
        output = subprocess.run([*command, "--measure", measure], check=True, capture_output=True, text=True)
        runs.append(json.loads(output.stdout.splitlines()[-1]))
    return {name: min(one[name] for one in runs) for name in runs[0]}


def assert_same_rows(folder: Path, one: str, other: str) -> None:
    """Two results hold the same rows, each in a file or in a folder of files."""
    files = [
        f"FROM '{folder}/{name}{'/*' if (folder / name).is_dir() else ''}.parquet'" for name in (one, other)
    ]
    differing = duckdb.sql(
        f"""SELECT count(*) FROM (
          ({files[0]} EXCEPT ALL {files[1]}) UNION ALL ({files[1]} EXCEPT ALL {files[0]}))"""
    ).fetchall()
    assert differing == [(0,)], f"{differing} rows of {one} and {other} differ"


def print_sizes(folder: Path, millions: Sequence[int], sample_events: int, times: int) -> None:
    """Times and memory by size, ratios, and how time grows with the log."""
    found: dict[tuple[str, int], dict[str, float]] = {}
    for million in millions:
        make_log(folder, million, sample_events)
        for measure in SIZES_MEASURES:
            found[measure, million] = measured(measure, folder, million, sample_events, times)
        assert_same_rows(folder, "ledger by hand", "ledger-0")
        assert_same_rows(folder, "standings by hand", "standings-0")
        assert_same_rows(folder, "ledger by hand", "fold/ledger")
    print_row(
        "seconds (processor seconds), peak GB",
        [f"{million * sample_events:,} events" for million in millions],
    )
    print_row("---", ["---"] * len(millions))
    for measure in SIZES_MEASURES:
        values = [found[measure, million] for million in millions]
        print_row(
            measure,
            [f"{one['seconds']:.1f} ({one['processor']:.1f}), {one['gigabytes']:.1f}" for one in values],
        )
    for measure, other, most, by in RATIOS:
        values = [
            tuple(
                found[measure, million][kind] / found[other, million][kind]
                for kind in ("seconds", "processor")
            )
            for million in millions
        ]
        cells = [f"{seconds:.2f} ({processor:.2f})" for seconds, processor in values]
        print_row(f"{measure} / {other}, at most {most} by {by}", cells)
    for measure in SIZES_MEASURES:
        grown = [
            math.log(found[measure, larger]["processor"] / found[measure, smaller]["processor"])
            / math.log(larger / smaller)
            for smaller, larger in pairwise(millions)
        ]
        print_row(f"exponent of {measure}, at most 1.1", ["", *(f"{one:.2f}" for one in grown)])


def print_others(folder: Path, sample_events: int, times: int, *, with_spark: bool) -> None:
    """Events a second of a sample."""
    make_log(folder, 1, sample_events)
    print_row(f"at {sample_events:,} events", ["seconds", "events a second", "by processor time"])
    print_row("---", ["---", "---", "---"])
    for measure in (*OTHERS, *(SPARK if with_spark else ())):
        try:
            found = measured(measure, folder, 1, sample_events, 1 if measure in SPARK else times)
        except subprocess.CalledProcessError as error:
            print_row(measure, [f"not measured: {error.stderr.strip().splitlines()[-1]}", "", ""])
            continue
        rates = [f"{found['events'] / found[kind]:,.0f}" for kind in ("seconds", "processor")]
        seconds = f"{found['seconds']:.1f}"
        # What Spark's own process takes of the processors is not seen from here.
        print_row(measure, [seconds, rates[0], "" if measure in SPARK else rates[1]])
        if measure == "polars":
            assert_same_rows(folder, "polars", "ledger-0")
        if measure in SPARK:
            own = measure.replace(" ", "-")
            assert_same_rows(folder, f"{own}-ledger", "ledger-0")
            assert_same_rows(folder, f"{own}-standings", "ledger and standings-0")


def print_row(name: str, cells: Sequence[str]) -> None:
    """A row of a Markdown table."""
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Run every measure at every size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--millions", type=int, nargs="+", default=[1])
    parser.add_argument("--sample-events", type=int, default=1_000_000, help="events instead of a million")
    parser.add_argument("--folder", type=Path, default=None, help="where the logs are kept for another run")
    parser.add_argument("--times", type=int, default=1, help="runs of each measure; the least counts")
    parser.add_argument("--against-others", action="store_true")
    parser.add_argument("--spark", action="store_true", help="Spark is among the others")
    parser.add_argument("--measure", choices=(*SIZES_MEASURES, *OTHERS, *SPARK), help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp())
    if options.measure:
        gc.disable()  # as the command does
        print(json.dumps(run(options.measure, folder, options.millions[0], options.sample_events)))
    elif options.against_others:
        print_others(folder, options.sample_events, options.times, with_spark=options.spark)
    else:
        print_sizes(folder, options.millions, options.sample_events, options.times)


if __name__ == "__main__":
    main()
