"""An input that was tried: files laid over a small program and its log, and what is run on them."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "rules/dataminer-devops"
_ARGUMENTS, _LONGEST_LOG = "arguments", 60


class Case(NamedTuple):
    """What was tried.

    Attributes:
        reader: What reads it.
        arguments: Of the command, run in the folder.
        files: By path, what is laid over the folder.
    """

    reader: str
    arguments: tuple[str, ...]
    files: dict[str, bytes]

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.files.values()))

    @property
    def name(self) -> str:
        """Of a folder for it: what reads it, and a number made of all there is."""
        whole = repr((self.arguments, sorted(self.files.items()))).encode()
        return f"{self.reader.replace(' ', '-')}-{hashlib.sha256(whole).hexdigest()[:8]}"


def begin_folder(folder: Path) -> None:
    """Put a small program and its log into a new folder, which is a git repository with one commit."""
    shutil.copytree(
        PROGRAM, folder / "p", ignore=shutil.ignore_patterns("examples", "versions.lock", "[a-jl-z]*-*.yaml")
    )
    for name in ("members", "events"):
        lines = (PROGRAM / f"examples/{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        kept = lines[:_LONGEST_LOG] if name == "events" else lines
        (folder / f"{name}.csv").write_text("".join(kept), encoding="utf-8")
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    for arguments in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "x", "--no-gpg-sign")):
        subprocess.run(("git", "-C", str(folder), *arguments), check=True, timeout=60)


def lay_over(case: Case, folder: Path) -> None:
    """Write the files of a case."""
    for name, data in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def take_away(case: Case, folder: Path, begun: Path) -> None:
    """Put back what was there before the case."""
    for name in case.files:
        (folder / name).unlink(missing_ok=True)
        if (begun / name).exists():
            shutil.copyfile(begun / name, folder / name)
    shutil.rmtree(folder / "out", ignore_errors=True)


def keep(case: Case, folder: Path, why: str) -> Path:
    """Write the case to a folder of its own, with what was wrong."""
    place = folder / case.name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    lay_over(case, place / "files")
    text = shlex.join(case.arguments)
    (place / _ARGUMENTS).write_bytes(os.fsencode(f"{text}\n"))
    (place / "why").write_text(f"{why}\n", encoding="utf-8")
    return place


def kept(folder: Path) -> list[Case]:
    """The cases that lie in a folder."""
    return [_kept(place.parent) for place in sorted(folder.glob(f"*/{_ARGUMENTS}"))]


def _kept(place: Path) -> Case:
    files = {
        path.relative_to(place / "files").as_posix(): path.read_bytes()
        for path in sorted((place / "files").rglob("*"))
        if path.is_file()
    }
    arguments = shlex.split(os.fsdecode((place / _ARGUMENTS).read_bytes()))
    return Case(place.name.rpartition("-")[0].replace("-", " "), tuple(arguments), files)
