"""Where a slip that YAML cannot read was made: often not where the parser stops, but a line above.

review.written:
  title: Write a review
points: 25
  source: Reviews        <- the parser stops here, but `points` is not indented enough
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_SPACE = re.compile(rf"(?:^[\s{_SPACES}]*?|[:\-,{{\[]\x20*)([{_SPACES}])")
_ODD_COLON = re.compile(r"^\s*(?:-\s+)?[\w.-]+\s*([\uff1a\ufe55\u2236\u02d0\ua789])")
_KEY = re.compile(r"^\s*(?:-\s+)?(?:[\w.-]+|\"[^\"]*\"|'[^']*')\s*:(?:\s|$)")
_KEY_WITHOUT_SPACE = re.compile(r"^\s*(?:-\s+)?([\w.-]+)(:)(?!//)(\S.*)$")
_KEY_WITHOUT_COLON = re.compile(r"^\s*(?:-\s+)?([\w.-]+)\s*([=;])\s*(\S.*)$")
_ITEM_WITHOUT_SPACE = re.compile(r"^\s*(-)[^\s\-]")
_VALUE = re.compile(r"^\s*(?:-\s+)?[\w.-]+:\s+[^\s#|>]")
_TEXT_AFTER_QUOTE = re.compile(
    r"""(?:[:,\[{]\x20+|-\x20+) ( '(?:[^']|'')*' | "(?:[^"\\]|\\.)*" ) (?=[^\s,}\]:'"])""", re.VERBOSE
)
_WRONG_KEY = "mapping values are not allowed"
_NO_KEY = ("did not find expected key", "expected <block end>", "did not find expected '-' indicator")


class Slip(NamedTuple):
    """Where a slip was made.

    Attributes:
        line: Its line, from 0.
        column: Its column, from 0.
        length: How many characters it has.
        message: What it is.
        hint: What to type.
    """

    line: int
    column: int
    length: int
    message: str
    hint: str


def slip_near(lines: Sequence[str], stopped: int, problem: str) -> Slip | None:
    """The slip that made the parser stop, as far as it can be told.

    Args:
        lines: The lines of the file.
        stopped: The line where it stopped, from 0; it may be behind the last one.
        problem: What it says.
    """
    above = _above(lines, stopped)
    near = [number for number in (above, stopped) if number is not None and number < len(lines)]
    for number in near:
        if slip := _slip_in(number, lines[number]):
            return slip
    if above is None or stopped >= len(lines):
        return None
    if _WRONG_KEY in problem:
        return _wrong_indentation(lines, above, stopped)
    return _no_indentation_above(lines, stopped) if any(words in problem for words in _NO_KEY) else None


def _slip_in(number: int, line: str) -> Slip | None:
    """A slip that a line shows by itself."""
    if match := _ODD_SPACE.search(line):
        message = f"{_named(match[1])} stands here, which YAML takes for a letter"
        return Slip(number, match.start(1), 1, message, "type an ordinary space in its place")
    if match := _ODD_COLON.search(line):
        return Slip(number, match.start(1), 1, f"{_named(match[1])} ends no key", "type `:` and a space")
    if match := _TEXT_AFTER_QUOTE.search(line):
        mark = match[1][0]
        doubled = "write it twice" if mark == "'" else f"write `\\{mark}`"
        message = "text follows this quotation mark, which closes the text before it"
        return Slip(number, match.end(1) - 1, 1, message, f"for a quotation mark inside the text, {doubled}")
    if _KEY.search(line):
        return None
    return _slip_of_key(number, line)


def _slip_of_key(number: int, line: str) -> Slip | None:
    """A line that is meant to be a key with its value, or an item, and is none."""
    if match := _KEY_WITHOUT_SPACE.search(line):
        message = "no space follows the colon, so that this is no key"
        return Slip(number, match.start(2), 1, message, f"write `{match[1]}: {match[3].rstrip()}`")
    if match := _KEY_WITHOUT_COLON.search(line):
        message = f"`{match[2]}` ends no key"
        return Slip(number, match.start(2), 1, message, f"write `{match[1]}: {match[3].rstrip()}`")
    if match := _ITEM_WITHOUT_SPACE.search(line):
        message = "no space follows the dash, so that this is no item of a list"
        return Slip(number, match.start(1), 1, message, "write `- ` before it")
    return None


def _wrong_indentation(lines: Sequence[str], above: int, stopped: int) -> Slip | None:
    """A line that is indented less than those around it, or more, where the one above it has a value."""
    upper, lower = _indentation(lines[above]), _indentation(lines[stopped])
    if lower <= upper or not _VALUE.search(lines[above]):
        return None
    before = _above(lines, above)
    if before is not None and _indentation(lines[before]) == lower:
        message = f"this line is indented by {upper}, those around it by {lower}"
        return Slip(above, upper, _length(lines[above]), message, f"indent it by {lower} spaces")
    message = (
        f"this line is indented by {lower}, below one that is indented by {upper} and has a value already"
    )
    return Slip(stopped, lower, _length(lines[stopped]), message, f"indent it by {upper} spaces")


def _no_indentation_above(lines: Sequence[str], stopped: int) -> Slip | None:
    """A line whose indentation is that of nothing that is open above it."""
    found, open_ones = _indentation(lines[stopped]), set[int]()
    for above in _saying(lines, stopped):
        indentation = _indentation(lines[above])
        if not open_ones or indentation < min(open_ones):
            open_ones.add(indentation)
    if found in open_ones or not open_ones:
        return None
    near = sorted(sorted(open_ones, key=lambda one: abs(one - found))[:2])
    message = f"this line is indented by {found}, unlike any line above it that goes on here"
    hint = f"indent it by {' or '.join(map(str, near))} spaces"
    return Slip(stopped, found, _length(lines[stopped]), message, hint)


def _above(lines: Sequence[str], number: int) -> int | None:
    """The line above that says something."""
    return next(_saying(lines, number), None)


def _saying(lines: Sequence[str], number: int) -> Iterator[int]:
    for above in range(min(number, len(lines)) - 1, -1, -1):
        text = lines[above].strip()
        if text and not text.startswith("#"):
            yield above


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _length(line: str) -> int:
    return len(line.strip())


def _named(character: str) -> str:
    return f"a {unicodedata.name(character).lower()} (U+{ord(character):04X})"
