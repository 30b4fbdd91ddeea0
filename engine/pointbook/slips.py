"""Which known word a wrong one is a slip of, where that is certain.

A closest word is found for almost any (`diagnostics.closest`), and is good enough for a question. An edit
needs more: the two differ in capitals or in what joins their parts; or in a letter or two that are wrong,
missing, too many or in another order; and no other known word is as near. A number is no slip of another
number: `day_3` may well be missing beside `day_2`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pointbook.diagnostics import Edit, KnownWords

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.diagnostics import Span

_FEW, _MOST_COMPARED = 20, 200_000
"""Among few words every other is looked for; comparing the most takes about two seconds."""
_SHORTEST, _LONG = 4, 8
"""So many letters the longer of two words has at least, for one of them to be a slip, and for two."""
_LIKELY = 0.7
"""Words of so many letters that differ in so few share at least these."""
_LONGEST = 200
"""Longer words are no ids, and comparing two takes time in proportion to both."""
_JOINTS = re.compile(r"(?<![0-9])[-_. ]|[-_. ](?![0-9])")
"""What joins the parts of a word; between digits it says which number they are."""


class ClosestWords:
    """Searches of one run in several sets of known words, each set prepared and each word looked for once.

    Every search takes time in proportion to the known words. Where thousands of words are unknown among
    thousands, only the first are looked for: who has so many wrong has not mistyped them.
    """

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], tuple[KnownWords, dict[str, str | None]]] = {}
        self._left = _MOST_COMPARED

    def closest(self, word: str, known: Iterable[str]) -> str | None:
        """As `diagnostics.closest`; None for words that are no longer looked for."""
        return self._searched(word, known)[1]

    def suggestion(self, word: str, known: Iterable[str], otherwise: str) -> str:
        """What to type for an unknown word: the closest known one, else all of them or `otherwise`."""
        words, match = self._searched(word, known)
        hint = words.hint(match)
        if match is not None:
            return hint
        return f"{otherwise}, or use one that exists ({hint})" if words.names else otherwise

    def fix(self, span: Span, word: str, known: Iterable[str], prefix: str = "") -> tuple[Edit, ...]:
        """As `slip_fix`; none for words that are no longer looked for."""
        words, match = self._searched(word, known)
        return _fix(span, word, _meant(word, match, words), prefix)

    def _searched(self, word: str, known: Iterable[str]) -> tuple[KnownWords, str | None]:
        names = tuple(known)
        if names not in self._sets:
            self._sets[names] = (KnownWords(names), {})
        words, found = self._sets[names]
        if word not in found:
            is_dear = len(words) > _FEW
            found[word] = None if is_dear and self._left < len(words) else words.closest(word)
            self._left -= len(words) * is_dear
        return words, found[word]


def slip_fix(span: Span, word: str, known: Iterable[str]) -> tuple[Edit, ...]:
    """The edit of an unknown word at a place into the only known one that it is a slip of; else none."""
    words = _prepared(tuple(known))
    return _fix(span, word, _meant(word, words.closest(word), words), "")


_prepared = lru_cache(maxsize=16)(KnownWords)
"""A file with a slip has it in many places."""


def _fix(span: Span, word: str, meant: str | None, prefix: str) -> tuple[Edit, ...]:
    return () if meant is None else (Edit(span, f"{prefix}{word}", f"{prefix}{meant}"),)


def _meant(word: str, match: str | None, words: KnownWords) -> str | None:
    """`match`, which is the closest, if nothing else can be meant."""
    if match is None or len(word) > _LONGEST or abs(len(word) - len(match)) > len(match):
        return None
    if _joined(word) == _joined(match):
        alike = [name for name in words.names if _joined(name) == _joined(match)]
        return match if len(alike) == 1 else None
    if _digits(word) != _digits(match):
        return None
    folded, longer = word.casefold(), max(len(word), len(match))
    slips = _letters_apart(folded, match.casefold())
    if longer < _SHORTEST or slips > (1 if longer < _LONG else 2):
        return None
    others = [name for _, name in words.spellings.likely(folded, _LIKELY) if words.folded[name] != match]
    return None if any(_letters_apart(folded, name) <= slips for name in others) else match


def _joined(word: str) -> str:
    """The word without what joins its parts, in small letters."""
    return _JOINTS.sub("", word).casefold()


def _digits(word: str) -> list[str]:
    return sorted(letter for letter in word if letter.isdigit())


def _letters_apart(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many, or in the place of the next one.

    >>> _letters_apart("treshold", "threshold"), _letters_apart("glod", "gold")
    (1, 1)
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [place]
        for index, wanted in enumerate(other, start=1):
            least = min(before[index] + 1, row[index - 1] + 1, before[index - 1] + (letter != wanted))
            if place > 1 and index > 1 and letter == other[index - 2] and one[place - 2] == wanted:
                least = min(least, earlier[index - 2] + 1)
            row.append(least)
    return row[-1]
