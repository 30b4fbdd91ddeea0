"""What several reports of a comparison say: how far its data could move the figures, and what it cost."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, assert_never

from pointbook.comparison.figures import percent_text
from pointbook.model.ledger import Assume
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.comparison.result import Headline, Quality
    from pointbook.comparison.shares.result import Attribution


def open_note(headline: Headline, assume: Assume) -> str:
    """Why a figure lies on one side of both assumptions about missing values; empty where it does not.

    >>> from pointbook.comparison.result import Headline
    >>> open_note(Headline("points", "Points", 5, 8, 3, None, "", 10, 40), Assume.NONE)
    'as measured, missing values earn nothing'
    """
    if not headline.is_outside:
        return ""
    match assume:
        case Assume.NONE:
            return "as measured, missing values earn nothing"
        case Assume.LOW | Assume.MID | Assume.HIGH:
            return f"as measured, missing values are taken as {assume}"
        case _:
            assert_never(assume)


def reject_range(headline: Headline) -> str:
    """How far rejected rows could move a headline; empty where they could not.

    >>> from pointbook.comparison.result import Bounds, Headline
    >>> reject_range(Headline("points", "Points", 5, 8, 3, None, "", 3, 3, Bounds(-1, None)))
    'from -1 without a known limit'
    """
    if headline.rejects is None:
        return "not computed"
    low, high = headline.rejects
    if low == high == headline.change:
        return ""
    sign = "+" if headline.old is not None else ""
    if low is None and high is None:
        return "no limit is known"
    if low is None:
        return f"up to {high:{sign},}, and down without a known limit"
    return f"from {low:{sign},} " + ("without a known limit" if high is None else f"to {high:{sign},}")


def reject_reach(quality: Quality) -> str:
    """Whom rejected rows could be about; empty where nothing was rejected."""
    parts = (
        (quality.members_in_rejects, "rows that name {} of the log", "member"),
        (quality.rejected_events_of_nobody, "{} of events that could be anyone's", "row"),
        (quality.rejected_members, "{} of members", "row"),
        (quality.repeated, "{} that the log has already, which could change nothing", "row"),
    )
    return ", ".join(text.format(quantity(number, noun)) for number, text, noun in parts if number)


def reject_limits(quality: Quality) -> str:
    """Why no limit is known for points; empty where one is."""
    if not quality.unlimited:
        return ""
    names = ", ".join(quality.unlimited)
    return f"no limit is known for points, because one event of {names} can give or take any number of them"


def cost_text(attribution: Attribution) -> str:
    """What splitting the difference cost: the sets of changes tried, and for how much of the log each.

    Without seconds, so that reports are the same each time.
    """
    if not attribution.subsets:
        return "No set of changes had to be tried."
    tried, found = quantity(attribution.subsets, "set"), quantity(attribution.standings, "standing")
    text = f"{tried} of changes tried: {found} of a member found"
    whole = attribution.subsets * attribution.members
    if whole:
        part = percent_text(Fraction(100 * attribution.standings, whole))
        text += f", each set for {part} of all members on average"
    again = attribution.evaluations
    return f"{text}; events of a member evaluated again {quantity(again, 'time')}."
