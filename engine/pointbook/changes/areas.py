"""Where changes of a kind are found, and what they can make a difference to."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from pointbook.model.sections import Section


class Touches(Enum):
    """What a change can make a difference to."""

    NOTHING = "nothing: words, dates and declarations"
    EVENTS = "what events of the activity give, or of the activities in the group"
    JOINING = "nothing by itself: a group that activities can join or leave"
    LEVELS = "the levels of any member"
    ANNIVERSARIES = "levels, and the membership years of those who signed up on 29 February"
    BENEFITS = "what levels bring"
    TIMELINE = "anything: it stands outside the versions, or says which of them is in force"


class Area(NamedTuple):
    """Where changes of a kind are found, and what they can make a difference to."""

    sections: tuple[Section, ...]
    touches: Touches


TEXT = Area(tuple(Section), Touches.NOTHING)
DATE = Area((Section.VERSION,), Touches.NOTHING)
LEVEL = Area((Section.LEVELS,), Touches.LEVELS)
BENEFIT = Area((Section.BENEFITS,), Touches.BENEFITS)
DEMOTION = Area((Section.LIFE_CYCLE,), Touches.LEVELS)
ANNIVERSARY = Area((Section.LIFE_CYCLE,), Touches.ANNIVERSARIES)
EVENT = Area((Section.ACTIVITIES,), Touches.EVENTS)
DECLARED = Area((Section.ACTIVITIES,), Touches.NOTHING)
ELIGIBILITY = Area((Section.VERSION, Section.GROUPS), Touches.EVENTS)
CAP = Area((Section.ACTIVITIES, Section.GROUPS), Touches.EVENTS)
GROUP = Area((Section.GROUPS,), Touches.JOINING)
PROGRAM = Area((Section.PROGRAM,), Touches.TIMELINE)
BALANCE = Area((Section.BALANCES,), Touches.TIMELINE)
MEMBER_ATTRIBUTE = Area((Section.MEMBER_ATTRIBUTES,), Touches.TIMELINE)
IN_FORCE = Area((Section.VERSIONS,), Touches.TIMELINE)
GUARDRAIL = Area((Section.GUARDRAILS,), Touches.NOTHING)
