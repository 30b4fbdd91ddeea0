"""A comparison as values that JSON has; `comparison.schema.json` describes them.

Ratios are exact: a fraction is `{"numerator": n, "denominator": d}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.version import __version__
from pointbook_cli.reporters.changes.json_values import change_json, version_json
from pointbook_cli.reporters.findings.json_values import span_json

if TYPE_CHECKING:
    from fractions import Fraction

    from pointbook.comparison.outcome import Effects, MemberOutcome
    from pointbook.comparison.result import (
        ComparisonResult,
        Flow,
        Headline,
        MemberDifference,
        Promotion,
    )
    from pointbook.comparison.shares.result import Share
    from pointbook.guardrails.judging import GuardrailResult, JudgedComparison


def comparison_json(judged: JudgedComparison) -> dict[str, Any]:
    """The whole result as one object; members by name."""
    comparison = judged.comparison
    attribution, quality = comparison.attribution, comparison.quality
    return {
        "engine_version": __version__,
        "program": comparison.program_id,
        "old": {"name": comparison.old_name, **version_json(comparison.old)},
        "new": {"name": comparison.new_name, **version_json(comparison.new)},
        "question": "always" if comparison.since is None else "from",
        "from": None if comparison.since is None else comparison.since.isoformat(),
        "as_of": comparison.as_of.isoformat(),
        "first_event": None if comparison.first_event is None else comparison.first_event.isoformat(),
        "last_event": None if comparison.last_event is None else comparison.last_event.isoformat(),
        "shows_ids": comparison.shows_ids,
        "broken": judged.broken,
        "warnings": list(comparison.warnings),
        "guardrails": [_guardrail(result, comparison) for result in judged.guardrails],
        "headlines": [_headline(headline) for headline in comparison.headlines],
        "changes": [
            {**change_json(change), "effect": _share(share)}
            for change, share in zip(comparison.changes, attribution.shares, strict=True)
        ],
        "attribution": {
            "method": attribution.method,
            "total": _effects(attribution.total),
            "sampled_members": attribution.sampled_members,
            "permutations": attribution.permutations,
            "subsets": attribution.subsets,
            "standings": attribution.standings,
            "evaluations": attribution.evaluations,
            "members": attribution.members,
        },
        "levels": [{"id": level, "title": title} for level, title in comparison.levels],
        "matrix": [
            {"old": old, "new": new, "members": count} for (old, new), count in comparison.matrix.items()
        ],
        "bands": dict(comparison.bands),
        "bands_by_level": [
            {"level": level, "bands": dict(bands)} for level, bands in comparison.bands_by_level.items()
        ],
        "activities": [_flow(flow) for flow in comparison.activities],
        "months": [_flow(flow) for flow in comparison.months],
        "cuts": [_flow(flow) for flow in comparison.cuts],
        "promotions": [_promotion(promotion) for promotion in comparison.promotions],
        "benefits_lost": dict(comparison.benefits_lost),
        "benefits_gained": dict(comparison.benefits_gained),
        "quality": {
            "events_read": quality.events_read,
            "events": quality.events,
            "after_as_of": quality.after_as_of,
            "rejects": dict(quality.rejects),
            "old_outcomes": dict(quality.old_outcomes),
            "new_outcomes": dict(quality.new_outcomes),
            "members_in_rejects": quality.members_in_rejects,
            "rejected_events_of_nobody": quality.rejected_events_of_nobody,
            "rejected_members": quality.rejected_members,
            "repeated": quality.repeated,
            "unlimited": list(quality.unlimited),
            "open_members": quality.open_members,
            "assume": quality.assume.value,
        },
        "members": [_member(member) for member in comparison.members],
    }


def fraction_json(value: Fraction) -> dict[str, int]:
    """An exact ratio."""
    return {"numerator": value.numerator, "denominator": value.denominator}


def _effects(effects: Effects) -> dict[str, int]:
    return effects._asdict()


def _headline(headline: Headline) -> dict[str, Any]:
    return {
        "key": headline.key,
        "label": headline.label,
        "old": headline.old,
        "new": headline.new,
        "change": headline.change,
        "percent": None if headline.percent is None else fraction_json(headline.percent),
        "sentence": headline.sentence,
        "low": headline.low,
        "high": headline.high,
        "reject_low": None if headline.rejects is None else headline.rejects.low,
        "reject_high": None if headline.rejects is None else headline.rejects.high,
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "counted": share.counted,
        "reason": share.reason,
        "members": share.members,
        "alone": _effects(share.alone),
        "points": fraction_json(share.points),
        "promotions": fraction_json(share.promotions),
        "demotions": fraction_json(share.demotions),
        "error": share.error,
        "promotions_error": fraction_json(share.promotions_error),
        "demotions_error": fraction_json(share.demotions_error),
    }


def _guardrail(result: GuardrailResult, comparison: ComparisonResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "title": result.title,
        "broken": result.broken,
        "limit": result.limit,
        "measured": result.measured,
        "members": list(result.members),
        "changes": [comparison.changes[index].address for index in result.changes],
        "place": span_json(result.span),
    }


def _flow(flow: Flow) -> dict[str, Any]:
    return {"name": flow.name, "title": flow.title, "old": flow.old, "new": flow.new}


def _promotion(promotion: Promotion) -> dict[str, Any]:
    return {name: getattr(promotion, name) for name in promotion.__slots__}


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
        **_effects(outcome.effects),
        "level": outcome.level,
        "standing": outcome.standing,
        "first_reached": {level: day.isoformat() for level, day in outcome.firsts},
        "benefits": list(outcome.benefits),
        "cuts": outcome.cuts,
        "open_values": outcome.open_values,
        "near": list(outcome.near),
    }
