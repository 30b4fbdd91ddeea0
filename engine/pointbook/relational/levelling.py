"""Steps: segments of each account's time, and the level held at the beginning and end of each.

A *segment* is a stretch of one account in which neither the edition nor the period of the level
balance changes; within it, levels only rise. What a segment does to the rank it begins with has the
form `max(rank - fall, best)`: `fall` is 0 where no period has closed, 1 for one level down, and
more than all levels where only what was earned is carried on. Such steps in a row come to
`max(rank - sum of falls, running maximum)`, which needs no recursion. Only where the levels
themselves change does a rank turn into another (an *era* ends); eras are few, and are worked off
one after the other. Source: DESIGN, section 3, "Levels".
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import ibis

from pointbook.model.ledger import Outcome
from pointbook.model.rules import Resets
from pointbook.relational.calendar_expressions import anniversary_month_day, date_of, month_day
from pointbook.relational.dating import membership_year_of
from pointbook.relational.rule_rows import CODES, FIRST_DAY, LAST_DAY, NONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ibis.expr.types import IntegerValue, Table

    from pointbook.model.rules import Program
    from pointbook.relational.editions import VersionSet
    from pointbook.relational.rule_rows import RuleBook
    from pointbook.relational.steps import Steps

_ALL_LEVELS = 1000
"""More levels than a version has."""
SEGMENT = ("account", "edition", "level_period")


def rank_reached(total: Any, edition: Table, book: RuleBook) -> Any:
    """Rank of the highest level that `total` reaches, -1 for none.

    Args:
        total: Points.
        edition: Has the edition's thresholds.
        book: Knows how many there are at most.
    """
    reached = [
        ibis.ifelse((total >= edition[f"threshold_{rank}"]) & (edition.level_count > rank), 1, 0)
        for rank in range(book.levels)
    ]
    return (reduce(add, reached, ibis.literal(NONE, type="int64"))).cast("int64")


def add_gains(steps: Steps, awarded: Table, program: Program, *, can_fall: bool) -> Table:
    """Step `gains`: what each segment brings, and how far above its beginning it rises at most."""
    level_no = list(program.balances).index(program.level_balance)
    is_counted = (awarded.edition != NONE) & (awarded.outcome != CODES[Outcome.BEFORE_SIGN_UP])
    counted = awarded.filter((awarded.balance_no == level_no) & is_counted).rename(gain="awarded")
    if can_fall:
        window = ibis.window(
            group_by=[counted[name] for name in SEGMENT],
            order_by=[counted.at, counted.event_id],
            preceding=(None, 0),
        )
        counted = steps.add(
            "rises",
            "running gains within each segment",
            counted.mutate(rise=counted.gain.sum().over(window).cast("int64")),
        )
        gains = counted.group_by(*SEGMENT).aggregate(
            gain=counted.gain.sum().cast("int64"), rise=counted.rise.max()
        )
    else:
        gains = counted.group_by(*SEGMENT).aggregate(gain=counted.gain.sum().cast("int64"))
        gains = gains.mutate(rise=gains.gain)
    return steps.add("gains", "what each segment of an account's time brings to the level balance", gains)


def add_periods(  # noqa: PLR0913, PLR0917 - what periods come from
    steps: Steps, accounts: Table, numbers: Table, program: Program, sets: Sequence[VersionSet], as_of: date
) -> Table:
    """Step `periods`: the level balance's periods of each account, from the first version on."""
    resets = program.balances[program.level_balance].resets
    known = accounts.filter(accounts.signed_up_on <= ibis.literal(as_of, type="date"))
    first_days = [
        (known.set_no == one.number, FIRST_DAY if one.fixed else one.editions[0].version.effective_from)
        for one in sets
    ]
    literals = [(holds, ibis.literal(day, type="date")) for holds, day in first_days]
    first_day = literals[0][1] if len(literals) == 1 else ibis.cases(*literals[:-1], else_=literals[-1][1])
    begun = known.mutate(first_day=ibis.greatest(known.signed_up_on, first_day)).select(
        "account", "set_no", "signed_up_on", "signed_up_year", "signed_up_day", "first_day"
    )
    begun = begun.filter(begun.first_day <= ibis.literal(as_of, type="date"))
    begun = steps.add("begun_accounts", "accounts with their first day under a version", begun)
    last_year, last_in_year = as_of.year, as_of.month * 100 + as_of.day
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            first = membership_year_of(
                begun, begun.first_day.year().cast("int64"), month_day(begun.first_day), sets
            )
            last = membership_year_of(
                begun, ibis.literal(last_year, type="int64"), ibis.literal(last_in_year, type="int64"), sets
            )
        case Resets.CALENDAR_YEAR:
            first = begun.first_day.year().cast("int64")
            last = ibis.literal(last_year, type="int64")
        case Resets.NEVER:
            first = last = ibis.literal(1, type="int64")
    begun = begun.mutate(first_period=first.cast("int32"), last_period=last.cast("int32"))
    begun = steps.add("account_periods", "and the periods of the level balance from that day on", begun)
    listed = begun.inner_join(numbers, [begun.first_period + numbers.number <= begun.last_period])
    listed = listed.mutate(level_period=(listed.first_period + listed.number).cast("int16"))
    listed = steps.add("listed_periods", "one row for each period of an account", listed)
    dated = listed.mutate(**_bounds(listed, resets, sets)).drop(
        "signed_up_year", "signed_up_day", "first_period", "last_period", "number"
    )
    return steps.add("periods", "and the days from which and up to which it runs", dated)


