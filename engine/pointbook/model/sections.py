"""The sections of a version, which documents, paths, checks and messages name."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class Section(StrEnum):
    """A key of a version under which its rules stand; `VERSION` is its own dates and texts, beside them."""

    VERSION = "version"
    LEVELS = "levels"
    BENEFITS = "benefits"
    LIFE_CYCLE = "life_cycle"
    GROUPS = "groups"
    ACTIVITIES = "activities"

    @property
    def noun(self) -> str:
        """What one of its rules is called in messages."""
        match self:
            case Section.VERSION:
                return "version"
            case Section.LEVELS:
                return "level"
            case Section.BENEFITS:
                return "benefit"
            case Section.LIFE_CYCLE:
                return "life cycle"
            case Section.GROUPS:
                return "group"
            case Section.ACTIVITIES:
                return "activity"
            case _:
                assert_never(self)


WITH_IDS = (Section.LEVELS, Section.BENEFITS, Section.GROUPS, Section.ACTIVITIES)
"""Sections whose rules have ids; of the life cycle there is one."""

REMOVABLE = (Section.LEVELS, Section.ACTIVITIES)
"""Sections that members' points and levels depend on by id, so that what goes is listed under `removes`."""
