"""Words that programs write where they have no value."""

from __future__ import annotations

_WORDS = frozenset((
    *("null", "(null)", "<null>", "\\n", "nil", "none", "undefined", "na", "n/a", "<na>", "#n/a"),
    *("nan", "nat"),
    *("-", "--", "\u2013", "\u2014", "?", "(blank)", "(empty)"),
    *("0000-00-00", "0000-00-00 00:00:00"),  # MySQL's
))  # fmt: skip
_FORMULAS = frozenset(("#value!", "#ref!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#error!"))


def stands_for_nothing(text: str) -> str:
    """What to do about a text that stands for no value; empty where it says something."""
    word = text.strip().casefold()
    if word in _WORDS:
        return "it stands for no value; leave the cell empty, or list it under `empty` in log.yaml"
    return (
        "a spreadsheet's formula failed there; mend it, or leave the cell empty" if word in _FORMULAS else ""
    )


def is_word_for_nothing(text: str) -> bool:
    """Whether a text is such a word.

    >>> is_word_for_nothing(" NULL "), is_word_for_nothing("#REF!"), is_word_for_nothing("")
    (True, False, False)
    """
    return text.strip().casefold() in _WORDS
