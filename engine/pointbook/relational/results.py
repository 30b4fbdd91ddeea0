"""Steps: the results. Ledger, standings and history with the columns of `pointbook.model.tables`.

Days and times are values here, not texts; an absent value is null. Each result begins with columns
that say its version set and its order, which are left out when it is handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Cause, Outcome
from pointbook.model.rules import Resets
from pointbook.relational.calendar_expressions import period_of
from pointbook.relational.dating import membership_year_of
from pointbook.relational.levelling import SEGMENT, anniversary, rank_reached
from pointbook.relational.rule_rows import CODES, NONE, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.editions import VersionSet
    from pointbook.relational.rule_rows import RuleBook
    from pointbook.relational.steps import Steps


def add_placed(  # noqa: PLR0913, PLR0917 - what a ledger comes from
    steps: Steps, awarded: Table, levels: Table, editions: Table, book: RuleBook, program: Program
) -> Table:
    """Step `placed_events`: every event with its order, the level balance's total and the held rank."""
    begins = program.balances[program.level_balance].start
    can_fall = program.level_balance in book.can_fall
    segments = levels.select(*SEGMENT, "start_rank", "total_start", "gained_before")
    level_no = list(program.balances).index(program.level_balance)
    joined = awarded.left_join(segments, list(SEGMENT)).drop(*(f"{name}_right" for name in SEGMENT))
    joined = joined.mutate(gain=ibis.ifelse(joined.balance_no == level_no, joined.awarded, 0))
    window = ibis.window(group_by=joined.account, order_by=[joined.at, joined.event_id], preceding=(None, 0))
    placed = joined.mutate(
        place=ibis.row_number().over(
            ibis.window(group_by=joined.account, order_by=[joined.at, joined.event_id])
        ),
        gained=joined.gain.sum().over(window).cast("int64"),
    ).drop("at")
    placed = steps.add(
        "summed_events", "every event with its place among the member's, and all gains so far", placed
    )
    total = placed.gained - placed.gained_before + placed.total_start
    # Before the first version there is no segment, and nothing has been gained.
    placed = placed.mutate(
        level_total=ibis.coalesce(total, begins), start_rank=placed.start_rank.fill_null(NONE)
    )
    placed = placed.drop("gained", "gained_before", "total_start")
    thresholds = editions.select(
        "edition", "level_count", *(f"threshold_{rank}" for rank in range(book.levels))
    )
    placed = placed.left_join(thresholds, "edition").drop("edition_right")
    placed = steps.add(
        "thresholded_events", "and with the level balance's total and the edition's thresholds", placed
    )
    if can_fall:
        keys = {"group_by": [placed[name] for name in SEGMENT], "order_by": placed.place}
        placed = placed.mutate(
            peak=placed.level_total.max().over(ibis.window(**keys, preceding=(None, 0))),
            peak_before=placed.level_total.max().over(ibis.window(**keys, preceding=(None, 1))),
        )
        placed = steps.add("peaked_events", "and with the highest total of the segment so far", placed)
        peak, peak_before = placed.peak, placed.peak_before.fill_null(placed.level_total - placed.gain)
    else:
        peak, peak_before = placed.level_total, placed.level_total - placed.gain
    ranked = placed.mutate(
        rank=ibis.greatest(placed.start_rank, rank_reached(peak, placed, book)),
        rank_before=ibis.greatest(placed.start_rank, rank_reached(peak_before, placed, book)),
    )
    own_total = ranked.own_total if "own_total" in ranked.columns else ranked.level_total
    narrow = ranked.select(
        *("account", "place", "event_id", "local", "other_activity", "edition", "rule_no", "balance_no"),
        *("requested", "awarded", "outcome", "is_assumed", "is_ignored", "period"),
        total=ibis.ifelse(ranked.balance_no == level_no, ranked.level_total, own_total),
        rank=ranked["rank"].cast("int16"),
        rank_before=ranked.rank_before.cast("int16"),
    )
    return steps.add("placed_events", "and with the rank held before and after", narrow, is_shared=True)


