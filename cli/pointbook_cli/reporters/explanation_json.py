"""An explanation as values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model import tables
from pointbook.views.explanation import ExplainedEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.diagnostics import Span
    from pointbook.model.ledger import Standing
    from pointbook.views.explanation import (
        ExplainedChange,
        ExplainedEntry,
        ExplainedPeriod,
        Explanation,
    )
    from pointbook.views.explanation.explained import ExplainedStep
    from pointbook.views.explanation.names import Names

_OF_EVENT = ("event_id", "member_id", "activity", "occurred_at", "version")
"""Columns of the ledger that are the same for all entries of an event."""


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation as one object; docs/meaning.md, "Result files", lists its keys."""
    end = explanation.at_period_end
    return {
        "program": explanation.program_title,
        "member_id": explanation.member.id,
        "signed_up_on": explanation.member.signed_up_on.isoformat(),
        "as_of": explanation.as_of.isoformat(),
        "version": explanation.version,
        "standing": None if explanation.standing is None else _standing(explanation.standing),
        "at_period_end": None if end is None else {"date": end.as_of.isoformat(), "level": end.level},
        "levels": [_change(change) for change in explanation.levels],
        "periods": [_period(explanation.names, period) for period in explanation.periods],
        "timeline": [
            _event(item) if isinstance(item, ExplainedEvent) else _change(item)
            for item in explanation.timeline
        ],
        "rejects": [
            dict(zip(tables.names_of(tables.REJECTS), tables.reject_row(reject), strict=True))
            for reject in explanation.rejects
        ],
        "further_rejects": explanation.further_rejects,
        "after_as_of": explanation.after_as_of,
        "notes": list(explanation.notes),
        "outlook": list(explanation.outlook),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        **dict(zip(tables.names_of(tables.STANDINGS), tables.standings_row(standing), strict=False)),
        "benefits": list(standing.benefits),
        "balances": dict(standing.balances),
    }


def _period(names: Names, period: ExplainedPeriod) -> dict[str, Any]:
    return {
        "balance": period.balance,
        "title": names.balances[period.balance],
        "period": period.period,
        "period_start": None if period.begins is None else period.begins.isoformat(),
        "period_end": None if period.ends is None else period.ends.isoformat(),
        "start": period.start,
        "total": period.total,
        "events": period.events,
        "activities": [
            {
                "activity": activity.activity,
                "title": names.activities[activity.activity],
                "events": activity.events,
                "requested": activity.requested,
                "awarded": activity.awarded,
                "outcomes": [
                    {
                        "outcome": outcome.outcome.value,
                        "events": len(outcome.event_ids),
                        "event_ids": list(outcome.event_ids),
                        "requested": outcome.requested,
                        "awarded": outcome.awarded,
                        "reasons": [
                            {"text": step.gist, "rule": _place(step.span)} for step in outcome.reasons
                        ],
                        "begins_anew": None
                        if outcome.begins_anew is None
                        else outcome.begins_anew.isoformat(),
                    }
                    for outcome in activity.outcomes
                ],
            }
            for activity in period.activities
        ],
    }


def _event(event: ExplainedEvent) -> dict[str, Any]:
    """An event of one entry with its columns; of several with those of the event, and the others in each."""
    columns = dict(zip(tables.names_of(tables.LEDGER), tables.ledger_row(event.entry), strict=True))
    if event.has_several:
        columns = {name: columns[name] for name in _OF_EVENT}
    return {
        "kind": "event",
        **columns,
        **({"references": dict(event.references)} if event.references else {}),
        "title": event.title,
        "rule": _place(event.rule),
        "reasons": _steps(event.reasons),
        **(
            {"entries": [*map(_entry, event.entries)]}
            if event.has_several
            else {"caps": _caps(event.entries[0])}
        ),
    }


def _entry(one: ExplainedEntry) -> dict[str, Any]:
    columns = dict(zip(tables.names_of(tables.LEDGER), tables.ledger_row(one.entry), strict=True))
    return {
        **{name: value for name, value in columns.items() if name not in _OF_EVENT},
        "rule": _place(one.rule),
        "reasons": _steps(one.own_reasons),
        "caps": _caps(one),
    }


def _steps(steps: Iterable[ExplainedStep]) -> list[dict[str, Any]]:
    return [{"text": step.text, "rule": _place(step.span)} for step in steps]


def _caps(one: ExplainedEntry) -> list[dict[str, Any]]:
    return [cut._asdict() for cut in one.entry.cuts]


def _change(explained: ExplainedChange) -> dict[str, Any]:
    return {
        "kind": "level",
        **dict(zip(tables.names_of(tables.HISTORY), tables.history_row(explained.change), strict=True)),
        "reason": explained.reason,
        "rule": _place(explained.span),
        "event_id": explained.event_id,
    }


def _place(span: Span | None) -> str | None:
    return None if span is None else f"{span.file}:{span.line}"
