"""A whole log through the interpreter, one member after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from pointbook.interpret.fast_rules import Row
from pointbook.interpret.interpreter import Interpreter
from pointbook.model.ledger import Entry, LevelChange, Standing
from pointbook.model.log import Event, Member

_member_id = attrgetter("member_id")


class MemberResult(NamedTuple):
    """What one member's events came to.

    Attributes:
        member: Who.
        opening: Changes of level that the sign-up itself brings.
        entries: The ledger, in order, each with the changes of level since the one before.
        closing: Changes of level after the last event, up to the as-of date.
        standing: On the as-of date; None for a member who signs up later.
        after_as_of: How many events lie after the as-of date.
    """

    member: Member
    opening: tuple[LevelChange, ...]
    entries: list[Entry]
    closing: tuple[LevelChange, ...]
    standing: Standing | None
    after_as_of: int

    @property
    def history(self) -> list[LevelChange]:
        """Every change of level, in order."""
        between = (change for entry in self.entries if entry.changes for change in entry.changes)
        return [*self.opening, *between, *self.closing]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A log under the rules, computed as it is iterated: one result per member, by member id.

    Attributes:
        interpreter: The rules, ready.
        members: Members by id.
        events: Sorted, each of one of the members.
        as_of: The last local date that counts.
    """

    interpreter: Interpreter
    members: Mapping[str, Member]
    events: Sequence[Event]
    as_of: date

    def __iter__(self) -> Iterator[MemberResult]:
        """Each member's result."""
        events, begins = self.events, 0
        for member_id in sorted(self.members):
            ends = bisect_right(events, member_id, begins, key=_member_id)
            yield self.member_result(self.members[member_id], events[begins:ends])
            begins = ends

    def member_result(self, member: Member, events: Sequence[Event]) -> MemberResult:
        """What the events of one member, in order, come to."""
        own = MemberFold(self.interpreter, self.as_of, member)
        entries = own.folded(events)
        closing, standing = own.closed()
        return MemberResult(own.member, own.opening, entries, closing, standing, own.after_as_of)


class MemberFold:
    """One member's events, which can be taken in portions.

    Attributes:
        member: Who.
        opening: Changes of level that the sign-up itself brings.
        after_as_of: How many of the events taken so far lie after the as-of date.
    """

    def __init__(self, interpreter: Interpreter, as_of: date, member: Member) -> None:
        """Nothing is taken yet."""
        self.after_as_of = 0
        self._interpreter, self._as_of = interpreter, as_of
        self._state, opening = interpreter.opened(member)
        self.member = self._state.member  # with defaults
        self._is_later = member.signed_up_on > as_of
        self.opening = () if self._is_later else opening

    def folded(self, events: Sequence[Event]) -> list[Entry]:
        """What the member's next events, in order, come to; those after the as-of date are counted only.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        self._state, entries = self._interpreter.folded(self._state, self._counted(events))
        return entries

    def rows(self, events: Sequence[Event]) -> list[Row]:
        """The same where only columns are wanted: each entry's fields as a plain tuple, which is made sooner.

        Raises:
            OutOfOrderError: An event comes before one that has already been taken.
        """
        self._state, rows = self._interpreter.rows(self._state, self._counted(events))
        return rows

    def _counted(self, events: Sequence[Event]) -> Sequence[Event]:
        """Those up to the as-of date; where clocks go back over midnight, a later day can come first."""
        as_of, before = self._as_of, len(events)
        while before and events[before - 1].local.date() >= as_of:
            before -= 1
        if before == len(events):
            return events
        due = [*events[:before], *(event for event in events[before:] if event.local.date() == as_of)]
        self.after_as_of += len(events) - len(due)
        return due

    def closed(self) -> tuple[tuple[LevelChange, ...], Standing | None]:
        """Changes of level after the last event, and the standing on the as-of date.

        None of them for a member who signs up later.
        """
        if self._is_later:
            return (), None
        state, closing = self._interpreter.advanced(self._state, self._as_of)
        return closing, self._interpreter.standing(state, self._as_of)
