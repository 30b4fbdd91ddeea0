"""What members are called where their ids shall not be seen: words that can be read out and typed.

A name is made of the program's id and the member's, so it is the same in every report of the program,
and nothing of an id can be told from it. Where two members of a log would have the same name, both
have a longer one, which begins with it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

_SYLLABLES = tuple(consonant + vowel for consonant in "bdhjlmnrstvw" for vowel in "aeiou")
_PAIRS = tuple(one + other for one in _SYLLABLES for other in _SYLLABLES)
_COUNT = len(_SYLLABLES)
_WORDS = 2
"""Each of three syllables: of 46,656,000,000 names, among 100,000 members hardly any comes twice."""


def pseudonym(program_id: str, member_id: str, words: int = _WORDS) -> str:
    """A member's name of so many words.

    >>> pseudonym("club", "m-0001"), pseudonym("club", "m-0001", 3)
    ('botudu-samuja', 'botudu-samuja-lojowi')
    """
    digest = hashlib.sha256(f"{program_id}\n{member_id}".encode("utf-8", "surrogatepass")).digest()
    # Each word has three bytes of the digest, of which it takes what is left after the last whole round.
    numbers = [int.from_bytes(digest[3 * place : 3 * place + 3]) for place in range(words)]
    return "-".join(
        [_PAIRS[number // _COUNT % _COUNT**2] + _SYLLABLES[number % _COUNT] for number in numbers]
    )


def shared_pseudonyms(program_id: str, member_ids: Iterable[str]) -> frozenset[str]:
    """Names that more than one of these members would have, however long."""
    left, words, shared = list(member_ids), _WORDS, set[str]()
    while left:
        names = [pseudonym(program_id, member_id, words) for member_id in left]
        again = {name for name, times in Counter(names).items() if times > 1}
        left = [member_id for member_id, name in zip(left, names, strict=True) if name in again]
        shared |= again
        words += 1
    return frozenset(shared)


def distinct_pseudonym(program_id: str, member_id: str, shared: AbstractSet[str]) -> str:
    """A member's name, long enough that no other member of the log has it.

    Args:
        program_id: Whose program it is.
        member_id: The member's.
        shared: Names that more than one member of the log would have.
    """
    words, name = _WORDS, pseudonym(program_id, member_id)
    while name in shared:
        words += 1
        name = pseudonym(program_id, member_id, words)
    return name


def members_called(program_id: str, name: str, member_ids: Iterable[str]) -> list[str]:
    """The members whose name that is, or begins with it: one, unless the name is too short for the log."""
    words = name.count("-") + 1
    if words < _WORDS:
        return []
    return [member_id for member_id in member_ids if pseudonym(program_id, member_id, words) == name]
