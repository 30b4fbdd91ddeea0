"""Rows that could not be used: counted, one of each kind at hand, and all of them to be read one by one."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from pointbook.log.faults import RejectReason
from pointbook.log.spilling import SpilledRows
from pointbook.model.log import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_REASON = Reject._fields.index("reason")


class Rejects:
    """Rejects in their order; where there are many, they lie in a file and not in memory.

    Attributes:
        kinds: How many there are, by reason and column at fault.
        examples: The first one of each reason.
    """

    def __init__(self, rejects: Iterable[Reject] = (), folder: Path | None = None) -> None:
        """Those of an iterable.

        Args:
            rejects: They are read once.
            folder: Where to write them if they are many, None for the system's folder.
        """
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.examples: dict[str, Reject] = {}
        self._rows: SpilledRows | None = SpilledRows(folder)
        for reject in rejects:
            reason = reject.reason
            self.kinds[reason, reject.column] += 1
            if reason not in self.examples:
                self.examples[reason] = reject
            self._rows.add((*reject[:_REASON], str(reason), *reject[_REASON + 1 :]))

    @property
    def reasons(self) -> Counter[str]:
        """How many there are for each reason."""
        found: Counter[str] = Counter()
        for (reason, _), number in self.kinds.items():
            found[reason] += number
        return found

    def __len__(self) -> int:
        """How many there are."""
        return self.kinds.total()

    def __iter__(self) -> Iterator[Reject]:
        """Each of them."""
        assert self._rows is not None, "the rows stay with the process that has read them"
        for row in self._rows:
            yield Reject._make((*row[:_REASON], RejectReason(row[_REASON]), *row[_REASON + 1 :]))

    def __getitem__(self, index: int) -> Reject:
        """One of them, by counting from the beginning."""
        for reject in islice(self, index, None):
            return reject
        raise IndexError(index)

    def __eq__(self, other: object) -> bool:
        """Whether the other has the same rejects in the same order."""
        if not isinstance(other, (Rejects, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(map(Reject.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment] # they can be millions

    def __repr__(self) -> str:
        """As a tuple of them, which tests show."""
        return repr(tuple(self))

    def __getstate__(self) -> dict[str, object]:
        """What another process is sent: counts and examples."""
        return {"kinds": self.kinds, "examples": self.examples, "_rows": None}
