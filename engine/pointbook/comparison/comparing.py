"""A log under two versions, and everything that is different: the finished `Comparison`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pointbook.changes.differences import changes_between
from pointbook.changes.reach import activities_of, beyond_events, moves_anniversaries, on_leap_day
from pointbook.comparison.assembling import Gathered, Labels, comparison_from
from pointbook.comparison.assumption import outcomes_assuming
from pointbook.comparison.counts import Counts
from pointbook.comparison.coupling import parts_of
from pointbook.comparison.outcome import Effects, band_of, course_of, level_ranks, member_outcome, scale_of
from pointbook.comparison.pseudonyms import pseudonym
from pointbook.comparison.reject_bounds import RejectBounds
from pointbook.comparison.replay import awards_of, replayed, sums_of, track_of
from pointbook.comparison.result import MemberDifference
from pointbook.comparison.shares.attribution import Attributor, no_attribution
from pointbook.comparison.shares.game import Sides
from pointbook.comparison.side import Side
from pointbook.comparison.traces import traces_of
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.changes.change import Change
    from pointbook.comparison.outcome import MemberOutcome, Tally
    from pointbook.comparison.question import Question
    from pointbook.comparison.replay import Track
    from pointbook.comparison.result import Comparison
    from pointbook.comparison.shares.causes import Cause
    from pointbook.comparison.shares.shares import Attribution
    from pointbook.guardrails.judging import Guardrail
    from pointbook.log import Log
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a comparison is made.

    Attributes:
        old_name: What OLD was called by the user.
        new_name: What NEW was called.
        assume: What a missing assessed value is taken to be.
        attribution: Whether to split the difference among the changes.
        show_ids: Whether members are named by their ids.
        guardrails: Limits to check.
        warnings: What the reader must know before believing the figures.
        progress: Called with each member id, for a progress bar.
    """

    old_name: str = "old"
    new_name: str = "new"
    assume: Assume = Assume.NONE
    attribution: bool = True
    show_ids: bool = False
    guardrails: Sequence[Guardrail] = ()
    warnings: tuple[str, ...] = ()
    progress: Callable[[str], None] = field(default=lambda _: None)


def compare(question: Question, log: Log, options: Options) -> Comparison:
    """The log under both, and what is different.

    Args:
        question: The versions, and for when.
        log: Members and events.
        options: How.

    Raises:
        AssertionError: Figures that must agree do not; nothing is reported then.
    """
    changes = changes_between(question.old, question.new, question.program.level_balance)
    work = _Work(question, log, options, changes)
    for member, events in _members(log):
        options.progress(member.id)
        work.add(member, events)
    return work.comparison()


def _members(log: Log) -> Iterator[tuple[Member, Sequence[Event]]]:
    """Each member with their events, by member id."""
    events = log.events
    position, count = 0, len(events)
    for member_id, member in sorted(log.members.items()):
        first = position
        while position < count and events[position].member_id == member_id:
            position += 1
        yield member, events[first:position]


def _due(events: Sequence[Event], entries: Sequence[Entry]) -> Sequence[Event]:
    """The events that the entries are about: those up to the as-of date."""
    if len(entries) == len(events):
        return events
    ids = {entry.event_id for entry in entries}
    return [event for event in events if event.event_id in ids]


