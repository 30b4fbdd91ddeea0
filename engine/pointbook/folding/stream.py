"""Pieces of a log through the interpreter, one after the other."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import chain, repeat
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.interpret import Interpreter, MemberFold
from pointbook.model.ledger import Entry
from pointbook.model.tables import reference_field
from pointbook.model.tally import Tally
from pointbook.reasoning.near_texts import NearTexts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pointbook.folding.pieces import Piece
    from pointbook.interpret.fast_rules import Row
    from pointbook.model.ledger import Assume, LevelChange, Standing
    from pointbook.model.log import Event
    from pointbook.model.program import Program

_member_id = attrgetter("member_id")
_changes = itemgetter(Entry._fields.index("changes"))


@dataclass(frozen=True, slots=True)
class Folding:
    """What a log is to be folded by; it can be sent to another process.

    Attributes:
        program: The rules.
        as_of: The last local date that counts.
        version: Id of a version treated as if it had always been in force, None for each event's own.
        assume: What a missing assessed value is taken to be.
    """

    program: Program
    as_of: date
    version: str | None
    assume: Assume


class Results(NamedTuple):
    """What a piece comes to; each result in the order of the output files.

    Attributes:
        entries: The ledger: each field of `Entry` with its values, and what is carried into it.
        standings: Of the members who end in this piece and have signed up by the as-of date.
        changes: The history of levels.
        tally: The same in counts.
    """

    entries: Mapping[str, Sequence[Any]]
    standings: list[Standing]
    changes: list[LevelChange]
    tally: Tally


class StreamFold:
    """Folds a log that comes in pieces: all of them, or those from one that begins with a new member."""

    def __init__(self, folding: Folding) -> None:
        """Prepare the rules once.

        Raises:
            LookupError: The program has no such version.
        """
        self._interpreter = Interpreter(folding.program, folding.version, folding.assume)
        self._as_of = folding.as_of
        self._references = folding.program.exports.references
        self._near_texts = NearTexts(folding.program, folding.version, folding.as_of)
        self._open: MemberFold | None = None

    def results(self, piece: Piece) -> Results:
        """What the next piece comes to."""
        rows: list[Row] = []
        found = Results({}, [], [], Tally())
        members, events, begins = piece.members, piece.events, 0
        own = self._open
        if own is not None:
            begins = self._take(own, piece, 0, rows, found)
            if members or not piece.goes_on:
                _close(own, found)
                own = None
        for number, member in enumerate(members, start=1):
            own = MemberFold(self._interpreter, self._as_of, member)
            found.changes.extend(own.opening)
            begins = self._take(own, piece, begins, rows, found)
            if number < len(members) or not piece.goes_on:
                _close(own, found)
                own = None
        assert begins == len(events), "events of a member who is not in the piece"
        self._open = own
        columns = zip(*rows, strict=True) if rows else repeat(())
        entries = dict(zip(Entry._fields, columns, strict=False))
        found.tally.add_columns(entries)
        found.tally.near_texts = self._near_texts.counted(members, events)
        if self._references:
            entries |= self._carried(entries["event_id"], events)
        return found._replace(entries=entries)

    def _carried(self, ids: Sequence[str], events: Sequence[Event]) -> dict[str, tuple[Any, ...]]:
        """What entries have of the columns of the log that are carried into the ledger."""
        given = {event.event_id: event.attributes for event in events}
        own = [given[event_id] for event_id in ids]
        return {reference_field(name): tuple([one.get(name) for one in own]) for name in self._references}

    def _take(self, own: MemberFold, piece: Piece, begins: int, rows: list[Row], found: Results) -> int:
        """Fold the events of one member, which begin at `begins`; returns where they end."""
        ends = bisect_right(piece.events, own.member.id, begins, key=_member_id)
        before = own.after_as_of
        own_rows = own.rows(piece.events[begins:ends])
        rows.extend(own_rows)
        found.changes.extend(chain.from_iterable(map(_changes, own_rows)))
        found.tally.after_as_of += own.after_as_of - before
        return ends


def _close(own: MemberFold, found: Results) -> None:
    closing, standing = own.closed()
    found.changes.extend(closing)
    if standing is not None:
        found.standings.append(standing)
        found.tally.add((), standing, 0)