def _bounds(listed: Table, resets: Resets, sets: Sequence[VersionSet]) -> Mapping[str, Any]:
    never = ibis.literal(LAST_DAY, type="date")
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            return {
                "period_start": anniversary(listed, listed.level_period - 1, sets),
                "period_end": anniversary(listed, listed.level_period, sets),
            }
        case Resets.CALENDAR_YEAR:
            one = ibis.literal(1, type="int32")
            return {
                "period_start": ibis.greatest(
                    listed.signed_up_on, ibis.date(listed.level_period.cast("int32"), one, one)
                ),
                "period_end": ibis.date(listed.level_period.cast("int32") + one, one, one),
            }
        case Resets.NEVER:
            return {"period_start": listed.signed_up_on, "period_end": never}


def anniversary(accounts: Table, number: IntegerValue, sets: Sequence[VersionSet]) -> Any:
    """The day on which membership year `number` ends; 0 is the sign-up itself."""
    year = accounts.signed_up_year + number
    return date_of(year, anniversary_month_day(accounts.signed_up_day, year, accounts.set_no, sets))


def add_levels(  # noqa: PLR0913, PLR0917 - what levels come from
    steps: Steps, periods: Table, gains: Table, editions: Table, book: RuleBook, program: Program, as_of: date
) -> Table:
    """Step `levels`: every segment with its totals and the levels at its beginning and end."""
    begins = program.balances[program.level_balance].start
    ranked = _add_segments(steps, periods, gains, editions, book, begins, as_of)
    ended = _add_ends(steps, ranked, book)
    by_start = ibis.window(group_by=ended.account, order_by=ended.starts)
    before = ended.mutate(
        rank_before=ended.end_rank.lag().over(by_start).fill_null(NONE),
        edition_before=ended.edition.lag().over(by_start).fill_null(NONE),
        era_before=ended.era.lag().over(by_start).fill_null(0),
    )
    before = steps.add("segments_after", "and with the rank held before each segment", before)
    counted = steps.add(
        "counted_ranks",
        "and what that rank counts as in the segment's edition",
        before.mutate(counted=_counted(before, book)),
    )
    carried = ibis.cases(
        (~counted.is_reset, counted.counted),
        (counted.one_level, ibis.greatest(counted.earned_at_close, counted.counted - 1)),
        else_=counted.earned_at_close,
    )
    carried_on = steps.add(
        "carried_ranks", "and what is carried into the segment", counted.mutate(carried=carried)
    )
    held = carried_on.mutate(start_rank=ibis.greatest(carried_on.carried, carried_on.earned_at_start))
    return steps.add(
        "levels",
        "segments with their totals, and the ranks before, carried into, at the start and at the end",
        held.drop(
            *(f"threshold_{rank}" for rank in range(book.levels)), "one_level", "level_count", "era_before"
        ),
        is_shared=True,
    )


def _add_segments(  # noqa: PLR0913, PLR0917 - what segments come from
    steps: Steps, periods: Table, gains: Table, editions: Table, book: RuleBook, begins: int, as_of: date
) -> Table:
    pairs = periods.inner_join(editions, "set_no")
    pairs = pairs.mutate(
        starts=ibis.greatest(pairs.period_start, pairs.starts_on),
        ends=ibis.least(pairs.period_end, pairs.ends_on),
    )
    pairs = pairs.filter((pairs.starts < pairs.ends) & (pairs.starts <= ibis.literal(as_of, type="date")))
    cut = steps.add("segments", "stretches of an account's time with one edition and one period", pairs)
    joined = cut.left_join(gains, list(SEGMENT)).drop(*(f"{name}_right" for name in SEGMENT))
    joined = joined.mutate(gain=joined.gain.fill_null(0), rise=joined.rise.fill_null(0))
    with_gains = steps.add("segment_gains", "segments with what they bring", joined)
    by_period = ibis.window(
        group_by=[with_gains.account, with_gains.level_period],
        order_by=with_gains.starts,
        preceding=(None, 0),
    )
    by_account = ibis.window(group_by=with_gains.account, order_by=with_gains.starts, preceding=(None, 0))
    summed = with_gains.mutate(
        total_end=(with_gains.gain.sum().over(by_period) + begins).cast("int64"),
        gained=with_gains.gain.sum().over(by_account).cast("int64"),
        is_opening=with_gains.starts == with_gains.signed_up_on,
    )
    summed = steps.add("segment_totals", "segments with the total at their end", summed)
    summed = summed.mutate(
        total_start=summed.total_end - summed.gain,
        gained_before=summed.gained - summed.gain,
        closing=summed.total_end.lag()
        .over(ibis.window(group_by=summed.account, order_by=summed.starts))
        .fill_null(begins),
        is_reset=(summed.starts == summed.period_start) & ~summed.is_opening,
    )
    summed = steps.add(
        "segment_bounds", "segments with the total at their beginning, and of the period before", summed
    )
    ranked = summed.mutate(
        earned_at_start=rank_reached(summed.total_start, summed, book),
        earned_at_peak=rank_reached(summed.total_start + ibis.greatest(summed.rise, 0), summed, book),
        earned_at_close=ibis.ifelse(summed.is_reset, rank_reached(summed.closing, summed, book), NONE),
    )
    ranked = steps.add("segment_ranks", "segments with the ranks that their totals reach", ranked)
    ranked = ranked.mutate(
        fall=ibis.cases((~ranked.is_reset, 0), (ranked.one_level, 1), else_=_ALL_LEVELS),
        best=ibis.greatest(ranked.earned_at_peak, ranked.earned_at_close),
    )
    return steps.add("segment_effects", "and what each does to the rank it begins with", ranked)


