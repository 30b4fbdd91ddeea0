"""The one place where text meets a terminal."""

from __future__ import annotations

import io
import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from pointbook_cli.reporters.escaping import printable
from pointbook_cli.reporters.painting import AS_IT_IS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook_cli.reporters.painting import Look

IN_THE_WAY: list[Callable[[], None]] = []
"""What makes way on a terminal before anything is written to it: the line that says how far a run is."""
_NEVER_LINKS = ("dumb", "linux")
"""Terminals (TERM) that show the address of a link as text, or nothing."""
_FIRST_VTE_WITH_LINKS = 50  # 0.50, as 5000 or 5003


def say(text: str, look: Look | None = None, *, err: bool = False, nl: bool = True) -> None:
    """Write text for people, in which nothing of theirs but line ends steers the terminal.

    Whoever composes lines shows the line breaks of ids, titles and names (`printable`), since which
    of them end a line cannot be told here. Everything else that is not printable shows its code.

    Args:
        text: Whole lines.
        look: How this kind of text looks on a terminal: a message if it goes to standard error, else as it
            is.
        err: To standard error, not to standard output.
        nl: Whether the last line is yet to be ended.
    """
    look = look or (MESSAGES if err else AS_IT_IS)
    shown = "\n".join(map(printable, text.split("\n")))
    stream = sys.stderr if err else sys.stdout
    is_terminal = stream is not None and stream.isatty()
    has_colour, has_links = _has_colour(is_terminal=is_terminal), _has_links(is_terminal=is_terminal)
    if look.patterns and (is_terminal or has_colour or has_links):
        from pointbook_cli.reporters.screen import on_screen  # noqa: PLC0415 - few write to a terminal

        width = columns() if is_terminal else None
        shown = on_screen(shown, look, width=width, has_colour=has_colour, has_links=has_links)
    make_way()
    # What steers the terminal is ours by now, and click need not look for it.
    click.echo(shown, err=err, nl=nl, color=True)  # noqa: TID251 - this is the place


def make_way() -> None:
    """Clear the line that says how far a run is, if there is one."""
    for clear in IN_THE_WAY:
        clear()


class Unchanged(io.StringIO):
    """Standard output as a stream for reports that are read by programs."""

    def write(self, text: str) -> int:
        """Write it as it is."""
        make_way()
        return sys.stdout.write(text)


class Screen(io.StringIO):
    """Standard output as a stream for reports that are text for people."""

    def __init__(self, look: Look) -> None:
        """Text of this look."""
        super().__init__()
        self._look = look

    def write(self, text: str) -> int:
        """Say whole lines."""
        say(text, self._look, nl=False)
        return len(text)


def columns() -> int:
    """How many characters fit into a line; 80 where nobody knows."""
    return shutil.get_terminal_size().columns


def fitting(widest: int) -> int:
    """The length of lines that are `widest`, unless standard output is a terminal that is narrower."""
    return min(widest, columns()) if sys.stdout is not None and sys.stdout.isatty() else widest


def _has_colour(*, is_terminal: bool) -> bool:
    """Whether to paint: NO_COLOR forbids it, FORCE_COLOR asks for it into files and pipes, too.

    Source: https://no-color.org and https://force-color.org; FORCE_COLOR=0 is no, as Node.js has it.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if forced := os.environ.get("FORCE_COLOR"):
        return forced != "0"
    return is_terminal and os.environ.get("TERM") != "dumb"


def _has_links(*, is_terminal: bool) -> bool:
    """Whether places in files are links: on terminals that have them, or do not mind.

    Source: FORCE_HYPERLINK and NO_COLOR as `supports-hyperlinks` has them, the rest as
    `gcc -fdiagnostics-urls=auto`.
    """
    if forced := os.environ.get("FORCE_HYPERLINK"):
        return forced != "0"
    if not is_terminal or os.environ.get("NO_COLOR") or os.environ.get("TERM") in _NEVER_LINKS:
        return False
    vte = os.environ.get("VTE_VERSION", "")
    is_old = vte.isdecimal() and int(vte) // 100 < _FIRST_VTE_WITH_LINKS
    return not is_old and (sys.platform != "win32" or "WT_SESSION" in os.environ)
