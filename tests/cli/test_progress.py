"""How far a run is: said on terminals only, never after two seconds of silence, and gone at the end."""

from __future__ import annotations

import contextlib
import io
import re
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from pointbook_cli import progress
from pointbook_cli.commands import sample
from pointbook_cli.main import exit_code_of
from pointbook_cli.progress import StatusLine

RULES = Path(__file__).parents[2] / "rules" / "dataminer-devops"


class Terminal(io.StringIO):
    """A terminal, or what has gone to it."""

    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        """The lines that are seen at the end."""
        lines = []
        for line in self.getvalue().split("\n"):
            seen = ""
            for part in line.split("\r"):
                seen = part + seen[len(part) :]
            lines.append(seen.rstrip())
        return lines


class Clock:
    """Stands still."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def said_at(line: StatusLine, stream: Terminal, clock: Clock, seconds: float) -> str:
    before = len(stream.getvalue())
    clock.seconds = 100 + seconds
    line.look()
    return stream.getvalue()[before:]


def test_a_stage_is_told_after_a_second_with_the_time_that_is_left(clock):
    stream = Terminal()
    line = StatusLine(stream, clock)
    outer = line.begin("at work")
    stage = line.begin("adding up points", 400)
    assert said_at(line, stream, clock, 0.5) == ""
    assert said_at(line, stream, clock, 1) == "\radding up points: 0%, 1 s"
    stage.advance(100)
    # By hand: a quarter in 3 s, so three quarters in 9 s.
    assert said_at(line, stream, clock, 3) == "\radding up points: 25%, about 9 s left"
    stage.advance(299)
    assert said_at(line, stream, clock, 100) == "\radding up points: 100%, about 1 s left"
    stage.advance(1)
    assert said_at(line, stream, clock, 101) == "\radding up points: 100%, 101 s         "
    line.end(stage)
    assert stream.screen() == [""]
    assert said_at(line, stream, clock, 102) == "\rat work: 1 s"
    line.end(outer)
    assert stream.screen() == [""]
    assert said_at(line, stream, clock, 200) == ""


def test_what_cannot_be_counted_is_told_with_how_long_it_takes(clock):
    stream = Terminal()
    line = StatusLine(stream, clock)
    stage = line.begin("reading events")
    assert said_at(line, stream, clock, 119) == "\rreading events: 119 s"
    assert said_at(line, stream, clock, 150) == "\rreading events: 2 min"
    stage.advance(12_000)
    assert said_at(line, stream, clock, 151).strip() == "reading events: 12,000 rows, 3 min"
    stage.tell("a\x1b[2J")
    assert "\x1b" not in said_at(line, stream, clock, 152)


def test_a_terminal_that_cannot_write_over_a_line_gets_lines(clock):
    stream = Terminal()
    line = StatusLine(stream, clock, writes_over=False)
    stage = line.begin("making events")
    for tenths in range(45):
        said_at(line, stream, clock, tenths / 10)
    line.end(stage)
    assert stream.getvalue() == "making events: 1 s\nmaking events: 2 s\nmaking events: 4 s\n"


def test_steps_of_a_plan_are_told_by_their_number(monkeypatch, clock):
    stream = Terminal()
    line = StatusLine(stream, clock)
    monkeypatch.setattr(progress, "_LINES", [line])
    steps = [SimpleNamespace(name=name, is_shared=name != "b", comment=f"the {name}") for name in "abc"]
    told = progress.steps_told(SimpleNamespace(steps=steps), ranges=2)
    for step, words in ((0, "step 1 of 4, the a"), (2, "step 2 of 4, the c"), (0, "step 3 of 4, the a")):
        told(steps[step])
        clock.seconds += 1
        line.look()
        assert re.fullmatch(rf"adding up points: \d s, {words}", stream.screen()[-1])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal to which everything is said at once."""
    monkeypatch.setattr(progress, "_SECONDS_OF_SILENCE", 0)
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LOOKS", 0.005)
    monkeypatch.setenv("NO_COLOR", "1")
    return Terminal()


def slow(rows):
    """Rows that take some time."""
    for row in rows:
        yield row
        time.sleep(0.001)


def run_sample(tmp_path, errors) -> int:
    folder = str(tmp_path / "out")
    with contextlib.redirect_stderr(errors):
        size = ["--members", "50", "--events", "50"]
        return exit_code_of(["sample", str(RULES), "--out", folder, *size])


def test_nothing_is_left_on_the_screen(at_once, monkeypatch, tmp_path):
    made = sample.sample_events
    monkeypatch.setattr(sample, "sample_events", lambda *given: slow(made(*given)))
    assert run_sample(tmp_path, at_once) == 0
    assert "making events: " in at_once.getvalue()
    assert at_once.screen() == [""]


def test_nothing_is_said_after_an_interrupt(at_once, monkeypatch, tmp_path):
    def interrupted(*_):
        yield from slow([("event_id",)] * 30)
        raise KeyboardInterrupt

    monkeypatch.setattr(sample, "sample_events", interrupted)
    assert run_sample(tmp_path, at_once) == 130
    assert "making events: " in at_once.getvalue()
    time.sleep(0.02)
    assert at_once.screen() == ["", "stopped; nothing was written", ""]


@pytest.mark.usefixtures("at_once")
def test_nothing_is_said_into_a_pipe(monkeypatch, tmp_path):
    made = sample.sample_events
    monkeypatch.setattr(sample, "sample_events", lambda *given: slow(made(*given)))
    pipe = io.StringIO()
    assert run_sample(tmp_path, pipe) == 0
    assert pipe.getvalue() == ""


def test_signals_go_to_the_work_alone(at_once, monkeypatch):
    started = []
    monkeypatch.setattr(
        progress.threading.Thread,
        "start",
        lambda _: started.append(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
    )
    monkeypatch.setattr(progress.threading.Thread, "join", lambda _: None)
    with contextlib.redirect_stderr(at_once), progress.working("validate"):
        assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert {signal.SIGINT, signal.SIGTERM} <= started[0]
