"""The project's measures: ratios of two things timed in one run on one machine, never seconds.

    .venv/bin/python tests/performance/measure.py                 # a million events
    .venv/bin/python tests/performance/measure.py --events 100000 # a short run

Each pair is timed in turn, A B A B, and the smallest time of each counts: what disturbs a run only
ever adds to it. Exit code 1 if a ratio is above its target, unless --report-only.
"""

from __future__ import annotations

import argparse
import csv
import gc
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import hard_coded

from pointbook.evaluating import evaluate
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.sample import default_spec, sample_events, sample_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.log import Log
    from pointbook.model.program import Program

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules" / "dataminer-devops"
AS_OF = date(2026, 10, 31)
BIN = Path(sys.executable).parent


class Measure(NamedTuple):
    """A ratio and the most it may be."""

    name: str
    ratio: float
    target: float


def ratio_of(one: Callable[[], object], other: Callable[[], object], repeats: int) -> float:
    """The least time of `one` over the least time of `other`, timed in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for spent, timed in zip(times, (one, other), strict=True):
            gc.collect()
            start = time.perf_counter()
            timed()
            spent.append(time.perf_counter() - start)
    return min(times[0]) / min(times[1])


def sampled(program: Program, folder: Path, events: int) -> tuple[Path, Path]:
    """Members and events files of a seeded sample, 50 events a member."""
    spec = default_spec(program, members=max(1, events // 50), events=events, last_day=AS_OF, seed=7)
    paths = folder / f"members-{events}.csv", folder / f"events-{events}.csv"
    for path, rows in zip(paths, (sample_members(program, spec), sample_events(program, spec)), strict=True):
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
    return paths


def interpreted(program: Program, log: Log) -> int:
    """Evaluate by the interpreter; how many entries there are."""
    evaluation = evaluate(program, log, as_of=AS_OF, version=hard_coded.VERSION)
    return sum(len(result.entries) for result in evaluation)


def by_hand(log: Log) -> int:
    """Evaluate by the yardstick; how many entries there are."""
    return sum(len(ledger) for _, ledger, _ in hard_coded.evaluated(log.members, log.events, AS_OF))


def assert_same(program: Program, log: Log) -> None:
    """The yardstick does the same work: every ledger row and every standing is equal."""
    evaluation = evaluate(program, log, as_of=AS_OF, version=hard_coded.VERSION)
    yardstick = hard_coded.evaluated(log.members, log.events, AS_OF)
    for result, (member_id, ledger, standing) in zip(evaluation, yardstick, strict=True):
        assert [tuple(entry[:13]) for entry in result.entries] == ledger, member_id
        found = result.standing
        assert (
            found is None
            if standing is None
            else (found.period, found.points, found.level, found.balances["dojo_credits"]) == standing
        ), member_id


def process(*command: str) -> Callable[[], object]:
    """A command as a process, its output thrown away; 1 is the exit code of a log with rejects."""

    def run() -> None:
        code = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode
        assert code in (0, 1), command

    return run


def measures(events: int) -> list[Measure]:
    """Every measure, in the order of the table."""
    program = load_program(RULES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        once, twice = sampled(program, folder, events), sampled(program, folder, 2 * events)

        def whole(paths: tuple[Path, Path]) -> Callable[[], object]:
            log = ("--members", str(paths[0]), "--events", str(paths[1]), "--out", str(folder / "results"))
            command = (str(BIN / "pointbook"), "evaluate", "rules/dataminer-devops", "--backend", "python")
            return process(*command, *log)

        doubled = ratio_of(whole(twice), whole(once), 3)
        log = read_log(program, members=[once[0]], events=[once[1]])
    assert_same(program, log)
    gc.freeze()
    against_loop = ratio_of(lambda: interpreted(program, log), lambda: by_hand(log), 7)
    schema = "engine/pointbook/structure/schemas/version.schema.json"
    one_file = "rules/dataminer-devops/versions/2022-11-24.yaml"
    against_checker = ratio_of(
        process(str(BIN / "pointbook"), "validate", "rules/dataminer-devops"),
        process(str(BIN / "check-jsonschema"), "--schemafile", schema, one_file),
        7,
    )
    against_click = ratio_of(
        process(str(BIN / "pointbook"), "--version"), process(sys.executable, "-c", "import click"), 9
    )
    return [
        Measure(f"interpreter / hard-coded loop, {events:,} events", against_loop, 3.0),
        Measure("validate, all shipped rules / check-jsonschema, one file", against_checker, 1.0),
        Measure("pointbook --version / python -c 'import click'", against_click, 2.5),
        Measure(f"evaluate --backend python, {2 * events:,} / {events:,} events", doubled, 2.2),
    ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000, help="rows of the sampled log")
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever the ratios are")
    options = parser.parse_args()
    found = measures(options.events)
    print("| measure | ratio | at most |\n|---|---|---|")
    for measure in found:
        print(f"| {measure.name} | {measure.ratio:.2f} | {measure.target} |")
    missed = [measure.name for measure in found if measure.ratio > measure.target]
    print(f"{len(found) - len(missed)} within, {len(missed)} above their target")
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
