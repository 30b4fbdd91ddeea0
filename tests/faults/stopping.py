"""Every command that writes, stopped at each point where it writes: afterwards all is old, or all is new."""

from __future__ import annotations

import random
import shutil
import signal
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from operations import FAULTS, runner
from rows import Row

from pointbook_cli.hidden_folder import MOVING
from pointbook_cli.output_files import OutputFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from operations import Fault, Run, Runner

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = str(ROOT / "rules/dataminer-devops")
_OLD, _NEW = "2023-10-10", "2024-03-13"
_ENDED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -9}
_REFUSED = {2, 3, 4}
_OWN = ".pointbook-"
"""How the names of a run's own files and folders begin."""
_SAID_NOTHING, _SAID_WRITTEN = "nothing was written", ("results were written", "written to ")

Texts = dict[str, bytes]


class Case(NamedTuple):
    """A command that writes.

    Attributes:
        what: Its line of the table.
        arguments: Of the run that is stopped; `OUT` is the folder that it writes to, `LOG` that of the log.
        before: Of the run that wrote what is there before; None where nothing is there.
        is_printed: Whether it writes to standard output, which is a file in the folder.
    """

    what: str
    arguments: str
    before: str | None = None
    is_printed: bool = False


_LOG = "--events LOG/events.csv --members LOG/members.csv"
_EVALUATE = f"evaluate {PROGRAM} {_LOG} --out OUT"
_COMPARE = f"compare {PROGRAM} {_OLD} {_NEW} {_LOG} --out OUT/a.html --out OUT/b.md --out OUT/c.json"
_WITH_OLD = f"{_EVALUATE} --backend python --workers 1 --version {_OLD}"

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
        "sample, CSV",
        f"sample {PROGRAM} --out OUT --members 5 --seed 2 --overwrite",
        f"sample {PROGRAM} --out OUT --members 5 --seed 1",
    ),
    Case("sample, Parquet", f"sample {PROGRAM} --out OUT --members 5 --output-format parquet"),
    Case(
        "compare, printed",
        f"compare {PROGRAM} {_OLD} {_NEW} {_LOG} --format html --workers 1",
        is_printed=True,
    ),
    Case("diff, printed", f"diff {PROGRAM} {_OLD} {_NEW} --format json", is_printed=True),
    Case("validate, printed", f"validate {PROGRAM} --format sarif", is_printed=True),
    Case("show, printed", f"show {PROGRAM} {_NEW}", is_printed=True),
    Case("explain, printed", f"explain {PROGRAM} m-0001 {_LOG}", is_printed=True),
    Case("test, printed", f"test {PROGRAM} --only kata", is_printed=True),
    Case("sql, printed", f"sql {PROGRAM} --as-of 2025-12-31", is_printed=True),
    Case("schema, printed", "schema version", is_printed=True),
    Case("schema, all of them", "schema --all OUT"),  # settings, which are hidden, come after all else
    Case("demo, printed", "demo", is_printed=True),
)
"""That every command is among them is held by tests/faults/test_harness.py."""


class _Stage:
    """A case, and what lies there before and after a run that nothing stops."""

    def __init__(self, case: Case, number: int, place: Path, log: Path, runs: Runner) -> None:
        self.case = case
        self.out = place / f"out-{number}"
        self._kept = place.parent / f"kept-{number}"
        self._log = log
        self._runs = runs
        if case.before is not None:
            runs.run(self._arguments(case.before))
        self.before = _files(self.out)
        if self.out.exists():
            shutil.copytree(self.out, self._kept)
        self.usual = self.run(0, FAULTS[0])
        self.after = _files(self.out)
        self.reset()

    def run(self, at: int, fault: Fault) -> Run:
        printed = self.out / "printed" if self.case.is_printed else None
        if printed is not None:
            self.out.mkdir(exist_ok=True)
        return self._runs.run(self._arguments(self.case.arguments), at, fault, printed)

    def reset(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, self.out)

    def _arguments(self, text: str) -> list[str]:
        return [word.replace("OUT", str(self.out)).replace("LOG", str(self._log)) for word in text.split(" ")]


