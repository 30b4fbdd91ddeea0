"""Numbers with the noun that they count."""

from __future__ import annotations


def quantity(number: int, one: str, many: str = "", *, signed: bool = False) -> str:
    """A number and what it counts.

    >>> quantity(1, "point"), quantity(-1, "point"), quantity(1200, "day"), quantity(1, "day", signed=True)
    ('1 point', '-1 point', '1,200 days', '+1 day')
    >>> quantity(0, "entry", "entries")
    '0 entries'
    """
    return f"{number:{'+' if signed else ''},} {one if abs(number) == 1 else many or f'{one}s'}"
