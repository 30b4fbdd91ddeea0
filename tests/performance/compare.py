"""What `compare` takes as a command, measured in evaluations of the same log on DuckDB.

    .venv/bin/python tests/performance/compare.py                        # a million events
    .venv/bin/python tests/performance/compare.py --events 100000        # a short run
    .venv/bin/python tests/performance/compare.py --large                # also ten million

Whole commands, from Parquet, reading the log included: `evaluate --backend duckdb`, which writes the
ledger, and `compare` with all four reports, its changes attributed. Measured is the time of processors
of a command with all its processes, which another program on the machine moves least; the least of
each counts. Needs the extra `duckdb`. Exit code 1 if a ratio is above its limit, unless --report-only.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from measure import BIN, ROOT, Measure

OLD, NEW = "2023-10-10", "2024-03-13"
REPORTS = ("html", "md", "json", "csv")
RULES = "rules/dataminer-devops"
_OFTEN = 0.2
"""Seconds between two looks at memory."""


class Taken(NamedTuple):
    """What a command took.

    Attributes:
        processor: Seconds of processors, of all its processes.
        memory: The most bytes that these had at one time, as far as it was looked at; shared pages count
            for each of them.
    """

    processor: float
    memory: int


def taken(*arguments: str) -> Taken:
    """What a command of pointbook takes; 1 is the exit code of rejects, or of a broken guardrail."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = subprocess.Popen(
        [str(BIN / "pointbook"), *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    most = [0]

    def looked() -> None:
        while command.poll() is None:
            most[0] = max(most[0], _memory(command.pid))
            time.sleep(_OFTEN)

    watcher = threading.Thread(target=looked)
    watcher.start()
    _, told = command.communicate()
    watcher.join()
    assert command.returncode in {0, 1}, told.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, most[0])


def _memory(process: int) -> int:
    """Bytes that a process and those that it has begun have in memory; 0 where they are gone."""
    try:
        own = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return own * resource.getpagesize() + sum(map(_memory, map(int, children)))


def sampled(folder: Path, events: int) -> list[str]:
    """A log in Parquet, 50 events a member, as the options that name it."""
    size = ("--members", str(max(1, events // 50)), "--events", str(events))
    taken("sample", RULES, "--out", str(folder), "--output-format", "parquet", *size)
    return ["--members", str(folder / "members.parquet"), "--events", str(folder / "events.parquet")]


def compared(log: list[str], folder: Path) -> Taken:
    """What a comparison with all four reports takes."""
    outs = [part for ending in REPORTS for part in ("--out", str(folder / f"impact.{ending}"))]
    return taken("compare", RULES, OLD, NEW, *log, *outs)


def measures(events: int, repeats: int, *, is_large: bool) -> list[Measure]:
    """Every measure, in the order of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = sampled(folder / "log", events)
        evaluate = ("evaluate", RULES, *log, "--backend", "duckdb", "--out", str(folder / "results"))
        pairs = [(taken(*evaluate), compared(log, folder)) for _ in range(repeats)]
        one, two = (min(each) for each in zip(*pairs, strict=True))
        cost = json.loads((folder / "impact.json").read_text(encoding="utf-8"))["attribution"]
        print(
            f"evaluate {one.processor:.1f} s, compare {two.processor:.1f} s of processors, {_mb(two)} MB:"
            f" {cost['subsets']:,} sets of changes, {cost['standings']:,} standings of a member\n"
        )
        ratio = two.processor / one.processor
        found = [Measure(f"compare with all reports / evaluate, {events:,} events", ratio, 5.0)]
        if is_large:
            large = compared(sampled(folder / "large", 10 * events), folder)
            print(f"{10 * events:,} events: {large.processor:.1f} s of processors, {_mb(large)} MB\n")
            growth = large.processor / two.processor
            found += [
                Measure(f"compare, {10 * events:,} / {events:,} events", growth, 12.0),
                Measure(f"memory of {10 * events:,} events / 4 GB", large.memory / 4e9, 1.0),
            ]
    return found


def _mb(found: Taken) -> int:
    return found.memory // 10**6


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000, help="rows of the sampled log")
    parser.add_argument("--repeats", type=int, default=2, help="how often each command runs")
    parser.add_argument("--large", action="store_true", help="also compare a log ten times as large")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    found = measures(options.events, options.repeats, is_large=options.large)
    print("| measure | ratio | at most |\n|---|---|---|")
    for measure in found:
        print(f"| {measure.name} | {measure.ratio:.3f} | {measure.target} |")
    missed = [measure.name for measure in found if measure.ratio > measure.target]
    print(f"{len(found) - len(missed)} within, {len(missed)} above their limit")
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
