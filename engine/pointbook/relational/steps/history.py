"""Steps: the history of levels, from what time and events change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import LevelCause, Outcome
from pointbook.relational.rulebook.codes import CODES
from pointbook.relational.steps.dating import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ibis.expr.types import Table

    from pointbook.relational.steps.steps import Steps


def add_history(steps: Steps, levels: Table, ranked: Iterable[Table], accounts: Table, ladder: Table) -> None:
    """Step `history`: changes of level, those that time brings before those of the day's events."""
    names = ladder.select("edition", "rank", "level")
    changes = [*_changes_in_time(steps, levels, names), *(_rises(events, names) for events in ranked)]
    all_changes = steps.add("changes", "changes of level", ibis.union(*changes))
    joined = all_changes.inner_join(accounts.select("account", "member_id"), "account")
    history = joined.select(
        "account",
        "place",
        "member_id",
        "date",
        from_level=joined.from_level.nullif(""),
        to_level=joined.to_level.nullif(""),
        cause=joined.cause,
    )
    steps.add("history", "the history of levels", history)


def _changes_in_time(steps: Steps, levels: Table, names: Table) -> tuple[Table, Table, Table]:
    """Changes that no event brings: what a closed period carries on and restarts with, and all others."""
    carried = _named(
        levels,
        names,
        {
            "before": ("edition_before", "rank_before"),
            "carried": ("edition", "carried"),
            "at_start": ("edition", "start_rank"),
        },
    )
    named = steps.add(
        "named_segments", "segments with the names of the levels before, carried on and at the start", carried
    )
    is_same = named.carried_level == named.before_level
    cause = ibis.cases(
        (named.counted > named.carried, LevelCause.DEMOTED.value),
        (is_same, LevelCause.KEPT.value),
        else_=LevelCause.THRESHOLD_CHANGED.value,
    )
    closings = named.filter(named.is_reset & ((named.carried_level != "") | (named.before_level != "")))
    closings = _changes(closings, closings.starts, 0, closings.before_level, closings.carried_level, cause)
    restarts = named.filter(named.is_reset & (named.start_rank != named.carried))
    restarts = _changes(
        restarts,
        restarts.starts,
        1,
        restarts.carried_level,
        restarts.at_start_level,
        LevelCause.REACHED.value,
    )
    others = named.filter(~named.is_reset & (named.at_start_level != named.before_level))
    others = _changes(
        others,
        others.starts,
        0,
        others.before_level,
        others.at_start_level,
        ibis.ifelse(others.is_opening, LevelCause.REACHED.value, LevelCause.THRESHOLD_CHANGED.value),
    )
    return closings, restarts, others


def _rises(ranked: Table, names: Table) -> Table:
    """Levels that events reach."""
    rising = ranked.filter(
        (ranked["rank"] > ranked.rank_before) & (ranked.outcome != CODES[Outcome.BEFORE_SIGN_UP])
    )
    rises = _named(rising, names, {"before": ("edition", "rank_before"), "after": ("edition", "rank")})
    return _changes(
        rises, day_of(rises), rises.place + 2, rises.before_level, rises.after_level, LevelCause.REACHED.value
    )


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
    table: Table, day: Any, place: Any, before: Any, after: Any, cause: Any
) -> Table:
    return table.select(
        account=table.account,
        place=ibis.literal(place, type="int64") if isinstance(place, int) else place.cast("int64"),
        date=day,
        from_level=before,
        to_level=after,
        cause=ibis.literal(cause) if isinstance(cause, str) else cause,
    )
