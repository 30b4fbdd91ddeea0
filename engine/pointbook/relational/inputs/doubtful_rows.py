"""Rows of events that the Python reader must judge, as blocks for it, and which they are."""

from __future__ import annotations

import json
from itertools import groupby, islice
from typing import TYPE_CHECKING

from pointbook.log.blocks import in_blocks
from pointbook.log.rows.csv_cells import TOO_LONG
from pointbook.log.translation import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.log.blocks import Block
    from pointbook.log.columns import Columns
    from pointbook.log.records import Row

    DoubtfulRow = tuple[Row, bool, Columns]
    """A row, whether its id may be another row's too, and the columns of its file."""

_ROWS_OF_A_BLOCK = 1 << 12
_FEW = 100_000


class FewIds:
    """The ids of rows that go by, as long as they are few.

    Attributes:
        few: The ids, None where they are not few, or where one cannot be told.
    """

    def __init__(self) -> None:
        self.few: set[str] | None = set()

    def noted(self, rows: Iterator[DoubtfulRow]) -> Iterator[DoubtfulRow]:
        """The same rows."""
        for row, is_repeated, columns in rows:
            if self.few is not None:
                self._note(row, columns)
            yield row, is_repeated, columns

    def _note(self, row: Row, columns: Columns) -> None:
        assert self.few is not None, "they are few so far"
        _, _, raw, texts, problem = row
        if problem == TOO_LONG:  # it may be the id
            self.few = None
            return
        # A row that cannot be read has its id in its raw text alone.
        event_id = json.loads(raw)[columns.theirs("event_id")] if texts is None else texts[0]
        if event_id:
            self.few.add(event_id)
        if len(self.few) > _FEW:
            self.few = None


def doubtful_blocks(rows: Iterator[DoubtfulRow]) -> Iterator[tuple[Block, list[int]]]:
    """The rows in blocks, and the positions of those whose ids may be other rows' too."""
    for _, of_file in groupby(rows, lambda one: (one[0][0], id(one[2]))):
        while some := list(islice(of_file, _ROWS_OF_A_BLOCK)):
            columns = some[0][2]
            rows_of_block = in_blocks((row for row, _, _ in some), columns, _ROWS_OF_A_BLOCK)
            [block] = translated(rows_of_block, columns)
            readable = (is_repeated for row, is_repeated, _ in some if row[3] is not None)
            yield block, [position for position, is_repeated in enumerate(readable) if is_repeated]
