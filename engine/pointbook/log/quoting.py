"""Texts and places of the log inside messages."""

from __future__ import annotations

_LONGEST = 60


def quoted(text: str) -> str:
    """`text` in quotation marks on one line, cut where it is long, invisible characters spelled out."""
    return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...")


def place(file: str, line: int) -> str:
    """Where a row stands; a row of a table has no line."""
    return f"{file}:{line}" if line else file
