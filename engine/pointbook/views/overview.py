"""A whole evaluation at a glance: levels, who is at risk at the next anniversary, what was rejected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pointbook.interpret import Evaluation, MemberResult
    from pointbook.log import Log
    from pointbook.model.ledger import Standing
    from pointbook.model.levels import Level
    from pointbook.model.log import Reject


@dataclass(frozen=True, slots=True)
class LevelCount:
    """How many members hold a level.

    Attributes:
        level: The level, None for no level.
        members: How many hold it.
        at_risk: How many of them have not yet earned it again in this period.
    """

    level: Level | None
    members: int
    at_risk: int


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole evaluation at a glance.

    Attributes:
        as_of: The last day that counted.
        levels: From no level, where there can be none, up to the highest.
        at_risk: Standings of members who would lose a level at their next anniversary if they earned
            nothing more, the nearest anniversary first.
        reject_reasons: How many rows were rejected, by reason, most frequent first.
        examples: One reject of each reason, in the same order.
    """

    as_of: date
    levels: tuple[LevelCount, ...]
    at_risk: tuple[Standing, ...]
    reject_reasons: tuple[tuple[str, int], ...]
    examples: tuple[Reject, ...]


def overview_of(evaluation: Evaluation, results: Iterable[MemberResult], log: Log) -> Overview:
    """The overview of an evaluation's results."""
    standings = [result.standing for result in results if result.standing is not None]
    at_risk = [standing for standing in standings if _is_at_risk(standing)]
    held = Counter(standing.level for standing in standings)
    risky = Counter(standing.level for standing in at_risk)
    version = evaluation.interpreter.timeline.version_on(evaluation.as_of)
    levels = () if version is None else tuple(version.levels.values())
    has_base = bool(levels) and levels[0].is_base
    none = () if has_base and not held[None] else (LevelCount(None, held[None], risky[None]),)
    reasons = log.member_rejects.reasons + log.rejects.reasons
    examples = {**log.rejects.examples, **log.member_rejects.examples}
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return Overview(
        as_of=evaluation.as_of,
        levels=(
            *none,
            *(LevelCount(level, held[level.id], risky[level.id]) for level in levels),
        ),
        at_risk=tuple(
            sorted(at_risk, key=lambda standing: (str(standing.period_end or ""), standing.member_id))
        ),
        reject_reasons=tuple(ranked),
        examples=tuple(examples[reason] for reason, _ in ranked),
    )


def _is_at_risk(standing: Standing) -> bool:
    """Whether anything is missing to keep the level held, of any balance that it asks for."""
    return bool(standing.points_to_keep) or any(to_keep for _, to_keep in standing.further.values())
