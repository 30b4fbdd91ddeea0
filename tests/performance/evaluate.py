"""What `evaluate` takes as a command: `python tests/performance/evaluate.py [--events N]`.

    evaluate --backend python, CSV to CSV / the hard-coded loop      by processor time
    two workers / one, the fold on DuckDB, Parquet to Parquet        by the clock

The two of a pair run in turns; the median of the pairs counts. Needs the extra `duckdb`. Exit code 1 if a
ratio is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import hard_coded

from pointbook.loading import load_program
from pointbook.log import read_log

RULES = Path(__file__).resolve().parents[2] / "rules" / "dataminer-devops"
COMMAND = [sys.executable, "-m", "pointbook_cli"]
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled to bytecode once, as where they are installed."""


def sampled(folder: Path, form: str, events: int) -> list[str]:
    """A log in a form, as the options that name it."""
    size = ["--members", str(events // 50), "--events", str(events)]
    command = [*COMMAND, "sample", str(RULES), "--out", str(folder), "--output-format", form, *size]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return ["--members", str(folder / f"members.{form}"), "--events", str(folder / f"events.{form}")]


def evaluated(log: list[str], out: Path, *options: str) -> tuple[float, float]:
    """Seconds, and seconds of processors, that an evaluation takes with all its processes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [*COMMAND, "evaluate", str(RULES), *log, "--out", str(out), *options]
    code = subprocess.run(command, check=False, capture_output=True, env=ENVIRONMENT).returncode
    assert code in {0, 1}, command  # 1: the log has rejects
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def against_loop(folder: Path, events: int, pairs: int) -> float:
    """The python backend, in times of the loop over the same log in memory."""
    options = sampled(folder / "csv", "csv", events)
    log = read_log(load_program(RULES), members=[options[1]], events=[options[3]])
    as_of = log.facts.default_as_of
    gc.collect()
    gc.disable()
    ratios = []
    for _ in range(pairs):
        _, command = evaluated(options, folder / "out", "--backend", "python", "--workers", "1")
        begun = time.process_time()
        for _ in hard_coded.evaluated(log.members, log.events, as_of):
            pass
        ratios.append(command / (time.process_time() - begun))
    gc.enable()
    return median(ratios)


def two_against_one(folder: Path, events: int, pairs: int) -> float:
    """The fold on DuckDB by two workers, in times of one."""
    options = sampled(folder / "parquet", "parquet", events)
    fold = ["--backend", "duckdb", "--via", "fold", "--output-format", "parquet", "--workers"]
    ratios = []
    for _ in range(pairs):
        seconds = [evaluated(options, folder / f"out-{number}", *fold, number)[0] for number in ("2", "1")]
        ratios.append(seconds[0] / seconds[1])
    one, two = ((folder / f"out-{number}/ledger.parquet").read_bytes() for number in ("1", "2"))
    assert one == two
    return median(ratios)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = (
            ("python backend, CSV to CSV / hard-coded loop", against_loop, 13.0),
            ("fold on DuckDB, Parquet to Parquet, two workers / one", two_against_one, 0.7),
        )
        missed = 0
        print("| measure | ratio | at most |\n|---|---|---|")
        for title, measure, most in found:
            ratio = measure(Path(name), options.events, options.pairs)
            missed += ratio > most
            print(f"| {title}, {options.events:,} events | {ratio:.2f} | {most} |", flush=True)
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
