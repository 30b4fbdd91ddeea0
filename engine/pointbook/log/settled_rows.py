"""All rows of a kind, settled: values, and rejects."""

from __future__ import annotations

from array import array
from itertools import compress, count
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from pointbook.log.repeated_ids import IdHashes
from pointbook.log.settling import Settling
from pointbook.log.spilling import SpilledBytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from pointbook.log.blocks import Block, RowsOf, TextColumns
    from pointbook.log.columns import Columns
    from pointbook.log.rejects import Rejects
    from pointbook.log.settling import Explained, Reading
    from pointbook.log.spilling import Stretch

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Settled(NamedTuple, Generic[T]):
    """Rows that are settled.

    Attributes:
        accepted: What the accepted rows came to.
        rejects: The others, in the order of the files, then by line.
        read: How many rows there were: the accepted ones and the rejects.
        empty: Columns of which no row has a text.
        blank: Rows that were passed over, because there is nothing in them.
    """

    accepted: list[T]
    rejects: Rejects
    read: int
    empty: frozenset[str]
    blank: int


class Accepted(Protocol[T_contra]):
    """Where values go that rows come to."""

    def add(self, values: Iterable[T_contra]) -> None:
        """Some more."""

    def leave_out(self, hashes: AbstractSet[int]) -> None:
        """Those that are there already and whose ids have such hashes; what they come to is added then."""


class _Listed(Generic[T]):
    """All of them, in memory."""

    def __init__(self, id_of: Callable[[T], str]) -> None:
        self.values: list[T] = []
        self._id_of = id_of

    def add(self, values: Iterable[T]) -> None:
        self.values.extend(values)

    def leave_out(self, hashes: AbstractSet[int]) -> None:
        self.values = [value for value in self.values if hash(self._id_of(value)) not in hashes]


class _Kept(NamedTuple):
    """What is kept of a block: of what its rows can be made again, and the hashes of their ids."""

    file: str
    rows_of: RowsOf
    kept: Stretch
    hashes: array[int]


def settled(  # noqa: PLR0913 - what is read, how, and where to
    blocks: Iterable[Block],
    columns: Columns,
    reading_of: Callable[[TextColumns], Reading[T]],
    *,
    id_of: Callable[[T], str],
    folder: Path | None = None,
    explained: Explained = iter,
) -> Settled[T]:
    """Every row either as a value or as a reject (`Settling`).

    Args:
        blocks: In the order of the files.
        columns: The columns of the rows; the first one's text must be unique.
        reading_of: What a block's texts come to.
        id_of: A value's own text of the first column.
        folder: Where to write what is much, None for the system's folder.
        explained: The rejects in their order with what more can be told of them.
    """
    settling, accepted = Settling(columns, reading_of, folder), _Listed(id_of)
    settle(settling, blocks, accepted, folder)
    rejects = settling.rejects(explained)
    return Settled(accepted.values, rejects, settling.read, settling.empty, settling.blank)


def settle(
    settling: Settling[T], blocks: Iterable[Block], accepted: Accepted[T], folder: Path | None
) -> None:
    """All rows, settled.

    Of a row that has gone by, only a hash of its id stays in memory, twice, and of what it can be made
    again in a file. Rows whose hashes come again are made again, and compared by their texts.

    Args:
        settling: To which no row has come.
        blocks: In the order of the files.
        accepted: Takes what the accepted ones come to.
        folder: Where to write what is much, None for the system's folder.
    """
    kept: list[_Kept] = []
    texts, every = SpilledBytes(folder), IdHashes()
    for block in blocks:
        hashes = array("q", map(hash, block.columns[0]))
        every.add(hashes)
        accepted.add(filter(None, settling.values_of(block)))
        kept.append(_Kept(block.file, block.rows_of, texts.keep(block.kept), hashes))
    repeated = every.repeated()
    if not repeated:
        return
    for file, rows_of, stretch, hashes in kept:
        if not repeated.isdisjoint(hashes):
            positions = list(compress(count(), map(repeated.__contains__, hashes)))
            settling.withhold_read(file, rows_of(texts.read(stretch), positions))
    accepted.leave_out(repeated)
    for some in settling.accepted_of_repeated():
        accepted.add(some)
