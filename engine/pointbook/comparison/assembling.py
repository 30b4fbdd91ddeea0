"""The finished `Comparison` from what was found of each member."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.headlines import headlines_of
from pointbook.comparison.result import BANDS, Comparison, Flow, Promotion, Quality
from pointbook.guardrails.judging import Evidence, guardrail_results

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from pointbook.changes.change import Change
    from pointbook.comparison.counts import Counts
    from pointbook.comparison.question import Question
    from pointbook.comparison.reject_bounds import RejectBounds
    from pointbook.comparison.result import MemberDifference, TraceRow
    from pointbook.comparison.shares.shares import Attribution
    from pointbook.guardrails.judging import Guardrail
    from pointbook.log import Log
    from pointbook.model.ledger import Assume
    from pointbook.model.rules import Version


@dataclass(slots=True)
class Gathered:
    """What was found of each member; filled while they go by.

    Attributes:
        found: Each member who has signed up, with their id.
        low: The same with every missing assessed value at its lowest.
        high: Likewise at its highest.
        events: Events up to the as-of date.
        after_as_of: Events later than that.
        first: Local date of the first event.
        last: Local date of the last one.
    """

    found: list[tuple[str, MemberDifference]] = field(default_factory=list)
    low: list[MemberDifference] = field(default_factory=list)
    high: list[MemberDifference] = field(default_factory=list)
    events: int = 0
    after_as_of: int = 0
    first: date | None = None
    last: date | None = None

    def span(self, first: date, last: date) -> None:
        """Take in the days of one member's first and last event."""
        self.first = min(self.first or first, first)
        self.last = max(self.last or last, last)


class Labels(NamedTuple):
    """How a comparison is named and judged; see `Options`."""

    old_name: str
    new_name: str
    show_ids: bool
    assume: Assume
    guardrails: tuple[Guardrail, ...]
    warnings: tuple[str, ...]


def comparison_from(  # noqa: PLR0913 - all that a comparison consists of
    question: Question,
    changes: tuple[Change, ...],
    gathered: Gathered,
    labels: Labels,
    *,
    sides: tuple[Sequence[Version], Sequence[Version]],
    counts: tuple[Counts, Counts],
    ranks: Mapping[str | None, int],
    attribution: Attribution,
    log: Log,
    rejects: RejectBounds,
    traces: Mapping[str, tuple[TraceRow, ...]],
) -> Comparison:
    """The finished result.

    Args:
        question: What was compared.
        changes: From the old to the new version.
        gathered: What was found.
        labels: How it is named and judged.
        sides: Versions of the old and of the new side, the one in force on the as-of date last.
        counts: What the old and the new side come to.
        ranks: Of levels of either side.
        attribution: The difference, split.
        log: What was read.
        rejects: How far rejected rows could move the headlines.
        traces: Event by event, by name.
    """
    members = tuple(sorted((found for _, found in gathered.found), key=lambda member: member.name))
    effective = question.since or question.new.effective_from
    evidence = Evidence(question.new, effective, members, changes, attribution)
    balance = question.program.balances[question.program.level_balance]
    levels = {level: _level_title(level, sides) for level in ranks if level is not None}
    old, new = counts
    return Comparison(
        program_id=question.program.id,
        program_title=question.program.title or question.program.id,
        balance_title=balance.title or balance.id,
        old_name=labels.old_name,
        new_name=labels.new_name,
        old=question.old,
        new=question.new,
        since=question.since,
        as_of=question.as_of,
        first_event=gathered.first,
        last_event=gathered.last,
        shows_ids=labels.show_ids,
        changes=changes,
        headlines=rejects.bounded(headlines_of(members, gathered.low, gathered.high)),
        attribution=attribution,
        guardrails=guardrail_results(labels.guardrails, evidence),
        levels=tuple(levels.items()),
        matrix=_sorted_counts(Counter((member.old.level, member.new.level) for member in members), ranks),
        bands=_bands(members),
        bands_by_level=_bands_by_level(members, levels),
        activities=_activity_flows(question, old, new),
        months=tuple(
            Flow(f"{year}-{month:02d}", "", old.months[year, month], new.months[year, month])
            for year, month in sorted({*old.months, *new.months})
        ),
        cuts=tuple(
            Flow(name, _title(question, name), old.cuts[name], new.cuts[name])
            for name in sorted({*old.cuts, *new.cuts})
        ),
        promotions=tuple(_promotion(level, title, members) for level, title in levels.items()),
        benefits_lost=_benefits(member.benefits_lost for member in members),
        benefits_gained=_benefits(member.benefits_gained for member in members),
        near=tuple(member for member in members if member.old.near or member.new.near),
        members=members,
        traces=traces,
        quality=Quality(
            events_read=log.events_read,
            events=gathered.events,
            after_as_of=gathered.after_as_of,
            rejects=dict(sorted(Counter(row.reason for row in (*log.rejects, *log.member_rejects)).items())),
            old_outcomes=old.by_outcome(),
            new_outcomes=new.by_outcome(),
            stray_members=len(rejects.rows.of_members),
            stray_rows=rejects.rows.nameless,
            stray_sign_ups=rejects.rows.sign_ups,
            repeated=rejects.rows.repeated,
            unlimited=rejects.unlimited,
            open_members=sum(bool(member.old.open_values or member.new.open_values) for member in members),
            assume=labels.assume.value,
        ),
        warnings=labels.warnings,
    )


