"""What keeps and what raises a member's level, and by when, with the versions to come in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.unstated import unstated_life_cycles
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.interpret import Evaluation
    from pointbook.model.ledger import Standing
    from pointbook.model.program import Version
    from pointbook.views.explanation.names import Names


def outlook_of(evaluation: Evaluation, names: Names, standing: Standing) -> tuple[str, ...]:
    """What is needed to keep the held level and to reach the next, in sentences."""
    timeline = evaluation.interpreter.timeline
    version = timeline.version_on(standing.as_of)
    if version is None:
        return ("no version is in force yet",)
    end = standing.period_end
    by = "" if end is None else f" before {end}"
    deciding = version if end is None else timeline.version_on(end) or version
    lines = []
    if standing.level is not None and end is not None:
        title = names.levels[standing.level]
        level = deciding.levels.get(standing.level)
        short = None if level is None else level.threshold - standing.points
        if short is None:
            lines.append(f"on {end} version {deciding.id} is in force, which has no {title}")
        elif short > 0:
            lines.append(f"to keep {title}: {quantity(short, 'more point')}{by}")
        else:
            lines.append(f"{title} is safe beyond {end}")
    if standing.next_level is not None:
        title = names.levels[standing.next_level]
        lines.append(f"to reach {title}: {quantity(standing.points_to_next or 0, 'more point')}{by}")
    elif standing.level is not None:
        lines.append("there is no higher level")
    unstated = () if end is None else unstated_life_cycles([deciding])
    return (*lines, *unstated, *_upcoming(evaluation, names, standing, version))


def _upcoming(evaluation: Evaluation, names: Names, standing: Standing, version: Version) -> Iterator[str]:
    """Thresholds that change before the level period ends."""
    for book in evaluation.interpreter.timeline.books:
        later, day = book.version, book.version.effective_from
        if day <= standing.as_of or (standing.period_end is not None and day > standing.period_end):
            continue
        for level in later.levels.values():
            before = version.levels.get(level.id)
            if before is None or before.threshold != level.threshold:
                was = "" if before is None else f" instead of {before.threshold:,}"
                asked = quantity(level.threshold, "point")
                yield f"from {day} on, {names.levels[level.id]} asks for {asked}{was}"
        version = later
