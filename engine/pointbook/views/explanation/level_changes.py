"""Why a level changed, or was kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause
from pointbook.model.levels import missing_of
from pointbook.model.rules import anniversary
from pointbook.model.wording import minimums_text
from pointbook.reasoning.unstated import unstated_life_cycles
from pointbook.views.explanation.explained import ExplainedChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.interpret import Evaluation
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.levels import Level
    from pointbook.model.log import Member
    from pointbook.views.explanation.names import Names


def explained_change(
    evaluation: Evaluation,
    names: Names,
    change: LevelChange,
    totals: Mapping[str, int],
    entry: Entry | None = None,
) -> ExplainedChange:
    """Why a level changed.

    Args:
        evaluation: The log under the rules.
        names: What levels are called.
        change: The change.
        totals: Each balance after the member's event before it, in the period that it closes if it does.
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
    own = evaluation.interpreter.program.level_balance
    closed = f"the period closed at {totals[own]:,}"
    text = f"{names.levels[level.id]} asks for {level.threshold:,}"
    span = version.span("levels", level.id, "threshold")
    if not level.is_by_threshold:
        key = "keep" if closes and level.keep else "requires" if level.requires else "threshold"
        span = version.span("levels", level.id, "base" if level.is_base else key)
        text = _asked(level, names, is_review=closes)
        asked = level.kept_with(own) if closes else level.reached_with(own)
        balances = dict.fromkeys(name for one in asked for name, _ in one)
        closed = "the period closed at " + " and ".join(
            f"{totals[name]:,} {names.balances[name]}" for name in balances
        )
        short = missing_of(asked, totals) if closes and not level.is_base else ()
        text += f"; missing: {minimums_text(short, names.balances)}" if short else ""
    if entry is not None:
        return ExplainedChange(change, text, span, entry.event_id)
    if closes:
        rests_on = "".join(f"; {sentence}" for sentence in unstated_life_cycles([version]))
        told = text if level.is_base else f"{closed}; {text}"  # what is never left asks for nothing
        return ExplainedChange(change, f"{told}{rests_on}", span)
    if change.cause is LevelCause.THRESHOLD_CHANGED:
        return ExplainedChange(change, f"by version {version.id}, {text}", span)
    return ExplainedChange(change, text, span)


def closing_totals(
    evaluation: Evaluation, member: Member, day: date, totals: Mapping[str, int], periods: Mapping[str, int]
) -> Mapping[str, int]:
    """Each balance at the end of the day before `day`.

    Args:
        evaluation: The rules.
        member: Whose they are.
        day: When the level period closes.
        totals: Of the level balance in the closing period, of others after the member's last event.
        periods: The number of each balance's period then.
    """
    program, leap_day = evaluation.interpreter.program, evaluation.interpreter.timeline.leap_day
    eve, year, known = day - timedelta(days=1), 1, dict(totals)
    while anniversary(member.signed_up_on, year, leap_day) <= eve:
        year += 1
    for name, balance in program.balances.items():
        if name != program.level_balance and periods.get(name) not in {
            None,
            balance.resets.period(eve, year),
        }:
            known[name] = in_results(balance.start)
    return known


def _asked(level: Level, names: Names, *, is_review: bool) -> str:
    """What reaches the level, or what a review asks for, in words."""
    title = names.levels[level.id]
    if level.is_base:
        return f"everyone has {title}"
    if is_review and level.keep:
        return f"to be kept, {title} asks for {minimums_text(level.keep, names.balances)}"
    return f"{title} asks for " + (
        minimums_text(level.requires, names.balances) if level.requires else f"{level.threshold:,}"
    )
