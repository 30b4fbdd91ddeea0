"""An explanation as text and Markdown for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from pointbook.model.ledger import LevelCause
from pointbook.model.wording import quantity
from pointbook_cli.reporters.escaping import markdown
from pointbook_cli.reporters.templates import Lines, template
from pointbook_cli.reporters.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import jinja2

    from pointbook.model.ledger import Standing
    from pointbook.views.explanation import (
        ExplainedActivity,
        ExplainedChange,
        ExplainedEvent,
        ExplainedOutcome,
        ExplainedPeriod,
        Explanation,
    )
    from pointbook.views.explanation.names import Names

_MOST_ROWS = 40
"""Activities, over all periods, that are all shown."""
_MOST_OF_LATEST = 30, 10
_MOST_OF_EARLIER = 3, 3
"""Of a period, the activities that came to most, and further ones of whose events some did not count."""
_MOST_DETAILED = 6
"""Periods of which more is shown than their sum, where there are many activities."""
_MOST_LEVELS = 8
_MOST_REJECTS = 5
_MOST_IDS = 1
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown of a period: some activities, and the others in words with their sums."""

    heading: str
    activities: tuple[ExplainedActivity, ...]
    others: str
    others_events: int
    others_awarded: int


def explanation_text(explanation: Explanation, *, width: int, has_sums: bool, is_listed: bool) -> str:
    """The explanation as lines of at most `width` characters.

    Args:
        explanation: What to show.
        width: Of the terminal, in characters.
        has_sums: Whether levels, and sums by period and activity are told.
        is_listed: Whether the events of the timeline are told one by one.
    """
    periods = [*_shown_periods(explanation.names, explanation.periods)]
    return wrapped(
        _rendered(
            template("explanation.txt.j2"), explanation, periods, has_sums=has_sums, is_listed=is_listed
        ),
        width,
    )


def explanation_markdown(explanation: Explanation, *, has_sums: bool, is_listed: bool) -> str:
    """The explanation as a page of Markdown, with every activity of every period."""
    periods = [_shown(explanation.names, period, period.activities) for period in explanation.periods]
    page = template("explanation.md.j2", _as_markdown)
    return _rendered(page, explanation, periods, has_sums=has_sums, is_listed=is_listed)


def _as_markdown(text: str) -> str:
    return markdown(text, _LONGEST)


def _rendered(
    layout: jinja2.Template,
    explanation: Explanation,
    periods: Iterable[_Shown],
    *,
    has_sums: bool,
    is_listed: bool,
) -> str:
    names = explanation.names
    first_level = 0 if is_listed else max(0, len(explanation.levels) - _MOST_LEVELS)
    rejects = explanation.rejects if is_listed else explanation.rejects[:_MOST_REJECTS]
    return layout.render(
        explanation=explanation,
        has_sums=has_sums,
        is_listed=is_listed,
        levels=explanation.levels[first_level:],
        earlier_levels=first_level,
        periods=periods,
        rejects=rejects,
        further_rejects=explanation.further_rejects + len(explanation.rejects) - len(rejects),
        breaks=Lines("<br>"),
        because=partial(_reasons_text, names),
        carried=[*_carried(explanation)],
        entries=_entries_text,
        further=_further_text,
        level_change=partial(_change_text, names),
        standing_text=None
        if explanation.standing is None
        else _standing_text(explanation, explanation.standing),
        sums=_sums_text(explanation),
    )


def _shown_periods(names: Names, periods: tuple[ExplainedPeriod, ...]) -> Iterator[_Shown]:
    """Of few activities all; of many those of each balance's latest period, and some of those before."""
    are_few = sum(len(period.activities) for period in periods) <= _MOST_ROWS
    latest: set[str] = set()
    for number, period in enumerate(periods):
        some = period.activities
        if not are_few and period.balance not in latest:
            some = _most_telling(period, *_MOST_OF_LATEST)
        elif not are_few:
            some = _most_telling(period, *_MOST_OF_EARLIER) if number < _MOST_DETAILED else ()
        yield _shown(names, period, some)
        latest.add(period.balance)


def _most_telling(period: ExplainedPeriod, most: int, unclear: int) -> tuple[ExplainedActivity, ...]:
    """The activities that came to most, and those of whose events most did not count."""
    rest = period.activities[most:]
    others = sorted(filter(_unclear_events, rest), key=_unclear_events, reverse=True)[:unclear]
    return (*period.activities[:most], *(activity for activity in rest if activity in others))


def _unclear_events(activity: ExplainedActivity) -> int:
    return sum(len(outcome.event_ids) for outcome in activity.unclear)


