"""Rows a block at a time: their texts by column, and each row again where it must be named.

Texts live only until the values of their block are made: a million rows of them would take more
memory than the events. What is kept is the text of the block, of which rows can be made again.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pointbook.log.columns import Columns
    from pointbook.log.records import Row, Texts

    TextColumns = Sequence[Sequence[str]]
    RowsOf = Callable[[bytes, Iterable[int]], Iterable["ReadableRow"]]

_ROWS_OF_A_BLOCK = 1 << 12
_BETWEEN = "\0"
"""Stands between the parts of rows that are kept as one text; no row that can be read contains it."""


class ReadableRow(NamedTuple):
    """A row whose texts can be read; see `RawRow`.

    Attributes:
        own: Its texts as the file has them, where log.yaml makes others of them; else None.
    """

    file: str
    line: int
    raw: str
    texts: Texts
    own: Texts | None = None


class Block(NamedTuple):
    """Rows of one file.

    Attributes:
        file: The name that the rows carry.
        columns: For each of `Columns.known`, the texts of the rows that can be read.
        kept: Of what these rows can be made again; it is all that need be kept of them.
        rows_of: The rows at given positions of the columns, made of `kept`. It has no texts itself.
        unreadable: The rows that cannot be read.
        names: The columns of the file, where log.yaml says that they differ from ours; else None.
        blank: Rows that were passed over, because there is nothing in them.
    """

    file: str
    columns: TextColumns
    kept: bytes
    rows_of: RowsOf
    unreadable: Sequence[Row] = ()
    names: Columns | None = None
    blank: int = 0

    def rows(self, positions: Iterable[int]) -> Iterable[ReadableRow]:
        """The rows at given positions of the columns, made again."""
        return self.rows_of(self.kept, positions)


def blank_rows(file: str, columns: Columns, number: int) -> Iterator[Block]:
    """A block of no rows that says how many were passed over, if any."""
    if number:
        yield Block(file, [()] * len(columns.known), b"", lambda *_: (), blank=number)


def in_blocks(rows: Iterable[Row], columns: Columns, size: int = _ROWS_OF_A_BLOCK) -> Iterator[Block]:
    """Rows that come one by one, in blocks of at most `size`."""
    for file, of_file in groupby(rows, itemgetter(0)):
        while some := list(islice(of_file, size)):
            yield _block(file, some, columns)


def _block(file: str, rows: Sequence[Row], columns: Columns) -> Block:
    readable = [(line, raw, texts) for _, line, raw, texts, _ in rows if texts is not None]
    parts = ((str(line), raw, *texts) for line, raw, texts in readable)
    kept = _BETWEEN.join(chain.from_iterable(parts)).encode(errors="surrogatepass")
    by_column = list(zip(*(texts for _, _, texts in readable), strict=True)) or [()] * len(columns.known)
    unreadable = [row for row in rows if row[3] is None]
    return Block(file, by_column, kept, partial(_rows, file, 2 + len(columns.known)), unreadable)


def _rows(file: str, width: int, kept: bytes, positions: Iterable[int]) -> Iterator[ReadableRow]:
    parts = kept.decode(errors="surrogatepass").split(_BETWEEN)
    for position in positions:
        line, raw, *texts = parts[position * width : (position + 1) * width]
        yield ReadableRow(file, int(line), raw, tuple(texts))
