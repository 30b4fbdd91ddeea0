"""Events on their way from the files to the fold, sorted: a few of them in memory, the others in a file.

So many at a time are sorted and written, in chunks. Read again, one chunk of each such run is in memory.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pointbook.folding.plain_events import PlainEvents
from pointbook.log.acceptance import events_in_order
from pointbook.log.records import latest_of
from pointbook.log.spilling import SpilledBytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from pointbook.log.spilling import Stretch
    from pointbook.model.log import Event
    from pointbook.model.program import Program

MOST_IN_MEMORY = 1 << 15
EVENTS_OF_A_CHUNK = 1 << 10
_event_id = 2  # its place in an event; by its name it takes twice as long


class _Run(NamedTuple):
    """Events that were sorted and written together.

    Attributes:
        chunks: Where they are, in order.
        latest: The two latest of them.
        left_out: Hashes of the ids of those that do not count any more.
    """

    chunks: Sequence[Stretch]
    latest: Sequence[Event]
    left_out: AbstractSet[int] = frozenset()


class SortedEvents:
    """Events that come in any order; see `pointbook.log.settled_rows.Accepted`."""

    def __init__(self, program: Program, folder: Path | None) -> None:
        """None yet; they are written to a folder, None for the system's."""
        self._plain, self._bytes = PlainEvents(program), SpilledBytes(folder)
        self._few: list[Event] = []
        self._runs: list[_Run] = []

    def add(self, values: Iterable[Event]) -> None:
        """Some more."""
        self._few.extend(values)
        if len(self._few) >= MOST_IN_MEMORY:
            events = events_in_order(self._few)
            chunks = (events[at : at + EVENTS_OF_A_CHUNK] for at in range(0, len(events), EVENTS_OF_A_CHUNK))
            stretches = [self._bytes.keep(self._plain.bytes_of(chunk)) for chunk in chunks]
            self._runs.append(_Run(stretches, latest_of(events)))
            self._few = []

    def leave_out(self, hashes: AbstractSet[int]) -> None:
        """Those that are there already and whose ids have such hashes."""
        self._few = _without(hashes, self._few)
        self._runs = [run._replace(left_out=hashes) for run in self._runs]

    def latest(self) -> list[Event]:
        """The two latest; see `latest_of`."""
        found = latest_of(events_in_order(self._few))
        for run in self._runs:
            latest: Sequence[Event] = _without(run.left_out, run.latest)
            if len(latest) < len(run.latest):
                latest = latest_of(chain.from_iterable(self._read(run)))
            found = latest_of(sorted([*found, *latest]))
        return found

    def in_order(self) -> Iterator[Sequence[Event]]:
        """All of them, as tuples compare, some at a time; no more are added."""
        few = iter([events_in_order(self._few)])
        return _merged([*map(self._read, self._runs), few])

    def _read(self, run: _Run) -> Iterator[Sequence[Event]]:
        for chunk in run.chunks:
            yield _without(run.left_out, self._plain.from_bytes(self._bytes.read(chunk)))


def _without(hashes: AbstractSet[int], events: Sequence[Event]) -> list[Event]:
    return [event for event in events if hash(event[_event_id]) not in hashes] if hashes else list(events)


class _Source:
    """Sorted events that come in chunks, of which one is in memory."""

    def __init__(self, chunks: Iterator[Sequence[Event]]) -> None:
        self._chunks = filter(None, chunks)
        self._chunk = next(self._chunks, ())
        self._begin = 0

    @property
    def last(self) -> Event | None:
        """The last of the chunk, None where there is no more."""
        return self._chunk[-1] if self._chunk else None

    def up_to(self, last: Event) -> Sequence[Event]:
        """Those of the chunk that have not been taken, up to one."""
        end = bisect_right(self._chunk, last, self._begin)
        taken, self._begin = self._chunk[self._begin : end], end
        if end == len(self._chunk):
            self._chunk, self._begin = next(self._chunks, ()), 0
        return taken


def _merged(of_runs: Iterable[Iterator[Sequence[Event]]]) -> Iterator[Sequence[Event]]:
    """What sorted sources come to together: each time all that is surely before what follows."""
    sources = list(map(_Source, of_runs))
    while ends := [source.last for source in sources if source.last is not None]:
        first = min(ends)
        parts = [part for source in sources if (part := source.up_to(first))]
        yield parts[0] if len(parts) == 1 else events_in_order(chain.from_iterable(parts))
