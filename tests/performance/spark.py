"""What `evaluate` takes of the driver's memory on Spark: `python tests/performance/spark.py [--events N]`.

    the driver (its Python and its Java) of a cluster of two workers, results by executors / 1 GB

Workers are processes of this machine, with one core each. Events are read by Spark's own readers.
Needs the extra `spark`, Java and Linux. Exit code 1 if the peak is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq
from evaluate import COMMAND, RULES, sampled

sys.path.insert(0, str(Path(__file__).parents[1] / "differential"))

from spark_cluster import cluster

MOST = 1_000_000_000
_POLLS_A_SECOND = 5


def events_in(path: str, one: str | None) -> str:
    """A file of events as Spark reads it; a third of them are those of one member, if there is to be one."""
    columns = [name for name in pq.read_schema(path).names if name != "member_id"]
    member = "member_id"
    if one is not None:
        member = f"CASE WHEN pmod(hash(event_id), 3) = 0 THEN '{one}' ELSE member_id END AS member_id"
    return f"query:FROM parquet.`{path}` SELECT {', '.join([*columns, member])}"


def peak_of(command: list[str]) -> tuple[int, float]:
    """The most bytes that the driver's processes have together, and the seconds that it takes."""
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    began, most = time.perf_counter(), 0
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    ) as process:
        while process.poll() is None:
            most = max(most, sum(map(_bytes_of, _tree(process.pid))))
            time.sleep(1 / _POLLS_A_SECOND)
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        assert process.returncode in {0, 1}, errors  # 1: the log has rejects
    return most, time.perf_counter() - began


def _tree(pid: int) -> list[int]:
    """A process and all that it began."""
    found = [pid]
    for parent in found:
        for path in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, path.read_text().split())
            except OSError:
                continue
    return found


def _bytes_of(pid: int) -> int:
    try:
        return 4096 * int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--via", choices=("plan", "fold"), default="fold")
    parser.add_argument("--skewed", action="store_true", help="give one member a third of all events")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the peak is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = sampled(folder / "sample", "parquet", options.events)
        one = pq.read_table(log[1]).column("member_id")[0].as_py() if options.skewed else None
        sources = ["--members", log[1], "--events", events_in(log[3], one)]
        (folder / "cluster").mkdir()
        with cluster(folder / "cluster") as workers:
            settings = (
                "spark.executor.memory=900m",
                "spark.driver.memory=512m",
                "spark.sql.shuffle.partitions=8",
            )
            conf = [word for setting in settings for word in ("--spark-conf", setting)]
            out = folder / "out"
            way = ["--backend", workers.url, "--via", options.via, "--output-format", "parquet-folder"]
            peak, seconds = peak_of(
                [*COMMAND, "evaluate", str(RULES), *sources, "--out", str(out), *way, *conf]
            )
        rows = pq.read_table(out / "ledger.parquet").num_rows
    print("| way | events | ledger | seconds | peak of the driver, MB | at most |\n|---|--:|--:|--:|--:|--:|")
    figures = f"{rows:,} | {seconds:.0f} | {peak / 1e6:.0f} | {MOST / 1e6:.0f}"
    print(f"| {options.via} | {options.events:,} | {figures} |")
    return int(peak > MOST and not options.report_only)


if __name__ == "__main__":
    sys.exit(main())
