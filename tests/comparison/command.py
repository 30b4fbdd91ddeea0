"""The command `pointbook`, and git."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from this_process import run_here

if TYPE_CHECKING:
    from pathlib import Path


def pointbook(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in this process, with the result as of a process of its own."""
    texts = [str(argument) for argument in arguments]
    code, out, err = run_here(texts, folder)
    return subprocess.CompletedProcess(texts, code, out.decode("utf-8"), err.decode("utf-8"))


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)
