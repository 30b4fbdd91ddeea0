"""Files of a log as pieces of it: all of its members are in memory, but few of its events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pointbook.folding.pieces import pieces_of_stretches
from pointbook.folding.sorted_events import SortedEvents
from pointbook.log.acceptance import event_reading, log_with, no_search_for_cycles, settled_members
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.reading import blocks_of, refuse_second_standard_input
from pointbook.log.settled_rows import settle
from pointbook.log.settling import Settling
from pointbook.log.unknown_members import UnknownMembers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pointbook.folding.pieces import Piece
    from pointbook.log.records import LogFacts
    from pointbook.model.log import Member
    from pointbook.model.program import Program


class LogInPieces(NamedTuple):
    """A log that was read.

    Attributes:
        facts: What is known of it as a whole.
        members: In the order of their ids.
        events: Its events.
    """

    facts: LogFacts
    members: Sequence[Member]
    events: SortedEvents

    def pieces(self, size: int) -> Iterator[Piece]:
        """The log cut into pieces of at most `size` events and members."""
        return pieces_of_stretches(self.members, self.events.in_order(), size)


def log_in_pieces(
    program: Program, *, members: Sequence[Path | str], events: Sequence[Path | str], folder: Path | None
) -> LogInPieces:
    """The log that `pointbook.log.read_log` reads, with the same rejects.

    Raises:
        InputError: A file cannot be read at all.
    """
    refuse_second_standard_input((*members, *events))
    of_members = settled_members(program, blocks_of(members, member_columns(program)), folder)
    known = log_with(program, of_members, ())
    settling = Settling(*event_reading(program, known.members), folder)
    accepted = SortedEvents(program, folder)
    with no_search_for_cycles():
        settle(settling, blocks_of(events, event_columns(program)), accepted, folder)
    rejects = settling.rejects(UnknownMembers(known.members, of_members.rejects).explained)
    facts = replace(
        known.facts,
        events=settling.read - len(rejects),
        rejects=rejects,
        events_read=settling.read,
        latest=tuple((event.event_id, event.local) for event in accepted.latest()),
        blank=known.blank + settling.blank,
        empty=settling.empty | {f"member.{name}" for name in of_members.empty},
    )
    return LogInPieces(facts, list(known.members.values()), accepted)
