"""Colour and links: when there are any, where they lead, and where there are never any."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from contextlib import chdir, suppress
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from terminal_here import TERMINAL, Terminal, plain, readable, screen, steady

from pointbook_cli.reporters.painting import MESSAGES
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from club_shell import Shell

CLUB_LOG = ("--events", "events.csv", "--members", "members.csv")
FINDING = "club/program.yaml:1:1: error[bad-name]: it is wrong"


class Pipe(Terminal):
    def isatty(self) -> bool:
        return False


def _said(folder: Path, stream: Terminal, env: Mapping[str, str]) -> str:
    with chdir(folder), patch.dict(os.environ, {**TERMINAL, **env}), patch.object(sys, "stdout", stream):
        say(FINDING, MESSAGES)
    return stream.shown


@pytest.mark.parametrize(
    ("is_terminal", "env", "expected"),
    [
        (True, {}, "colour and links"),
        (True, {"NO_COLOR": "1"}, "neither"),
        (True, {"NO_COLOR": "0"}, "neither"),
        (True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, "neither"),
        (True, {"NO_COLOR": "1", "FORCE_HYPERLINK": "1"}, "links"),
        (True, {"FORCE_COLOR": "0"}, "links"),
        (True, {"FORCE_HYPERLINK": "0"}, "colour"),
        (True, {"TERM": "dumb"}, "neither"),
        (True, {"TERM": "dumb", "FORCE_COLOR": "1"}, "colour"),
        (True, {"TERM": "linux"}, "colour"),
        (True, {"VTE_VERSION": "4603"}, "colour"),
        (True, {"VTE_VERSION": "6003"}, "colour and links"),
        (False, {}, "neither"),
        (False, {"FORCE_COLOR": "1"}, "colour"),
        (False, {"FORCE_COLOR": "0"}, "neither"),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "neither"),
        (False, {"FORCE_HYPERLINK": "1"}, "links"),
    ],
)
def test_what_terminals_and_variables_ask_for(
    shell: Shell, is_terminal: bool, env: dict[str, str], expected: str
) -> None:
    shown = _said(shell.folder, Terminal() if is_terminal else Pipe(), env)
    has_colour, has_links = "\x1b[31m" in shown, "\x1b]8;;file://" in shown
    told = {(True, True): "colour and links", (True, False): "colour", (False, True): "links"}
    assert told.get((has_colour, has_links), "neither") == expected
    assert plain(shown) == f"{FINDING}\n"


def test_each_stream_is_judged_by_itself(shell: Shell) -> None:
    """Findings in a pipe are plain where the number of them, on a terminal, is painted."""
    shell.edit("club/versions/2024.yaml", "calendar_month", "calender_month")
    out, err = Pipe(), Terminal()
    with patch.object(sys, "stdout", out), patch.dict(os.environ, TERMINAL), patch.object(sys, "stderr", err):
        say("club: error", err=False)
        say("1 file checked: 1 error, 0 warnings", err=True)
    assert out.shown == "club: error\n"
    assert err.shown == "1 file checked: \x1b[31m\x1b[1m1 error\x1b[0m, 0 warnings\n"


@pytest.mark.parametrize(
    "arguments",
    [
        *(("validate", "club", "--format", kind) for kind in ("json", "github", "sarif", "junit")),
        *(
            ("diff", "club", "2024", "2025", "--format", kind)
            for kind in ("json", "markdown", "github", "sarif")
        ),
        ("explain", "club", "ann", *CLUB_LOG, "--format", "markdown"),
        ("explain", "club", "ann", *CLUB_LOG, "--format", "json"),
        ("test", "club", "--format", "junit"),
        ("compare", "club", "2024", "2025", *CLUB_LOG, "--format", "markdown"),
        ("reconcile", "club", *CLUB_LOG, "--published", "members.csv", "--format", "csv"),
        ("show", "club", "2025"),
        ("schema", "event"),
        ("rules", "unknown-value", "--format", "json"),
    ],
)
def test_what_programs_read_is_never_painted(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    shell.write("members.csv", "member_id,signed_up_on\nann,2024-01-10\nbob,2024-02-29\n")
    plainly = shell.run(*arguments).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("FORCE_HYPERLINK", "1")
    assert shell.run(*arguments).out == plainly


def test_files_are_never_painted(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.write("shown.csv", "member_id,points\nann,7\n")
    arguments = ("reconcile", "club", *CLUB_LOG, "--published", "shown.csv")
    plainly = shell.run(*arguments).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in shell.run(*arguments).out
    assert "\x1b" in shell.run(*arguments, "--out", "-", "--out", "found.txt").out
    assert (shell.folder / "found.txt").read_text() == plainly


def test_a_path_is_encoded_and_leads_to_the_very_file(shell: Shell) -> None:
    shell.write("my é %41 rules/program.yaml", "id: [\n")
    shown = screen(["validate", "my é %41 rules"], shell.folder)
    assert "my%20%C3%A9%20%2541%20rules/program.yaml\x1b\\" in shown
    assert "<link>my é %41 rules/program.yaml:" in readable(shown, shell.folder)


def test_a_path_that_could_steer_the_terminal_is_no_link(shell: Shell) -> None:
    folder = "odd\x1b]8;;http:"
    shell.write(f"{folder}/program.yaml", "id: [\n")
    shown = screen(["validate", folder], shell.folder)
    assert "program.yaml:2:1" in shown
    assert "\x1b]8" not in shown


@pytest.mark.parametrize("id_", ["club/program.yaml:1", "club/program.yaml:1:1", "(club/program.yaml:1)"])
def test_an_id_that_looks_like_a_place_is_no_link(shell: Shell, id_: str) -> None:
    shell.write("events.csv", f"event_id,member_id,activity,occurred_at\n{id_},{id_},visit,2024-02-01\n")
    shell.write("members.csv", f"member_id,signed_up_on\n{id_},2024-01-10\nbob,2024-02-29\n")
    shell.write("shown.csv", f"member_id,points\n{id_},7\nann,8\n")
    for arguments in (
        ("explain", "club", id_, *CLUB_LOG),
        ("reconcile", "club", *CLUB_LOG, "--published", "shown.csv"),
        ("compare", "club", "2024", "2025", *CLUB_LOG, "--show-ids"),
        ("evaluate", "club", *CLUB_LOG, "--out", "out", "--backend", "python"),
    ):
        shown = screen(arguments, shell.folder)
        assert id_ in plain(shown) or arguments[0] in {"evaluate", "compare"}
        assert "\x1b]8" not in shown, shown


def test_a_real_terminal_shows_the_same(shell: Shell) -> None:
    """The terminal that tests put in its place is like one."""
    shell.edit("club/versions/2024.yaml", "calendar_month", "calender_month")
    ours, theirs = pty.openpty()
    variables = {name: value for name, value in {**os.environ, **TERMINAL}.items() if value}
    command = [sys.executable, "-m", "pointbook_cli", "validate", "club"]
    with subprocess.Popen(command, cwd=shell.folder, env=variables, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # that is how Linux says that a terminal has ended
            while piece := os.read(ours, 4096):
                shown += piece
        os.close(ours)
    assert running.returncode == 1
    told = readable(steady(shown.decode().replace("\r\n", "\n")), shell.folder)
    assert told == readable(screen(["validate", "club"], shell.folder), shell.folder)
    assert "<link>club/versions/2024.yaml:14:28</link>: <red bold>error</>[unknown-value]" in told
