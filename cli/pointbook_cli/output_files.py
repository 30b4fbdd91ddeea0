"""Output files that appear whole or not at all, and never in place of what is read."""

from __future__ import annotations

import glob
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pointbook.loading import PROGRAM_FILE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


class OutputFolder:
    """Files being written under temporary names, moved into place together by `commit`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = [path for path in (folder, *folder.parents) if not path.exists()]
        self._temporary: dict[Path, Path] = {}
        self._streams = ExitStack()
        self._obsolete: set[Path] = set()
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def scratch(self) -> Path:
        """A folder for a library to work in, not made yet; at the end it is gone."""
        return self._folder / f".scratch.{os.getpid()}.tmp"

    def path(self, name: str) -> Path:
        """Where to write the file that will be called `name`.

        Raises:
            click.BadParameter: There is a folder of that name.
        """
        target = self._folder / name
        if target.is_dir():
            raise click.BadParameter(
                f"{target} is a folder, where a file of that name is to be written", param_hint="--out"
            )
        self._temporary[target] = self._folder / f".{name}.{os.getpid()}.tmp"
        return self._temporary[target]

    def file(self, name: str) -> IO[str]:
        """A new text file, UTF-8 with line feeds, that will be called `name`.

        Raises:
            click.BadParameter: There is a folder of that name.
        """
        return self._streams.enter_context(self.path(name).open("w", encoding="utf-8", newline=""))

    def replaces(self, names: Iterable[str]) -> None:
        """Files of these names, where they are not written anew, are deleted by `commit`."""
        self._obsolete = {self._folder / name for name in names}

    def begin_anew(self) -> None:
        """Forget the files that were begun; others, or the same, are written in their place."""
        with suppress(OSError):  # a full disk fails once more where the rest is written out
            self._streams.close()
        for temporary in self._temporary.values():
            temporary.unlink(missing_ok=True)
        self._temporary.clear()

    def commit(self) -> None:
        """Move every file into place."""
        self._streams.close()
        for target, temporary in self._temporary.items():
            temporary.replace(target)
        for path in self._obsolete - set(self._temporary):
            if path.is_file():
                path.unlink()
        self._clean()

    def abandon(self) -> None:
        """Delete every temporary file, and the folder if it was made for them."""
        self.begin_anew()
        self._clean()
        for folder in self._made:
            with suppress(OSError):  # something of somebody else's is in it
                folder.rmdir()

    def _clean(self) -> None:
        for temporary in self._temporary.values():
            temporary.unlink(missing_ok=True)
        shutil.rmtree(self.scratch, ignore_errors=True)


@contextmanager
def output_folder(folder: Path) -> Iterator[OutputFolder]:
    """A folder to write results to, made where it is missing. On an error nothing is left behind.

    Raises:
        click.BadParameter: It is a file, or cannot be written to.
    """
    output = None
    try:
        output = OutputFolder(folder)
        yield output
        output.commit()
    except BaseException as error:
        if output is not None:
            output.abandon()
        if isinstance(error, OSError):
            reason = (error.strerror or "it cannot be written to").lower()
            message = f"{folder}: {reason}; name a folder that can be written to"
            raise click.BadParameter(message, param_hint="--out") from error
        raise


@contextmanager
def output_file(path: Path) -> Iterator[IO[str]]:
    """One file, written whole or not at all."""
    with output_folder(path.parent) as folder:
        yield folder.file(path.name)


def refuse_replaced_sources(outputs: Collection[Path], sources: Iterable[str], by: str) -> None:
    """Refuse to write over what is read.

    Args:
        outputs: The files to be written, resolved.
        sources: Files, folders and patterns to be read, as they were typed.
        by: What would be in their place, and what to do instead.

    Raises:
        click.BadParameter: One of the files is both.
    """
    for source in sources:
        for path in _files_of(source):
            if path.resolve() in outputs:
                raise click.BadParameter(f"{path} is read, and would be replaced by {by}", param_hint="--out")


def _files_of(source: str) -> Iterator[Path]:
    """The files that a source may mean: itself, those of a folder, those that a pattern matches."""
    for path in (Path(source), *map(Path, glob.glob(source, recursive=True))):  # noqa: PTH207 - a pattern as it was typed
        yield path
        if path.is_dir():
            yield from path.iterdir()


def refuse_rules_folder(folder: Path) -> None:
    """Refuse to write among rules.

    Raises:
        click.BadParameter: The folder is a program's, or lies in one.
    """
    if any((place / PROGRAM_FILE).exists() for place in (folder, folder.resolve().parent)):
        message = f"{folder} belongs to a program; name a folder outside of it"
        raise click.BadParameter(message, param_hint="--out")
