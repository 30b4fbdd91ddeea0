"""The yardstick in Polars: the rules of 2024-03-13 as someone would write them by hand for a data frame.

Makes the same ledger as `hand_written.sql`, over a log in which that version is in force throughout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

FIXED = {
    "docs.typo": 25,
    "feedback": 50,
    "linkedin.headline": 250,
    "email.job_title": 250,
    "linkedin.post": 50,
    "kata.completed": 75,
    "training.attended": 250,
}
RANGES = {
    **dict.fromkeys(
        (
            *("qa.question", "qa.answer", "qa.comment", "qa.best_answer", "qa.best_answer_picked"),
            *("qa.vote_cast", "qa.vote_received"),
        ),
        (10, 75),
    ),
    **dict.fromkeys(("course.enrolled", "course.completed", "quiz.passed"), (25, 250)),
    **dict.fromkeys(("certification.obtained", "blog.published", "retro_recipe.published"), (500, 1000)),
    **dict.fromkeys(("use_case.published", "solution.published"), (250, 2500)),
    "docs.missing_info": (1, 300),
    "docs.delivered": (1, 500),
    "docs.large": (1, 1000),
    "mindset.nomination": (100, 750),
    "credits.earned": (1, 10000),
    "credits.spent": (-10000, -1),
}
ONCE_A_YEAR = ("linkedin.headline", "email.job_title")
CREDITS = ("credits.earned", "credits.spent")


def rules() -> pl.LazyFrame:
    """Each activity with its amount or its range."""
    names = [*FIXED, *RANGES]
    return pl.LazyFrame(
        {
            "activity": names,
            "amount": [FIXED.get(name) for name in names],
            "lowest": [RANGES.get(name, (None, None))[0] for name in names],
            "highest": [RANGES.get(name, (None, None))[1] for name in names],
        }
    )


def requested(events: Path, members: Path) -> pl.DataFrame:
    """Events in order, with what they ask for and why they do not."""
    local, signed_up, activity = pl.col("local"), pl.col("signed_up_on"), pl.col("activity")
    leaps = (signed_up.dt.month() == 2) & (signed_up.dt.day() == 29) & (local.dt.year() % 4 != 0)
    falls = pl.when(leaps).then(228).otherwise(_in_year(signed_up))
    released_days = (local.dt.date() - pl.col("a1_released_on")).dt.total_days()
    is_range = pl.col("amount").is_null()
    problem = (
        pl.when(pl.col("is_early"))
        .then(pl.lit("before_sign_up"))
        .when(is_range & pl.col("lowest").is_null())
        .then(pl.lit("no_such_activity"))
        .when((activity == "training.attended") & pl.col("a0_days").is_null())
        .then(pl.lit("missing_attribute"))
        .when((activity == "training.attended") & (pl.col("a0_days") < 0))
        .then(pl.lit("out_of_range"))
        .when((activity == "kata.completed") & pl.col("a1_released_on").is_null())
        .then(pl.lit("missing_attribute"))
        .when(is_range & pl.col("points").is_null())
        .then(pl.lit("unvalued"))
        .when(is_range & ~pl.col("points").is_between(pl.col("lowest"), pl.col("highest")))
        .then(pl.lit("out_of_range"))
    )
    amount = (
        pl.when(activity == "training.attended")
        .then(250 * pl.col("a0_days"))
        .when((activity == "kata.completed") & released_days.is_between(0, 7))
        .then(150)
        .otherwise(pl.coalesce("amount", "points"))
    )
    return (
        pl.scan_parquet(events)
        .join(pl.scan_parquet(members), on="member_id")
        .join(rules(), on="activity", how="left")
        .with_columns(
            is_early=local.dt.date() < signed_up,
            is_credits=activity.is_in(CREDITS),
            year=local.dt.year() - signed_up.dt.year() + (_in_year(local) >= falls).cast(pl.Int32),
        )
        .with_columns(problem=problem)
        .with_columns(requested=pl.when(pl.col("problem").is_null()).then(amount).otherwise(0).cast(pl.Int64))
        .select(
            *("member_id", "at", "event_id", "local", "activity"),
            *("is_early", "is_credits", "year", "problem", "requested"),
        )
        .sort("member_id", "at", "event_id")
        .collect()
    )


def _in_year(day: pl.Expr) -> pl.Expr:
    """Month and day as one number."""
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32)


def ledger(events: Path, members: Path) -> pl.DataFrame:
    """The ledger, in order."""
    asked, activity = pl.col("requested"), pl.col("activity")
    month = pl.col("local").dt.year() * 100 + pl.col("local").dt.month().cast(pl.Int32)
    so_far = asked.cum_sum().over("member_id", "activity", month)
    count = (asked > 0).cast(pl.Int64).cum_sum().over("member_id", "activity", "year")
    passed = (
        pl.when(activity == "feedback")
        .then(so_far.clip(upper_bound=100) - (so_far - asked).clip(upper_bound=100))
        .when(activity.is_in(ONCE_A_YEAR) & (count > 1))
        .then(0)
        .otherwise(asked)
    )
    counts = pl.col("is_credits") & ~pl.col("is_early")
    lift = (-pl.col("plain")).clip(lower_bound=0).cum_max().over("member_id", "is_credits")
    before = pl.col("lift").shift(1, fill_value=0).over("member_id", "is_credits")
    awarded = pl.when(counts).then(pl.col("passed") + pl.col("lift") - before).otherwise(pl.col("passed"))
    gain = pl.when(pl.col("is_credits") | pl.col("is_early")).then(0).otherwise(pl.col("awarded"))
    found = (
        requested(events, members)
        .with_columns(passed=passed)
        .with_columns(
            plain=pl.when(counts)
            .then(pl.col("passed"))
            .otherwise(0)
            .cum_sum()
            .over("member_id", "is_credits")
        )
        .with_columns(lift=lift)
        .with_columns(awarded=awarded)
        .with_columns(points=gain.cum_sum().over("member_id", "is_early", "year"))
    )
    closing = (
        found.filter(~pl.col("is_credits") & ~pl.col("is_early"))
        .group_by("member_id", (pl.col("year") + 1).alias("year"))
        .agg(closing=pl.col("awarded").sum())
    )
    best = pl.max_horizontal("points", pl.col("closing").fill_null(0))
    is_counted = ~pl.col("is_early")
    outcome = (
        pl.when(pl.col("problem").is_not_null())
        .then(pl.col("problem"))
        .when(pl.col("awarded") == asked)
        .then(pl.lit("awarded"))
        .when(pl.col("awarded") != 0)
        .then(pl.lit("reduced"))
        .otherwise(pl.lit("capped"))
    )
    level = (
        pl.when(best >= 15000)
        .then(pl.lit("catalyst"))
        .when(best >= 5000)
        .then(pl.lit("enabler"))
        .when(best >= 750)
        .then(pl.lit("advocate"))
        .otherwise(pl.lit("member"))
    )
    total = pl.when(pl.col("is_credits")).then(pl.col("plain") + pl.col("lift")).otherwise(pl.col("points"))
    period = pl.when(pl.col("is_credits")).then(1).otherwise(pl.col("year")).cast(pl.Int64)
    return found.join(closing, on=["member_id", "year"], how="left", maintain_order="left").select(
        *("event_id", "member_id", "activity"),
        occurred_at="local",
        version=pl.lit("2024-03-13"),
        balance=pl.when(pl.col("is_credits")).then(pl.lit("dojo_credits")).otherwise(pl.lit("devops_points")),
        requested=asked,
        awarded="awarded",
        outcome=outcome,
        assumed=pl.lit(False),
        period=pl.when(is_counted).then(period),
        total=pl.when(is_counted).then(total),
        level=pl.when(is_counted).then(level),
    )
