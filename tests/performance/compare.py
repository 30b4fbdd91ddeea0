"""What comparing two versions costs, measured in evaluations of one of them by the same backend.

    .venv/bin/python tests/performance/compare.py                 # a million events
    .venv/bin/python tests/performance/compare.py --events 100000 # a short run

Whole commands are timed in turn, reading the log included: `evaluate --backend python`, which writes
the ledger, and `compare` without and with attribution, which writes all four reports. Exit code 1 if
a ratio is above its target, unless --report-only.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from measure import BIN, RULES, Measure, process, sampled

from pointbook.loading import load_program

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW = "2023-10-10", "2024-03-13"
REPORTS = ("html", "md", "json", "csv")


def seconds(run: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def measures(events: int, repeats: int) -> list[Measure]:
    """Every measure, in the order of the table."""
    program = load_program(RULES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        members, log = sampled(program, folder, events)
        rules = "rules/dataminer-devops"
        inputs = ("--members", str(members), "--events", str(log))
        outs = [part for ending in REPORTS for part in ("--out", str(folder / f"impact.{ending}"))]
        command = str(BIN / "pointbook")
        evaluate = process(
            command, "evaluate", rules, *inputs, "--version", OLD, "--backend", "python",
            "--out", str(folder / "results"),
        )  # fmt: skip
        plain = process(command, "compare", rules, OLD, NEW, *inputs, *outs, "--no-attribution")
        whole = process(command, "compare", rules, OLD, NEW, *inputs, *outs)
        times = [[seconds(run) for run in (evaluate, plain, whole)] for _ in range(repeats)]
        cost = json.loads((folder / "impact.json").read_text(encoding="utf-8"))["attribution"]
    one, two, three = (min(column) for column in zip(*times, strict=True))
    each = (three - two) / max(1, cost["subsets"]) / one
    print(
        f"evaluate {one:.1f} s, compare {two:.1f} s, with attribution {three:.1f} s:"
        f" {cost['subsets']:,} sets of changes, {cost['standings']:,} standings of a member,"
        f" {cost['evaluations']:,} times events evaluated again\n"
    )
    return [
        Measure(f"compare without attribution / evaluate, {events:,} events", two / one, 2.0),
        Measure("attribution, each set of changes / evaluate", each, 1.0),
    ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000, help="rows of the sampled log")
    parser.add_argument("--repeats", type=int, default=2, help="how often each command runs")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    found = measures(options.events, options.repeats)
    print("| measure | ratio | at most |\n|---|---|---|")
    for measure in found:
        print(f"| {measure.name} | {measure.ratio:.3f} | {measure.target} |")
    missed = [measure.name for measure in found if measure.ratio > measure.target]
    print(f"{len(found) - len(missed)} within, {len(missed)} above their target")
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
