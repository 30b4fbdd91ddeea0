"""What the script of all checks makes of what the commands say, however much that is and however they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from workflows import ROOT, bash, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Checks = Callable[..., tuple[int, str]]

ROW = "| ▼ adverse | a change |"


@pytest.fixture
def checks(tmp_path: Path) -> Checks:
    """Runs the script beside a command `pointbook` of a few lines, which knows what it is called with."""

    def run(command: str, **variables: str) -> tuple[int, str]:
        (tmp_path / "bin").mkdir()
        stub = tmp_path / "bin/pointbook"
        stub.write_text(f"#!/bin/bash\n{command}\n", encoding="utf-8")
        stub.chmod(0o755)
        env = {**environment(tmp_path / "bin"), "POINTBOOK_AGAINST": "main", "POINTBOOK_PROGRAM": "club"}
        done = bash(str(ROOT / "ci/pointbook-checks"), tmp_path, env | variables)
        return done.returncode, done.stdout

    return run


def test_what_is_too_long_is_cut_at_a_whole_line_and_says_so(tmp_path: Path, checks: Checks) -> None:
    rows = f"for i in {{1..40000}}; do echo '{ROW}'; done"
    table = f"{{ echo '<details><summary>t</summary>'; {rows}; echo '</details>'; }}"
    code, _ = checks(f"[[ $* == *markdown* ]] && {table}; exit 0", GITHUB_STEP_SUMMARY=str(tmp_path / "s"))
    assert code == 0
    whole = (tmp_path / "pointbook-report/summary.md").read_text(encoding="utf-8")
    assert whole.count(ROW) == 40_000
    for path, most in ((tmp_path / "pointbook-report/comment.md", 65_536), (tmp_path / "s", 1 << 20)):
        text = path.read_bytes()
        assert 0.9 * most < len(text) < most
        lines = text.decode("utf-8").splitlines()
        assert lines[0] == whole.partition("\n")[0]
        assert lines[-1].startswith(
            "This was cut, because the whole is too long to be shown here; summary.md"
        )
        assert lines[-5:-1] == [ROW, "", "</details>", ""]


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("exit 0", 0, "passed.** validate, test, diff. What"),
        (
            "echo 'internal error in pointbook' >&2; exit 4",
            4,
            "validate of `club`: exit code 4, `the log says more`",
        ),
        (
            "[ $1 = diff ] && exit 1; [ $1 = test ] && exit 3; exit 0",
            3,
            "failed.** test of `club`: exit code 3, ",
        ),
        ("echo 'Error: no option `-x`.' >&2; exit 2", 2, "validate of `club`: exit code 2, `no option -x`"),
        ("kill -9 $$", 137, "validate of `club`: exit code 137, "),
    ],
)
def test_the_exit_code_is_the_highest_and_the_first_line_says_why(
    tmp_path: Path, checks: Checks, command: str, code: int, said: str
) -> None:
    found, log = checks(command)
    assert found == code
    first = (tmp_path / "pointbook-report/summary.md").read_text(encoding="utf-8").splitlines()[0]
    assert said in first
    assert log.splitlines()[-1] == first
    assert not list((tmp_path / "pointbook-report/club").glob("std*"))


def test_options_of_each_command_are_passed_on(checks: Checks) -> None:
    _, log = checks(
        'echo "<$*>"',
        POINTBOOK_VALIDATE_OPTIONS="--fail-on warning",
        POINTBOOK_TEST_OPTIONS="--only *",
        POINTBOOK_DIFF_OPTIONS="",
        POINTBOOK_COMPARE_OPTIONS="--replay 1",
        POINTBOOK_EVENTS="an event log.csv",
        POINTBOOK_MEMBERS="m.csv",
    )
    called = [line for line in log.splitlines() if line.startswith("<")]
    assert called == [
        "<validate --fail-on warning -- club>",
        "<test --only * -- club>",
        "<diff --against=main -- club>",
        (
            "<compare --against=main --events an event log.csv --members m.csv --replay 1"
            " --out pointbook-report/club/report.html --out pointbook-report/club/report.md -- club>"
        ),
    ]


@pytest.mark.parametrize(
    ("variables", "code", "said"),
    [
        ({"POINTBOOK_PROGRAM": "\n"}, 2, "POINTBOOK_PROGRAM names no program folder"),
        (
            {"POINTBOOK_PROGRAM": "a\nb", "POINTBOOK_EVENTS": "e.csv"},
            2,
            "a log is of one program, and 2 are named",
        ),
        ({"POINTBOOK_EVENTS": "e.csv"}, 2, "POINTBOOK_EVENTS needs POINTBOOK_MEMBERS"),
        ({"POINTBOOK_AGAINST": ""}, 2, "no commit is known to compare with: give POINTBOOK_AGAINST"),
    ],
)
def test_what_is_not_given_is_said(checks: Checks, variables: dict[str, str], code: int, said: str) -> None:
    found, log = checks("exit 0", **variables)
    assert found == code
    assert said in log.splitlines()[-1]


def test_what_a_branch_is_called_is_not_run(tmp_path: Path, checks: Checks) -> None:
    name = "x$(touch${IFS}ran)`touch${IFS}ran`"
    _, log = checks('echo "<$*>"', POINTBOOK_AGAINST="", GITHUB_BASE_REF=name)
    assert f"<diff --against=origin/{name} --fail-on adverse -- club>" in log
    assert not list(tmp_path.rglob("ran"))


def test_of_a_folder_that_is_not_there_only_pointbook_tells(checks: Checks) -> None:
    code, said = checks("exit 3", POINTBOOK_PROGRAM="clb")
    assert (code, "cannot change to" in said) == (3, False)
