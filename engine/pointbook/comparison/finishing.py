"""Stage 7: the finished result, from what was found of all members."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from pointbook.comparison.headlines import headlines_of
from pointbook.comparison.outcome import Effects
from pointbook.comparison.overall.balances import balances_of
from pointbook.comparison.overall.distribution import distribution_of
from pointbook.comparison.overall.summary import summary_of
from pointbook.comparison.overall.unanswered import assumptions_of, unanswered_of
from pointbook.comparison.partial import merged
from pointbook.comparison.rejects.bounds import bounded
from pointbook.comparison.result import BANDS, ComparisonResult, ranked
from pointbook.comparison.shares.attribution import attribution_of
from pointbook.comparison.shares.result import leading_of
from pointbook.comparison.summaries import Flow, Promotion, Quality
from pointbook.comparison.traces import first_traces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.comparison.counts import LogCounts, SideCounts
    from pointbook.comparison.partial import PartialComparison
    from pointbook.comparison.result import MemberDifference
    from pointbook.comparison.terms import Terms


def finished(terms: Terms, found: PartialComparison) -> ComparisonResult:
    """The finished result.

    Args:
        terms: What the comparison is made of.
        found: What was found of all members.

    Raises:
        AssertionError: Figures that must agree do not.
    """
    sides, options, question = terms.sides, terms.options, terms.sides.question
    members = tuple(sorted(found.members, key=lambda member: member.name))
    # Where versions call the same thing differently, the last of these says what it is called.
    known = (*question.program.versions[::-1], *sides.versions, question.old, question.new)
    titles = {key: rule.title or key for version in known for key, rule in version.activities.items()}
    order = list(sides.ranks)
    levels = {level: sides.titles[level] for level in order if level is not None}
    matrix = Counter((member.old.level, member.new.level) for member in members)
    old, new = _sides(found.counts)
    pairs = [(member.old.effects, member.new.effects) for member in members]
    total = Effects(*(sum(new[figure] - old[figure] for old, new in pairs) for figure in range(3)))
    attribution = attribution_of(terms.games, found.shares, total, split=options.attribution)
    moves = Counter(member.level_move for member in members)
    leading = leading_of(attribution, moves[1], moves[-1])
    names = list(question.program.balances)
    unseen = tuple(terms.words.balances[names.index(name)] for name in question.unseen)
    headlines = bounded(
        headlines_of(members, found.low, found.high, terms.words, unseen), terms.rejects, found.rejects
    )
    quality = _quality(terms, found, members)
    return ComparisonResult(
        program_id=question.program.id,
        program_title=question.program.title or question.program.id,
        balance_title=question.balance.title or question.balance.id,
        old_name=options.old_name,
        new_name=options.new_name,
        old=question.old,
        new=question.new,
        since=question.since,
        as_of=question.as_of,
        question=question.code,
        asked=question.words,
        replays=question.replays,
        announced=terms.announced,
        first_event=min(found.counts.days, default=None),
        last_event=max(found.counts.days, default=None),
        shows_ids=options.show_ids,
        changes=sides.changes,
        headlines=headlines,
        attribution=attribution,
        levels=tuple(levels.items()),
        matrix=dict(sorted(matrix.items(), key=lambda cell: [order.index(level) for level in cell[0]])),
        level_moves={cell: sides.level_move(*cell) for cell in matrix},
        renamed=sides.renamed,
        bands=_bands(members),
        bands_by_level={
            level: _bands(own)
            for level in (None, *levels)
            if (own := [member for member in members if member.old.level == level])
        },
        activities=_activity_flows(question.balance.id, titles, old, new),
        months=tuple(
            Flow(f"{year}-{month:02d}", "", old.months[year, month], new.months[year, month])
            for year, month in sorted({*old.months, *new.months})
        ),
        cuts=tuple(
            Flow(name, titles[name], old.cuts[name], new.cuts[name])
            for name in sorted({*old.cuts, *new.cuts})
        ),
        promotions=tuple(_promotion(level, title, members) for level, title in levels.items()),
        benefits_lost=_benefits(member.benefits_lost for member in members),
        benefits_gained=_benefits(member.benefits_gained for member in members),
        near=tuple(member for member in members if member.old.near or member.new.near),
        members=members,
        traces=first_traces(members, found.traces),
        quality=quality,
        warnings=options.warnings,
        balances=balances_of(question.latest, members),
        summary=summary_of(
            members,
            sides,
            leading,
            terms.words,
            looked_at=quality.last_counted is not None and quality.counted_in_force,
        ),
        leading=leading,
        unanswered=unanswered_of(terms, found.counts, headlines[0], titles),
        assumptions=(
            *question.assumptions,
            *options.assumptions,
            *assumptions_of(question, max(found.counts.days, default=None)),
        ),
        unseen=unseen,
        distribution=distribution_of(members, list(levels)),
        ranked=tuple(ranked(member for member in members if member.differs)),
    )


def _sides(counts: LogCounts) -> tuple[SideCounts, SideCounts]:
    """What all events come to, under the old rules and under the new."""
    return merged(counts.same, counts.old), merged(counts.same, counts.new)


def _quality(terms: Terms, found: PartialComparison, members: Sequence[MemberDifference]) -> Quality:
    log, rejects, question = terms.log.facts, terms.rejects, terms.sides.question
    repeats = question.repeats
    old, new = _sides(found.counts)
    first = question.since or date.min
    return Quality(
        events_read=log.events_read,
        members_read=log.members_read,
        events=found.counts.events,
        after_as_of=found.counts.after_as_of + (0 if repeats is None else repeats.later),
        rejects=dict(sorted((log.rejects.reasons + log.member_rejects.reasons).items())),
        last_counted=max(found.counts.counted, default=None),
        counted_in_force=any(first <= day < question.until for day in found.counts.counted),
        fed_in_force=tuple(
            name for name in question.program.balances if question.since is None or name in found.counts.fed
        ),
        old_outcomes=old.by_outcome(),
        new_outcomes=new.by_outcome(),
        members_in_rejects=len(rejects.rows.of_members),
        rejected_events_of_nobody=rejects.rows.nameless,
        rejected_members=rejects.rows.sign_ups,
        repeated=rejects.rows.repeated,
        unlimited=rejects.unlimited,
        open_members=sum(bool(member.old.open_values or member.new.open_values) for member in members),
        assume=terms.options.assume,
    )


def _bands(members: Iterable[MemberDifference]) -> dict[str, int]:
    counts = Counter(member.band for member in members)
    return {band: counts[band] for band in BANDS}


def _activity_flows(
    own: str, titles: Mapping[str, str], old: SideCounts, new: SideCounts
) -> tuple[Flow, ...]:
    flows = [
        Flow(
            name if balance == own else f"{name} ({balance})",
            titles[name],
            old.activities[name, balance],
            new.activities[name, balance],
            "" if balance == own else balance,
        )
        for name, balance in {*old.activities, *new.activities}
    ]
    return tuple(sorted(flows, key=lambda flow: (-abs(flow.new - flow.old), flow.name)))


def _promotion(level: str, title: str, members: Sequence[MemberDifference]) -> Promotion:
    firsts = [(dict(member.old.firsts).get(level), dict(member.new.firsts).get(level)) for member in members]
    days = [(new - old).days for old, new in firsts if old and new]
    return Promotion(
        level=level,
        title=title,
        same_day=days.count(0),
        earlier=sum(number < 0 for number in days),
        days_earlier=-sum(number for number in days if number < 0),
        later=sum(number > 0 for number in days),
        days_later=sum(number for number in days if number > 0),
        only_old=sum(new is None for old, new in firsts if old),
        only_new=sum(old is None for old, new in firsts if new),
    )


def _benefits(many: Iterable[tuple[str, ...]]) -> dict[str, int]:
    return dict(sorted(Counter(benefit for benefits in many for benefit in benefits).items()))
