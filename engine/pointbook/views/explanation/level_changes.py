"""Why a level changed, or was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.ledger import LevelCause
from pointbook.views.explanation.explained import ExplainedChange

if TYPE_CHECKING:
    from pointbook.interpret import Evaluation
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.views.explanation.names import Names


def explained_change(
    evaluation: Evaluation, names: Names, change: LevelChange, total: int, entry: Entry | None = None
) -> ExplainedChange:
    """Why a level changed.

    Args:
        evaluation: The log under the rules.
        names: What levels are called.
        change: The change.
        total: The level balance after the member's event before it.
        entry: The event that brought it about; None where time did.
    """
    version = evaluation.interpreter.timeline.version_on(change.date)
    closes = change.cause in (LevelCause.KEPT, LevelCause.DEMOTED)
    decisive = change.from_level if closes else change.to_level
    level = None if version is None or decisive is None else version.levels.get(decisive)
    if version is None or level is None:
        gone = names.level(change.from_level)
        text = f"version {version.id if version is not None else '?'} does not have {gone}"
        return ExplainedChange(change, text, None if version is None else version.span("levels"))
    text = f"{names.levels[level.id]} asks for {level.threshold:,}"
    span = version.span("levels", level.id, "threshold")
    if entry is not None:
        return ExplainedChange(change, text, span, entry.event_id)
    if closes:
        return ExplainedChange(change, f"the period closed at {total:,}; {text}", span)
    if change.cause is LevelCause.THRESHOLD_CHANGED:
        return ExplainedChange(change, f"by version {version.id}, {text}", span)
    return ExplainedChange(change, text, span)
