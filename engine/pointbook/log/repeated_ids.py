"""Which ids come more than once among millions, as far as hashes tell.

>>> hashes = IdHashes()
>>> hashes.add([hash("e1"), hash("e2"), hash("e1")])
>>> hashes.repeated() == {hash("e1")}
True
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import chain, compress, islice, pairwise
from operator import eq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_AT_A_TIME = 1 << 16
_LEAST, _END = -(2**63), 2**63


class IdHashes:
    """Hashes of ids, 8 bytes each; ids with different ones differ, those with equal ones may."""

    def __init__(self) -> None:
        """None yet."""
        self._sorted: list[array[int]] = []
        self._last = array("q")

    def add(self, hashes: Iterable[int]) -> None:
        """Some more, of 64 bits each."""
        self._last.extend(hashes)
        if len(self._last) >= _AT_A_TIME:
            self._sort()

    def repeated(self) -> set[int]:
        """Those that have come more than once."""
        self._sort()
        ranges = 1 + sum(map(len, self._sorted)) // _AT_A_TIME
        bounds = [_LEAST + number * (_END - _LEAST) // ranges for number in range(ranges + 1)]
        found: set[int] = set()
        for begin, end in pairwise(bounds):
            # A few from everywhere: as numbers of Python all of them would take five times the memory.
            parts = (each[bisect_left(each, begin) : bisect_left(each, end)] for each in self._sorted)
            in_order = sorted(chain.from_iterable(parts))
            found.update(compress(in_order, map(eq, in_order, islice(in_order, 1, None))))
        return found

    def _sort(self) -> None:
        self._sorted.append(array("q", sorted(self._last)))
        self._last = array("q")
