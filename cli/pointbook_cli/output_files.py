"""Output files that appear whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


class OutputFolder:
    """Files being written under temporary names, moved into place together by `commit`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[Path, IO[str]] = {}

    def file(self, name: str) -> IO[str]:
        """A new text file, UTF-8 with line feeds, that will be called `name`.

        Raises:
            click.BadParameter: There is a folder of that name.
        """
        target = self._folder / name
        if target.is_dir():
            raise click.BadParameter(
                f"{target} is a folder, where a file of that name is to be written", param_hint="--out"
            )
        temporary = self._folder / f".{name}.{os.getpid()}.tmp"
        self._open[target] = temporary.open("w", encoding="utf-8", newline="")
        return self._open[target]

    def commit(self) -> None:
        """Move every file into place."""
        for stream in self._open.values():
            stream.close()
        for target, stream in self._open.items():
            Path(stream.name).replace(target)

    def abandon(self) -> None:
        """Delete every temporary file."""
        for stream in self._open.values():
            with suppress(OSError):  # a full disk fails once more where the rest is written out
                stream.close()
            Path(stream.name).unlink(missing_ok=True)


@contextmanager
def output_folder(folder: Path) -> Iterator[OutputFolder]:
    """A folder to write results to, made where it is missing. On an error nothing is left behind.

    Raises:
        click.BadParameter: It is a file, or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    output = OutputFolder(folder)
    try:
        yield output
        output.commit()
    except OSError as error:
        output.abandon()
        raise _unwritable(folder, error) from error
    except BaseException:
        output.abandon()
        raise


def _unwritable(folder: Path, error: OSError) -> click.BadParameter:
    reason = (error.strerror or "it cannot be written to").lower()
    return click.BadParameter(f"{folder}: {reason}; name a folder that can be written to", param_hint="--out")


@contextmanager
def output_file(path: Path) -> Iterator[IO[str]]:
    """One file, written whole or not at all."""
    with output_folder(path.parent) as folder:
        yield folder.file(path.name)
