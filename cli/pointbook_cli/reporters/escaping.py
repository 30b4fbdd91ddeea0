"""Text of others made safe to show: in a terminal, in Markdown, in a spreadsheet.

Ids, titles and notes come from files and logs, so they may hold anything.
"""

from __future__ import annotations

import json
import re

_MARKDOWN = re.compile(r"([\\`*_\[\]#!|~<>&@$]|(?<=[a-z]):(?=//)|(?<=www)\.)")
_LONGEST = 200
FORMULA = "^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""How a formula begins, with wide signs too, or what `spreadsheet` made of one; a regular expression."""
_FORMULA = re.compile(FORMULA)


def printable(text: str) -> str:
    """`text` that neither steers a terminal nor makes up lines: what is not printable shows its code."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def json_text(value: object) -> str:
    """`value` as JSON, whose texts show what is not printable by its code, and mean the same."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    lines = text.split("\n")
    return "\n".join(line if line.isprintable() else "".join(map(_as_json, line)) for line in lines)


def _as_json(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def markdown(text: object, longest: int = _LONGEST) -> str:
    """`text` as Markdown that shows just it: no markup, HTML, mention, link or new line.

    What would be markup becomes a character reference, which also works inside tables. A text of more
    characters than `longest` is cut.
    """
    flat = printable(" ".join(str(text)[: 2 * longest].split()))
    if len(flat) > longest:
        flat = f"{flat[:longest]}…"
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[1])};", flat)


def spreadsheet(text: str) -> str:
    """`text` that no spreadsheet takes for a formula: an apostrophe goes before what could be one.

    It also goes before what already has some before it, so that no two texts become one: taking one
    apostrophe away wherever `FORMULA` matches an apostrophe gives the text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text
