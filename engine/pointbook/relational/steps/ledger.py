"""Steps: events with totals and the level held, and the ledger of each version set.

Days and times are values here, not texts; an absent value is null. Each result begins with columns
that say whose it is and its order, which are left out when it is handed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.model.rules import Resets
from pointbook.relational.results import ORDERS
from pointbook.relational.rulebook.codes import CODES, NONE, OUTCOMES
from pointbook.relational.steps.balances import by_balance, period_in
from pointbook.relational.steps.dating import account_of, edition_of
from pointbook.relational.steps.ladders import level_named, rank_reached_in, version_named
from pointbook.relational.steps.summing import OWN, SHARED, level_gain, level_period_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.expr.types import Table

    from pointbook.model.rules import Program
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rule_book import RuleBook
    from pointbook.relational.steps.steps import Steps


def add_ranked(  # noqa: PLR0913, PLR0917 - what a ledger comes from
    steps: Steps, summed: Table, levels: Table, program: Program, one: VersionSet, sets: Sequence[VersionSet]
) -> Table:
    """Step `ranked_events` of a version set: its events with totals and the rank held.

    Before the sign-up, total and rank mean nothing.
    """
    begins = program.balances[program.level_balance].start
    own = [name for name in (*OWN, "own_total", "peak", "peak_before") if one.named(name) in summed.columns]
    events = summed.select(
        *(name for name in SHARED if name in summed.columns),
        account=account_of(summed.member_no, one, sets),
        edition=edition_of(summed, one),
        level_period=level_period_of(summed, program, one),
        period=period_in(summed, summed[one.named("balance_no")], program, one),
        **{name: summed[one.named(name)] for name in own},
    )
    placed = _with_segment(events, levels.filter(levels.set_no == one.number), program, one)
    # Before the first version there is no segment, and nothing has been gained.
    totalled = steps.add(
        one.named("totalled"),
        "every event with the level balance's total",
        placed.mutate(level_total=ibis.coalesce(placed.gained + placed.moved, begins)),
    )
    peak = totalled.level_total
    peak_before = totalled.level_total - level_gain(totalled.awarded, totalled.balance_no, program)
    if "peak" in own:
        peak_before = (totalled.peak_before + totalled.moved).fill_null(peak_before)
        peak = (totalled.peak + totalled.moved).fill_null(peak)
    total = totalled.level_total
    if "own_total" in own:
        total = ibis.ifelse(totalled.balance_no == program.level_balance_no, total, totalled.own_total)
    ranked = totalled.select(
        *(name for name in SHARED if name in totalled.columns),
        *("account", "edition", "balance_no", "requested", "awarded", "outcome", "is_assumed", "is_ignored"),
        "period",
        total=total,
        rank=ibis.greatest(totalled.start_rank, rank_reached_in(totalled.edition, peak, one)),
        rank_before=ibis.greatest(totalled.start_rank, rank_reached_in(totalled.edition, peak_before, one)),
    )
    return steps.add(one.named("ranked_events"), "and with the rank held before and after", ranked)


def _with_segment(events: Table, levels: Table, program: Program, one: VersionSet) -> Table:
    """The events with the rank at their segment's beginning, and what its totals are above `gained`."""
    segments = levels.select(
        *("account", "edition", "level_period", "start_rank"),
        moved=(levels.total_start - levels.gained_before).cast("int64"),
    )
    keys = ["account"]
    if one.fixed is None:
        keys.append("edition")
    if program.balances[program.level_balance].resets is not Resets.NEVER:
        keys.append("level_period")
    unused = {"account", "edition", "level_period"}.difference(keys)
    joined = events.left_join(segments.drop(*sorted(unused)), keys).drop(*(f"{name}_right" for name in keys))
    return joined.mutate(start_rank=joined.start_rank.fill_null(NONE).cast("int16"))


def add_ledger(  # noqa: PLR0913, PLR0917 - what a ledger comes from
    steps: Steps,
    ranked: Table,
    members: Table,
    book: RuleBook,
    program: Program,
    one: VersionSet,
    *,
    keeps_order: bool,
) -> None:
    """Step `ledger` of a version set, and for an engine that keeps the order of sorted rows `sorted_ledger`.

    Such an engine sorts the events while they are narrow: names come after.
    """
    events = ranked.inner_join(members.select("member_no", "member_id"), "member_no").drop("rank_before")
    steps.add(one.named("ledger"), "the ledger", _named(events, book, program, one))
    if keeps_order:
        in_order = events.order_by(*ORDERS["ledger"])
        in_order = steps.add(one.named("sorted_events"), "the events in the order of the ledger", in_order)
        ledger = _named(in_order, book, program, one)
        steps.add(one.named("sorted_ledger"), "the ledger, in its order", ledger)


def _named(events: Table, book: RuleBook, program: Program, one: VersionSet) -> Table:
    """The events with names for what numbers stand for."""
    counts = events.outcome != CODES[Outcome.BEFORE_SIGN_UP]
    outcome = [(events.outcome == code, ibis.literal(outcome.value)) for code, outcome in enumerate(OUTCOMES)]
    return events.select(
        "account",
        "place",
        "event_id",
        "member_id",
        activity=_activity_of(events, book),
        occurred_at=events.local,
        version=version_named(events.edition, one),
        balance=by_balance(
            events.balance_no, list(program.balances.values()), lambda balance: ibis.literal(balance.id)
        ),
        requested=events.requested,
        awarded=events.awarded,
        outcome=ibis.cases(*outcome),
        assumed=events.is_assumed,
        period=ibis.ifelse(counts, events.period, ibis.null("int16")),
        total=ibis.ifelse(counts, events.total, ibis.null("int64")),
        level=ibis.ifelse(counts, level_named(events.edition, events["rank"], one), ibis.null("string")),
        is_ignored=events.is_ignored,
    )


def _activity_of(events: Table, book: RuleBook) -> Any:
    if "activity" in events.columns:
        return events.activity
    if not book.activities:
        return events.other_activity
    known = ibis.array(list(book.activities))[events.activity_no]
    return ibis.ifelse(events.activity_no == NONE, events.other_activity, known)
