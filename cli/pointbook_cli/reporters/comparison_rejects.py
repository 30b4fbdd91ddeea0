"""What rejected rows could have done, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.quantities import quantity

if TYPE_CHECKING:
    from pointbook.comparison.result import Headline, Quality


def reject_range(headline: Headline) -> str:
    """How far rejected rows could move a headline; empty where they could not.

    >>> from pointbook.comparison.result import Headline
    >>> reject_range(Headline("points", "Points", 5, 8, 3, None, "", 3, 3, -1, None))
    'from -1 without a known limit'
    """
    low, high = headline.reject_low, headline.reject_high
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
    parts = []
    if quality.stray_members:
        parts.append(f"rows that name {quantity(quality.stray_members, 'member')} of the log")
    if quality.stray_rows:
        parts.append(f"{quantity(quality.stray_rows, 'row')} of events that could be anyone's")
    if quality.stray_sign_ups:
        parts.append(f"{quantity(quality.stray_sign_ups, 'row')} of members")
    if quality.repeated:
        parts.append(
            f"{quantity(quality.repeated, 'row')} that the log has already, which could change nothing"
        )
    return ", ".join(parts)


def reject_limits(quality: Quality) -> str:
    """Why no limit is known for points; empty where one is."""
    if not quality.unlimited:
        return ""
    names = ", ".join(quality.unlimited)
    return f"no limit is known for points, because one event of {names} can give or take any number of them"
