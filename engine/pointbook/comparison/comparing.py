"""A log under two versions, and everything that is different: the finished `Comparison`."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pointbook.comparison.attribution import WORDS, Attributor, no_attribution
from pointbook.comparison.counts import Counts
from pointbook.comparison.differences import changes_between
from pointbook.comparison.guardrails import Evidence, guardrail_results
from pointbook.comparison.headlines import headlines_of
from pointbook.comparison.outcome import Effects, level_ranks, member_outcome, tally_of
from pointbook.comparison.result import BANDS, Comparison, Flow, MemberDifference, Promotion, Quality
from pointbook.comparison.traces import traces_of
from pointbook.model.ledger import Assume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.comparison.change import Change
    from pointbook.comparison.guardrails import Guardrail
    from pointbook.comparison.outcome import Tally
    from pointbook.comparison.question import Question, Run
    from pointbook.comparison.result import Attribution
    from pointbook.interpret.evaluation import MemberResult
    from pointbook.log import Log
    from pointbook.model.log import Event, Member
    from pointbook.model.rules import Version

_PSEUDONYM_DIGITS = 12


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
    changes = changes_between(question.old, question.new)
    work = _Work(question, log, options, changes)
    for member, events in work.members():
        options.progress(member.id)
        work.add(member, events)
    return work.comparison()


class _Work:
    """One comparison under way."""

    def __init__(self, question: Question, log: Log, options: Options, changes: tuple[Change, ...]) -> None:
        self.question, self.log, self.options, self.changes = question, log, options, changes
        self.balance = question.program.level_balance
        self.old_run, self.new_run = self._runs(options.assume)
        self.bounds = [self._runs(policy) for policy in (Assume.LOW, Assume.HIGH)]
        self.old_versions, self.new_versions = _versions(self.old_run), _versions(self.new_run)
        self.ranks = level_ranks(self.old_versions, self.new_versions)
        self.attributor = Attributor(question, changes, self.balance, self.ranks, options.assume, log.members)
        self.old_counts, self.new_counts = Counts(), Counts()
        self.found: list[tuple[str, MemberDifference]] = []
        self.low: list[MemberDifference] = []
        self.high: list[MemberDifference] = []
        self.after_as_of = self.events = 0
        self.first: date | None = None
        self.last: date | None = None

    def _runs(self, assume: Assume) -> tuple[Run, Run]:
        members = self.log.members
        old = self.question.run(None, assume, members)
        if self.question.since is None and all(change.code.startswith(WORDS) for change in self.changes):
            return old, old
        return old, self.question.run(self.question.new, assume, members)

    def members(self) -> Iterator[tuple[Member, Sequence[Event]]]:
        """Each member with their events, by member id."""
        events = self.log.events
        position, count = 0, len(events)
        for member_id, member in sorted(self.log.members.items()):
            first = position
            while position < count and events[position].member_id == member_id:
                position += 1
            yield member, events[first:position]

    def add(self, member: Member, events: Sequence[Event]) -> None:
        """Compare one member."""
        old = self.old_run.result(member, events)
        new = old if self.new_run is self.old_run else self.new_run.result(member, events)
        before = self.old_counts.add(old, self.balance)
        after = self.new_counts.add(new, self.balance)
        self.after_as_of += old.after_as_of
        self.events += len(old.entries)
        if old.entries:
            days = (old.entries[0].occurred_at.date(), old.entries[-1].occurred_at.date())
            self.first = min(self.first or days[0], days[0])
            self.last = max(self.last or days[1], days[1])
        if old.standing is None or new.standing is None:
            return
        found = self._difference(member, old, new, before, after)
        if self.options.attribution:
            due = events[: len(old.entries)]
            self.attributor.add(member, due, found.old.effects, found.new.effects)
            found = replace(found, causes=self.attributor.causes.get(member.id, ()))
        self.found.append((member.id, found))
        low = high = found
        if found.old.open_values or found.new.open_values:
            low, high = (
                self._difference(member, one.result(member, events), other.result(member, events))
                for one, other in self.bounds
            )
        self.low.append(low)
        self.high.append(high)

    def _difference(
        self, member: Member, old: MemberResult, new: MemberResult, *tallies: Tally
    ) -> MemberDifference:
        one, other = tallies or (tally_of(old, self.balance), tally_of(new, self.balance))
        before = member_outcome(old, one, self.ranks, self.old_versions)
        after = member_outcome(new, other, self.ranks, self.new_versions)
        move = self.ranks[after.level] - self.ranks[before.level]
        return MemberDifference(
            name=self._name(member.id),
            events=len(old.entries),
            old=before,
            new=after,
            band=band_of(before.effects.points, after.effects.points),
            level_move=(move > 0) - (move < 0),
        )

    def _name(self, member_id: str) -> str:
        if self.options.show_ids:
            return member_id
        digest = hashlib.sha256(f"{self.question.program.id}\n{member_id}".encode("utf-8", "surrogatepass"))
        return f"m-{digest.hexdigest()[:_PSEUDONYM_DIGITS]}"

    def comparison(self) -> Comparison:
        """The finished result."""
        question, options = self.question, self.options
        members = tuple(sorted((found for _, found in self.found), key=lambda member: member.name))
        attribution = self._attribution(members)
        effective = question.since or question.new.effective_from
        evidence = Evidence(question.new, effective, members, self.changes, attribution)
        balance = question.program.balances[self.balance]
        levels = [level for level in self.ranks if level is not None]
        old_months, new_months = self.old_counts.months, self.new_counts.months
        return Comparison(
            program_id=question.program.id,
            program_title=question.program.title or question.program.id,
            balance_title=balance.title or balance.id,
            old_name=options.old_name,
            new_name=options.new_name,
            old=question.old,
            new=question.new,
            since=question.since,
            as_of=question.as_of,
            first_event=self.first,
            last_event=self.last,
            shows_ids=options.show_ids,
            changes=self.changes,
            headlines=headlines_of(members, self.low, self.high),
            attribution=attribution,
            guardrails=guardrail_results(options.guardrails, evidence),
            levels=tuple((level, self._level_title(level)) for level in levels),
            matrix=_sorted_counts(
                Counter((member.old.level, member.new.level) for member in members), self.ranks
            ),
            bands={band: sum(member.band == band for member in members) for band in BANDS},
            bands_by_level={
                level: {
                    band: sum(member.band == band and member.old.level == level for member in members)
                    for band in BANDS
                }
                for level in [None, *levels]
                if any(member.old.level == level for member in members)
            },
            activities=self._activity_flows(),
            months=tuple(
                Flow(f"{year}-{month:02d}", "", old_months[year, month], new_months[year, month])
                for year, month in sorted({*old_months, *new_months})
            ),
            cuts=tuple(
                Flow(name, self._title(name), self.old_counts.cuts[name], self.new_counts.cuts[name])
                for name in sorted({*self.old_counts.cuts, *self.new_counts.cuts})
            ),
            promotions=tuple(self._promotion(level, members) for level in levels),
            benefits_lost=_benefits(_lost(member.old.benefits, member.new.benefits) for member in members),
            benefits_gained=_benefits(_lost(member.new.benefits, member.old.benefits) for member in members),
            near=tuple(member for member in members if member.old.near or member.new.near),
            members=members,
            traces=traces_of(self.found, self.log, self.old_run, self.new_run, show_ids=options.show_ids),
            quality=Quality(
                events_read=self.log.events_read,
                events=self.events,
                after_as_of=self.after_as_of,
                rejects=dict(
                    sorted(
                        Counter(row.reason for row in (*self.log.rejects, *self.log.member_rejects)).items()
                    )
                ),
                old_outcomes=self.old_counts.by_outcome(),
                new_outcomes=self.new_counts.by_outcome(),
                open_members=sum(
                    bool(member.old.open_values or member.new.open_values) for member in members
                ),
                assume=options.assume.value,
            ),
            warnings=options.warnings,
        )

    def _attribution(self, members: Sequence[MemberDifference]) -> Attribution:
        if self.options.attribution:
            return self.attributor.attribution()
        total = Effects(
            *(
                sum(member.new.effects[metric] - member.old.effects[metric] for member in members)
                for metric in range(3)
            )
        )
        return no_attribution(self.changes, self.question, self.balance, total)

    def _activity_flows(self) -> tuple[Flow, ...]:
        old, new = self.old_counts.activities, self.new_counts.activities
        flows = [
            Flow(
                f"{name}" if balance == self.balance else f"{name} ({balance})",
                self._title(name),
                old[key],
                new[key],
            )
            for key in {*old, *new}
            for name, balance in [key]
        ]
        return tuple(sorted(flows, key=lambda flow: (-abs(flow.new - flow.old), flow.name)))

    def _title(self, activity: str) -> str:
        for version in (self.question.new, self.question.old, *self.question.program.versions):
            rule = version.activities.get(activity)
            if rule is not None:
                return rule.title or activity
        return activity

    def _level_title(self, level: str) -> str:
        for version in (*reversed(self.new_versions), *reversed(self.old_versions)):
            if level in version.levels:
                return version.levels[level].title or level
        return level

    def _promotion(self, level: str, members: Sequence[MemberDifference]) -> Promotion:
        days = []
        only_old = only_new = 0
        for member in members:
            old, new = dict(member.old.firsts).get(level), dict(member.new.firsts).get(level)
            if old is not None and new is not None:
                days.append((new - old).days)
            else:
                only_old += old is not None
                only_new += new is not None
        return Promotion(
            level=level,
            title=self._level_title(level),
            same_day=days.count(0),
            earlier=sum(number < 0 for number in days),
            days_earlier=-sum(number for number in days if number < 0),
            later=sum(number > 0 for number in days),
            days_later=sum(number for number in days if number > 0),
            only_old=only_old,
            only_new=only_new,
        )


def band_of(old: int, new: int) -> str:
    """The band of a member's points: how far they move, measured against the old ones."""
    if old == new:
        return "unchanged"
    much = abs(new - old) * 20 > abs(old)
    return ("up" if new > old else "down") + ("_much" if much else "")


def _versions(run: Run) -> tuple[Version, ...]:
    timeline = run.evaluation.interpreter.timeline
    books = [book.version for book in timeline.books]
    as_of = timeline.version_on(run.evaluation.as_of)
    if as_of is None:
        return tuple(books)
    return (*(version for version in books if version is not as_of), as_of)


def _lost(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    return tuple(benefit for benefit in before if benefit not in after)


def _benefits(many: Iterable[tuple[str, ...]]) -> dict[str, int]:
    return dict(sorted(Counter(benefit for benefits in many for benefit in benefits).items()))


def _sorted_counts(
    counts: Counter[tuple[str | None, str | None]], ranks: Mapping[str | None, int]
) -> dict[tuple[str | None, str | None], int]:
    return {key: counts[key] for key in sorted(counts, key=lambda key: (ranks[key[0]], ranks[key[1]]))}
