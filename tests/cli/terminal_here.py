"""What a terminal of 80 columns shows of the command, run in this process."""

from __future__ import annotations

import io
import os
import re
import socket
import sys
from contextlib import chdir
from typing import TYPE_CHECKING
from unittest.mock import patch
from urllib.parse import quote

from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TERMINAL = {
    "COLUMNS": "80",
    "TERM": "xterm-256color",
    "NO_COLOR": "",
    "FORCE_COLOR": "",
    "FORCE_HYPERLINK": "",
}
COLOURS = {"31": "red", "32": "green", "33": "yellow", "36": "cyan"}
_PAINTED = re.compile(r"((?:\x1b\[\d+m)+)(.*?)\x1b\[0m")
_LINKED = re.compile(r"\x1b\]8;;([^\x1b]+)\x1b\\(.*?)\x1b\]8;;\x1b\\")
_BAR = re.compile(r"\n?\r\x1b\[\?25l.*?\x1b\[\?25h", re.DOTALL)
_SECONDS = re.compile(r"\bin \d+\.\d s$", re.MULTILINE)


class Terminal(io.TextIOWrapper):
    """Takes what is written, and says that it is a terminal."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def shown(self) -> str:
        return self._bytes.getvalue().decode()


def screen(arguments: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> str:
    """All that is shown, standard error too, with its escape sequences."""
    terminal = Terminal()
    with (
        chdir(folder),
        patch.dict(os.environ, {**TERMINAL, **(env or {})}),
        patch.object(sys, "argv", ["pointbook", *arguments]),
        patch.object(sys, "stdout", terminal),
        patch.object(sys, "stderr", terminal),
    ):
        exit_code_of(list(arguments))
    return steady(terminal.shown)


def steady(shown: str) -> str:
    """Without what is another time each time."""
    return _SECONDS.sub("in 0.0 s", _BAR.sub("", shown))


def plain(shown: str) -> str:
    """The text without what is invisible."""
    return _LINKED.sub(r"\2", _PAINTED.sub(r"\2", shown))


def readable(shown: str, folder: Path) -> str:
    """The text with colours and links in words: `<red bold>error</>`, `<link>a.yaml:1:2</link>`."""

    def link(found: re.Match[str]) -> str:
        url, text = found.groups()
        path = re.sub(r":\d+(:\d+)?$", "", text)
        assert url == f"file://{socket.gethostname()}{quote(str(folder / path))}"
        return f"<link>{text}</link>"

    def paint(found: re.Match[str]) -> str:
        codes = re.findall(r"\d+", found[1])
        return f"<{' '.join('bold' if code == '1' else COLOURS[code] for code in codes)}>{found[2]}</>"

    told = _LINKED.sub(link, _PAINTED.sub(paint, shown))
    assert "\x1b" not in told
    return told