def add_ledger(
    steps: Steps, placed: Table, accounts: Table, rows: Mapping[str, Table], program: Program
) -> Table:
    """Step `ledger`."""
    names = list(program.balances)
    members = accounts.select("account", "member_id")
    ranks = rows["ladder"].select("edition", "rank", "level")
    joined = placed.inner_join(members, "account")
    joined = joined.left_join(ranks, ["edition", "rank"]).drop("edition_right", "rank_right")
    joined = joined.left_join(rows["rules"].select("rule_no", "activity"), "rule_no").drop("rule_no_right")
    joined = joined.left_join(rows["editions"].select("edition", "version"), "edition").drop("edition_right")
    counts = joined.outcome != CODES[Outcome.BEFORE_SIGN_UP]
    balance = [(joined.balance_no == number, ibis.literal(name)) for number, name in enumerate(names)]
    outcome = [(joined.outcome == code, ibis.literal(outcome.value)) for code, outcome in enumerate(OUTCOMES)]
    ledger = joined.select(
        "account",
        "place",
        "event_id",
        "member_id",
        activity=joined.activity.fill_null(joined.other_activity),
        occurred_at=joined.local,
        version=joined.version,
        balance=balance[0][1] if len(balance) == 1 else ibis.cases(*balance),
        requested=joined.requested,
        awarded=joined.awarded,
        outcome=ibis.cases(*outcome),
        assumed=joined.is_assumed,
        period=ibis.ifelse(counts, joined.period, ibis.null("int16")),
        total=ibis.ifelse(counts, joined.total, ibis.null("int64")),
        level=ibis.ifelse(counts, joined.level.nullif(""), ibis.null("string")),
        is_ignored=joined.is_ignored,
    )
    return steps.add("ledger", "the ledger", ledger)


def add_history(steps: Steps, levels: Table, placed: Table, accounts: Table, ladder: Table) -> Table:
    """Step `history`: changes of level, those that time brings before those of the day's events."""
    names = ladder.select("edition", "rank", "level")
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
        (named.counted > named.carried, Cause.DEMOTED.value),
        (is_same, Cause.KEPT.value),
        else_=Cause.THRESHOLD_CHANGED.value,
    )
    closings = named.filter(named.is_reset & ((named.carried_level != "") | (named.before_level != "")))
    closings = _changes(closings, closings.starts, 0, closings.before_level, closings.carried_level, cause)
    restarts = named.filter(named.is_reset & (named.start_rank != named.carried))
    restarts = _changes(
        restarts, restarts.starts, 1, restarts.carried_level, restarts.at_start_level, Cause.REACHED.value
    )
    others = named.filter(~named.is_reset & (named.at_start_level != named.before_level))
    others = _changes(
        others,
        others.starts,
        0,
        others.before_level,
        others.at_start_level,
        ibis.ifelse(others.is_opening, Cause.REACHED.value, Cause.THRESHOLD_CHANGED.value),
    )
    rising = placed.filter(
        (placed["rank"] > placed.rank_before) & (placed.outcome != CODES[Outcome.BEFORE_SIGN_UP])
    )
    rises = _named(rising, names, {"before": ("edition", "rank_before"), "after": ("edition", "rank")})
    rises = _changes(
        rises, rises.local.date(), rises.place + 2, rises.before_level, rises.after_level, Cause.REACHED.value
    )
    changes = steps.add("changes", "changes of level", ibis.union(closings, restarts, others, rises))
    joined = changes.inner_join(accounts.select("account", "member_id"), "account")
    history = joined.select(
        "account",
        "place",
        "member_id",
        "date",
        from_level=joined.from_level.nullif(""),
        to_level=joined.to_level.nullif(""),
        cause=joined.cause,
    )
    return steps.add("history", "the history of levels", history)


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


