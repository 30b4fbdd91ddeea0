"""Names that differ only in what nobody sees or means: case, spaces, quotation marks, dashes, accents, zeros.

>>> Lookalikes(["review.written"]).of("Review.written ")
(['review.written'], 'letter case and spaces')
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    _Step = tuple[str, str, Callable[[str], str]]

_QUOTES = "\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb"
_STRAIGHT = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u00b4`", "'") | dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"')
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63", "-"))
_WIDE = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {"\u3000": " "})
"""The ASCII characters as Chinese, Japanese and Korean keyboards also write them."""
_NUMBER = re.compile(r"0*([0-9]+?)(?:\.0+)?")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}")
_CUT = re.compile(r"[0-9]{15}0+")
_KEPT_DIGITS = 15


def _is_hidden(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) in {"Cf", "Cc"}


def _without_hidden(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(character for character in text if not _is_hidden(character))


def _in_plain_width(text: str) -> str:
    return text if text.isascii() else text.translate(_WIDE)


def _with_plain_dashes(text: str) -> str:
    return text if text.isascii() else text.translate(_DASHES)


def _with_plain_spaces(text: str) -> str:
    if text.isascii() and " " not in text:
        return text
    return re.sub(r"\s+", " ", text)


def _without_quotes(text: str) -> str:
    return text.removeprefix("=").strip(_QUOTES).translate(_STRAIGHT)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )


def _without_zeros(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return match[1] if match else text


_HIDDEN: _Step = ("invisible characters", "invisible characters", _without_hidden)
_STEPS: tuple[_Step, ...] = (
    _HIDDEN,
    ("full-width characters", "full-width characters", _in_plain_width),
    ("letter case", "letter case", str.casefold),
    ("spaces around it", "spaces", str.strip),
    ("quotation marks", "quotation marks", _without_quotes),
    ("spaces inside", "spaces inside", _with_plain_spaces),
    ("dashes", "dashes", _with_plain_dashes),
    ("accents", "accents", _without_accents),
    ("zeros that a spreadsheet adds or drops", "zeros", _without_zeros),
)
"""In what two names can differ, alone and among others; and what takes it away."""


class Lookalikes:
    """Known names by what is left of them without such differences."""

    def __init__(self, known: Iterable[str]) -> None:
        self._first: dict[str, str] = {}
        self._further: dict[str, list[str]] = {}
        for name in sorted(known):
            bare = _bare(name, _STEPS)
            if self._first.setdefault(bare, name) != name:
                self._further.setdefault(bare, []).append(name)

    def of(self, name: str) -> tuple[list[str], str]:
        """The known names that `name` may mean, the most alike first; and in what the two differ."""
        bare = _bare(name, _STEPS)
        known_ones = (*filter(None, (self._first.get(bare),)), *self._further.get(bare, ()))
        found = [known for known in known_ones if known != name]
        found.sort(key=lambda known: len(_steps_between(name, known)))
        return found, difference(name, found[0]) if found else ""


def difference(one: str, other: str) -> str:
    """In what two names differ that are alike, in words; empty where they are equal, or differ in more."""
    needed = _steps_between(one, other)
    if len(needed) == 1 and needed[0] is not _HIDDEN:
        return needed[0][0]
    names = [_hidden_words(one + other) if step is _HIDDEN else step[1] for step in needed]
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def told_apart(text: str, other: str) -> str:
    """`text`, with its accents as codes where it looks the same as `other` and is not."""
    if text == other or unicodedata.normalize("NFC", text) != unicodedata.normalize("NFC", other):
        return text
    return text.encode("ascii", "backslashreplace").decode()


def _hidden_words(text: str) -> str:
    codes = [*dict.fromkeys(f"U+{ord(each):04X}" for each in text if _is_hidden(each))]
    return (
        f"an invisible character ({codes[0]})"
        if len(codes) == 1
        else f"invisible characters ({', '.join(codes)})"
    )


def spreadsheet_damage(name: str) -> str:
    """What a spreadsheet did to an id that it took for a number, in words; empty where it looks unharmed."""
    if _SHORTENED.fullmatch(name):
        return "it looks like a number that a spreadsheet shortened; export the column as text"
    if _CUT.fullmatch(name):
        kept = f"a spreadsheet kept {_KEPT_DIGITS} digits"
        return f"it looks like a number of which {kept}; export the column as text"
    return ""


def _steps_between(one: str, other: str) -> tuple[_Step, ...]:
    """The fewest steps that make two names equal, the plainest where there is a choice."""
    needed = _STEPS
    if _bare(one, needed) != _bare(other, needed):
        return ()
    for step in reversed(_STEPS):
        without = tuple(kept for kept in needed if kept is not step)
        if _bare(one, without) == _bare(other, without):
            needed = without
    return needed


def _bare(text: str, steps: tuple[_Step, ...]) -> str:
    for _, _, applied in steps:
        text = applied(text)
    return text
