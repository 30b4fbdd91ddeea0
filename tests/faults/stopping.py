"""Every command that writes, stopped at each point where it writes: afterwards all is old, or all is new."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from operations import FAULTS, runner
from rows import Row
from stage import PROGRAM, Case, Stage, faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from operations import Fault, Run

_OLD, _NEW = "2024-01-01", "2025-01-01"

_LOG = "--events LOG/events.csv --members LOG/members.csv"
_EVALUATE = f"evaluate {PROGRAM} {_LOG} --out OUT"
_COMPARE = f"compare {PROGRAM} {_OLD} {_NEW} {_LOG} --out OUT/a.html --out OUT/b.md --out OUT/c.json"
_WITH_OLD = f"{_EVALUATE} --backend python --workers 1 --version {_OLD}"

_WARMING = (
    f"sql {PROGRAM} --as-of 2025-12-31",
    *(f"compare {PROGRAM} {_OLD} {_NEW} {_LOG} --workers 1 --format {kind}" for kind in ("html", "md")),
)
"""What computes things once: the dialects of SQL, and the templates of reports."""

CASES = (
    Case("evaluate, CSV, fold", f"{_EVALUATE} --backend python --workers 1", _WITH_OLD),
    Case("evaluate, CSV, nothing there before", f"{_EVALUATE} --backend python --workers 1"),
    Case("evaluate, CSV, two workers", f"{_EVALUATE} --backend python --workers 2", _WITH_OLD),
    Case(
        "evaluate, JSON Lines in place of CSV",
        f"{_EVALUATE} --backend python --workers 1 --output-format jsonl",
        _WITH_OLD,
    ),
    Case(
        "evaluate, Parquet, fold",
        f"{_EVALUATE} --backend python --workers 1 --output-format parquet",
        _WITH_OLD,
    ),
    Case("evaluate, CSV, plan on DuckDB", f"{_EVALUATE} --backend duckdb --workers 2", _WITH_OLD),
    Case(
        "evaluate, Parquet, plan on DuckDB",
        f"{_EVALUATE} --backend duckdb --workers 2 --output-format parquet",
        f"{_EVALUATE} --backend duckdb --workers 2 --output-format parquet --version {_OLD}",
    ),
    Case(
        "evaluate, Parquet, fold in two workers, from DuckDB",
        f"{_EVALUATE} --backend duckdb --via fold --workers 2 --output-format parquet",
        _WITH_OLD,
    ),
    Case(
        "compare, three reports",
        f"{_COMPARE} --workers 1",
        f"{_COMPARE} --workers 1 --no-attribution --assume mid",
    ),
    Case("compare, three reports, two workers, nothing there before", f"{_COMPARE} --workers 2"),
    Case(
        "compare, reports in two folders",
        f"compare {PROGRAM} {_OLD} {_NEW} {_LOG} --out OUT/d.csv --out OUT/sub/e.sarif --workers 1",
    ),
    Case(
        "reconcile, four reports",
        f"reconcile {PROGRAM} {_LOG} --published LOG/shown/standings.csv --version {_OLD}"
        " --out OUT/a.txt --out OUT/b.md --out OUT/c.json --out OUT/d.csv",
    ),
    Case(
        "sample, CSV",
        f"sample {PROGRAM} --out OUT --members 5 --seed 2 --overwrite",
        f"sample {PROGRAM} --out OUT --members 5 --seed 1",
    ),
    Case("sample, Parquet", f"sample {PROGRAM} --out OUT --members 5 --output-format parquet"),
    Case("init, nothing there before", "init OUT"),
    Case(
        "adopt, with drafts of rules",
        "adopt LOG/events.csv --members LOG/members.csv --out OUT --draft-rules",
    ),
    Case(
        "compare, printed",
        f"compare {PROGRAM} {_OLD} {_NEW} {_LOG} --format html --workers 1",
        is_printed=True,
    ),
    Case("diff, printed", f"diff {PROGRAM} {_OLD} {_NEW} --format json", is_printed=True),
    Case(
        "gitdiff, printed",
        f"gitdiff {PROGRAM}/versions/{_NEW}.yaml {PROGRAM}/versions/{_OLD}.yaml 0 100644"
        f" {PROGRAM}/versions/{_NEW}.yaml 0 100644",
        is_printed=True,
    ),
    Case("validate, printed", f"validate {PROGRAM} --format sarif", is_printed=True),
    Case("show, printed", f"show {PROGRAM} {_NEW}", is_printed=True),
    Case("explain, printed", f"explain {PROGRAM} m-0001 {_LOG}", is_printed=True),
    Case("test, printed", f"test {PROGRAM} --only post", is_printed=True),
    Case("test, scenarios for edits", "test OUT --mutate --accept --workers 1", in_program=True),
    Case("sql, printed", f"sql {PROGRAM} --as-of 2025-12-31", is_printed=True),
    Case(
        "sql, package of dbt",
        f"sql {PROGRAM} --dbt OUT",
        f"sql {PROGRAM} {_OLD} --dialect postgres --dbt OUT",
    ),
    Case("sql, package of dbt, nothing there before", f"sql {PROGRAM} --dbt OUT"),
    Case("schema, printed", "schema version", is_printed=True),
    Case("schema, all of them", "schema --all OUT"),  # settings, which are hidden, come after all else
    Case("demo, printed", "demo", is_printed=True),
    Case("completion, printed", "completion bash", is_printed=True),
    Case(
        "validate --fix, in three files",
        "validate OUT --fix",
        in_program=True,
        slips=(
            ("program.yaml", "timezone:", "timezon:"),
            (f"versions/{_OLD}.yaml", "threshold:", "treshold:"),
            ("scenarios/post.yaml", "title:", "titel:"),
        ),
    ),
    Case("rules, printed", "rules split-number", is_printed=True),
    Case("new", "new OUT 2030-01-01 --set levels/gold/threshold=70", in_program=True),
    Case("publish, the first time", f"publish OUT {_OLD}", in_program=True),
    Case("publish, in place of a lock", f"publish OUT {_NEW}", f"publish OUT {_OLD}", in_program=True),
)
"""One row for each; that every command is among them is held by tests/faults/test_harness.py."""


def rows(seconds: float, seed: int, words: str = "") -> Iterator[Row]:
    """One row for each case with these words; points are tried in an order by chance while there is time."""
    until = time.monotonic() + seconds
    tries = [_Tries(case, seed) for case in CASES if words in case.what]
    mixed = random.Random(seed).sample(
        tries, len(tries)
    )  # where time is short, others come first with each seed
    processors = os.cpu_count() or 1
    with ThreadPoolExecutor(processors) as pool:  # each has a process of its own that forks the runs
        shares = [mixed[first::processors] for first in range(processors)]
        for done in [pool.submit(_work, share, mixed, until) for share in shares]:
            done.result()
    for each in tries:
        yield Row("stopping", each.case.what, each.tried, tuple(each.broken), each.of, each.operations)


def _work(share: Sequence[_Tries], all_tries: Sequence[_Tries], until: float) -> None:
    """Try points of these cases, then of others' that are left."""
    with tempfile.TemporaryDirectory(prefix="stopping-") as name:
        place = Path(name).resolve() / "watched"
        place.mkdir()
        with runner(place) as runs:
            log = place.parent / "log"
            runs.run(f"sample {PROGRAM} --out {log} --members 20 --events 400".split(" "))
            shown = f"evaluate {PROGRAM} {_LOG} --out LOG/shown --backend python --workers 1"
            runs.run(shown.replace("LOG", str(log)).split(" "))
            for arguments in _WARMING:
                runs.warm(arguments.replace("LOG", str(log)).split(" "))
            stages: dict[_Tries, Stage] = {}
            for some in (share, all_tries):
                waiting = deque(some)
                while waiting and time.monotonic() < until:  # in turn: a little time is a little of each
                    tries = waiting.popleft()
                    if tries.is_done:
                        continue
                    if tries not in stages:
                        stages[tries] = Stage(tries.case, len(stages), place, log, runs)
                    tries.go_on(stages[tries])
                    waiting.append(tries)


