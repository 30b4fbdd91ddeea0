"""What is being done and how far it is: one line of a terminal, which is gone when it is done.

It is said on standard error, and only if that is a terminal. A thread says it, so that whatever takes
long (a database, a sort, a file) leaves nobody in silence for more than two seconds.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import IN_THE_WAY, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pointbook.relational.plan import Plan
    from pointbook.relational.steps.context import Step

DOING = {
    "validate": "checking the rules",
    "diff": "looking for what changes",
    "gitdiff": "looking for what changes",
    "test": "running the scenarios",
    "publish": "checking what is published",
}
"""What each command does while it says nothing more exact; the others are at work."""
AT_WORK = "at work"

_SECONDS_OF_SILENCE, _SECONDS_BETWEEN_LINES, _SECONDS_BETWEEN_LOOKS = 0.8, 1.5, 0.4
"""Before something is said, between lines of a terminal that cannot write over one, and between looks."""
_SECONDS_TO_KNOW = 2
"""Before that, how long the rest takes cannot be told."""
_MINUTE = 60


@dataclass(slots=True)
class Stage:
    """What is being done.

    Attributes:
        doing: In words.
        begun: When it began.
        total: How much there is to do, None where nobody knows.
        done: How much of that is done.
        further: What else to say of how far it is.
    """

    doing: str
    begun: float
    total: int | None = None
    done: int = 0
    further: str = ""

    def advance(self, number: int) -> None:
        """So much more is done."""
        self.done += number

    def tell(self, further: str) -> None:
        """How far it is, in words."""
        self.further = further

    def words(self, now: float) -> str:
        """What is done, how much of it, and how long it has taken or how long the rest will take."""
        seconds = now - self.begun
        parts = []
        if self.total:
            part = min(self.done / self.total, 1)
            parts.append(f"{part:.0%}")
            if seconds >= _SECONDS_TO_KNOW and 0 < part < 1:
                parts.append(f"about {_span(max(1, seconds / part - seconds))} left")
            else:
                parts.append(_span(seconds))
        else:
            parts += [f"{self.done:,} rows"] * bool(self.done)
            parts.append(_span(seconds))
        parts += [self.further] if self.further else []
        return f"{self.doing}: {', '.join(parts)}"


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 2 * _MINUTE else f"{round(whole / _MINUTE)} min"


class StatusLine:
    """The line, for the innermost stage."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = time.monotonic, *, writes_over: bool = True
    ) -> None:
        """Nothing is being done.

        Args:
            stream: The terminal.
            clock: Seconds.
            writes_over: Whether the terminal can write over a line.
        """
        self._stream, self._clock, self._writes_over = stream, clock, writes_over
        self._stages: list[Stage] = []
        self._length = 0  # of what is on the screen
        self._said = clock() - (0 if writes_over else _SECONDS_BETWEEN_LINES - _SECONDS_OF_SILENCE)
        self._lock = threading.RLock()

    def begin(self, doing: str, total: int | None = None) -> Stage:
        """Something more exact is being done."""
        stage = Stage(doing, self._clock(), total)
        with self._lock:
            self._stages.append(stage)
        return stage

    def end(self, stage: Stage) -> None:
        """It is done."""
        with self._lock:
            self._stages.remove(stage)
            for outer in self._stages[-1:]:  # it goes on now
                outer.begun = self._clock()
            self.clear()

    def look(self) -> None:
        """Say how far it is, if it is time to."""
        with self._lock:
            now = self._clock()
            silence = now - self._said
            if not self._stages or (not self._length and silence < _SECONDS_OF_SILENCE):
                return
            text = printable(self._stages[-1].words(now))
            if self._writes_over:
                shown = text[: columns() - 1]
                self._write(f"\r{shown.ljust(self._length)}")
                self._length = len(shown)
            elif silence >= _SECONDS_BETWEEN_LINES:
                self._write(f"{text}\n")
                self._said = now

    def clear(self) -> None:
        """Make way for what is said otherwise."""
        with self._lock:
            if self._length:
                self._write(f"\r{' ' * self._length}\r")
                self._length = 0
            self._said = self._clock()

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


_LINES: list[StatusLine] = []
"""The line of this run, if it has one."""


@contextmanager
def working(command: str | None) -> Iterator[None]:
    """While a command runs: says on a terminal what it does, until this is left, however it is left."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield
        return
    line = StatusLine(stream, writes_over=os.environ.get("TERM") != "dumb")
    over = threading.Event()

    def look() -> None:
        while not over.wait(_SECONDS_BETWEEN_LOOKS):
            line.look()

    thread = threading.Thread(target=look, name="progress", daemon=True)
    stage = line.begin(DOING.get(command or "", AT_WORK))
    _LINES.append(line)
    IN_THE_WAY.append(line.clear)
    _start_without_signals(thread)
    try:
        yield
    finally:
        over.set()
        thread.join()
        IN_THE_WAY.remove(line.clear)
        _LINES.remove(line)
        line.end(stage)


def _start_without_signals(thread: threading.Thread) -> None:
    """Start a thread to which no signal goes: who moves files or begins processes has signals wait."""
    if not hasattr(signal, "pthread_sigmask"):
        thread.start()
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        thread.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def stage(doing: str, total: int | None = None) -> Iterator[Stage]:
    """While something is done, of which the result is told how much is done.

    Args:
        doing: What, in words of those who wait.
        total: How much there is to do, None where nobody knows.
    """
    if not _LINES:
        yield Stage(doing, 0, total)
        return
    line = _LINES[-1]
    begun = line.begin(doing, total)
    try:
        yield begun
    finally:
        line.end(begun)


@contextmanager
def reading(what: str, *sources: Sequence[Path | str]) -> Iterator[None]:
    """While a log is read: how many bytes of its files, where these are named and can be counted."""
    if not _LINES:
        yield
        return
    from pointbook.source.counted import bytes_told, size_of  # noqa: PLC0415 - only on a terminal

    size = size_of([one for some in sources for one in some])
    with stage(f"reading {what}", size) as begun, bytes_told(begun.advance if size else lambda _: None):
        yield


def counted(doing: str, rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Rows as they are made, counted."""
    with stage(doing) as begun:
        for row in rows:
            begun.done += 1
            yield row


def steps_told(plan: Plan, ranges: int = 1) -> Callable[[Step], None]:
    """A function that is told each step of a plan that is computed once for several others.

    What it says stands until something more exact is done, or the command ends.

    Args:
        plan: The plan.
        ranges: In how many ranges members are taken, each with all steps.
    """
    if not _LINES:
        return lambda _: None
    shared = [step.name for step in plan.steps if step.is_shared]
    times = Counter[str]()
    begun = _LINES[-1].begin("adding up points")

    def told(step: Step) -> None:
        number = times[step.name] * len(shared) + shared.index(step.name) + 1
        times[step.name] += 1
        begun.tell(f"step {number} of {ranges * len(shared)}, {step.comment}")

    return told
