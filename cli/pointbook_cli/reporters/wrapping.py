"""Lines no longer than a terminal is wide."""

from __future__ import annotations

import textwrap

_NARROWEST = 40


def wrapped(text: str, width: int) -> str:
    r"""Lines of `text` broken between words, none inside an id or a path.

    A tab in a line, which is taken away, stands where its further lines begin; without one they begin
    two characters further in than the line itself.

    >>> print(wrapped("2 capped: \tat most once per day; it begins anew on 2024-02-02", 40))
    2 capped: at most once per day; it
              begins anew on 2024-02-02
    """
    return "\n".join(_broken(line, max(width, _NARROWEST)) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    margin = line[: len(line) - len(line.lstrip(" "))]
    begin, tab, rest = line.partition("\t")
    if not tab:
        begin, rest = margin, line.lstrip(" ")
    return textwrap.fill(
        rest,
        width,
        initial_indent=begin,
        subsequent_indent=" " * len(begin) if tab and len(begin) <= width // 2 else f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
