"""Rows of events that the Python reader must judge, as blocks for it, and which they are."""

from __future__ import annotations

import json
from itertools import groupby, islice
from typing import TYPE_CHECKING

from pointbook.log.blocks import in_blocks
from pointbook.log.rows.csv_cells import TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.log.blocks import Block
    from pointbook.log.columns import Columns
    from pointbook.log.records import Row

    DoubtfulRow = tuple[Row, bool]
    """A row, and whether its id may be another row's too."""

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
        for row, is_repeated in rows:
            if self.few is not None:
                self._note(row)
            yield row, is_repeated

    def _note(self, row: Row) -> None:
        assert self.few is not None, "they are few so far"
        _, _, raw, texts, problem = row
        if problem == TOO_LONG:  # it may be the id
            self.few = None
            return
        # A row that cannot be read has its id in its raw text alone.
        event_id = json.loads(raw)["event_id"] if texts is None else texts[0]
        if event_id:
            self.few.add(event_id)
        if len(self.few) > _FEW:
            self.few = None


def doubtful_blocks(rows: Iterator[DoubtfulRow], columns: Columns) -> Iterator[tuple[Block, list[int]]]:
    """The rows in blocks, and the positions of those whose ids may be other rows' too."""
    for _, of_file in groupby(rows, lambda one: one[0][0]):
        while some := list(islice(of_file, _ROWS_OF_A_BLOCK)):
            [block] = in_blocks((row for row, _ in some), columns, _ROWS_OF_A_BLOCK)
            readable = (is_repeated for row, is_repeated in some if row[3] is not None)
            yield block, [position for position, is_repeated in enumerate(readable) if is_repeated]
