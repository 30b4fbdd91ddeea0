"""Numbers with the noun that they count."""

from __future__ import annotations


def quantity(number: int, one: str, many: str = "") -> str:
    """A number and its noun.

    >>> quantity(1, "member"), quantity(1200, "member"), quantity(0, "entry", "entries")
    ('1 member', '1,200 members', '0 entries')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
