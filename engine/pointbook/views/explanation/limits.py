"""What limits left of an event's points, and when they begin anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.rules import anniversary
from pointbook.model.windows import CapKind, next_begin
from pointbook.views.explanation.explained import ExplainedStep

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.ledger import Cut, Entry
    from pointbook.model.log import Member
    from pointbook.model.rules import Cap, LeapDayIn, Path
    from pointbook.views.explanation.names import Names
    from pointbook.views.explanation.taken_events import TakenEvent


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

    def step(self, taken: TakenEvent, entry: Entry, cut: Cut, day: date) -> ExplainedStep:
        """What one limit did to an entry of an event that counts on that day."""
        is_whole = cut.passed == entry.requested
        if cut.scope == "balance":
            if is_whole:
                return ExplainedStep(f"the balance allows {cut.passed:,}")
            most = self._names.amount(cut.remaining, entry.balance)
            text = f"the balance can fall by {most} at most: {cut.passed:,}"
            return ExplainedStep(text, gist="the balance has no more to take")
        cap, path = _cap_of(taken, entry, cut)
        whose = f" together with others of {self._names.groups[cut.id]}" if cut.scope == "group" else ""
        text, span = f"at most {_words(cap, entry, self._names)}{whose}", taken.version.span(*path)
        if is_whole:
            is_of_event = cap.kind is CapKind.TIMES and cut.scope != "entry"
            told = f"{text}: {cut.remaining:,} left, nothing is cut"
            return ExplainedStep(told, span, is_of_event=is_of_event)
        if cut != entry.cut_by:
            other = "no more" if cut.passed == entry.awarded else "less"
            return ExplainedStep(f"{text}: {cut.remaining:,} left, but another limit leaves {other}", span)
        unit = "" if self._names.are_amounts_named else " points"
        left = f"{cut.remaining:,} left, so {cut.passed:,} of {entry.requested:,}{unit} count"
        anew = next_begin(cap.per, day, self._year_of)
        then = "" if anew is None else f"; it begins anew on {anew}"
        # Others that leave no more have to begin anew too.
        alike = [_cap_of(taken, entry, one)[0] for one in entry.cuts if one.passed == entry.awarded]
        days = [next_begin(one.per, day, self._year_of) for one in alike]
        latest = None if None in days else max(begin for begin in days if begin is not None)
        return ExplainedStep(f"{text}: {left}{then}", span, gist=text, begins_anew=latest)


def _cap_of(taken: TakenEvent, entry: Entry, cut: Cut) -> tuple[Cap, Path]:
    """The cap that it is, and where it is written; it is no floor."""
    if cut.scope == "group":
        return taken.version.groups[cut.id].caps[cut.position], ("groups", cut.id, "caps", cut.position)
    if cut.scope == "activity":
        return taken.activity.caps[cut.position], ("activities", cut.id, "caps", cut.position)
    rule = taken.rule_of(entry)
    return rule.caps[cut.position], taken.path_of(rule, "caps", cut.position)


def _words(cap: Cap, entry: Entry, names: Names) -> str:
    """The cap in words: "100 points per calendar year", or "10 Elite nights per calendar year"."""
    if not names.are_amounts_named or cap.kind is CapKind.TIMES:
        return cap.words
    return f"{names.amount(cap.limit, entry.balance)} {cap.per.window.words}"
