"""Edited files as a unified diff."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from pointbook_cli.reporters.findings.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.mending import MendedFile

_LINE_END = re.compile(r"\r\n|\r|\n")


def files_diff(files: Iterable[MendedFile]) -> str:
    """What changes in the files, in their order, with three lines around each change."""
    lines = (
        line
        for file in files
        for line in difflib.unified_diff(
            _lines(file.before), _lines(file.after), file.name, file.name, lineterm=""
        )
    )
    return "".join(f"{printable(line)}\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    lines = _LINE_END.split(data.decode("utf-8-sig"))
    return lines if lines[-1] else lines[:-1]
