"""A comparison as values that JSON has; `comparison.schema.json` describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.plain_values import plain
from pointbook.version import __version__
from pointbook_cli.reporters.changes.json_values import change_json, version_json
from pointbook_cli.reporters.findings.json_values import findings_json, span_json

if TYPE_CHECKING:
    from pointbook.comparison.outcome import MemberOutcome
    from pointbook.comparison.result import ComparisonResult, Headline, MemberDifference
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison


def comparison_json(judged: JudgedComparison) -> dict[str, Any]:
    """The whole result as one object; members by name."""
    comparison = judged.comparison
    return {
        "engine_version": __version__,
        "program": comparison.program_id,
        "old": {"name": comparison.old_name, **version_json(comparison.old)},
        "new": {"name": comparison.new_name, **version_json(comparison.new)},
        "question": "always" if comparison.since is None else "from",
        "from": plain(comparison.since),
        "as_of": plain(comparison.as_of),
        "first_event": plain(comparison.first_event),
        "last_event": plain(comparison.last_event),
        "shows_ids": comparison.shows_ids,
        "verdict": judged.verdict.value,
        "sentence": judged.sentence,
        "passes": judged.passes,
        "broken": judged.broken,
        "findings": findings_json(judged.findings),
        "warnings": list(comparison.warnings),
        "guardrails": [_guardrail(result, comparison) for result in judged.guardrails],
        "headlines": [_headline(headline) for headline in comparison.headlines],
        "changes": [
            {**change_json(change), "effect": plain(share, "index")}
            for change, share in zip(comparison.changes, comparison.attribution.shares, strict=True)
        ],
        "attribution": plain(comparison.attribution, "shares"),
        "levels": [{"id": level, "title": title} for level, title in comparison.levels],
        "matrix": [
            {"old": old, "new": new, "members": count} for (old, new), count in comparison.matrix.items()
        ],
        "bands": dict(comparison.bands),
        "bands_by_level": [
            {"level": level, "bands": dict(bands)} for level, bands in comparison.bands_by_level.items()
        ],
        "activities": [plain(flow, "balance") for flow in comparison.activities],
        "months": [plain(flow, "balance") for flow in comparison.months],
        "cuts": [plain(flow, "balance") for flow in comparison.cuts],
        "promotions": plain(comparison.promotions),
        "benefits_lost": dict(comparison.benefits_lost),
        "benefits_gained": dict(comparison.benefits_gained),
        "quality": plain(comparison.quality),
        "members": [_member(member) for member in comparison.members],
    }


def _headline(headline: Headline) -> dict[str, Any]:
    low, high = headline.rejects or (None, None)
    return {**plain(headline, "rejects"), "reject_low": low, "reject_high": high}


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> dict[str, Any]:
    return {
        **plain(result, "changes", "span", "approval", "figure"),
        "broken": result.broken,
        "approval": None if result.approval is None else approval_json(result.approval),
        "changes": [comparison.changes[index].address for index in result.changes],
        "place": span_json(result.span),
    }


def approval_json(approval: Approval) -> dict[str, Any]:
    """Who lets something pass, why, and until when."""
    return {**plain(approval, "span"), "place": span_json(approval.span)}


def _member(member: MemberDifference) -> dict[str, Any]:
    return {
        "name": member.name,
        "events": member.events,
        "band": member.band,
        "level_move": member.level_move,
        "old": _outcome(member.old),
        "new": _outcome(member.new),
    }


def _outcome(outcome: MemberOutcome) -> dict[str, Any]:
    return {
        **outcome.effects._asdict(),
        "level": outcome.level,
        "standing": outcome.standing,
        "first_reached": {level: day.isoformat() for level, day in outcome.firsts},
        "benefits": list(outcome.benefits),
        "cuts": outcome.cuts,
        "open_values": outcome.open_values,
        "near": list(outcome.near),
    }
