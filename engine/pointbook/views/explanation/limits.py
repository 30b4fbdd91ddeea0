"""What limits left of an event's points, and when they begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.rules import anniversary
from pointbook.model.windows import next_begin
from pointbook.model.wording import quantity
from pointbook.views.explanation.explained import ExplainedStep

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.activities import Activity
    from pointbook.model.ledger import Cut, Entry
    from pointbook.model.log import Member
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, LeapDayIn
    from pointbook.views.explanation.names import Names


def membership_year(member: Member, day: date, leap_day_in: LeapDayIn) -> int:
    """The number of the member's year on a local date that is not before the sign-up."""
    years = day.year - member.signed_up_on.year
    return years + (anniversary(member.signed_up_on, years, leap_day_in) <= day)


class Limits:
    """Explains what limits did to a member's events."""

    def __init__(self, member: Member, names: Names, leap_day_in: LeapDayIn) -> None:
        """Explains with the member's own years.

        Args:
            member: Whose events they are.
            names: What groups are called.
            leap_day_in: The leap-day policy of a common year.
        """
        self._names = names
        self._year_of = lambda day: membership_year(member, day, leap_day_in)

    def step(self, version: Version, activity: Activity, day: date, entry: Entry, cut: Cut) -> ExplainedStep:
        """What one limit did to an event of that day, which came to the entry."""
        is_whole = cut.passed == entry.requested
        if cut.scope == "balance":
            if is_whole:
                return ExplainedStep(f"the balance allows {cut.passed:,}")
            text = f"the balance can fall by {quantity(cut.remaining, 'point')} at most: {cut.passed:,}"
            return ExplainedStep(text, gist="the balance has no more to take")
        cap = _cap_of(version, activity, cut)
        whose = f" together with others of {self._names.groups[cut.id]}" if cut.scope == "group" else ""
        section = "groups" if cut.scope == "group" else "activities"
        text, span = f"at most {cap.words}{whose}", version.span(section, cut.id, "caps", cut.position)
        if is_whole:
            return ExplainedStep(f"{text}: {cut.remaining:,} left, nothing is cut", span)
        if cut != entry.cut_by:
            other = "no more" if cut.passed == entry.awarded else "less"
            return ExplainedStep(f"{text}: {cut.remaining:,} left, but another limit leaves {other}", span)
        left = f"{cut.remaining:,} left, so {cut.passed:,} of {entry.requested:,} points count"
        anew = next_begin(cap.per, day, self._year_of)
        then = "" if anew is None else f"; it begins anew on {anew}"
        # Others that leave no more have to begin anew too.
        alike = [_cap_of(version, activity, one) for one in entry.cuts if one.passed == entry.awarded]
        days = [next_begin(one.per, day, self._year_of) for one in alike]
        latest = None if None in days else max(begin for begin in days if begin is not None)
        return ExplainedStep(f"{text}: {left}{then}", span, gist=text, begins_anew=latest)


def _cap_of(version: Version, activity: Activity, cut: Cut) -> Cap:
    """The cap that it is; it is no floor."""
    owner = version.groups[cut.id] if cut.scope == "group" else activity
    return owner.caps[cut.position]
