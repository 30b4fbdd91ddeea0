from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from pointbook.diagnostics import Finding, RulesError, Severity, Span
from pointbook.version import __version__, is_compiled
from pointbook_cli.main import COMMANDS, EXIT_INTERNAL, cli, exit_code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Shell


def _command(name: str) -> click.Command:
    command: click.Command = import_module(f"pointbook_cli.commands.{name}").command
    return command


def test_version_is_told_on_stdout(shell: Shell) -> None:
    done = shell.run("--version")
    way = "compiled" if is_compiled() else "pure Python"
    assert (done.code, done.out, done.err) == (0, f"pointbook {__version__} ({way})\n", "")


def test_help_lists_every_command_and_the_exit_codes(shell: Shell) -> None:
    done = shell.run("--help")
    assert done.code == 0
    assert not done.err
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", done.out, re.MULTILINE)
    assert "0 clean, 1 findings, 2 wrong usage" in done.out


def test_without_a_command_help_goes_to_stderr_and_the_exit_code_is_2(shell: Shell) -> None:
    done = shell.run()
    assert done.code == 2
    assert not done.out
    assert "\nCommands:\n  validate  " in done.err


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_shows_an_example_that_exists(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of([name, "--help"]) == 0
    text = capsys.readouterr().out
    example = re.sub(r"\s+", " ", text.partition("Example: ")[2]).strip().partition(" > ")[0]
    program, command, *words = shlex.split(example)
    assert (program, command) == ("pointbook", name)
    # Its arguments and options are accepted, without being run.
    with click.Context(cli, info_name="pointbook") as parent:
        context = _command(name).make_context(name, words, parent=parent)
    assert context.command.name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    command = _command(name)
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validat", "club"), "there is no command `validat`; did you mean `validate`?"),
        (("frobnicate",), "there is no command `frobnicate`; known: "),
        (("show", "club", "2024", "--formt", "x"), "there is no option `--formt`; known: `--help`"),
        (("test", "club", "--onyl", "x"), "there is no option `--onyl`; did you mean `--only`?"),
        (("show", "club"), "Error: VERSION is missing:\n  VERSION  a version's id, "),
        (
            ("sql", "club", "2052", "--as-of", "2025-12-31"),
            "VERSION: there is no version `2052`; did you mean",
        ),
        (("validate", "-"), "`-` and --stdin-filename"),
        (("evaluate", "club", "--members", "members.csv", "--out", "out"), "Error: --events F is missing:\n"),
        (
            ("evaluate",),
            (
                "Error: PROGRAM, --events F, --members F and --out DIR are missing:\n"
                "  PROGRAM      the folder with program.yaml and versions/\n"
                "  --events F   events: CSV"
            ),
        ),
        (("evaluate", "club", "-out", "x"), "there is no option `-out`; did you mean `--out`?"),
        (("evaluate", "club", "--evnts=x"), "there is no option `--evnts`; did you mean `--events`?"),
        (
            ("diff", "club", "2024", "2025", "--fail-on", "advers"),
            "there is no `advers`; did you mean `adverse`?",
        ),
        (("schema", "versoin"), "there is no `versoin`; did you mean `version`?"),
        (("completion", "bsh"), "there is no `bsh`; did you mean `bash`?"),
        (("--onyl",), "there is no option `--onyl`; known: "),
    ],
)
def test_wrong_usage_exits_with_2_and_helps(shell: Shell, arguments: tuple[str, ...], words: str) -> None:
    done = shell.run(*arguments)
    assert done.code == 2
    assert words in done.err
    assert not done.out
    assert "Traceback" not in done.err


def test_an_error_of_ours_exits_with_4_and_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(import_module("pointbook_cli.commands.schema"), "schema", failing)
    assert exit_code_of(["schema", "version"]) == EXIT_INTERNAL == 4
    captured = capsys.readouterr()
    assert not captured.out
    assert "ZeroDivisionError: a slip" in captured.err
    assert f"internal error in pointbook {__version__}: please report it" in captured.err


def test_a_keyboard_interrupt_says_that_nothing_was_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("pointbook_cli.commands.schema"), "schema", interrupted)
    assert exit_code_of(["schema", "version"]) == 130
    assert "nothing was written" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
@pytest.mark.parametrize("arguments", [("show", "club", "2025"), ("validate", "club"), ("schema", "patch")])
def test_a_reader_who_has_seen_enough_gets_no_traceback(shell: Shell, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "pointbook_cli", *arguments],
            cwd=shell.folder,
            stdout=pipe,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    # Neither clean nor findings: nobody knows.
    assert done.returncode == 141


def _refused(findings: list[Finding]) -> Callable[..., None]:
    """Stands in for a command's work: the rules cannot be used."""

    def refuse(*_: object) -> None:
        raise RulesError(findings)

    return refuse