class _Tries:
    """The points of a case, in an order by chance."""

    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.tried = 0
        self.broken: list[str] = []
        self.of: int | None = None
        self.operations: int | None = None
        self._points: list[tuple[int, Fault]] = []
        self._dice = random.Random(seed)
        self._lock = threading.Lock()

    @property
    def is_done(self) -> bool:
        return self.of is not None and not self._points

    def go_on(self, stage: Stage) -> None:
        """Try the next point, if there is one."""
        with self._lock:
            if self.of is None:
                self._begin(stage.usual)
            if not self._points:
                return
            at, fault = self._points.pop()
        where = f"{self.case.what}, {fault.name} at operation {at} of {stage.usual.operations}"
        found = [f"{where}: {wrong}" for wrong in faults_of(stage, at, fault)]
        stage.reset()
        with self._lock:
            self.broken += found
            self.tried += 1
            if self.tried == self.of:
                print(
                    f"{self.case.what}: {self.tried} tried, {len(self.broken)} faults",
                    file=sys.stderr,
                    flush=True,
                )

    def _begin(self, usual: Run) -> None:
        self.operations = len(usual.operations) * len(FAULTS)
        self._points = [(at, fault) for at in standing_for_all(usual) for fault in FAULTS]
        self.of = len(self._points)
        self._dice.shuffle(self._points)


def standing_for_all(run: Run) -> list[int]:
    """The operations to try: of writes to one open file on end, the first, the last and one between."""
    groups: list[list[int]] = []
    last: dict[int, tuple[str, list[int]]] = {}
    for number, (letter, file) in enumerate(zip(run.operations, run.files, strict=True), start=1):
        before, group = last.get(file, ("", []))
        if not file or letter != before:
            group = []
            groups.append(group)
            last[file] = letter, group
        group.append(number)
    chosen = {numbers[place] for numbers in groups for place in (0, len(numbers) // 2, -1)}
    return sorted(chosen)
