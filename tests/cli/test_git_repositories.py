"""`diff --against` where git is not as it is at home: in a hook, in a container, in a partial clone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pointbook.diagnostics import InputError
from pointbook.source.git_objects import git_tree

ROOT = Path(__file__).parents[2]


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One with a file `rules/a` that says `one`."""
    folder = tmp_path / "home"
    (folder / "rules").mkdir(parents=True)
    (folder / "rules/a").write_text("one")
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "first")
    return folder


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_what_a_commit_hook_sets_does_not_lead_to_another_repository(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    other = tmp_path / "other"
    shutil.copytree(repository, other)
    (other / "rules/a").write_text("two")
    git(other, "commit", "-a", "-m", "second")
    within = {"GIT_DIR": ".git", "GIT_OBJECT_DIRECTORY": ".git/objects", "GIT_INDEX_FILE": ".git/index"}
    monkeypatch.setenv(name, str(other / within.get(name, "")))
    tree = git_tree("main", repository)
    assert tree.root.resolve() == repository.resolve()
    assert tree.read("rules/a") == b"one"


def test_a_repository_of_another_user_is_refused_with_the_reason_and_the_remedy(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What git itself offers to test this by.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(InputError) as caught:
        git_tree("main", repository / "rules")
    text = str(caught.value)
    assert "belongs to another user" in text
    assert f"git config --global --add safe.directory {repository.resolve()}" in text


def test_a_folder_without_a_repository_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this folder is in no git repository"):
        git_tree("main", tmp_path)


def test_a_bare_repository_is_refused_with_what_git_says(repository: Path) -> None:
    with pytest.raises(InputError, match="must be run in a work tree"):
        git_tree("main", repository / ".git")


@pytest.mark.parametrize("lacking", ["blob:none", "tree:0"])
def test_a_partial_clone_fetches_nothing_and_runs_nothing(
    repository: Path, tmp_path: Path, lacking: str
) -> None:
    """What a repository's configuration names as the way to the server would run with a fetch."""
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--no-checkout", f"--filter={lacking}", repository.as_uri(), str(clone))
    mark = tmp_path / "ran"
    git(clone, "config", "remote.origin.uploadpack", f"touch '{mark}'; git-upload-pack")
    with pytest.raises(InputError) as caught:
        git_tree("main", clone).read("rules/a")
    assert "partial clone" in str(caught.value)
    assert "git fetch --refetch --no-filter" in str(caught.value)
    assert not mark.exists()


def test_the_hint_for_a_partial_clone_helps(repository: Path, tmp_path: Path) -> None:
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--no-checkout", "--filter=blob:none", repository.as_uri(), str(clone))
    git(clone, "fetch", "--refetch", "--no-filter")
    assert git_tree("main", clone).read("rules/a") == b"one"


@pytest.mark.parametrize("ref", ["main", "HEAD~1"])
def test_in_a_shallow_clone_the_remedy_is_to_fetch_more(repository: Path, tmp_path: Path, ref: str) -> None:
    git(repository, "checkout", "-b", "change")
    git(repository, "commit", "--allow-empty", "-m", "second")
    clone = tmp_path / "copy"
    git(tmp_path, "clone", "--depth", "1", "-b", "change", repository.resolve().as_uri(), str(clone))
    with pytest.raises(InputError) as caught:
        git_tree(ref, clone)
    assert "this clone is shallow" in str(caught.value)
    assert "fetch-depth: 0" in str(caught.value)
    git(clone, "fetch", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert (
        git_tree("HEAD~1", clone).read("rules/a") == git_tree("origin/main", clone).read("rules/a") == b"one"
    )
