"""The relational evaluator's measures, side by side: `python tests/performance/relational/measure.py`.

Makes a log of a million events with `pointbook sample`, multiplies it to the sizes asked for (every
copy has members of its own), runs each measure in a process of its own and prints a Markdown table.
"""
# ruff: noqa: S608 - the queries hold this benchmark's own paths

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from pointbook.loading import load_program
from pointbook.model.ledger import Assume
from pointbook.relational.duckdb_session import DuckDBSession
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.plan import plan_of

HERE = Path(__file__).parent
RULES = HERE.parents[2] / "rules" / "dataminer-devops"
VERSION, OTHER = "2024-03-13", "2023-10-10"
AS_OF = date(2028, 12, 31)
ZONE = "Europe/Brussels"


def make_log(folder: Path, million: int) -> None:
    """`events.parquet` and `members.parquet` with so many million events, times already in UTC and local."""
    made = folder / "sample"
    if not made.exists():
        command = ["sample", str(RULES), "--out", str(made), "--members", "20000", "--events", "1000000"]
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
    session = DuckDBSession(temporary=folder / "spill")
    for name in ("events", "members"):
        session.view(name, f"SELECT * FROM '{folder}/{name}-{million}.parquet'")
    return session


def write(session: DuckDBSession, query: str, path: Path) -> None:
    """Write the rows of a query to a Parquet file."""
    session.connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")


def run(measure: str, folder: Path, million: int) -> dict[str, float]:
    """Seconds, processor seconds and peak gigabytes of one measure in this process."""
    session = session_on(folder, million)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    if measure == "hand-written ledger":
        query = (HERE / "hand_written.sql").read_text(encoding="utf-8")
        write(session, query, folder / "hand.parquet")
    else:
        versions = (VERSION, OTHER) if measure == "two versions" else (VERSION,)
        plan = plan_of(load_program(RULES), as_of=AS_OF, versions=versions, assume=Assume.NONE)
        evaluation = RelationalEvaluation(plan, session)
        for number in range(len(versions)):
            if measure != "standings":
                sql = evaluation.ledger_sql(number)
                session.connection.execute(
                    f"COPY ({sql}) TO '{folder}/ledger-{number}.parquet' (FORMAT parquet)"
                )
            sql = evaluation.standings_sql(number)
            session.connection.execute(
                f"COPY ({sql}) TO '{folder}/standings-{number}.parquet' (FORMAT parquet)"
            )
    return {
        "seconds": time.perf_counter() - begun,
        "processor": time.process_time() - begun_cpu,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def assert_same_ledger(folder: Path) -> None:
    """The hand-written query and the plan gave the same rows."""
    differing = duckdb.sql(
        f"""SELECT count(*) FROM (
          (FROM '{folder}/hand.parquet' EXCEPT ALL FROM '{folder}/ledger-0.parquet')
          UNION ALL (FROM '{folder}/ledger-0.parquet' EXCEPT ALL FROM '{folder}/hand.parquet'))"""
    ).fetchall()
    assert differing == [(0,)], f"{differing} rows differ"


def main() -> None:
    """Run every measure at every size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--millions", type=int, nargs="+", default=[1])
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp())
    if options.measure:
        print(json.dumps(run(options.measure, folder, options.millions[0])))
        return
    print("| events | measure | seconds | processor seconds | peak GB |\n|---|---|---|---|---|")
    for million in options.millions:
        make_log(folder, million)
        for measure in ("hand-written ledger", "ledger and standings", "standings", "two versions"):
            command = [sys.executable, __file__, "--folder", str(folder), "--millions", str(million)]
            output = subprocess.run(
                [*command, "--measure", measure], check=True, capture_output=True, text=True
            )
            found = json.loads(output.stdout.splitlines()[-1])
            cells = (f"{found[name]:.1f}" for name in ("seconds", "processor", "gigabytes"))
            print(f"| {million},000,000 | {measure} | {' | '.join(cells)} |", flush=True)
            if measure == "ledger and standings":
                assert_same_ledger(folder)


if __name__ == "__main__":
    main()
