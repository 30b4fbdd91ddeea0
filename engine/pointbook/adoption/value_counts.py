"""How often each value comes, exactly while there are few; of many a part that the values themselves choose.

Which values are kept depends on nothing but the values: not on the order of the rows, and in two files
the same ones are kept, so that parts of both can be joined. Source: Wegman's adaptive sampling, as in
P. Flajolet, "On adaptive sampling", Computing 43 (1990).

>>> tally = ValueCounts(most=2)
>>> for value in ("a", "b", "a"):
...     tally.add(value)
>>> tally.counts, tally.is_exact, tally.distinct
({'a': 2, 'b': 1}, True, 2)
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_BITS = 32
_SHORTENED = re.compile(r"\.\.\. \([0-9,]+ characters, [0-9a-f]{8}\)\Z")


class ValueCounts:
    """Counts of texts; the count of each that is kept is exact.

    Attributes:
        counts: How often each kept value came, in the order in which they came first.
        bits: So many of the last bits of the checksum of a kept value are 0; 0 where all are kept.
        total: How many values came.
    """

    def __init__(self, most: int) -> None:
        """Keeps at most `most` different values."""
        self.counts: dict[str, int] = {}
        self.bits = 0
        self.total = 0
        self._most = most

    def add(self, value: str) -> None:
        """Count one value."""
        self.total += 1
        found = self.counts.get(value)
        if found is not None:
            self.counts[value] = found + 1
        elif not self.bits or is_kept(value, self.bits):
            self.counts[value] = 1
            while len(self.counts) > self._most and self.bits < _MOST_BITS:
                self.bits += 1
                self.counts = {one: times for one, times in self.counts.items() if is_kept(one, self.bits)}

    @property
    def is_exact(self) -> bool:
        """Whether every value is kept."""
        return not self.bits

    @property
    def distinct(self) -> int:
        """How many different values there are, estimated where not all are kept."""
        return len(self.counts) << self.bits

    @property
    def kept(self) -> int:
        """How many of the values that came are counted."""
        return sum(self.counts.values())

    def repeated(self) -> list[str]:
        """The kept values that came more than once, sorted."""
        return sorted(value for value, times in self.counts.items() if times > 1)

    def most_frequent(self) -> Iterator[tuple[str, int]]:
        """Values and their counts, the most frequent first, then by the value."""
        yield from sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))


def is_kept(value: str, bits: int) -> bool:
    """Whether a value is among those that are kept with so many bits."""
    return not crc32(value.encode(errors="surrogatepass")) & ((1 << bits) - 1)


def digest(cells: Iterable[str]) -> str:
    """A short text for the texts of a row, another one for each row."""
    return blake2b("\0".join(cells).encode(errors="surrogatepass"), digest_size=12).hexdigest()


def shortened(text: str, most: int) -> str:
    """The beginning of a long text, and what tells it from others that begin so."""
    return f"{text[:most]}... ({len(text):,} characters, {digest((text,))[:8]})"


def is_shortened(text: str) -> bool:
    """Whether a text is the beginning of a longer one.

    >>> is_shortened(shortened("x" * 300, 100)), is_shortened("x" * 300)
    (True, False)
    """
    return _SHORTENED.search(text) is not None
