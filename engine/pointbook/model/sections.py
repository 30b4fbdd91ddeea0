"""The sections of a version and of a program, which documents, paths, checks and messages name."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Section(StrEnum):
    """A key under which rules stand; `VERSION` and `PROGRAM` are what stands beside them.

    The first are sections of a version, `ENTRIES` what stands inside of its activities; those from `PROGRAM`
    on are of the program.

    Attributes:
        noun: What one of its rules is called in messages.
    """

    noun: str

    VERSION = "version", "version"
    LEVELS = "levels", "level"
    BENEFITS = "benefits", "benefit"
    LIFE_CYCLE = "life_cycle", "life cycle"
    GROUPS = "groups", "group"
    ACTIVITIES = "activities", "activity"
    ENTRIES = "entries", "entry"
    CONDITIONS = "conditions", "condition"
    PROGRAM = "program", "program"
    BALANCES = "balances", "balance"
    MEMBER_ATTRIBUTES = "member_attributes", "member attribute"
    VERSIONS = "versions", "version"
    GUARDRAILS = "guardrails", "guardrail"

    def __new__(cls, key: str, noun: str = "") -> Self:
        """The key, with the noun."""
        section = str.__new__(cls, key)
        section._value_, section.noun = key, noun
        return section


WITH_IDS = (Section.LEVELS, Section.BENEFITS, Section.GROUPS, Section.ACTIVITIES)
"""Sections whose rules have ids; of the life cycle there is one."""

REMOVABLE = (Section.LEVELS, Section.BENEFITS, Section.ACTIVITIES)
"""Sections that members depend on by id, so that what goes is listed under `removes`."""