def _shown(names: Names, period: ExplainedPeriod, activities: tuple[ExplainedActivity, ...]) -> _Shown:
    others = [activity for activity in period.activities if activity not in activities]
    unclear = quantity(sum(map(_unclear_events, others)), "event")
    more = "" if unclear.startswith("0 ") else f"; of {unclear} there is more to say"
    return _Shown(
        heading=_heading(names, period),
        activities=activities,
        others=f"{quantity(len(others), 'other activity', 'other activities')}{more}" if others else "",
        others_events=sum(activity.events for activity in others),
        others_awarded=sum(activity.awarded for activity in others),
    )


def _heading(names: Names, period: ExplainedPeriod) -> str:
    """Such as "Period 2 of Stars, 2025-01-10 to 2026-01-09: 925 points"."""
    if period.begins is None or period.period is None:
        return f"Before the sign-up: {quantity(period.events, 'event')}"
    name = names.balances[period.balance]
    total = f"{period.total:,}" if names.are_amounts_named else quantity(period.total, "point")
    began = f", {period.start:,} of them from the start" if period.start else ""
    if period.ends is None:
        return f"{name}, never reset: {total}{began}"
    last = period.ends - timedelta(days=1)
    return f"Period {period.period} of {name}, {period.begins} to {last}: {total}{began}"


def _standing_text(explanation: Explanation, standing: Standing) -> str:
    names, until = explanation.names, "" if standing.period_end is None else f", until {standing.period_end}"
    return (
        f"{names.amount(standing.points, explanation.level_balance)} in period {standing.period}"
        f" (since {standing.period_start}{until}), level {names.level(standing.level)}"
    )


def _carried(explanation: Explanation) -> Iterator[str]:
    """That a level comes from before, and what the end of the period would make of it."""
    standing, end, names = explanation.standing, explanation.at_period_end, explanation.names
    if standing is None:
        return
    if standing.level != standing.earned_level:
        since = explanation.levels[-1].change.date
        held = "carried from the period before" if since <= standing.period_start else f"held since {since}"
        totals = names.amount(standing.points, explanation.level_balance)
        totals = "this period's totals" if standing.further else totals
        earned = names.level(standing.earned_level)
        yield f"{names.level(standing.level)} is {held}; {totals} alone reach {earned}"
    if end is not None and end.level != standing.level:
        yield f"without further points: {names.level(end.level)} from {standing.period_end} on"


def _change_text(names: Names, item: ExplainedChange) -> str:
    """Such as "none → Silver (reached): Silver asks for 500 [e-12]"."""
    change, by = item.change, "" if item.event_id is None else f" [{item.event_id}]"
    if change.cause is LevelCause.KEPT:
        return f"{names.level(change.to_level)} kept: {item.reason}"
    from_level, to_level = names.level(change.from_level), names.level(change.to_level)
    return f"{from_level} → {to_level} ({change.cause}): {item.reason}{by}"


def _entries_text(event: ExplainedEvent) -> str:
    """How many entries an event of several has: "3 entries", "2 of 3 entries"."""
    shown = len(event.entries)
    whole = quantity(shown + event.further_entries, "entry", "entries")
    return f"{shown} of {whole}" if event.further_entries else whole


def _reasons_text(names: Names, outcome: ExplainedOutcome) -> str:
    """Why some events did not count, or not in full, and which."""
    told = "; ".join(step.gist for step in outcome.reasons)
    if outcome.outcome.is_valued and outcome.awarded != outcome.requested:
        cut = abs(outcome.requested - outcome.awarded)
        whole = abs(outcome.requested)
        of = f"{whole:,}" if names.are_amounts_named else quantity(whole, "point")
        told += f"; {cut:,} of {of} cut"
    if outcome.begins_anew is not None:
        told += f"; begins anew on {outcome.begins_anew}"
    ids = outcome.event_ids[:_MOST_IDS]
    more = len(outcome.event_ids) - len(ids)
    return f"{told} [{', '.join(ids)}{f' and {more:,} more' if more else ''}]"


def _further_text(outcomes: Sequence[ExplainedOutcome]) -> str:
    events = quantity(sum(len(outcome.event_ids) for outcome in outcomes), "further event")
    return f"{events} for {quantity(len(outcomes), 'other reason')}"


def _sums_text(explanation: Explanation) -> str:
    """What the events of the timeline come to: "3 events: Stars +120, Coins -5"."""
    sums: dict[str, int] = {}
    for entry in (one.entry for event in explanation.events for one in event.entries):
        sums[entry.balance] = sums.get(entry.balance, 0) + entry.awarded
    told = ", ".join(f"{explanation.names.balances[name]} {points:+,}" for name, points in sums.items())
    return f"{quantity(len(explanation.events), 'event')}: {told}"
