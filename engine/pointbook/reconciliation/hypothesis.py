"""In what another system may differ from ours, as something that can be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pointbook.model.log import Event, Member

if TYPE_CHECKING:
    from pointbook.reconciliation.cases import Case
    from pointbook.reconciliation.setting import Setting

SettingChange = Callable[["Setting"], "Setting"]
EventChange = Callable[[Member, Sequence[Event]], Sequence[Event]]
MemberChange = Callable[[Member], Member]


class CauseKind(StrEnum):
    """Kinds of causes, in the order in which they are tried."""

    THRESHOLDS = "thresholds"
    DEMOTION = "demotion"
    EARNED_LEVEL = "earned_level"
    LEAP_DAY = "leap_day"
    ANOTHER_VERSION = "another_version"
    VERSION_DATE = "version_date"
    CAP_NOT_APPLIED = "cap_not_applied"
    CAP_OTHERWISE = "cap_otherwise"
    TIME_ZONE = "time_zone"
    REJECTED_COUNTED = "rejected_counted"
    EVENTS_MISSING = "events_missing"
    EVENTS_TWICE = "events_twice"
    ASSUMED = "assumed"
    ROUNDING = "rounding"
    BONUS_NOT_APPLIED = "bonus_not_applied"
    CONDITION_NOT_APPLIED = "condition_not_applied"
    SHARES_NOT_APPLIED = "shares_not_applied"
    RESET = "reset"
    PERIOD_START = "period_start"
    FLOOR = "floor"
    START = "start"
    BEFORE_SIGN_UP = "before_sign_up"
    EARLIER_DAY = "earlier_day"
    RULE_OF_ANOTHER_VERSION = "rule_of_another_version"
    ONE_EVENT = "one_event"


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whose figures can be different at all: those of whoever has such an event.

    Attributes:
        activities: What it is, None for anything.
        first: The first day on which it is.
        last: The last one.
    """

    activities: frozenset[str] | None = None
    first: date = date.min
    last: date = date.max

    def has(self, case: Case) -> bool:
        """Whether a case is concerned."""
        if self.activities is not None and self.activities.isdisjoint(case.activities):
            return False
        if (self.first, self.last) == (date.min, date.max):
            return True
        return any(self.first <= event.local.date() <= self.last for event in case.events)


ANYBODY = Concerned()


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """In what that system may differ.

    Attributes:
        kind: Of the cause.
        subject: What it is about, in short: an address in the rules, a day, a zone.
        words: After "that system".
        setting: By what it evaluates, from ours; None for the same.
        events: What it takes for a member's events, from ours; None for the same.
        concerned: Whose figures can be different.
        family: What others that differ in a day only belong to as well; empty for none.
        nearby: More of its family, of the days around its own; None for none.
        member: What it takes for a member, from ours; None for the same.
    """

    kind: CauseKind
    subject: str
    words: str
    setting: SettingChange | None = None
    events: EventChange | None = None
    concerned: Concerned = ANYBODY
    family: str = ""
    nearby: Callable[[], Iterable[Hypothesis]] | None = None
    member: MemberChange | None = None


def both(one: Hypothesis, other: Hypothesis) -> Hypothesis:
    """That both hold."""
    settings = [each.setting for each in (one, other) if each.setting is not None]
    changes = [each.events for each in (one, other) if each.events is not None]

    def setting(ours: Setting) -> Setting:
        for change in settings:
            ours = change(ours)
        return ours

    def events(member: Member, found: Sequence[Event]) -> Sequence[Event]:
        for change in changes:
            found = change(member, found)
        return found

    return Hypothesis(
        one.kind,
        f"{one.subject} + {other.subject}",
        f"{one.words}, and {other.words}",
        setting if settings else None,
        events if changes else None,
        member=one.member or other.member,
    )
