"""What an id may mean that no member or event has."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pointbook.diagnostics import KnownWords, Spellings, most_alike
from pointbook.likeness import Lookalikes, spreadsheet_damage

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_SHOWN = 3
_MOST_COMPARED = 50
_ALIKE = 0.75
"""How alike ids must be at least: more than words, for most ids of a log are alike."""
_LONGEST_ID = 100
_NUMBER = re.compile("[0-9]+")
_BEFORE_A_NUMBER = re.compile(r"(?<=[^\W\d_])[\W_]+(?=[0-9])")


def which_it_means(unknown_id: str, known: Iterable[str]) -> str:
    """Which known ids an unknown one may mean: the nearest by what nobody sees, by number, and by letters."""
    words = KnownWords(known)
    alike, difference = Lookalikes(words.names).of(unknown_id)
    if alike:
        return f"did you mean {_listed(alike[:_MOST_SHOWN])}? `{alike[0]}` differs in {difference}"
    number = _by_number(unknown_id)
    by_number = [name for name in words.names if _by_number(name) == number]
    if not by_number and number.isdecimal():
        by_number = [name for name in words.names if _NUMBER.findall(_by_number(name)) == [number]]
    found = [*dict.fromkeys((*by_number, *_by_letters(unknown_id, words)))][:_MOST_SHOWN]
    if found:
        return f"did you mean {_listed(found)}?"
    return spreadsheet_damage(unknown_id) or words.hint(words.closest(unknown_id))


def _by_letters(unknown_id: str, words: KnownWords) -> list[str]:
    """The ids that are most alike, the best first; of equally good ones the first by code point."""
    asked = unknown_id[:_LONGEST_ID].casefold()
    likely = Spellings(words.folded).likely(asked, _ALIKE)
    best = most_alike(asked, likely, _ALIKE, _MOST_COMPARED)
    matcher = SequenceMatcher(b=asked)

    def rank(name: str) -> tuple[float, str]:
        matcher.set_seq1(name)
        return -matcher.ratio(), name

    return [words.folded[name] for name in sorted(best, key=rank)]


def _by_number(name: str) -> str:
    """A name with each number in it as short as it can be, joined to letters: m-001 and m1 are the same."""
    joined = _BEFORE_A_NUMBER.sub("", name.casefold())
    return _NUMBER.sub(lambda match: match[0].lstrip("0") or "0", joined)


def _listed(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return " or ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
