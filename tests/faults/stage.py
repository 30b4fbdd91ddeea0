"""A command that writes, what lies there before and after it, and what is wrong after a stopped run."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from operations import FAULTS

from pointbook_cli.hidden_folder import MOVING, PREFIX
from pointbook_cli.output_files import OutputFolder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from operations import Fault, Run, Runner

PROGRAM = Path(__file__).parent / "program"
_ENDED = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGKILL: -9}
_REFUSED = {2, 3, 4}
_SAID_NOTHING, _SAID_WRITTEN = "nothing was written", ("results were written", "^written to ")

Texts = dict[str, bytes]


class Case(NamedTuple):
    """A command that writes.

    Attributes:
        what: Its line of the table.
        arguments: Of the run that is stopped; `OUT` is the folder that it writes to, `LOG` that of the log.
        before: Of the run that wrote what is there before; None where nothing is there.
        is_printed: Whether it writes to standard output, which is a file in the folder.
        in_program: Whether the folder is a copy of the small program, to begin with.
        slips: In which of its files which text becomes another one before.
    """

    what: str
    arguments: str
    before: str | None = None
    is_printed: bool = False
    in_program: bool = False
    slips: tuple[tuple[str, str, str], ...] = ()


class Stage:
    """A case, and what lies there before and after a run that nothing stops."""

    def __init__(self, case: Case, number: int, place: Path, log: Path, runs: Runner) -> None:
        self.case = case
        self.out = place / f"out-{number}"
        self._kept = place.parent / f"kept-{number}"
        self._log = log
        self._runs = runs
        if case.in_program:
            shutil.copytree(PROGRAM, self.out)
        for name, right, wrong in case.slips:
            text = (self.out / name).read_text(encoding="utf-8")
            (self.out / name).write_text(text.replace(right, wrong), encoding="utf-8")
        if case.before is not None:
            runs.run(self._arguments(case.before))
        self.before = _files(self.out)
        if self.out.exists():
            shutil.copytree(self.out, self._kept)
        self.usual = self.run(0, FAULTS[0])
        self.after = _files(self.out)
        self.reset()

    def run(self, at: int, fault: Fault) -> Run:
        """The case's command, stopped at that operation; at 0, by nothing."""
        printed = self.out / "printed" if self.case.is_printed else None
        if printed is not None:
            self.out.mkdir(exist_ok=True)
        return self._runs.run(self._arguments(self.case.arguments), at, fault, printed)

    def reset(self) -> None:
        """Put back what was there before."""
        shutil.rmtree(self.out, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, self.out)

    def is_whole_in_each_folder(self, found: Texts) -> bool:
        """Whether each folder has the results of one run; in several folders they are several sets."""
        folders = {name.rpartition("/")[0] for name in self.after}
        return (
            len(folders) > 1
            and not self.case.in_program
            and all(
                _in_folder(found, folder) in (_in_folder(self.before, folder), _in_folder(self.after, folder))
                for folder in folders
            )
        )

    def _arguments(self, text: str) -> list[str]:
        return [word.replace("OUT", str(self.out)).replace("LOG", str(self._log)) for word in text.split(" ")]


def faults_of(stage: Stage, at: int, fault: Fault) -> Iterator[str]:  # noqa: C901 - one promise after another
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
        said_written = any(re.search(words, run.err, re.MULTILINE) for words in _SAID_WRITTEN)
        if found == stage.before != stage.after and (said_written or run.code == stage.usual.code):
            yield f"the results are the old ones, exit code {run.code}: {run.err[-300:]}"
        if found == stage.after and _SAID_NOTHING in run.err:
            yield "the results are the new ones, and it said that nothing was written"
        expected = (stage.after if MOVING in hidden else found,)  # the next run moves the rest
    else:
        expected = (stage.after,)
        if MOVING not in hidden and not stage.is_whole_in_each_folder(found):
            yield f"old and new results side by side: {_told(found, stage)}"
    for folder in _folders(stage.out):
        OutputFolder(folder).abandon()  # what the next run does first, and one that writes nothing
    if _hidden(stage.out):
        yield f"the next run left {_hidden(stage.out)}"
    later = _files(stage.out)
    if later not in expected and not stage.is_whole_in_each_folder(later):
        yield f"after the next run: {_told(later, stage)}, exit code {run.code}, {run.err[-300:]}"


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
        if path.is_file() and not any(part.startswith(PREFIX) for part in path.relative_to(folder).parts)
    }


def _in_folder(files: Texts, folder: str) -> Texts:
    return {name: text for name, text in files.items() if name.rpartition("/")[0] == folder}


def _folders(folder: Path) -> list[Path]:
    """It and all below it that no run has made for itself; none where it is not there."""
    below = [path for path in folder.rglob("*") if path.is_dir()]
    mine = [
        path for path in below if not any(part.startswith(PREFIX) for part in path.relative_to(folder).parts)
    ]
    return [folder, *mine] if folder.exists() else []


def _hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(f"{PREFIX}*"))


def _told(found: Texts, stage: Stage) -> str:
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
