"""Finished text as a terminal shows it: long lines broken, then painted and linked."""

from __future__ import annotations

import os
import re
import socket
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import click

from pointbook_cli.reporters.painting import STYLES
from pointbook_cli.reporters.wrapping import broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook_cli.reporters.painting import Look

_FRAME = re.compile(r"^( *\d+ \| )(.*)\n( *\| )( *)(\^+|-+)$", re.MULTILINE)
_LINE = re.compile(r":\d+(?::\d+)?$")


class _Mark(NamedTuple):
    """What is to be seen of a character: a style of `STYLES`, and the address that it leads to."""

    style: str | None = None
    url: str | None = None


_NONE = _Mark()


def on_screen(text: str, look: Look, *, width: int | None, has_colour: bool, has_links: bool) -> str:
    """`text` with its look.

    Every character of it but spaces stands there again, in the same order.

    Args:
        text: Without anything that steers a terminal.
        look: Of this kind of text.
        width: Of the terminal, in characters; None where lines are not broken.
        has_colour: Whether words are painted.
        has_links: Whether places in files lead there.
    """
    if width is not None and look.is_broken:
        text = _FRAME.sub(lambda found: _cut_frame(found, width), text)
    marks = [_NONE] * len(text)
    hangs: dict[int, int] = {}
    for pattern in look.patterns:
        for found in re.finditer(pattern, text, re.MULTILINE):
            begin = text.rfind("\n", 0, found.start()) + 1
            for group in found.groupdict():
                start, end = found.span(group)
                match group.rstrip("0123456789"):
                    case _ if start < 0:
                        continue
                    case "hang":
                        hangs.setdefault(begin, start - begin)
                    case "whole":
                        hangs.setdefault(begin, -1)
                    case "place":
                        mark = _Mark(url=_url(text[start:end]) if has_links else None)
                        _put(marks, start, end, mark)
                    case style:
                        _put(marks, start, end, _Mark(style if has_colour else None))
    lines = []
    begin = 0
    for line in text.split("\n"):
        hang = hangs.get(begin)
        is_whole = width is None or not look.is_broken or hang == -1 or len(line) <= width
        shape = line if is_whole or width is None else broken(line, width, hang)
        end = begin + len(line)
        visible = (mark for mark, shown in zip(marks[begin:end], line, strict=True) if shown != " ")
        lines += ["".join(_painted(part, visible)) for part in shape.split("\n")]
        begin = end + 1
    return "\n".join(lines)


def _put(marks: list[_Mark], start: int, end: int, mark: _Mark) -> None:
    for index in range(start, end):
        if marks[index] is _NONE:
            marks[index] = mark


def _painted(line: str, visible: Iterator[_Mark]) -> Iterator[str]:
    """The line in pieces that look the same; a space looks like what is on both sides of it.

    Args:
        line: As it is shown.
        visible: How its characters look, but spaces, and those of lines after it.
    """
    looks = [None if character == " " else next(visible) for character in line]
    pairs = zip(_kept(looks), reversed([*_kept(reversed(looks))]), strict=True)
    marks = (one if one == other and one else _NONE for one, other in pairs)
    for mark, piece in groupby(zip(marks, line, strict=True), key=lambda one: one[0]):
        shown = "".join(character for _, character in piece)
        if mark.style is not None:
            shown = click.style(shown, **STYLES[mark.style])  # type: ignore[arg-type]  # a table of its options
        yield f"\x1b]8;;{mark.url}\x1b\\{shown}\x1b]8;;\x1b\\" if mark.url else shown


def _kept(looks: Iterable[_Mark | None]) -> Iterator[_Mark | None]:
    """Each, and for a space that of the last that is none."""
    last = None
    for look in looks:
        last = look or last
        yield last


def _cut_frame(found: re.Match[str], width: int) -> str:
    """A line of a file, and the marks under it, no longer than the terminal is wide."""
    gutter, source, blank, pad, marks = found.groups()
    room = width - len(gutter)
    if len(source) <= room:
        return found[0]
    seen = len(pad) + len(marks) < room
    first = 0 if seen else max(0, min(len(pad) - room // 2, len(source) - room))
    shown = source[first : first + room]
    if first:
        shown = f"…{shown[1:]}"
    if first + room < len(source):
        shown = f"{shown[:-1]}…"
    before = len(pad) - first
    return f"{gutter}{shown}\n{blank}{' ' * before}{marks[: max(1, room - before)]}"


def _url(place: str) -> str | None:
    """Where a place such as `versions/2024.yaml:5:3` leads; None without such a file, or with an odd path.

    Source: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda, "file:// URIs and the
    hostname".
    """
    path = os.path.abspath(_LINE.sub("", place))  # noqa: PTH100 - links keep their names
    if not path.isprintable() or not os.path.isfile(path):  # noqa: PTH113 - that of paths can fail
        return None
    return Path(path).as_uri().replace("file://", f"file://{quote(socket.gethostname())}", 1)
