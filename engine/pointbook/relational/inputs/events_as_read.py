"""Events that the Python reader reads, put into DuckDB while they are read.

Of events that have gone by, only a hash of the id stays in this process, 8 bytes. Where hashes come
again, the files are read once more, for the rows that have them.
"""

from __future__ import annotations

from array import array
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from pointbook.log.acceptance import event_reading, log_with, no_search_for_cycles
from pointbook.log.settling import Settling
from pointbook.log.unknown_members import UnknownMembers
from pointbook.relational.inputs.events_in_place import latest_events
from pointbook.relational.inputs.log_tables import members_table
from pointbook.relational.inputs.spilled_events import spilled_events
from pointbook.relational.rulebook.columns import input_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pointbook.log import LogFacts
    from pointbook.log.blocks import Block
    from pointbook.log.settled_rows import Settled
    from pointbook.model.log import Member
    from pointbook.model.program import Program
    from pointbook.relational.engines.duckdb_session import DuckDBSession

    Hashes = np.ndarray[tuple[int], np.dtype[np.int64]]


def put_log_as_read(
    session: DuckDBSession,
    program: Program,
    of_members: Settled[Member],
    blocks: Callable[[], Iterable[Block]],
    folder: Path | None,
) -> LogFacts:
    """Put the relations `events` and `members` into a session, with events that are read here.

    Args:
        session: The engine.
        program: Whose log it is.
        of_members: Its members, settled.
        blocks: The rows of events, from the first on each time that it is called.
        folder: Where rows are written for a while, None for the system's folder.

    Raises:
        InputError: A source cannot be read at all.
    """
    columns = input_columns(program)
    known = log_with(program, of_members, ())
    settling = Settling(*event_reading(program, known.members), folder)
    hashes = array("q")
    with (
        spilled_events(columns, folder) as first,
        spilled_events(columns, folder) as settled,
        no_search_for_cycles(),
    ):
        for block in blocks():
            hashes.extend(map(hash, block.columns[0]))
            first.add(filter(None, settling.values_of(block)))
        repeated = _repeated(np.frombuffer(hashes, np.int64))
        if len(repeated):
            for block in blocks():
                if len(positions := np.flatnonzero(_are_among(repeated, block.columns[0]))):
                    settling.withhold_read(block.file, block.rows(positions.tolist()))
            for some in settling.accepted_of_repeated():
                settled.add(some)
        rows = chain(_without(repeated, first.batches()), settled.batches())
        session.put_rows("events", pa.RecordBatchReader.from_batches(first.schema, rows))
    session.put("members", members_table(known, columns))
    rejects = settling.rejects(UnknownMembers(known.members, of_members.rejects).explained)
    return replace(
        known.facts,
        events=settling.read - len(rejects),
        rejects=rejects,
        events_read=settling.read,
        latest=latest_events(session),
        blank=known.blank + settling.blank,
        empty=settling.empty | {f"member.{name}" for name in of_members.empty},
    )


def _repeated(hashes: Hashes) -> Hashes:
    """Those that come more than once, sorted; the array is sorted, too."""
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def _are_among(repeated: Hashes, ids: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    hashes = np.fromiter(map(hash, ids), np.int64, len(ids))
    nearest = repeated[np.searchsorted(repeated, hashes).clip(max=len(repeated) - 1)]
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = nearest == hashes
    return found


def _without(repeated: Hashes, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Events but for those with such an id, which are settled apart."""
    for batch in batches:
        if len(repeated):
            among = _are_among(repeated, batch.column("event_id").to_pylist())
            yield batch.filter(pa.array(~among))
        else:
            yield batch
