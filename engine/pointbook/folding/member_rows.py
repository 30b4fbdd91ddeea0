"""The part of the fold in Spark that runs in its Python processes: rows of members in, bytes out.

Executors need nothing for it but this package and pyarrow.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from pointbook.diagnostics import InputError
from pointbook.folding.arrow_pieces import ArrowRows, table_from
from pointbook.folding.pieces import Cut
from pointbook.model.tally import Tally
from pointbook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pointbook.folding.arrow_pieces import ArrowPiece

    Batches = Iterable[pa.RecordBatch]
    Prepare = Callable[[], Callable[[ArrowPiece], "Written"]]

RESULTS = ("ledger", "standings", "history")
COLUMNS = (*RESULTS, "tally")
"""The columns of what comes out, all of bytes."""


class Written(Protocol):
    """What a piece comes to."""

    @property
    def results(self) -> tuple[bytes, ...]:
        """Each of `RESULTS` as bytes."""

    @property
    def tally(self) -> Tally:
        """All of them in counts."""


class MemberRows(NamedTuple):
    """Members and events in one relation: a member's own row has no `at`, and comes before those of events.

    Attributes:
        members: The columns of members.
        events: The columns of events.
    """

    members: tuple[str, ...]
    events: tuple[str, ...]

    def pieces(self, batches: Batches) -> Iterator[ArrowPiece]:
        """A piece for each batch that has rows, once it is known how the next one begins."""
        before: pa.RecordBatch | None = None
        for batch in batches:
            if len(batch) > 0:
                if before is not None:
                    yield self._piece(before, goes_on=batch.column("at").is_valid()[0].as_py())
                before = batch
        if before is not None:
            yield self._piece(before, goes_on=False)

    def _piece(self, batch: pa.RecordBatch, *, goes_on: bool) -> ArrowPiece:
        rows = pa.Table.from_batches([batch])
        is_event = batch.column("at").is_valid()
        members = rows.filter(pc.invert(is_event)).select(self.members)
        events = rows.filter(is_event).select(self.events)
        return Cut(ArrowRows(members), ArrowRows(events), goes_on)


def folded_range(
    rows: MemberRows, prepare: Prepare, version: str, batches: Batches
) -> Iterator[pa.RecordBatch]:
    """What the rows of a range of members come to: for each piece a row with `COLUMNS`.

    Args:
        rows: How they are read.
        prepare: Is called for the function that takes their pieces.
        version: The package's, where the work was asked for.
        batches: The rows.
    """
    try:
        _refuse_another(version)
        fold = prepare()
        for piece in rows.pieces(batches):
            written = fold(piece)
            yield _row(*written.results, pickle.dumps(written.tally))
    except InputError as error:  # which would else be no more than the text of a traceback
        yield _row(*[None] * len(RESULTS), pickle.dumps((error.where, error.message, error.hint)))


def _refuse_another(version: str) -> None:
    if version != __version__:
        message = f"an executor has pointbook {__version__} instead of {version}"
        raise InputError("spark", message, "install the same version everywhere")


def _row(*values: bytes | None) -> pa.RecordBatch:
    return pa.record_batch([pa.array([value], pa.binary()) for value in values], names=COLUMNS)


def tallies_from(written: Iterable[bytes]) -> Iterator[Tally]:
    """The counts that `folded_range` has written.

    Raises:
        InputError: It was refused a piece.
    """
    for one in written:
        found = pickle.loads(one)  # noqa: S301 - what `folded_range` has written
        if not isinstance(found, Tally):
            raise InputError(*found)
        yield found


def unpacked(written: Batches) -> Iterator[pa.RecordBatch]:
    """The rows of tables that are written as bytes."""
    for batch in written:
        for table in batch.column(0):
            yield from table_from(table.as_py()).to_batches()