ERROR = Finding(Span("club/versions/2024.yaml", 3), "wrong-type", "it is wrong", "write it right")


def test_rules_cannot_be_refused_without_an_error_in_them() -> None:
    for findings in ([], [replace(ERROR, severity=Severity.WARNING)]):
        with pytest.raises(AssertionError):
            RulesError(findings)


@pytest.mark.parametrize("file", ["gone.yaml", "a" * 5000, "nul\0.yaml", "", "/root/x/y.yaml"])
def test_findings_in_files_that_cannot_be_looked_at_are_told(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: Shell
) -> None:
    monkeypatch.chdir(shell.folder)
    refuse = _refused([replace(ERROR, span=Span(file))])
    monkeypatch.setattr(import_module("pointbook_cli.commands.schema"), "schema", refuse)
    assert exit_code_of(["schema", "version"]) == 3
    told = capsys.readouterr().err.splitlines()
    assert told[-1] == "error: the rules cannot be used: 1 error, 0 warnings"
    assert "error[wrong-type]: it is wrong; write it right" in told[0]


def test_an_error_that_cannot_be_told_ends_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr(import_module("pointbook_cli.commands.schema"), "schema", _refused([ERROR]))
    monkeypatch.setattr(import_module("pointbook_cli.reporters.findings.text"), "findings_concise", failing)
    assert exit_code_of(["schema", "version"]) == EXIT_INTERNAL
    assert capsys.readouterr().err == (
        f"internal error in pointbook {__version__}: what went wrong cannot be told, because of"
        " ZeroDivisionError('a slip'); please report it\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
@pytest.mark.parametrize(
    "arguments", [("show", "club", "2025"), ("show", "nowhere", "2025"), ("show",), ("show", "club", "2052")]
)
def test_an_error_that_nobody_reads_is_no_clean_end(shell: Shell, arguments: tuple[str, ...]) -> None:
    shell.edit("club/versions/2025.yaml", "based_on", "bassed_on")
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "pointbook_cli", *arguments],
            cwd=shell.folder,
            stdout=subprocess.PIPE,
            stderr=pipe,
            check=False,
            timeout=60,
        )
    assert (done.returncode, done.stdout) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        (">&-", "schema patch", 0),
        (">&-", "show nowhere 2025", 3),
        ("2>&-", "schema patch", 0),
        ("2>&-", "show nowhere 2025", 3),
        (">&- 2>&-", "show", 2),
    ],
)
def test_closed_streams_do_not_change_the_exit_code(
    shell: Shell, closed: str, arguments: str, code: int
) -> None:
    command = f"{shlex.quote(sys.executable)} -m pointbook_cli {arguments} {closed}"
    done = subprocess.run(
        ["sh", "-c", command], cwd=shell.folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "variables",
    [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}],
)
def test_errors_are_told_whatever_the_systems_encoding(shell: Shell, variables: dict[str, str]) -> None:
    shell.edit("club/versions/2024.yaml", "activities:", "activit\u00e9s \u65e5\u672c:")
    done = shell.run("show", "club", "2024", env=variables)
    assert (done.code, done.out) == (3, "")
    assert "`activit\u00e9s \u65e5\u672c` is not a key" in done.err
    assert "Traceback" not in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_a_full_disk_behind_stdout_is_told_without_a_traceback(shell: Shell) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pointbook_cli", "show", "club", "2025"],
            cwd=shell.folder,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 4
    assert done.stderr == "error: the output cannot be written: no space left on device\n"


def test_no_command_shows_the_help_in_lines(shell: Shell) -> None:
    done = shell.run()
    assert (done.code, done.out) == (2, "")
    assert done.err == shell.run("--help").out


@pytest.mark.parametrize(
    "variables", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "0"}, {"TERM": "xterm-256color"}]
)
def test_pipes_get_no_colours(shell: Shell, variables: dict[str, str]) -> None:
    done = shell.run("validate", "club", env=variables)
    assert "\x1b" not in done.out + done.err


def test_results_are_utf_8_whatever_the_systems_encoding(shell: Shell) -> None:
    shell.edit("club/versions/2024.yaml", "Visit to the club", "Café → 日本")
    for encoding in ("ascii", "cp1252"):
        done = shell.run("show", "club", "2024", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
        assert done.code == 0, done.err
        assert "Café → 日本" in done.out


def test_a_member_name_that_is_not_text_breaks_nothing(shell: Shell) -> None:
    if os.name == "nt":
        pytest.skip("arguments are text there")
    done = subprocess.run(
        [sys.executable.encode(), b"-m", b"pointbook_cli", b"validate", b"caf\xe9"],
        cwd=shell.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
