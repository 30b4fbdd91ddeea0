"""The one place where text meets a terminal."""

from __future__ import annotations

import shutil

import click

from pointbook_cli.reporters.escaping import printable


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Write text for people, in which nothing but line ends steers the terminal.

    Whoever composes lines shows the line breaks of ids, titles and names (`printable`), since which
    of them end a line cannot be told here. Everything else that is not printable shows its code.

    Args:
        text: Whole lines.
        err: To standard error, not to standard output.
        nl: Whether the last line is yet to be ended.
    """
    shown = "\n".join(map(printable, text.split("\n")))
    click.echo(shown, err=err, nl=nl)  # noqa: TID251 - this is the place


def columns() -> int:
    """How many characters fit into a line; 80 where nobody knows."""
    return shutil.get_terminal_size().columns
