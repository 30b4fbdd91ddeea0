"""Files as a git commit has them, read from git's objects: nothing is checked out or changed.

Paths are those of git: from the repository's root, with forward slashes.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from pointbook.diagnostics import InputError

_TIMEOUT_SECONDS = 60
_FOUND = re.compile(rb"[0-9a-f]+ (blob|tree) ([0-9]+)")
_FOLDER, _REPOSITORY, _LINK = b"40000", b"160000", b"120000"
"""Modes in git's trees; a repository within this one, of which a commit has only the name, is a folder."""


@dataclass(frozen=True, slots=True)
class GitTree:
    """The files of one commit (`pointbook.loading.documents.Tree`).

    Attributes:
        root: The repository's working folder.
        ref: The branch, tag or commit, as the user typed it.
        commit: Its full name.
        folder: The folder that paths start from; empty for the repository's root.
    """

    root: Path
    ref: str
    commit: str
    folder: str = ""

    def below(self, folder: str) -> GitTree:
        """The same commit, with paths that start from `folder`."""
        return replace(self, folder=self._inside(folder))

    def shown(self, path: str) -> str:
        """How a file of the commit is called in positions."""
        return f"{self.ref}:{self._inside(path)}"

    def entries(self, folder: str) -> dict[str, bool]:
        """By the name of what lies directly in `folder`: whether that is a folder."""
        kind, listed = self._object(folder)
        entry = rb"(?s)([0-7]+) ([^\0]+)\0.{%d}" % (len(self.commit) // 2)
        names = {}
        for mode, name in re.findall(entry, listed) if kind == b"tree" else ():
            path = PurePosixPath(folder, os.fsdecode(name))
            leads_to_folder = mode == _LINK and self._object(path.as_posix())[0] == b"tree"
            names[path.name] = leads_to_folder or mode in (_FOLDER, _REPOSITORY)
        return dict(sorted(names.items()))

    def read(self, path: str) -> bytes:
        """A file's bytes; links are followed within the commit."""
        kind, content = self._object(path)
        if kind != b"blob":
            hint = f"`git ls-tree -r --name-only {self.ref}` lists its files"
            raise InputError(self.shown(path), "there is no such file in that commit", hint)
        return content

    def folders_with(self, name: str) -> tuple[str, ...]:
        """The folders of the commit, from the repository's root, that have a file of that name."""
        listed = _answer(self.root, "ls-tree", "-r", "-z", "--name-only", self.commit)
        paths = (PurePosixPath(os.fsdecode(path)) for path in listed.split(b"\0") if path)
        return tuple(path.parent.as_posix() for path in paths if path.name == name)

    def path_of(self, path: Path) -> str:
        """A path of the file system as git has it.

        Raises:
            InputError: It lies outside the repository.
        """
        try:
            inside = path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError as error:
            raise InputError(
                str(path), f"this lies outside the git repository {self.root}", "name a file in it"
            ) from error
        return "" if inside == "." else inside

    def _inside(self, path: str) -> str:
        """The path from the repository's root; empty for the root itself."""
        inside = PurePosixPath(self.folder, path).as_posix()
        return "" if inside == "." else inside

    def _object(self, path: str) -> tuple[bytes, bytes]:
        """Whether the commit has a `blob` or a `tree` at `path`, and its bytes; empty for neither."""
        name = os.fsencode(f"{self.commit}:{self._inside(path)}")
        if b"\n" in name:  # git reads one name a line
            return b"", b""
        answer = _answer(self.root, "cat-file", "--batch", "--follow-symlinks", names=name + b"\n")
        head, _, content = answer.partition(b"\n")
        found = _FOUND.fullmatch(head)
        return (found[1], content[: int(found[2])]) if found else (b"", b"")


def git_tree(ref: str, folder: Path) -> GitTree:
    """The commit `ref` of the repository that `folder` lies in.

    Raises:
        InputError: There is no repository or commit of that name, or no git.
    """
    if not ref or ref.startswith("-"):
        raise InputError(ref or "''", "this cannot be the name of a commit", "name a branch, tag or commit")
    found = _git(folder, "rev-parse", "--show-toplevel")
    if found.returncode:
        raise InputError(str(folder), *_no_repository(found.stderr))
    root = Path(found.stdout.decode("utf-8", "surrogateescape").rstrip("\n"))
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode:
        raise InputError(ref, *_no_commit(root, ref))
    return GitTree(root, ref, found.stdout.decode().strip())


def _no_commit(root: Path, ref: str) -> tuple[str, str]:
    """Why git has no such commit, and what to do; what builds a pull request often fetches only its last."""
    if _git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        message = "this clone is shallow: it has only the last commits, and this one is not among them"
        remedy = "git fetch --unshallow origin '+refs/heads/*:refs/remotes/origin/*'"
        hint = (
            f"fetch {ref} first: `fetch-depth: 0` in a workflow's checkout, else `{remedy}`; a branch NAME is"
            " then origin/NAME"
        )
        return message, hint
    return "git knows no such branch, tag or commit", "`git branch --all` and `git tag` list what there is"


def _no_repository(said: bytes) -> tuple[str, str]:
    """Why git finds no working folder, and what to do."""
    reason = _fatal(said)
    if "dubious ownership" in reason:
        owned = re.search(r"repository at '(.*)'", reason)
        name = shlex.quote(owned[1]) if owned else "'*'"
        return (
            "git does not read this repository, because it belongs to another user",
            f"if you trust it, run `git config --global --add safe.directory {name}`",
        )
    if "not a git repository" in reason:
        return "this folder is in no git repository", "run the command in a repository, or name files"
    return f"git finds no working folder here: {reason}", "run the command in a repository's working folder"


def _answer(root: Path, *arguments: str, names: bytes = b"") -> bytes:
    """What git prints.

    Raises:
        InputError: It could not do it.
    """
    done = _git(root, *arguments, names=names)
    if done.returncode:
        if b"promisor" in done.stderr:
            raise InputError(
                str(root),
                "this is a partial clone, which lacks some files of that commit; they are not fetched on the"
                " way, because that would run what the repository's configuration names",
                "get the whole first: `git fetch --refetch --no-filter`",
            )
        raise InputError(str(root), f"git cannot read it: {_fatal(done.stderr)}", "`git fsck` says more")
    return done.stdout


def _fatal(said: bytes) -> str:
    """The reason that git gives; the first if there are several."""
    lines = said.decode("utf-8", "replace").splitlines()
    return next(
        (line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")), "it gives no reason"
    )


def _git(folder: Path, *arguments: str, names: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return _run(("git", "-C", str(folder), *arguments), _environment(), names)


def _environment() -> dict[str, str]:
    """The environment without what a commit hook has set, which would have git read another repository.

    Nothing is fetched, whatever the repository's configuration says (the second variable is for versions of
    git that do not know the first), nothing asks for a password, and what git says is in English.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _local_variables()}
    return kept | {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }


@cache
def _local_variables() -> frozenset[str]:
    """The variables that say which repository git reads, as this git has them."""
    listed = _run(("git", "rev-parse", "--local-env-vars"), dict(os.environ)).stdout
    return frozenset(listed.decode().split())


def _run(
    command: tuple[str, ...], environment: dict[str, str], names: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - no shell; a ref that looks like an option is refused
            command,
            input=names,
            env=environment,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
    except FileNotFoundError as error:
        raise InputError("git", "git is not installed", "install it, or name a version or a file") from error
    except subprocess.TimeoutExpired as error:
        message = f"git did not answer within {_TIMEOUT_SECONDS} seconds"
        raise InputError("git", message, "try again") from error