def _add_ends(steps: Steps, ranked: Table, book: RuleBook) -> Table:
    """Every segment with the rank held at its end."""
    by_start = ibis.window(group_by=[ranked.account, ranked.era], order_by=ranked.starts, preceding=(None, 0))
    fallen = steps.add(
        "segment_falls",
        "and all falls so far",
        ranked.mutate(fallen=ranked.fall.sum().over(by_start).cast("int64")),
    )
    by_start = ibis.window(group_by=[fallen.account, fallen.era], order_by=fallen.starts, preceding=(None, 0))
    raised = fallen.mutate(height=(fallen.best + fallen.fallen).max().over(by_start))
    raised = steps.add("segment_heights", "and the highest rank so far with the falls since put back", raised)
    if not book.eras:
        return steps.add(
            "segment_ends",
            "and the rank held at its end",
            raised.mutate(end_rank=raised.height - raised.fallen),
        )
    entered = _add_eras(steps, raised, book)
    joined = raised.inner_join(entered, "account")
    numbers = range(len(book.eras) + 1)
    rank_in = ibis.cases(*((joined.era == era, joined[f"rank_in_{era}"]) for era in numbers))
    ended = joined.mutate(end_rank=ibis.greatest(rank_in, joined.height) - joined.fallen)
    return steps.add(
        "segment_ends", "and the rank held at its end", ended.drop(*(f"rank_in_{era}" for era in numbers))
    )


def _add_eras(steps: Steps, raised: Table, book: RuleBook) -> Table:
    """Each account's rank at the beginning of every era, one era after the other."""
    numbers = range(len(book.eras) + 1)
    sums: dict[str, Any] = {}
    for era in numbers:
        is_era = raised.era == era
        sums[f"height_{era}"] = raised.height.max(where=is_era)
        sums[f"fallen_{era}"] = raised.fallen.max(where=is_era)
    chain = steps.add(
        "eras", "falls and heights of each account by era", raised.group_by("account").aggregate(**sums)
    )
    chain = chain.mutate(rank_in_0=ibis.literal(NONE, type="int64"))
    for era, ranks in enumerate(book.eras):
        height, fallen = chain[f"height_{era}"].fill_null(NONE), chain[f"fallen_{era}"].fill_null(0)
        # An account without a segment in the era signed up later, and holds nothing yet.
        out = ibis.greatest(chain[f"rank_in_{era}"], height) - fallen
        ended = steps.add(f"era_{era}", f"and the rank at the end of era {era}", chain.mutate(rank_out=out))
        chain = ended.mutate(**{f"rank_in_{era + 1}": _mapped(ended.rank_out, ranks)}).drop("rank_out")
    return steps.add(
        "era_ranks",
        "the rank with which each account enters every era",
        chain.select("account", *(f"rank_in_{era}" for era in numbers)),
    )


def _mapped(rank: Any, ranks: Mapping[int, int]) -> Any:
    branches = [(rank == old, ibis.literal(new, type="int64")) for old, new in ranks.items()]
    none = ibis.literal(NONE, type="int64")
    return ibis.cases(*branches, else_=none) if branches else none


def _counted(before: Table, book: RuleBook) -> Any:
    """What the rank held before counts as: itself within an era, what it turns into at an era's end."""
    branches = [
        ((before.era_before == era) & (before.era == era + 1), _mapped(before.rank_before, ranks))
        for era, ranks in enumerate(book.eras)
    ]
    return ibis.cases(*branches, else_=before.rank_before) if branches else before.rank_before
