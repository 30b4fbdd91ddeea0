"""What keeps and what raises a member's level, and by when, with the versions to come in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.levels import missing_of
from pointbook.model.wording import minimums_text, quantity
from pointbook.reasoning.unstated import unstated_life_cycles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.interpret import Evaluation
    from pointbook.model.ledger import Standing
    from pointbook.model.levels import Minimums
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
    own = evaluation.interpreter.program.level_balance
    totals = {own: standing.points, **standing.balances}
    lines = []
    if standing.level is not None and end is not None:
        title = names.levels[standing.level]
        level = deciding.levels.get(standing.level)
        if level is None:
            lines.append(f"on {end} version {deciding.id} is in force, which has no {title}")
        elif level.is_base:
            lines.append(f"{title} is never left")
        elif short := missing_of(level.kept_with(own), totals):
            is_plain = not (level.requires or level.keep)
            lines.append(f"to keep {title}: {_more(short, names, own, is_plain=is_plain)}{by}")
        else:
            lines.append(f"{title} is safe beyond {end}")
    if standing.next_level is not None:
        title, above = names.levels[standing.next_level], version.levels[standing.next_level]
        short = missing_of(above.reached_with(own), totals)
        lines.append(f"to reach {title}: {_more(short, names, own, is_plain=not above.requires)}{by}")
    elif standing.level is not None:
        lines.append("there is no higher level")
    unstated = () if end is None else unstated_life_cycles([deciding])
    return (*lines, *unstated, *_upcoming(evaluation, names, standing, version))


def _more(short: Sequence[Minimums], names: Names, own: str, *, is_plain: bool) -> str:
    """What is missing: "20 more points", "5 more nights and 200 more spend"."""
    if is_plain and not names.are_amounts_named:
        return quantity(short[0][0][1] if short else 0, "more point")
    asked = short or (((own, 0),),)
    return minimums_text(asked, {name: f"more {names.balances[name]}" for one in asked for name, _ in one})


def _upcoming(evaluation: Evaluation, names: Names, standing: Standing, version: Version) -> Iterator[str]:
    """Thresholds that change before the level period ends."""
    for book in evaluation.interpreter.timeline.books:
        later, day = book.version, book.version.effective_from
        if day <= standing.as_of or (standing.period_end is not None and day > standing.period_end):
            continue
        for level in later.levels.values():
            before = version.levels.get(level.id)
            if before is not None and before.words == level.words:
                continue
            was = "" if before is None else f" instead of {before.threshold:,}"
            if before is not None and not (before.is_by_threshold and level.is_by_threshold):
                was = f" instead of {before.words}"
            yield f"from {day} on, {names.levels[level.id]} asks for {level.words}{was}"
        version = later
