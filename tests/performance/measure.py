"""The project's measures: ratios of two things timed in one run on one machine, never seconds.

    .venv/bin/python tests/performance/measure.py                 # a million events
    .venv/bin/python tests/performance/measure.py --events 100000 # a short run
    build/compiled/bin/python tests/performance/measure.py --fold # the fold alone, of `just compiled`

Each pair is timed in turn, A B A B. Of commands the smallest time of each counts: what disturbs a run
only ever adds to it. The fold and the loop take the same members in turn, in ranges too large for a
processor's cache and without the search for circles, as commands have it; the median of the pairs counts,
by processor time. Exit code 1 if a ratio is above its target, unless --report-only.
"""

from __future__ import annotations

import argparse
import csv
import gc
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from datetime import date
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import hard_coded

from pointbook.interpret import Interpreter, MemberFold
from pointbook.loading import load_program
from pointbook.log import read_log
from pointbook.sample import default_spec, sample_events, sample_members
from pointbook.version import is_compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pointbook.interpret.fast_rules import Row
    from pointbook.log import Log
    from pointbook.model.ledger import Standing
    from pointbook.model.log import Event, Member
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


class Range(NamedTuple):
    """Some of a log's members, and their events in order."""

    members: Mapping[str, Member]
    events: Sequence[Event]


def ranges(log: Log, size: int) -> Iterator[Range]:
    """The log in ranges of so many members."""
    ids, begins = sorted(log.members), 0
    for first in range(0, len(ids), size):
        own = ids[first : first + size]
        ends = bisect_right(log.events, own[-1], begins, key=attrgetter("member_id"))
        yield Range({name: log.members[name] for name in own}, log.events[begins:ends])
        begins = ends


def folded(interpreter: Interpreter, part: Range) -> Iterator[tuple[str, list[Row], Standing | None]]:
    """By member: ledger rows and the standing, by the interpreter, as worker processes have them."""
    begins = 0
    for name in sorted(part.members):
        ends = bisect_right(part.events, name, begins, key=attrgetter("member_id"))
        fold = MemberFold(interpreter, AS_OF, part.members[name])
        yield name, fold.rows(part.events[begins:ends]), fold.closed()[1]
        begins = ends


def assert_same(interpreter: Interpreter, part: Range) -> None:
    """The yardstick does the same work: every ledger row and every standing is equal."""
    yardstick = hard_coded.evaluated(part.members, part.events, AS_OF)
    for (name, rows, found), own in zip(folded(interpreter, part), yardstick, strict=True):
        standing = found and (found.period, found.points, found.level, found.balances["dojo_credits"])
        assert (name, [row[:13] for row in rows], standing) == own


def against_loop(program: Program, log: Log) -> float:
    """The fold's processor time in times of the hard-coded loop's: the median of pairs."""
    interpreter = Interpreter(program, hard_coded.VERSION)
    parts = list(ranges(log, 2000))
    for part in parts:
        assert_same(interpreter, part)
    gc.collect()
    gc.disable()
    pairs = []
    for part in parts * max(1, 40 // len(parts)):
        start = time.process_time()
        for _ in folded(interpreter, part):
            pass
        between = time.process_time()
        for _ in hard_coded.evaluated(part.members, part.events, AS_OF):
            pass
        pairs.append((between - start) / (time.process_time() - between))
    gc.enable()
    return median(pairs)


def process(*command: str) -> Callable[[], object]:
    """A command as a process, its output thrown away; 1 is the exit code of a log with rejects."""

    def run() -> None:
        code = subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode
        assert code in (0, 1), command

    return run


def fold_measure(program: Program, paths: tuple[Path, Path], events: int) -> Measure:
    """The fold by the rules against the loop that has them in its code."""
    log = read_log(program, members=[paths[0]], events=[paths[1]])
    way, target = ("compiled", 1.6) if is_compiled() else ("pure Python", 2.6)
    name = f"fold, {way} / hard-coded loop, {events:,} events"
    return Measure(name, against_loop(program, log), target)


def measures(events: int, *, is_fold_alone: bool) -> list[Measure]:
    """Every measure, in the order of the table."""
    program = load_program(RULES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        once = sampled(program, folder, events)
        if is_fold_alone:
            return [fold_measure(program, once, events)]
        twice = sampled(program, folder, 2 * events)

        def whole(paths: tuple[Path, Path]) -> Callable[[], object]:
            log = ("--members", str(paths[0]), "--events", str(paths[1]), "--out", str(folder / "results"))
            command = (str(BIN / "pointbook"), "evaluate", "rules/dataminer-devops", "--backend", "python")
            return process(*command, *log)

        doubled = ratio_of(whole(twice), whole(once), 3)
        fold = fold_measure(program, once, events)
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
        fold,
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
    parser.add_argument("--fold", action="store_true", help="measure the fold only, not the commands")
    options = parser.parse_args()
    found = measures(options.events, is_fold_alone=options.fold)
    print("| measure | ratio | at most |\n|---|---|---|")
    for measure in found:
        print(f"| {measure.name} | {measure.ratio:.2f} | {measure.target} |")
    missed = [measure.name for measure in found if measure.ratio > measure.target]
    print(f"{len(found) - len(missed)} within, {len(missed)} above their target")
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
