"""An explanation as text for people, and as values that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model import tables
from pointbook.views.explanation import ExplainedEvent
from pointbook_cli.reporters.templates import template

if TYPE_CHECKING:
    from pointbook.diagnostics import Span
    from pointbook.views.explanation import ExplainedChange, Explanation


def explanation_text(explanation: Explanation, latest: int | None = None) -> str:
    """The explanation, an event after the other.

    Args:
        explanation: What to show.
        latest: How many of the latest events and changes to show; None for all.
    """
    hidden = 0 if latest is None else max(0, len(explanation.timeline) - latest)
    return template("explanation.txt.j2").render(
        explanation=explanation, timeline=explanation.timeline[hidden:], hidden=hidden
    )


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation as one object."""
    standing = explanation.standing
    return {
        "program": explanation.program_title,
        "member_id": explanation.member.id,
        "signed_up_on": explanation.member.signed_up_on.isoformat(),
        "standing": None
        if standing is None
        else {
            **dict(zip(tables.names_of(tables.STANDINGS), tables.standings_row(standing), strict=False)),
            "benefits": list(standing.benefits),
            "balances": dict(standing.balances),
        },
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
        "outlook": list(explanation.outlook),
    }


def _event(event: ExplainedEvent) -> dict[str, Any]:
    return {
        "kind": "event",
        **dict(zip(tables.names_of(tables.LEDGER), tables.ledger_row(event.entry), strict=True)),
        **({"references": dict(event.references)} if event.references else {}),
        "title": event.title,
        "rule": _place(event.rule),
        "reasons": [{"text": reason.text, "rule": _place(reason.span)} for reason in event.reasons],
        "caps": [cut._asdict() for cut in event.entry.cuts],
    }


def _change(explained: ExplainedChange) -> dict[str, Any]:
    return {
        "kind": "level",
        **dict(zip(tables.names_of(tables.HISTORY), tables.history_row(explained.change), strict=True)),
        "reason": explained.reason,
        "rule": _place(explained.span),
    }


def _place(span: Span | None) -> str | None:
    return None if span is None else f"{span.file}:{span.line}"
