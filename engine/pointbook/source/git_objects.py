"""Files as a git commit has them, read from git's objects: nothing is checked out or changed.

Paths are those of git: from the repository's root, with forward slashes.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from pointbook.diagnostics import InputError

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class GitTree:
    """The files of one commit.

    Attributes:
        root: The repository's working folder.
        ref: The branch, tag or commit, as the user typed it.
        commit: Its full name.
    """

    root: Path
    ref: str
    commit: str

    def file(self, path: str) -> bytes | None:
        """The bytes of the file at `path`; None where the commit has none there."""
        found = _git(self.root, "cat-file", "blob", f"{self.commit}:{path}")
        return None if found.returncode else found.stdout

    def files(self, folder: str) -> tuple[str, ...]:
        """Paths of the files directly in `folder`, sorted; none where the commit has no such folder."""
        found = _git(self.root, "ls-tree", "-z", f"{self.commit}:{folder}")
        if found.returncode:
            return ()
        entries = (entry.split(b"\t", 1) for entry in found.stdout.split(b"\0") if entry)
        names = (name.decode("utf-8", "surrogateescape") for kind, name in entries if b" blob " in kind)
        return tuple(sorted(f"{folder}/{name}" if folder else name for name in names))

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

    def shown(self, path: str) -> str:
        """How a file of the commit is called in positions."""
        return f"{self.ref}:{path}"


def git_tree(ref: str, folder: Path) -> GitTree:
    """The commit `ref` of the repository that `folder` lies in.

    Raises:
        InputError: There is no repository or commit of that name, or no git.
    """
    if not ref or ref.startswith("-"):
        raise InputError(ref or "''", "this cannot be the name of a commit", "name a branch, tag or commit")
    found = _git(folder, "rev-parse", "--show-toplevel")
    if found.returncode:
        raise InputError(
            str(folder),
            "this folder is in no git repository",
            "run the command in a repository, or name files",
        )
    root = Path(found.stdout.decode("utf-8", "surrogateescape").rstrip("\n"))
    found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if found.returncode:
        hint = "`git branch --all` and `git tag` list what there is"
        raise InputError(ref, "git knows no such branch, tag or commit", hint)
    return GitTree(root, ref, found.stdout.decode().strip())


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ("git", "-C", str(folder), *arguments)
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_TIMEOUT_SECONDS)  # noqa: S603 - no shell; a ref that looks like an option is refused
    except FileNotFoundError as error:
        raise InputError("git", "git is not installed", "install it, or name a version or a file") from error
    except subprocess.TimeoutExpired as error:
        message = f"git did not answer within {_TIMEOUT_SECONDS} seconds"
        raise InputError("git", message, "try again") from error