def _bands(members: Iterable[MemberDifference]) -> dict[str, int]:
    counts = Counter(member.band for member in members)
    return {band: counts[band] for band in BANDS}


def _bands_by_level(
    members: Sequence[MemberDifference], levels: Iterable[str]
) -> dict[str | None, dict[str, int]]:
    counts = Counter((member.old.level, member.band) for member in members)
    held = {level for level, _ in counts}
    return {
        level: {band: counts[level, band] for band in BANDS} for level in (None, *levels) if level in held
    }


def _activity_flows(question: Question, old: Counts, new: Counts) -> tuple[Flow, ...]:
    own = question.program.level_balance
    flows = [
        Flow(
            name if balance == own else f"{name} ({balance})",
            _title(question, name),
            old.activities[name, balance],
            new.activities[name, balance],
            "" if balance == own else balance,
        )
        for name, balance in {*old.activities, *new.activities}
    ]
    return tuple(sorted(flows, key=lambda flow: (-abs(flow.new - flow.old), flow.name)))


def _title(question: Question, activity: str) -> str:
    for version in (question.new, question.old, *question.program.versions):
        rule = version.activities.get(activity)
        if rule is not None:
            return rule.title or activity
    return activity


def _level_title(level: str, sides: tuple[Sequence[Version], Sequence[Version]]) -> str:
    old, new = sides
    for version in (*reversed(new), *reversed(old)):
        if level in version.levels:
            return version.levels[level].title or level
    return level


def _promotion(level: str, title: str, members: Sequence[MemberDifference]) -> Promotion:
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
        title=title,
        same_day=days.count(0),
        earlier=sum(number < 0 for number in days),
        days_earlier=-sum(number for number in days if number < 0),
        later=sum(number > 0 for number in days),
        days_later=sum(number for number in days if number > 0),
        only_old=only_old,
        only_new=only_new,
    )


def _benefits(many: Iterable[tuple[str, ...]]) -> dict[str, int]:
    return dict(sorted(Counter(benefit for benefits in many for benefit in benefits).items()))


def _sorted_counts(
    counts: Counter[tuple[str | None, str | None]], ranks: Mapping[str | None, int]
) -> dict[tuple[str | None, str | None], int]:
    return {key: counts[key] for key in sorted(counts, key=lambda key: (ranks[key[0]], ranks[key[1]]))}
