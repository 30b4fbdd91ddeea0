"""The table of all kinds of change, one a line.

Kind.LEVEL_ADDED.code                             # "level-added"
Kind.LEVEL_ADDED.mirror                           # Kind.LEVEL_REMOVED: the last word says what undoes it
Kind.LEVEL_ADDED.direction_rule(subject)          # favourable, and why
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from pointbook.changes.areas import (
    ANNIVERSARY,
    BALANCE,
    BENEFIT,
    CAP,
    DATE,
    DECLARED,
    DEMOTION,
    ELIGIBILITY,
    EVENT,
    GROUP,
    GUARDRAIL,
    IN_FORCE,
    LEVEL,
    MEMBER_ATTRIBUTE,
    PROGRAM,
    TEXT,
    Area,
    Touches,
)
from pointbook.changes.laws import declarations, levels, limits, points, programs, rule, tables

if TYPE_CHECKING:
    from typing import Self

    from pointbook.changes.directions import Direction
    from pointbook.changes.laws.rule import DirectionRule
    from pointbook.model.sections import Section

_DONE = ("ADDED", "RAISED", "WIDENED", "JOINED", "EASED", "LOOSENED")
_UNDONE = ("REMOVED", "LOWERED", "NARROWED", "LEFT", "TIGHTENED", "TIGHTENED")
_OPPOSITES = tuple(zip((*_DONE, *_UNDONE), (*_UNDONE, *_DONE), strict=True))


_YEARS_MOVE = "the year of members who signed up on 29 February ends on another day, for better or worse"
_only_words = rule.neutral("words only; nothing is counted differently")
_only_a_date = rule.neutral("a date; it says when members were told, not what they have")
_only_a_name = rule.neutral("a name; it is written in results, but nothing is counted by it")
_only_a_column = rule.neutral("a column of the ledger; nothing is counted by it")
_limits_nobody = rule.neutral("a group limits nobody until an activity joins it")
_only_a_gate = rule.neutral("it says what may pass a gate until a day; nothing is counted by it")
_only_a_lock = rule.neutral("it holds fast what was published; nothing is counted by it")
_cannot_tell = rule.mixed("neither condition includes the other")
_by_its_parts = rule.mixed("it depends on what it reaches")
_something_is_known = rule.mixed("what the log does not say is taken to be something else")


class Kind(Enum):
    """A kind of change: its area and its direction rule. Its code is its name with hyphens."""

    # ruff: noqa: PIE796 - kinds may have the same area and rule: each gets a value of its own

    TITLE_ADDED = TEXT, _only_words
    TITLE_REMOVED = TEXT, _only_words
    TITLE_CHANGED = TEXT, _only_words
    NOTE_ADDED = TEXT, _only_words
    NOTE_REMOVED = TEXT, _only_words
    NOTE_CHANGED = TEXT, _only_words
    SOURCE_ADDED = TEXT, _only_words
    SOURCE_REMOVED = TEXT, _only_words
    SOURCE_CHANGED = TEXT, _only_words

    PROGRAM_UNKNOWN = PROGRAM, rule.mixed("there is nothing to compare with")
    PROGRAM_ID_CHANGED = PROGRAM, _only_a_name
    TIMEZONE_CHANGED = PROGRAM, rule.mixed("events near midnight fall on other days, months and years")
    LEVEL_BALANCE_CHANGED = PROGRAM, rule.mixed("other points decide levels")
    BALANCE_ADDED = BALANCE, programs.balance_kept
    BALANCE_REMOVED = BALANCE, rule.opposite(programs.balance_kept)
    BALANCE_RENAMED = BALANCE, rule.neutral("the same under another id, by which columns of results call it")
    RESETS_CHANGED = BALANCE, rule.mixed("what members have goes back to the start on other days, or never")
    START_RAISED = BALANCE, programs.starts_higher
    START_LOWERED = BALANCE, rule.opposite(programs.starts_higher)
    FLOOR_ADDED = BALANCE, programs.takes_less("deductions stop at the floor")
    FLOOR_REMOVED = BALANCE, rule.opposite(programs.takes_less("deductions no longer stop at a floor"))
    FLOOR_RAISED = BALANCE, programs.takes_less("deductions stop sooner")
    FLOOR_LOWERED = BALANCE, rule.opposite(programs.takes_less("deductions stop later"))
    DECIMALS_CHANGED = BALANCE, rule.mixed("amounts are rounded to other places")
    ROUNDING_CHANGED = BALANCE, rule.mixed("amounts are rounded otherwise")
    MEMBER_ATTRIBUTE_ADDED = MEMBER_ATTRIBUTE, declarations.member_attribute_declared
    MEMBER_ATTRIBUTE_REMOVED = MEMBER_ATTRIBUTE, declarations.member_attribute_declared
    MEMBER_ATTRIBUTE_TYPE_CHANGED = MEMBER_ATTRIBUTE, declarations.attribute_type
    MEMBER_DEFAULT_ADDED = MEMBER_ATTRIBUTE, _something_is_known
    MEMBER_DEFAULT_REMOVED = MEMBER_ATTRIBUTE, _something_is_known
    MEMBER_DEFAULT_CHANGED = MEMBER_ATTRIBUTE, _something_is_known

    LOG_READING_CHANGED = PROGRAM, rule.mixed("rows of the same log are read as something else")
    LOG_REFERENCE_CHANGED = PROGRAM, _only_a_column

    VERSION_ADDED = IN_FORCE, declarations.in_force_instead
    VERSION_REMOVED = IN_FORCE, declarations.in_force_instead
    VERSION_RENAMED = IN_FORCE, _only_a_name
    EFFECTIVE_DATE_CHANGED = DATE, declarations.takes_effect
    ANNOUNCEMENT_ADDED = DATE, _only_a_date
    ANNOUNCEMENT_REMOVED = DATE, _only_a_date
    ANNOUNCEMENT_CHANGED = DATE, _only_a_date

    GUARDRAIL_LOOSENED = GUARDRAIL, rule.adverse("what it would have stopped can pass")
    GUARDRAIL_TIGHTENED = GUARDRAIL, rule.favourable("it stops more")
    GUARDRAIL_CHANGED = GUARDRAIL, rule.mixed("it limits something else, so it stops other things")

    APPROVAL_ADDED = GUARDRAIL, _only_a_gate
    APPROVAL_REMOVED = GUARDRAIL, _only_a_gate
    APPROVAL_CHANGED = GUARDRAIL, _only_a_gate

    LOCK_LOOSENED = GUARDRAIL, rule.adverse("what was published can be changed, and nobody is told")
    LOCK_TIGHTENED = GUARDRAIL, _only_a_lock
    LOCK_CHANGED = GUARDRAIL, rule.mixed("what was published is to have been something else")

    LEVEL_ADDED = LEVEL, levels.on_levels(rule.favourable("one more level to reach; no other level moves"))
    LEVEL_REMOVED = LEVEL, levels.on_levels(rule.adverse("one level less to reach; no other level moves"))
    THRESHOLD_LOWERED = LEVEL, levels.on_levels(rule.favourable("fewer points reach and keep the level"))
    THRESHOLD_RAISED = (
        LEVEL,
        levels.on_levels(rule.adverse("more points are needed to reach and keep the level")),
    )
    REQUIREMENTS_LOWERED = LEVEL, levels.of_requirements(rule.favourable("less reaches and keeps the level"))
    REQUIREMENTS_RAISED = (
        LEVEL,
        levels.of_requirements(rule.adverse("more is needed to reach and keep the level")),
    )
    LEVELS_REORDERED = LEVEL, rule.mixed("a level is above one that it was below")
    REQUIREMENTS_CHANGED = LEVEL, rule.mixed("some members reach it sooner, others later")
    KEEP_LOWERED = LEVEL, levels.of_requirements(rule.favourable("less keeps the level"))
    KEEP_RAISED = LEVEL, levels.of_requirements(rule.adverse("more is needed to keep the level"))
    KEEP_CHANGED = LEVEL, rule.mixed("some members keep it more easily, others do not")

    BENEFIT_ADDED = BENEFIT, levels.benefit_promised
    BENEFIT_REMOVED = BENEFIT, rule.opposite(levels.benefit_promised)
    BENEFIT_LEVEL_ADDED = BENEFIT, rule.favourable("nobody was known to have it")
    BENEFIT_LEVEL_REMOVED = BENEFIT, rule.adverse("nobody is known to have it any more")
    BENEFIT_LEVEL_LOWERED = BENEFIT, rule.favourable("members of lower levels get it too")
    BENEFIT_LEVEL_RAISED = BENEFIT, rule.adverse("members of lower levels no longer get it")
    BENEFIT_LEVEL_CHANGED = (
        BENEFIT,
        rule.mixed("the two levels cannot be compared, because no version has both in one order"),
    )

    BENEFIT_CONDITION_ADDED = BENEFIT, rule.adverse("fewer members of its level have it")
    BENEFIT_CONDITION_REMOVED = BENEFIT, rule.favourable("more members of its level have it")
    BENEFIT_CONDITION_WIDENED = BENEFIT, rule.favourable("more members of its level have it")
    BENEFIT_CONDITION_NARROWED = BENEFIT, rule.adverse("fewer members of its level have it")
    BENEFIT_CONDITION_CHANGED = BENEFIT, _cannot_tell

    ELIGIBILITY_ADDED = ELIGIBILITY, _by_its_parts
    ELIGIBILITY_REMOVED = ELIGIBILITY, _by_its_parts
    ELIGIBILITY_WIDENED = ELIGIBILITY, _by_its_parts
    ELIGIBILITY_NARROWED = ELIGIBILITY, _by_its_parts
    ELIGIBILITY_CHANGED = ELIGIBILITY, _by_its_parts
    CONDITION_REDEFINED = ELIGIBILITY, _by_its_parts

    DEMOTION_EASED = (
        DEMOTION,
        levels.reviews_levels(rule.favourable("an anniversary takes at most one level instead of several")),
    )
    DEMOTION_TIGHTENED = (
        DEMOTION,
        levels.reviews_levels(rule.adverse("an anniversary can take several levels instead of one")),
    )
    LIFE_CYCLE_STATEMENT_CHANGED = TEXT, rule.neutral("what differs in it is a change of its own")
    LEAP_DAY_CHANGED = ANNIVERSARY, levels.by_anniversaries(rule.mixed(_YEARS_MOVE))

    ACTIVITY_ADDED = EVENT, points.activity_counts("counts")
    ACTIVITY_REMOVED = EVENT, rule.opposite(points.activity_counts("no longer counts"))
    ACTIVITY_REPLACED = EVENT, rule.mixed("it depends on how the two rules differ")
    REPLACEMENT_CHANGED = (
        EVENT,
        rule.mixed("under a fixed version, events of another id are read by this activity, or no longer"),
    )
    ENTRY_ADDED = EVENT, points.entry_counts("an event gives something there too")
    ENTRY_REMOVED = EVENT, rule.opposite(points.entry_counts("an event gave something there too"))
    SPEND_ADDED = EVENT, rule.mixed(points.CHOSEN)
    SPEND_REMOVED = EVENT, rule.mixed(points.CHOSEN)
    ENTRY_CONDITION_ADDED = EVENT, rule.opposite(points.more_events("fewer events have it"))
    ENTRY_CONDITION_REMOVED = EVENT, points.more_events("more events have it")
    ENTRY_CONDITION_WIDENED = EVENT, points.more_events("more events have it")
    ENTRY_CONDITION_NARROWED = EVENT, rule.opposite(points.more_events("fewer events have it"))
    ENTRY_CONDITION_CHANGED = EVENT, _cannot_tell
    ENTRIES_REORDERED = EVENT, points.other_order
    BALANCE_CHANGED = EVENT, rule.mixed("the points go to another balance; one gains what the other loses")
    CONDITION_ADDED = EVENT, rule.opposite(points.more_events("fewer events count"))
    CONDITION_REMOVED = EVENT, points.more_events("more events count")
    CONDITION_WIDENED = EVENT, points.more_events("more events count")
    CONDITION_NARROWED = EVENT, rule.opposite(points.more_events("fewer events count"))
    CONDITION_CHANGED = EVENT, _cannot_tell
    SPLIT_ADDED = EVENT, points.points_shared("the points are shared")
    SPLIT_REMOVED = EVENT, rule.opposite(points.points_shared("everyone gets all of the points"))
    SPLIT_CHANGED = EVENT, rule.mixed("another number of people shares the points")
    ATTRIBUTE_ADDED = DECLARED, declarations.attribute_declared
    ATTRIBUTE_REMOVED = DECLARED, declarations.attribute_declared
    ATTRIBUTE_TYPE_CHANGED = DECLARED, declarations.attribute_type
    DEFAULT_ADDED = EVENT, _something_is_known
    DEFAULT_REMOVED = EVENT, _something_is_known
    DEFAULT_CHANGED = EVENT, _something_is_known

    AMOUNT_RAISED = EVENT, points.more_points("the amount is higher for every event")
    AMOUNT_LOWERED = EVENT, rule.opposite(points.more_points("the amount is lower for every event"))
    AMOUNT_FORM_CHANGED = EVENT, points.other_form
    RANGE_RAISED = EVENT, points.more_points("an assessment of the same merit is higher for every event")
    RANGE_LOWERED = (
        EVENT,
        rule.opposite(points.more_points("an assessment of the same merit is lower for every event")),
    )
    RANGE_WIDENED = EVENT, rule.mixed("low assessments come to fewer points, high ones to more")
    RANGE_NARROWED = EVENT, rule.mixed("low assessments come to more points, high ones to fewer")
    RATE_RAISED = EVENT, points.more_points("the rate is higher for every event")
    RATE_LOWERED = EVENT, rule.opposite(points.more_points("the rate is lower for every event"))
    RATE_ATTRIBUTE_CHANGED = EVENT, rule.mixed("another quantity is counted")
    RATE_TABLE_CHANGED = EVENT, rule.mixed("some events have a higher rate, others a lower one, or none")
    RATE_STEP_LOWERED = EVENT, points.more_steps("the points are for fewer units")
    RATE_STEP_RAISED = EVENT, rule.opposite(points.more_steps("the points are for more units"))
    RATE_STEP_CHANGED = EVENT, rule.mixed("whole steps are counted, or fractions too")
    UNIT_ADDED = DECLARED, _only_words
    UNIT_REMOVED = DECLARED, _only_words
    UNIT_CHANGED = DECLARED, _only_words
    TABLE_ATTRIBUTE_CHANGED = EVENT, rule.mixed("another attribute decides")
    TABLE_VALUE_ADDED = EVENT, tables.table_value
    TABLE_VALUE_REMOVED = EVENT, tables.table_value
    TABLE_VALUE_RAISED = EVENT, tables.table_value
    TABLE_VALUE_LOWERED = EVENT, tables.table_value
    TABLE_ELSE_ADDED = EVENT, tables.given_for_others
    TABLE_ELSE_REMOVED = EVENT, tables.given_for_others
    TABLE_ELSE_CHANGED = EVENT, tables.given_for_others

    BONUS_ADDED = EVENT, points.bonus_given("one more bonus")
    BONUS_REMOVED = EVENT, rule.opposite(points.bonus_given("one bonus less"))
    BONUS_RAISED = EVENT, points.more_points("the bonus is higher")
    BONUS_LOWERED = EVENT, rule.opposite(points.more_points("the bonus is lower"))
    BONUS_PERCENT_RAISED = EVENT, points.more_percent("the percentage is higher")
    BONUS_PERCENT_LOWERED = EVENT, rule.opposite(points.more_percent("the percentage is lower"))
    BONUS_PERCENT_CHANGED = EVENT, rule.mixed("the percentage is higher for some events, lower for others")
    BONUS_CONDITION_WIDENED = EVENT, points.bonus_given_oftener("it holds in more cases")
    BONUS_CONDITION_NARROWED = EVENT, rule.opposite(points.bonus_given_oftener("it holds in fewer cases"))
    BONUS_CONDITION_CHANGED = EVENT, _cannot_tell

    CAP_ADDED = CAP, rule.opposite(limits.more_room("there is one more limit"))
    CAP_REMOVED = CAP, limits.more_room("the limit is gone")
    CAP_RAISED = CAP, limits.more_room("the limit is higher")
    CAP_LOWERED = CAP, rule.opposite(limits.more_room("the limit is lower"))
    CAP_WINDOW_WIDENED = CAP, rule.opposite(limits.more_room("the same limit must last for longer"))
    CAP_WINDOW_NARROWED = CAP, limits.more_room("the same limit is there again sooner")
    CAP_WINDOW_CHANGED = CAP, rule.mixed("neither window lies inside the other")

    CAP_BALANCE_CHANGED = CAP, rule.mixed("other points are limited, and what is used up begins anew")

    GROUP_ADDED = GROUP, _limits_nobody
    GROUP_REMOVED = GROUP, _limits_nobody
    GROUP_LEFT = EVENT, limits.outside_group("the group's limits no longer count for it")
    GROUP_JOINED = EVENT, rule.opposite(limits.outside_group("the group's limits count for it too"))

    def __new__(cls, area: Area, direction_rule: DirectionRule) -> Self:
        """A kind of its own, although others may have the same area and rule."""
        kind = object.__new__(cls)
        kind._value_ = len(cls.__members__)
        kind.sections, kind.touches, kind.direction_rule = *area, direction_rule
        return kind

    sections: tuple[Section, ...]
    touches: Touches
    direction_rule: DirectionRule

    @property
    def code(self) -> str:
        """Its stable name, for people and programs."""
        return self.name.lower().replace("_", "-")

    @property
    def verb(self) -> str:
        """What becomes of the value."""
        return self.code.rpartition("-")[2]

    @property
    def mirror(self) -> Kind:
        """The kind that undoes it, as its verb says; changing undoes itself."""
        stem, _, verb = self.name.rpartition("_")
        names = (f"{stem}_{undone}" for done, undone in _OPPOSITES if done == verb)
        return next((Kind[name] for name in names if name in Kind.__members__), self)

    @property
    def always(self) -> Direction | None:
        """Its direction where that is the same whatever the rules are; else None."""
        if self is Kind.ACTIVITY_REPLACED or self.direction_rule is _by_its_parts:
            return None
        return self.direction_rule.direction if isinstance(self.direction_rule, rule.Always) else None

    @property
    def is_words(self) -> bool:
        """Whether it is about words and sources only."""
        return self.direction_rule is _only_words
