"""GitHub's action: its steps, run on a throwaway repository, with what GitHub's runner provides."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from repositories import adverse, approved, broken, git, good
from workflows import ROOT, run_action

if TYPE_CHECKING:
    from collections.abc import Callable

    from repositories import Origin
    from workflows import Run

    Act = Callable[..., Run]

LOG = {"events": "log/events.csv", "members": "log/members.csv"}


@pytest.fixture
def act(tmp_path: Path, commands: Path) -> Act:
    def run(repository: Path, env: dict[str, str] | None = None, **inputs: str) -> Run:
        given = {"program": "rules/club", **{name.replace("_", "-"): value for name, value in inputs.items()}}
        return run_action(repository, commands, tmp_path / "temporary", given, env)

    return run


def test_a_good_change_passes_and_the_summary_says_what_it_does(
    origin: Origin, act: Act, tmp_path: Path
) -> None:
    good(origin)
    run = act(origin.pull_request(tmp_path / "work"), **LOG)
    assert run.code == 0, run.log
    assert run.first_line == "**Pointbook: passed.** validate, test, diff, compare."
    assert "| ▲ favourable | Visit: 50 → 60 points |" in run.summary
    assert "**2 of 2 gain" in run.summary
    assert "The Reading Club" in run.summary
    assert "title" not in run.summary, "what main changed is no part of the change"
    assert set(run.files) >= {"summary.md", "comment.md", "rules_club/report.html", "rules_club/validate.xml"}
    assert run.files["comment.md"] == run.summary
    assert run.commands == ["notice rules/club/versions/2025.yaml"]


def test_an_adverse_change_fails_and_the_first_line_says_which_check_and_why(
    origin: Origin, act: Act, tmp_path: Path
) -> None:
    adverse(origin)
    run = act(origin.pull_request(tmp_path / "work"), **LOG)
    assert run.code == 1
    assert run.first_line == (
        "**Pointbook: failed.** diff of `rules/club`: exit code 1, `1 change: 1 adverse`; "
        "compare of `rules/club`: exit code 1, `✘ 1 of 1 guardrail is broken`."
    )
    assert "change c-5a98d7a52521" in run.summary
    assert run.commands == [
        "warning rules/club/versions/2025.yaml",
        "error rules/club/guardrails.yaml",
        "warning rules/club/versions/2025.yaml",
    ]
    assert "rules_club/report.html" in run.files, "what is kept is kept of failed runs, too"


def test_an_approved_change_passes_and_is_told(origin: Origin, act: Act, tmp_path: Path) -> None:
    approved(origin)
    run = act(origin.pull_request(tmp_path / "work"), **LOG)
    assert run.code == 0, run.log
    assert run.first_line == "**Pointbook: passed.** validate, test, diff, compare."
    assert "#### Approved" in run.summary
    assert "by Ann until 2099-01-01: told them" in run.summary
    assert {command.partition(" ")[0] for command in run.commands} == {"notice"}


def test_a_broken_change_fails_in_every_check_and_each_says_why(
    origin: Origin, act: Act, tmp_path: Path
) -> None:
    broken(origin)
    run = act(origin.pull_request(tmp_path / "work"), **LOG)
    assert run.code == 3
    unusable = "exit code 3, `the rules cannot be used: 1 error, 0 warnings`"
    assert run.first_line == (
        "**Pointbook: failed.** validate of `rules/club`: exit code 1, "
        "`5 files checked: 1 error, 0 warnings`; "
        f"diff of `rules/club`: {unusable}; compare of `rules/club`: {unusable}."
    )
    assert "    6 |   visit: {pionts: 50}" in run.summary
    assert "`pionts` is not a key of" in run.summary
    assert "error rules/club/versions/2025.yaml" in run.commands
    assert "<failure" in run.files["rules_club/validate.xml"]


def test_a_shallow_clone_is_told_how_to_fetch_more(origin: Origin, act: Act, tmp_path: Path) -> None:
    good(origin)
    run = act(origin.pull_request(tmp_path / "work", depth=1), **LOG)
    assert run.code == 3
    assert "this clone is shallow" in run.first_line
    assert run.first_line.startswith(
        "**Pointbook: failed.** diff of `rules/club`: exit code 3, `origin/main: this"
    )
    assert "`fetch-depth: 0` in a workflow's checkout" in run.summary
    assert "== pointbook test rules/club: exit code 0" in run.log


def test_a_clone_without_the_common_commit_is_told_so_too(origin: Origin, act: Act, tmp_path: Path) -> None:
    """The branch is there, but not what both come from; compared with its tip, its changes seem undone."""
    good(origin)
    work = origin.pull_request(tmp_path / "work", depth=1)
    git(work, "fetch", "--quiet", "--depth=1", "origin", "+refs/heads/main:refs/remotes/origin/main")
    run = act(work)
    assert run.code == 3
    assert "fetch all (fetch-depth: 0, GIT_DEPTH: 0)" in run.first_line


def test_a_failing_scenario_is_shown_and_what_it_says_is_no_command_and_no_markup(
    origin: Origin, act: Act, tmp_path: Path
) -> None:
    path = "rules/club/scenarios/visits.yaml"
    origin.edit(path, "title: Two visits", 'title: "x\\n::error::y\\n```\\n<img src=x> @all"')
    origin.edit(path, "awarded: 40", "awarded: 41")
    origin.commit()
    run = act(origin.pull_request(tmp_path / "work"))
    assert run.code == 1
    assert run.first_line == (
        "**Pointbook: failed.** test of `rules/club`: exit code 1, `0 passed, 1 failed`. "
        "What members would gain and lose was not looked at, because there is no log."
    )
    assert "    rules/club/scenarios/visits.yaml:6:" in run.summary
    assert "<img" in run.summary
    assert [line for line in run.summary.splitlines() if "<img" in line and not line.startswith("    ")] == []
    assert run.commands == ["error rules/club/scenarios/visits.yaml"]
    assert "<failure" in run.files["rules_club/test.xml"]


def test_a_push_to_the_default_branch_is_compared_with_what_was_there(
    origin: Origin, tmp_path: Path, commands: Path
) -> None:
    git(origin.folder, "checkout", "--quiet", "main")
    before = git(origin.folder, "rev-parse", "HEAD")
    for old, new in ((50, 47), (47, 44)):
        origin.edit("rules/club/versions/2025.yaml", f"points: {old}", f"points: {new}")
        origin.commit()
    work = tmp_path / "work"
    git(tmp_path, "clone", "--quiet", str(origin.folder), str(work))
    env = {"GITHUB_EVENT_NAME": "push", "GITHUB_BASE_REF": "", "GITHUB_REF_NAME": "main"}
    inputs = {"program": "rules/club"}
    run = run_action(work, commands, tmp_path / "temporary", inputs, env, {"before": before})
    assert run.code == 1
    assert "Visit: 50 → 44 points" in run.summary
    # The first push of all: nothing was there.
    run = run_action(work, commands, tmp_path / "second", inputs, env, {"before": "0" * 40})
    assert run.code == 0, run.log
    assert "no change in meaning" in run.summary


def test_a_commit_that_is_compared_with_itself_is_said_to_be(
    origin: Origin, act: Act, tmp_path: Path
) -> None:
    good(origin)
    clone = origin.pull_request(tmp_path / "work")
    run = act(clone, against="HEAD", **LOG)
    head = git(clone, "rev-parse", "--short=12", "HEAD")
    assert run.first_line == (
        "**Pointbook: passed.** validate, test, diff, compare."
        f" `{head}` is compared with itself, so no change was looked at."
    )


def test_two_programs_are_both_checked_and_named(origin: Origin, act: Act, tmp_path: Path) -> None:
    for path in sorted((origin.folder / "rules/club").rglob("*.yaml")):
        name = path.relative_to(origin.folder / "rules/club").as_posix()
        origin.write(f"circle/{name}", path.read_text(encoding="utf-8").replace("id: club", "id: circle"))
    origin.commit("another program")
    git(origin.folder, "branch", "--force", "main")
    adverse(origin)
    run = act(origin.pull_request(tmp_path / "work"), program="rules/club/\n  circle\n")
    assert run.code == 1
    assert run.first_line.startswith(
        "**Pointbook: failed.** diff of `rules/club`: exit code 1, `1 change: 1 adv"
    )
    assert "`circle`" not in run.first_line
    assert [line for line in run.summary.splitlines() if line.startswith("## ")] == [
        "## Rules in `rules/club`",
        "## Rules in `circle`",
    ]
    assert run.commands == ["warning rules/club/versions/2025.yaml"]


def test_a_program_at_the_root_is_checked(origin: Origin, act: Act, tmp_path: Path) -> None:
    git(
        origin.folder,
        "mv",
        *sorted(f"rules/club/{p.name}" for p in (origin.folder / "rules/club").iterdir()),
        ".",
    )
    origin.commit("up")
    git(origin.folder, "branch", "--force", "main")
    origin.edit("versions/2025.yaml", "points: 50", "points: 45")
    origin.commit()
    run = act(origin.pull_request(tmp_path / "work"), program=".", **LOG)
    assert run.code == 1
    assert run.first_line.startswith(
        "**Pointbook: failed.** diff of `.`: exit code 1, `1 change: 1 adverse`; comp"
    )
    assert run.commands == [
        "warning versions/2025.yaml",
        "error guardrails.yaml",
        "warning versions/2025.yaml",
    ]


@pytest.mark.parametrize(
    ("schema", "file"), [("github-actions", "action.yml"), ("gitlab-ci", "ci/gitlab.yml")]
)
def test_files_of_ci_fit_their_published_schemas(schema: str, file: str) -> None:
    command = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [command, "--builtin-schema", f"vendor.{schema}", ROOT / file], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
