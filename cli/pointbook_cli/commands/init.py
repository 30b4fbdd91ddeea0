"""`pointbook init`: a new program."""

from __future__ import annotations

import os
import shlex
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from pointbook.authoring.starter import id_from, starter_files, title_from
from pointbook.loading import VERSIONS_FOLDER
from pointbook.source.files import shown_name
from pointbook_cli.new_files import refuse_what_is_there
from pointbook_cli.options import known_timezone, timezone_option
from pointbook_cli.output_files import output_folder
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.painting import NEXT
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FOLDER = "DIR"


@click.command(epilog="Example: pointbook init book-club --title 'Book club' --timezone Europe/Brussels")
@click.argument("folder", metavar=_FOLDER, type=click.Path(path_type=Path))
@click.option("--title", metavar="TEXT", help="What people call the program. [default: from DIR's name]")
@timezone_option
def command(folder: Path, title: str | None, timezone: str) -> None:
    """Write a small program to make your own: two versions, scenarios, guardrails and an example log.

    From the start it validates, its scenarios pass, and its versions compare. Every file has comments. DIR is
    made if it is not there; nothing in it is overwritten.
    """
    name = Path(os.path.abspath(folder)).name  # noqa: PTH100 - `..` is not looked up, so that links keep their names
    files = starter_files(id_from(name), _usable_title(title, name), known_timezone(timezone))
    refuse_what_is_there(folder, list(files), _FOLDER)
    try:
        with output_folder(folder) as output:
            for path, text in files.items():
                output.file(path).write(text)
    except click.BadParameter as error:
        raise click.BadParameter(error.message, param_hint=_FOLDER) from error
    shown = printable(shown_name(folder))
    for line in (f"written to {shown}:", *files, "", "next:", *_next_commands(shown, files)):
        say(line if not line or line.endswith(":") else f"  {line}", NEXT)


def _usable_title(title: str | None, name: str) -> str:
    if title is None:
        return title_from(name)
    if not title.strip() or not title.isprintable():
        message = f"`{title}` is no title; write one line of text, or leave the option out"
        raise click.BadParameter(message, param_hint="--title")
    return title.strip()


def _next_commands(folder: str, paths: Iterable[str]) -> Iterator[str]:
    """What to type next."""
    program = shlex.quote(f"./{folder}" if folder.startswith("-") else folder)
    versions = " ".join(PurePosixPath(path).stem for path in paths if path.startswith(f"{VERSIONS_FOLDER}/"))
    log = " ".join(f"--{name} {program}/examples/{name}.csv" for name in ("events", "members"))
    yield f"pointbook validate {program}"
    yield f"pointbook test {program}"
    yield f"pointbook compare {program} {versions} {log}"