def add_standings(  # noqa: PLR0913, PLR0917 - what standings come from
    steps: Steps,
    accounts: Table,
    levels: Table,
    awarded: Table,
    ladder: Table,
    program: Program,
    sets: Sequence[VersionSet],
    as_of: date,
) -> Table:
    """Step `standings`: one row for each account signed up by the as-of date."""
    level = program.balances[program.level_balance]
    day = ibis.literal(as_of, type="date")
    known = accounts.filter(accounts.signed_up_on <= day).select(
        "account", "member_id", "set_no", "signed_up_on", "signed_up_year", "signed_up_day"
    )
    year, in_year = (
        ibis.literal(number, type="int64") for number in (as_of.year, as_of.month * 100 + as_of.day)
    )
    known = known.mutate(membership_year=membership_year_of(known, year, in_year, sets))
    known = steps.add("standing_members", "accounts signed up by the as-of date", known)
    last = levels.filter(levels.ends > day).select("account", "edition", points="total_end", held="end_rank")
    joined = known.left_join(last, "account").drop("account_right")
    joined = joined.mutate(
        edition=joined.edition.fill_null(NONE),
        points=joined.points.fill_null(level.start),
        held=joined.held.fill_null(NONE),
    )
    stand = steps.add("last_segments", "and the segment in which the as-of date lies", joined)
    rungs = ladder.rename(rung_edition="edition", rung="rank")
    stand = stand.left_join(rungs, [stand.edition == rungs.rung_edition, stand.held == rungs.rung]).drop(
        "rung_edition", "rung"
    )
    stand = steps.add("held_levels", "and the level held", stand)
    earned = _earned(stand, ladder)
    stand = stand.left_join(earned, "account").drop("account_right")
    stand = steps.add("earned_levels", "and the level that the points alone reach", stand)
    balances = [(number, one) for number, one in enumerate(program.balances.values()) if one.id != level.id]
    for number, balance in balances:
        mine = awarded.filter(
            (awarded.balance_no == number) & (awarded.outcome != CODES[Outcome.BEFORE_SIGN_UP])
        )
        sums = mine.group_by("account", "period").aggregate(balance_sum=mine.awarded.sum().cast("int64"))
        sums = steps.add(f"balance_{number}_sums", f"points of {balance.id} by account and period", sums)
        current = stand.mutate(current=period_of(balance.resets, year, stand.membership_year).cast("int16"))
        current = current.left_join(sums, [current.account == sums.account, current.current == sums.period])
        current = current.drop("account_right", "period", "current")
        current = current.mutate(
            **{f"balance_{number}": (current.balance_sum.fill_null(0) + balance.start).cast("int64")}
        ).drop("balance_sum")
        stand = steps.add(f"balance_{number}_totals", f"and the total of {balance.id}", current)
    period = period_of(level.resets, year, stand.membership_year)
    has_level = stand.held != NONE
    start, end = _period_bounds(stand, level.resets, as_of, sets)
    standings = stand.select(
        "account",
        "member_id",
        as_of=day,
        period=period,
        period_start=start,
        period_end=end,
        points=stand.points,
        level=stand.level.nullif(""),
        earned_level=stand.earned_level.nullif(""),
        next_level=stand.next_level.nullif(""),
        points_to_next=ibis.ifelse(
            stand.next_level.nullif("").notnull(), stand.next_threshold - stand.points, ibis.null("int64")
        ),
        points_to_keep=ibis.ifelse(
            has_level, ibis.greatest(stand.threshold - stand.points, 0), ibis.null("int64")
        ).cast("int64"),
        benefits=stand.benefits.nullif(""),
        **{f"balance_{number}": stand[f"balance_{number}"] for number, _ in balances},
    )
    return steps.add("standings", "the standings", standings)


def _earned(stand: Table, ladder: Table) -> Table:
    """The level that each account's points alone reach."""
    rungs = ladder.filter(ladder["rank"] >= 0).select(
        rung_edition="edition", earned_level="level", reached_at="threshold"
    )
    mine = stand.select("account", "edition", "points")
    met = mine.inner_join(rungs, [mine.edition == rungs.rung_edition, mine.points >= rungs.reached_at])
    highest = met.mutate(
        order=ibis.row_number().over(ibis.window(group_by=met.account, order_by=met.reached_at.desc()))
    )
    return highest.filter(highest.order == 0).select("account", "earned_level")


def _period_bounds(stand: Table, resets: Resets, as_of: date, sets: Sequence[VersionSet]) -> tuple[Any, Any]:
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            return anniversary(stand, stand.membership_year - 1, sets), anniversary(
                stand, stand.membership_year, sets
            )
        case Resets.CALENDAR_YEAR:
            first, following = (
                ibis.literal(as_of.replace(year=as_of.year + one, month=1, day=1)) for one in (0, 1)
            )
            return ibis.greatest(stand.signed_up_on, first), following
        case Resets.NEVER:
            return stand.signed_up_on, ibis.null("date")
