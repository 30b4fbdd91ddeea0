"""Lines no longer than a terminal is wide."""

from __future__ import annotations

import re
import textwrap

_NARROWEST = 40
_PERCENT = re.compile(r"(?<=\d) %")
_LEAST_BESIDE = 20
"""Characters that the last column of a table has for its words."""


def wrapped(text: str, width: int) -> str:
    r"""Lines of `text` broken between words, none inside an id or a path.

    A tab in a line, which is taken away, stands where its further lines begin; without one they begin
    two characters further in than the line itself.

    >>> print(wrapped("2 capped: \tat most once per day; it begins anew on 2024-02-02", 40))
    2 capped: at most once per day; it
              begins anew on 2024-02-02
    """
    return "\n".join(_broken(line, max(width, _NARROWEST), width // 2) for line in text.split("\n"))


def broken(line: str, width: int, hang: int | None = None) -> str:
    """One line as lines of at most `width` characters.

    Args:
        line: Without a tab.
        width: In characters; never less than 40.
        hang: How far in its further lines begin; None for two characters further in than itself.
    """
    width = max(width, _NARROWEST)
    if hang is None:
        return _broken(line, width, width)
    return _broken(f"{line[:hang]}\t{line[hang:]}", width, width - _LEAST_BESIDE)


def _broken(line: str, width: int, deepest: int) -> str:
    margin = line[: len(line) - len(line.lstrip(" "))]
    begin, tab, rest = line.partition("\t")
    if not tab:
        begin, rest = margin, line.lstrip(" ")
    joined = _PERCENT.sub("\N{NO-BREAK SPACE}%", rest)
    filled = textwrap.fill(
        joined,
        width,
        initial_indent=begin,
        subsequent_indent=" " * len(begin) if tab and len(begin) <= deepest else f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace("\N{NO-BREAK SPACE}", " ")  # others show their code by now
