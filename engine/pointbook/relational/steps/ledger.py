"""Steps: events with totals and the level held, and the ledger of each version set.

Days and times are values here, not texts; an absent value is null. Each result begins with columns
that say whose it is and its order, which are left out when it is handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from pointbook.model.ledger import Outcome
from pointbook.relational.rulebook.codes import CODES, NONE, OUTCOMES
from pointbook.relational.steps.balancing import by_balance, period_in
from pointbook.relational.steps.dating import account_of, edition_of
from pointbook.relational.steps.levelling import SEGMENT, rank_reached
from pointbook.relational.steps.summing import OWN, level_period_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps


def add_placed(  # noqa: PLR0913, PLR0917 - what a ledger comes from
    steps: Steps, summed: Table, levels: Table, book: RuleBook, program: Program, sets: Sequence[VersionSet]
) -> dict[int, Table]:
    """Steps `placed_events`, one for each version set: events with totals and the rank held."""
    return {one.number: _add_placed(steps, summed, levels, book, program, one, sets) for one in sets}


def _add_placed(  # noqa: PLR0913, PLR0917 - what a ledger comes from
    steps: Steps,
    summed: Table,
    levels: Table,
    book: RuleBook,
    program: Program,
    one: VersionSet,
    sets: Sequence[VersionSet],
) -> Table:
    begins = program.balances[program.level_balance].start
    level_no = list(program.balances).index(program.level_balance)
    own = [name for name in (*OWN, "own_total", "peak", "peak_before") if one.named(name) in summed.columns]
    balance_no = summed[one.named("balance_no")]
    events = summed.select(
        *("member_no", "place", "event_id", "local", "other_activity"),
        *(["day"] if "day" in summed.columns else []),
        account=account_of(summed.member_no, one, sets),
        edition=edition_of(summed, one),
        level_period=level_period_of(summed, program, one),
        period=period_in(summed, balance_no, program, one),
        **{name: summed[one.named(name)] for name in own},
    )
    mine = levels.filter(levels.set_no == one.number)
    segments = mine.select(
        *(*SEGMENT, "start_rank", "total_start", "gained_before", "level_count"),
        *(f"threshold_{rank}" for rank in range(book.levels)),
    )
    joined = events.left_join(segments, list(SEGMENT)).drop(*(f"{name}_right" for name in SEGMENT))
    # Before the first version there is no segment, and nothing has been gained.
    placed = joined.mutate(
        level_total=ibis.coalesce(joined.gained - joined.gained_before + joined.total_start, begins),
        start_rank=joined.start_rank.fill_null(NONE),
        gain=ibis.ifelse(joined.balance_no == level_no, joined.awarded, 0),
    )
    placed = steps.add(one.named("totalled"), "every event with the level balance's total", placed)
    before = placed.level_total - placed.gain
    if "peak" in own:
        lift = placed.level_total - placed.gained
        peak, peak_before = placed.peak + lift, (placed.peak_before + lift).fill_null(before)
    else:
        peak, peak_before = placed.level_total, before
    total = placed.level_total
    if "own_total" in own:
        total = ibis.ifelse(placed.balance_no == level_no, total, placed.own_total)
    narrow = placed.select(
        *("account", "member_no", "place", "event_id", "local", "other_activity", "edition", "rule_no"),
        *(["day"] if "day" in placed.columns else []),
        *("balance_no", "requested", "awarded", "outcome", "is_assumed", "is_ignored", "period"),
        total=total,
        rank=ibis.greatest(placed.start_rank, rank_reached(peak, placed, book)).cast("int16"),
        rank_before=ibis.greatest(placed.start_rank, rank_reached(peak_before, placed, book)).cast("int16"),
    )
    return steps.add(one.named("placed_events"), "and with the rank held before and after", narrow)


def add_ledger(  # noqa: PLR0913, PLR0917 - what a ledger comes from
    steps: Steps,
    placed: Table,
    members: Table,
    rows: Mapping[str, Table],
    program: Program,
    one: VersionSet,
) -> None:
    """Step `ledger` of a version set."""
    joined = placed.inner_join(members.select("member_no", "member_id"), "member_no")
    ladder = rows["ladder"].select(
        rung_edition=rows["ladder"].edition, rung=rows["ladder"]["rank"], level="level"
    )
    joined = joined.left_join(
        ladder, [joined.edition == ladder.rung_edition, joined["rank"] == ladder.rung]
    ).drop("rung_edition", "rung")
    joined = joined.left_join(rows["rules"].select("rule_no", "activity"), "rule_no").drop("rule_no_right")
    joined = joined.left_join(rows["editions"].select("edition", "version"), "edition").drop("edition_right")
    counts = joined.outcome != CODES[Outcome.BEFORE_SIGN_UP]
    outcome = [(joined.outcome == code, ibis.literal(outcome.value)) for code, outcome in enumerate(OUTCOMES)]
    ledger = joined.select(
        "account",
        "place",
        "event_id",
        "member_id",
        activity=joined.activity.fill_null(joined.other_activity),
        occurred_at=joined.local,
        version=joined.version if one.fixed is None else ibis.literal(one.fixed),
        balance=by_balance(
            joined.balance_no, list(program.balances.values()), lambda balance: ibis.literal(balance.id)
        ),
        requested=joined.requested,
        awarded=joined.awarded,
        outcome=ibis.cases(*outcome),
        assumed=joined.is_assumed,
        period=ibis.ifelse(counts, joined.period, ibis.null("int16")),
        total=ibis.ifelse(counts, joined.total, ibis.null("int64")),
        level=ibis.ifelse(counts, joined.level.nullif(""), ibis.null("string")),
        is_ignored=joined.is_ignored,
    )
    steps.add(one.named("ledger"), "the ledger", ledger)