def rows(seconds: float, seed: int, only: str = "") -> Iterator[Row]:
    """One row for each case; points are tried in an order by chance, all of them if there is time."""
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="stopping-") as name:
        place = Path(name).resolve() / "watched"
        place.mkdir()
        with runner(place) as runs:
            log = place.parent / "log"
            runs.run(f"sample {PROGRAM} --out {log} --members 20 --events 400".split(" "))
            cases = [case for case in CASES if only in case.what]
            random.Random(seed).shuffle(cases)  # where time is short, others come first with each seed
            tries: list[_Tries] = []
            for number, case in enumerate(cases):
                if time.monotonic() < until:
                    tries.append(_Tries(_Stage(case, number, place, log, runs), seed))
                    tries[-1].go_on()
            waiting = deque(tries)
            while waiting and time.monotonic() < until:  # in turn, so that a little time is a little of each
                if waiting[0].go_on():
                    waiting.rotate(-1)
                else:
                    waiting.popleft()
    found = {each.stage.case.what: each for each in tries}
    for case in CASES:
        if (each := found.get(case.what)) is not None:
            yield Row("stopping", case.what, each.tried, tuple(each.broken), each.of)
        elif case in cases:
            yield Row("stopping", case.what, 0)


class _Tries:
    """The points of a case, in an order by chance."""

    def __init__(self, stage: _Stage, seed: int) -> None:
        self.stage = stage
        self.tried = 0
        self.broken: list[str] = []
        number = len(stage.usual.operations)
        points = [(at, fault) for at in range(1, number + 1) for fault in FAULTS]
        self.of = len(points)
        dice = random.Random(seed)
        # Last comes what is like its neighbours: one of many writes in a row.
        done = f" {stage.usual.operations} "
        alike = {at for at in range(1, number + 1) if len({*done[at - 1 : at + 2]}) == 1}
        self._points = sorted(points, key=lambda point: (point[0] not in alike, dice.random()))

    def go_on(self) -> bool:
        """Try the next point, if there is one."""
        if not self._points:
            return False
        at, fault = self._points.pop()
        where = f"{self.stage.case.what}, {fault.name} at operation {at} of {self.stage.usual.operations}"
        self.broken += [f"{where}: {found}" for found in _tried(self.stage, at, fault)]
        self.stage.reset()
        self.tried += 1
        return True


def _tried(stage: _Stage, at: int, fault: Fault) -> Iterator[str]:  # noqa: C901, PLR0912 - one promise after another
    """What is wrong after a run with this fault."""
    run = stage.run(at, fault)
    met = len(run.operations) >= at
    if "Traceback" in run.err or "internal error" in run.err:
        yield f"a traceback: {run.err[-1500:]}"
    if not run.is_alone:
        yield "a process of it was left behind"
    yield from _wrong_code(run, fault, stage.usual.code, met=met)
    if stage.case.is_printed:
        return
    found, hidden = _files(stage.out), _hidden(stage.out)
    if hidden and fault.name not in {"SIGKILL", "EROFS", "EACCES"}:
        yield f"{hidden} was left behind"
    if found in (stage.before, stage.after):
        said_written = any(words in run.err for words in _SAID_WRITTEN)
        if found == stage.before != stage.after and (said_written or run.code == stage.usual.code):
            yield f"the results are the old ones, exit code {run.code}: {run.err[-300:]}"
        if found == stage.after and _SAID_NOTHING in run.err:
            yield "the results are the new ones, and it said that nothing was written"
        expected = (found,)
    else:
        expected = (stage.after,)
        if not any(name == MOVING for name in hidden):
            yield f"old and new results side by side: {_told(found, stage)}"
    for folder in (stage.out, stage.out / "sub", stage.out / ".vscode"):
        if folder.exists():
            OutputFolder(folder).abandon()  # what the next run does first, and one that writes nothing
    if _hidden(stage.out):
        yield f"the next run left {_hidden(stage.out)}"
    if _files(stage.out) not in expected:
        yield f"after the next run: {_told(_files(stage.out), stage)}, exit code {run.code}, {run.err[-300:]}"


def _wrong_code(run: Run, fault: Fault, usual: int, *, met: bool) -> Iterator[str]:
    if not met:
        expected = {usual}
    elif fault.signal:
        expected = {usual, _ENDED[signal.Signals(fault.signal)]}
    else:
        expected = {usual, *_REFUSED}
    if run.code not in expected:
        yield f"exit code {run.code} (usually {usual}): {run.err[-1500:]}"


def _files(folder: Path) -> Texts:
    """Every file that is no run's own, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def _hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(f"{_OWN}*"))


def _told(found: Texts, stage: _Stage) -> str:
    """Which files are of which run."""
    ages = {
        name: "old"
        if text == stage.before.get(name)
        else "new"
        if text == stage.after.get(name)
        else "neither"
        for name, text in found.items()
    }
    missing = sorted({*stage.before, *stage.after} - {*found})
    return f"{ages}, missing {missing}"
