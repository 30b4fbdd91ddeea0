"""Text of others made safe to show: in a terminal, in Markdown, in a spreadsheet.

Ids, titles and notes come from files and logs, so they may hold anything.
"""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_\[\]#!|~<>&@$]|(?<=[a-z]):(?=//)|(?<=www)\.)")
_LONGEST = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def printable(text: str) -> str:
    """`text` with control characters shown, so that it cannot steer the terminal."""
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def markdown(text: object) -> str:
    """`text` as Markdown that shows just it: no markup, HTML, mention, link or new line.

    What would be markup becomes a character reference, which also works inside tables. A long text
    is cut.
    """
    flat = printable(" ".join(str(text)[: 2 * _LONGEST].split()))
    if len(flat) > _LONGEST:
        flat = f"{flat[:_LONGEST]}…"
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[1])};", flat)


def spreadsheet(text: str) -> str:
    """`text` that no spreadsheet takes for a formula: an apostrophe goes before what could be one."""
    return f"'{text}" if text.startswith(_FORMULA) else text
