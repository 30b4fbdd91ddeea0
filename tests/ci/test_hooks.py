"""The hooks of pre-commit: what they run, in a repository of rules, at a commit."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from repositories import git
from workflows import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repositories import Origin

    Commit = Callable[..., subprocess.CompletedProcess[str]]

HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
CLUB = {
    "pointbook-validate": "",
    "pointbook-test": "rules/club",
    "pointbook-diff": "--fail-on=adverse rules/club",
}


def command_of(hook: dict[str, Any], given: str) -> str:
    """What pre-commit runs: the entry, then the arguments, which are the user's if there are any."""
    return f"{hook['entry']} {given or ' '.join(hook['args'])}"


@pytest.fixture
def commit(commands: Path, tmp_path: Path) -> Commit:
    """Commits everything in a repository that has the hooks, in whose environment git sets GIT_INDEX_FILE."""

    def run(folder: Path, *paths: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        hooks = tmp_path / "hooks"
        hooks.mkdir(exist_ok=True)
        hook = hooks / "pre-commit"
        lines = [f"{command_of(one, CLUB[one['id']])} || failed=1" for one in HOOKS]
        hook.write_text("\n".join(["#!/bin/bash", "export -p | grep GIT_", *lines, "exit $failed", ""]))
        hook.chmod(0o755)
        git(folder, "config", "core.hooksPath", str(hooks))
        who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        return subprocess.run(
            ("git", *who, "commit", "--quiet", "-m", "a change", *(paths or ("-a",))),
            cwd=folder,
            env={**environment(commands), **(env or {})},
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    return run


def test_a_hook_looks_at_whole_programs_at_every_commit() -> None:
    assert [hook["id"] for hook in HOOKS] == list(CLUB)
    for hook in HOOKS:
        assert hook["language"] == "python"
        assert (hook["pass_filenames"], hook["always_run"]) == (False, True)


@pytest.mark.parametrize("where", [".", "rules/club/versions"])
@pytest.mark.parametrize("is_linked", [False, True], ids=["checkout", "linked worktree"])
def test_a_commit_is_stopped_for_what_it_does(
    origin: Origin, tmp_path: Path, commit: Commit, where: str, *, is_linked: bool
) -> None:
    folder = origin.folder
    if is_linked:
        folder = tmp_path / "linked"
        git(origin.folder, "worktree", "add", "--quiet", "-b", "other", str(folder))
    path = folder / "rules/club/versions/2025.yaml"
    text = path.read_text(encoding="utf-8")
    before = git(folder, "rev-parse", "HEAD")
    for points, said in (("45", "1 change: 1 adverse"), ("x", "error[wrong-type]")):
        path.write_text(text.replace("points: 50", f"points: {points}"), encoding="utf-8")
        done = commit(folder / where)
        assert done.returncode == 1, done.stdout
        assert "GIT_INDEX_FILE" in done.stdout
        assert said in done.stdout
        assert git(folder, "rev-parse", "HEAD") == before
    path.write_text(text.replace("points: 50", "points: 60"), encoding="utf-8")
    done = commit(folder / where)
    assert done.returncode == 0, done.stdout
    assert "1 change: 1 favourable" in done.stdout
    assert "1 passed, 0 failed" in done.stdout
    assert git(folder, "rev-parse", "HEAD~1") == before


def test_a_commit_that_only_deletes_is_looked_at(origin: Origin, commit: Commit) -> None:
    git(origin.folder, "rm", "--quiet", "rules/club/versions/2024.yaml")
    done = commit(origin.folder)
    assert done.returncode == 1
    assert "error[unknown-version]" in done.stdout


def test_a_commit_of_another_repository_in_the_environment_is_not_read(
    origin: Origin, tmp_path: Path, commit: Commit
) -> None:
    """As where a hook of one repository commits in another."""
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(origin.folder), str(other))
    origin.edit("rules/club/versions/2025.yaml", "points: 50", "points: 60")
    index = {"GIT_DIR": str(origin.folder / ".git"), "GIT_WORK_TREE": str(origin.folder)}
    done = commit(origin.folder, env=index)
    assert done.returncode == 0, done.stdout
    assert "1 change: 1 favourable" in done.stdout