class _Work:
    """One comparison under way."""

    def __init__(self, question: Question, log: Log, options: Options, changes: tuple[Change, ...]) -> None:
        self.question, self.log, self.options, self.changes = question, log, options, changes
        self.balance = question.program.level_balance
        self.old = Side(question, log, None, options.assume)
        self.new = Side(question, log, question.new, options.assume)
        self.ranks = level_ranks(self.old.versions, self.new.versions)
        for side in (self.old, self.new):
            side.scale = scale_of(side.versions, self.ranks)
        versions = (*self.old.versions, *self.new.versions)
        self.parts = parts_of(versions, question.program.balances)
        self.touched = self.parts.together(
            name for change in changes for name in activities_of(change, question.old, question.new)
        )
        self.anniversaries_move = any(moves_anniversaries(change) for change in changes)
        self.attributor = Attributor(
            question,
            changes,
            log,
            assume=options.assume,
            versions=versions,
            parts=self.parts,
            ranks=self.ranks,
        )
        self.rejects = RejectBounds(
            log,
            question,
            (self.old.versions, self.new.versions),
            self.parts,
            frozenset(self.parts.number) if self.anniversaries_move else self.touched,
            levels_change=any(beyond_events(change) for change in changes),
        )
        self.same = Counts()
        self.gathered = Gathered()

    def add(self, member: Member, events: Sequence[Event]) -> None:
        """Compare one member."""
        old = self.old.run.result(member, events)
        gathered = self.gathered
        gathered.after_as_of += old.after_as_of
        gathered.events += len(old.entries)
        if old.entries:
            gathered.span(old.entries[0].occurred_at.date(), old.entries[-1].occurred_at.date())
        due = _due(events, old.entries)
        track = track_of(member, due)
        whole = not track.steady or (self.anniversaries_move and on_leap_day(member))
        new, tallies = self._new_entries(member, due, old.entries, whole=whole)
        if old.standing is None:
            return
        awards = awards_of(old.entries, self.balance), awards_of(new, self.balance)
        if whole:
            course = course_of(self.new.run.result(member, events))
        else:
            course = replayed(self.new.run.evaluation, track, sums_of(awards[1]))
        one = member_outcome(course_of(old), tallies[0], self.old.scale)
        other = member_outcome(course, tallies[1], self.new.scale)
        causes: tuple[Cause, ...] = ()
        if self.options.attribution:
            periods = self._periods(old.entries, new)
            causes = self.attributor.add(Sides(track, due, periods, *awards, one.effects, other.effects))
        found = self._difference(track, one, other, causes)
        self.rejects.add(member, found, old.entries, new)
        gathered.found.append((member.id, found))
        lows_and_highs = [found, found]
        if one.open_values or other.open_values:
            bounds = zip(
                self._bounds(self.old, track, due, old.entries, tallies[0], one),
                self._bounds(self.new, track, due, new, tallies[1], other),
                strict=True,
            )
            lows_and_highs = [self._difference(track, *pair, causes) for pair in bounds]
        gathered.low.append(lows_and_highs[0])
        gathered.high.append(lows_and_highs[1])

    def _new_entries(
        self, member: Member, events: Sequence[Event], old: Sequence[Entry], *, whole: bool
    ) -> tuple[Sequence[Entry], tuple[Tally, Tally]]:
        """What the events come to under the new rules, and what they come to in all under either.

        Only those of parts that a change touches are evaluated. The others are the old entries, which
        in a part of their own are worth the same; what they say of levels is not looked at.
        """
        if whole:
            places = list(range(len(events)))
        else:
            places = [place for place, event in enumerate(events) if event.activity in self.touched]
        if not places:
            tally = self.same.add(old, self.balance)
            return old, (tally, tally)
        changed = self.new.run.entries(member, [events[place] for place in places])
        before = self.old.counts.add([old[place] for place in places], self.balance)
        after = self.new.counts.add(changed, self.balance)
        if len(places) == len(events):
            return changed, (before, after)
        new = list(old)
        for place, entry in zip(places, changed, strict=True):
            new[place] = entry
        touched = set(places)
        rest = self.same.add((entry for place, entry in enumerate(old) if place not in touched), self.balance)
        return new, (before.plus(rest), after.plus(rest))

    def _periods(self, old: Sequence[Entry], new: Sequence[Entry]) -> list[int | None]:
        """The period of the level balance that each entry falls in; None if it feeds another balance."""
        return [
            one.period
            if one.balance == self.balance
            else other.period
            if other.balance == self.balance
            else None
            for one, other in zip(old, new, strict=True)
        ]

    def _bounds(  # noqa: PLR0913, PLR0917 - what it depends on
        self,
        side: Side,
        track: Track,
        events: Sequence[Event],
        entries: Sequence[Entry],
        tally: Tally,
        outcome: MemberOutcome,
    ) -> list[MemberOutcome]:
        """One side with every missing assessed value at its lowest, and at its highest."""
        if not outcome.open_values:
            return [outcome, outcome]
        runs = [run for run in side.bounds if run is not side.run]
        found = iter(
            outcomes_assuming(
                runs,
                track,
                events,
                entries,
                tally=tally,
                parts=self.parts,
                balance=self.balance,
                scale=side.scale,
            )
        )
        return [outcome if run is side.run else next(found) for run in side.bounds]

    def _difference(
        self, track: Track, old: MemberOutcome, new: MemberOutcome, causes: tuple[Cause, ...]
    ) -> MemberDifference:
        move = self.ranks[new.level] - self.ranks[old.level]
        member_id = track.member.id
        return MemberDifference(
            name=member_id if self.options.show_ids else pseudonym(self.question.program.id, member_id),
            events=len(track.days),
            old=old,
            new=new,
            band=band_of(old.effects.points, new.effects.points),
            level_move=(move > 0) - (move < 0),
            causes=causes,
        )

    def comparison(self) -> Comparison:
        """The finished result."""
        question, options, gathered = self.question, self.options, self.gathered
        return comparison_from(
            question,
            self.changes,
            gathered,
            Labels(
                options.old_name,
                options.new_name,
                options.show_ids,
                options.assume,
                tuple(options.guardrails),
                options.warnings,
            ),
            sides=(self.old.versions, self.new.versions),
            counts=(self.old.counts.plus(self.same), self.new.counts.plus(self.same)),
            ranks=self.ranks,
            attribution=self._attribution(),
            log=self.log,
            rejects=self.rejects,
            traces=traces_of(
                gathered.found,
                self.log,
                self.old.run,
                self.new.run,
                question.program,
                show_ids=options.show_ids,
            ),
        )

    def _attribution(self) -> Attribution:
        if self.options.attribution:
            return self.attributor.attribution()
        differences = [
            (new - old for old, new in zip(found.old.effects, found.new.effects, strict=True))
            for _, found in self.gathered.found
        ]
        total = Effects(*(sum(metric) for metric in zip(*differences, strict=True))) if differences else None
        return no_attribution(self.changes, self.question, total or Effects(0, 0, 0))
