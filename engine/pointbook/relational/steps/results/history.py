"""The history of levels, from what time and events change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import LevelCause, Outcome
from pointbook.relational.rulebook.codes import CODES
from pointbook.relational.steps.dating import day_of

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from pointbook.relational.steps.context import Context


def history(context: Context, levels: Table, accounts: Table, ladder: Table, *ranked: Table) -> Table:
    """Changes of level, those that time brings before those of the day's events."""
    names = ladder.select("edition", "rank", "level")
    changes = [*_changes_in_time(context, levels, names), *(_rises(events, names) for events in ranked)]
    all_changes = context.add("changes", "changes of level", ibis.union(*changes))
    joined = all_changes.inner_join(accounts.select("account", "member_id"), "account")
    return joined.select(
        *("account", "place", "member_id", "date"),
        from_level=joined.from_level.nullif(""),
        to_level=joined.to_level.nullif(""),
        cause=joined.cause,
    )


def _changes_in_time(context: Context, levels: Table, names: Table) -> tuple[Table, Table, Table]:
    """Changes that no event brings: what a closed period carries on and restarts with, and all others."""
    wanted = {
        "before": ("edition_before", "rank_before"),
        "carried": ("edition", "carried"),
        "at_start": ("edition", "start_rank"),
    }
    comment = "segments with the names of the levels before, carried on and at the start"
    named = context.add("named_segments", comment, _named(levels, names, wanted))
    is_same = named.carried_level == named.before_level
    cause = ibis.cases(
        (named.counted > named.carried, LevelCause.DEMOTED.value),
        (is_same, LevelCause.KEPT.value),
        else_=LevelCause.THRESHOLD_CHANGED.value,
    )
    closings = named.filter(named.is_reset & ((named.carried_level != "") | (named.before_level != "")))
    restarts = named.filter(named.is_reset & (named.start_rank != named.carried))
    others = named.filter(~named.is_reset & (named.at_start_level != named.before_level))
    other_cause = ibis.ifelse(others.is_opening, LevelCause.REACHED.value, LevelCause.THRESHOLD_CHANGED.value)
    return (
        _changes(closings, closings.starts, 0, "before", "carried", cause),
        _changes(restarts, restarts.starts, 1, "carried", "at_start", LevelCause.REACHED.value),
        _changes(others, others.starts, 0, "before", "at_start", other_cause),
    )


def _rises(ranked: Table, names: Table) -> Table:
    """Levels that events reach."""
    rising = ranked.filter(
        (ranked["rank"] > ranked.rank_before) & (ranked.outcome != CODES[Outcome.BEFORE_SIGN_UP])
    )
    rises = _named(rising, names, {"before": ("edition", "rank_before"), "after": ("edition", "rank")})
    return _changes(rises, day_of(rises), rises.place + 2, "before", "after", LevelCause.REACHED.value)


def _named(table: Table, names: Table, wanted: dict[str, tuple[str, str]]) -> Table:
    """The table with names of levels; the empty text where there is none."""
    for name, (edition, rank) in wanted.items():
        listed = names.rename(
            {f"{name}_edition": "edition", f"{name}_rank": "rank", f"{name}_level": "level"}
        )
        table = table.left_join(
            listed, [table[edition] == listed[f"{name}_edition"], table[rank] == listed[f"{name}_rank"]]
        ).drop(f"{name}_edition", f"{name}_rank")
        table = table.mutate(**{f"{name}_level": table[f"{name}_level"].fill_null("")})
    return table


def _changes(  # noqa: PLR0913, PLR0917 - a change's columns
    table: Table, day: Any, place: Any, before: str, after: str, cause: Any
) -> Table:
    return table.select(
        account=table.account,
        place=ibis.literal(place, type="int64") if isinstance(place, int) else place.cast("int64"),
        date=day,
        from_level=table[f"{before}_level"],
        to_level=table[f"{after}_level"],
        cause=ibis.literal(cause) if isinstance(cause, str) else cause,
    )
