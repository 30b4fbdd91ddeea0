"""What shells complete: by the words that they ask for, and in Bash, zsh and fish themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from pointbook_cli.main import COMMANDS, cli
from pointbook_cli.usage.shells import VARIABLE, completed, script

if TYPE_CHECKING:
    from club_shell import Shell

LOG = "--events events.csv --members members.csv"


def words(
    shell: Shell, line: str, monkeypatch: pytest.MonkeyPatch, behind: str = "", breaks: str = "=:"
) -> list[str]:
    """What Bash is given for a line that ends where the cursor is."""
    monkeypatch.chdir(shell.folder)
    monkeypatch.setenv("COMP_LINE", f"{line}{behind}")
    monkeypatch.setenv("COMP_POINT", str(len(line.encode())))
    monkeypatch.setenv("COMP_WORDBREAKS", breaks)
    return completed(cli, "bash_complete").splitlines()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("pointbook eva", ["plain,evaluate"]),
        ("pointbook ", [f"plain,{name}" for name in COMMANDS]),
        ("pointbook --v", ["plain,--version"]),
        ("pointbook evaluate club --memb", ["plain,--members"]),
        ("pointbook diff club 2024 2025 --fail-on adverse-", ["plain,adverse-only"]),
        ("pointbook diff club 2024 2025 --fail-on=adverse-", ["plain,adverse-only"]),
        (
            "pointbook show club ",
            ["plain,2024", "plain,2025", "plain,latest", "plain,published", "plain,draft"],
        ),
        ("pointbook show club 2025 ", ["plain,-h", "plain,--help"]),
        ("pointbook compare club 2024 l", ["plain,latest"]),
        ("pointbook compare club 2024 club/ver", ["file,"]),
        (f"pointbook explain club {LOG} a", ["plain,ann"]),
        ("pointbook explain club --members=members.csv ", ["plain,ann", "plain,bob"]),
        ("pointbook test club --only ", ["plain,visits"]),
        (f"pointbook reconcile club {LOG} --balance ", ["plain,stars", "plain,coins"]),
        ("pointbook rules split-n", ["plain,split-number"]),
        ("pointbook init new --timezone Europe/Brus", ["plain,Europe/Brussels"]),
        ("pointbook evaluate cl", ["dir,"]),
        ("pointbook evaluate club --events ev", ["file,"]),
        ("pointbook evaluate club --out ", ["file,"]),
        ("pointbook completion ", ["plain,bash", "plain,zsh", "plain,fish"]),
        ("pointbook schema vers", ["plain,version"]),
        # Nothing is known of these, and nothing goes wrong.
        ("pointbook nonsense ", []),
        ("pointbook explain nowhere --members gone.csv ", None),
        ("pointbook explain club --members events.csv m", []),
        ("pointbook evaluate club --as-of ", []),
        ("pointbook 'unclosed", []),
    ],
)
def test_words_that_can_stand_there_are_known(
    shell: Shell, line: str, expected: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = words(shell, line, monkeypatch)
    if expected is None:  # no member; the options that are left
        assert found[0] == "plain,--events"
    else:
        assert found == expected


def test_members_are_those_of_a_log_that_is_named_behind_the_cursor(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words(shell, "pointbook explain club b", monkeypatch, f" {LOG}") == ["plain,bob"]


def test_members_are_read_as_log_yaml_says(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    (shell.folder / "club/log.yaml").write_text("members: {columns: {uid: member_id}}\n")
    (shell.folder / "users.csv").write_text("uid,signed_up_on\ncleo,2024-01-10\n")
    assert words(shell, "pointbook explain club --members users.csv ", monkeypatch) == ["plain,cleo"]


@pytest.mark.parametrize("text", ["activities: [", "\0", "id: [1\n"])
def test_a_broken_program_has_versions_all_the_same(
    shell: Shell, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("program", "versions/2025"):
        (shell.folder / f"club/{name}.yaml").write_text(text)
    found = words(shell, "pointbook show club 20", monkeypatch)
    assert found == ["plain,2024", "plain,2025"]
    assert words(shell, f"pointbook explain club {LOG} a", monkeypatch) == []
    assert capsys.readouterr() == ("", "")


def test_words_are_quoted_for_bash_and_those_that_steer_a_terminal_are_none(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "member_id,signed_up_on\nu:ann lee,2024-01-10\nu:\x1b[31mb,2024-01-10\n"
    (shell.folder / "members.csv").write_text(rows)
    line = "pointbook explain club --members members.csv "
    assert words(shell, line, monkeypatch) == ["plain,'u:ann lee'"]
    assert words(shell, f"{line}u:a", monkeypatch) == [
        "plain,'ann lee'"
    ]  # Bash replaces what is behind a colon
    assert words(shell, f"{line}u:a", monkeypatch, breaks="") == ["plain,'u:ann lee'"]
    assert words(shell, f"{line}'u:a", monkeypatch, breaks="") == ["plain,u:ann lee"]


def test_a_log_that_can_be_read_only_once_is_left_alone(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(shell.folder / "pipe.csv")
    for source in ("-", "pipe.csv", "table:members"):
        assert words(shell, f"pointbook explain club --members {source} a", monkeypatch) == []


def test_the_command_answers_shells(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for shell_name in ("bash", "zsh", "fish"):
        printed = shell.run("completion", shell_name)
        assert (printed.code, printed.err) == (0, "")
        assert printed.out == script(cli, shell_name)
    monkeypatch.setenv("COMP_WORDS", "pointbook\nshow\nclub\n20")
    monkeypatch.setenv("COMP_CWORD", "3")
    monkeypatch.setenv(VARIABLE, "zsh_complete")
    assert shell.run().out == "plain\n2024\n_\nplain\n2025\n_\n"
    monkeypatch.setenv("COMP_CWORD", "20")
    monkeypatch.setenv(VARIABLE, "fish_complete")
    assert shell.run().out == "plain,2024\nplain,2025\n"
    for unknown in ("ksh_complete", "bash_nonsense", "x"):
        monkeypatch.setenv(VARIABLE, unknown)
        done = shell.run()
        assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_and_option_is_completed_or_is_of_ones_own_making(name: str) -> None:
    """A new option that takes a file, a version or a word says so by its type."""
    own_making = {
        *("as_of", "since", "until", "day", "first_day", "last_day", "effective_from", "announced_on"),
        *("event_ids", "settings", "against", "title", "document", "reason", "new_id", "most_rejected"),
        *(
            "table_prefix",
            "run_id",
            "loaded_at",
            "memory_limit",
            "tolerance",
            "workers",
            "replay",
            "fail_under",
            "backend",
            "spark_settings",
        ),
        *(
            "members",
            "events",
            "seed",
            "mistakes",
            "given",
        ),  # numbers of `sample`; `gitdiff` is git's to call
    }
    with click.Context(cli, info_name="pointbook") as parent:
        command = cli.get_command(parent, name)
        assert command is not None
        for one in command.params:
            completes = type(one.type).shell_complete is not click.ParamType.shell_complete
            is_flag = isinstance(one, click.Option) and one.is_flag
            assert completes or is_flag or one.name in own_making, one.name


def _ran(program: str, text: str, folder: Path) -> list[str]:
    here = Path(sys.executable).parent
    (folder / "bin").mkdir()
    (folder / "bin/pointbook").write_text(f'#!/bin/sh\nexec {sys.executable} -m pointbook_cli "$@"\n')
    (folder / "bin/pointbook").chmod(0o755)
    done = subprocess.run(
        [program, *(("--norc",) if program == "bash" else ()), "-c", text],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}:{here}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


SCRIPTS = {
    "bash": (
        """\
eval "$(pointbook completion bash)"
compopt() { echo "compopt $*"; }
for COMP_LINE in 'pointbook show club 2' 'pointbook evaluate club --events=ev'; do
    COMP_POINT=${#COMP_LINE}
    _pointbook_completion pointbook
    echo "words: ${COMPREPLY[*]}"
done
complete -p pointbook
""",
        [
            "words: 2024 2025",
            "compopt -o bashdefault -o default",  # Bash completes the file
            "words: ",
            "complete -o nosort -F _pointbook_completion pointbook",
        ],
    ),
    "fish": (
        """\
pointbook completion fish | source
complete -C 'pointbook show club 202'
complete -C 'pointbook evaluate club --events=ev'
""",
        ["2024", "2025", "--events=events.csv"],
    ),
    "zsh": ('eval "$(pointbook completion zsh)"; echo $_comps[pointbook]', ["_pointbook_completion"]),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_shells_take_their_scripts(shell: Shell, name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed on this machine")
    text, expected = SCRIPTS[name]
    assert _ran(name, text, shell.folder) == expected
