"""The table of all kinds of change, one a line.

Kind.LEVEL_ADDED.code                             # "level-added"
Kind.LEVEL_ADDED.mirror                           # Kind.LEVEL_REMOVED: the last word says what undoes it
Kind.LEVEL_ADDED.direction_rule(subject)          # favourable, and why
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from pointbook.changes.laws import declarations, levels, limits, points, programs, rule
from pointbook.model.sections import Section
from pointbook.reasoning.implication import ConditionRelation, relation

if TYPE_CHECKING:
    from typing import Self

    from pointbook.changes.directions import Direction
    from pointbook.changes.laws.rule import DirectionRule
    from pointbook.model.conditions import Condition

_DONE = ("ADDED", "RAISED", "WIDENED", "JOINED", "EASED", "LOOSENED")
_UNDONE = ("REMOVED", "LOWERED", "NARROWED", "LEFT", "TIGHTENED", "TIGHTENED")
_OPPOSITES = tuple(zip((*_DONE, *_UNDONE), (*_UNDONE, *_DONE), strict=True))


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


_TEXT = Area(tuple(Section), Touches.NOTHING)
_DATE = Area((Section.VERSION,), Touches.NOTHING)
_LEVEL = Area((Section.LEVELS,), Touches.LEVELS)
_BENEFIT = Area((Section.BENEFITS,), Touches.BENEFITS)
_DEMOTION = Area((Section.LIFE_CYCLE,), Touches.LEVELS)
_ANNIVERSARY = Area((Section.LIFE_CYCLE,), Touches.ANNIVERSARIES)
_EVENT = Area((Section.ACTIVITIES,), Touches.EVENTS)
_DECLARED = Area((Section.ACTIVITIES,), Touches.NOTHING)
_CAP = Area((Section.ACTIVITIES, Section.GROUPS), Touches.EVENTS)
_GROUP = Area((Section.GROUPS,), Touches.JOINING)
_PROGRAM = Area((Section.PROGRAM,), Touches.TIMELINE)
_BALANCE = Area((Section.BALANCES,), Touches.TIMELINE)
_MEMBER_ATTRIBUTE = Area((Section.MEMBER_ATTRIBUTES,), Touches.TIMELINE)
_IN_FORCE = Area((Section.VERSIONS,), Touches.TIMELINE)
_GUARDRAIL = Area((Section.GUARDRAILS,), Touches.NOTHING)

_YEARS_MOVE = "the year of members who signed up on 29 February ends on another day, for better or worse"
_only_words = rule.neutral("words only; nothing is counted differently")
_only_a_date = rule.neutral("a date; it says when members were told, not what they have")
_only_a_name = rule.neutral("a name; it is written in results, but nothing is counted by it")
_only_a_column = rule.neutral("a column of the ledger; nothing is counted by it")
_limits_nobody = rule.neutral("a group limits nobody until an activity joins it")
_only_a_gate = rule.neutral("it says what may pass a gate until a day; nothing is counted by it")
_only_a_lock = rule.neutral("it holds fast what was published; nothing is counted by it")
_cannot_tell = rule.mixed("neither condition includes the other")


class Kind(Enum):
    """A kind of change: its area and its direction rule. Its code is its name with hyphens."""

    # ruff: noqa: PIE796 - kinds may have the same area and rule: each gets a value of its own

    TITLE_ADDED = _TEXT, _only_words
    TITLE_REMOVED = _TEXT, _only_words
    TITLE_CHANGED = _TEXT, _only_words
    NOTE_ADDED = _TEXT, _only_words
    NOTE_REMOVED = _TEXT, _only_words
    NOTE_CHANGED = _TEXT, _only_words
    SOURCE_ADDED = _TEXT, _only_words
    SOURCE_REMOVED = _TEXT, _only_words
    SOURCE_CHANGED = _TEXT, _only_words

    PROGRAM_UNKNOWN = _PROGRAM, rule.mixed("there is nothing to compare with")
    PROGRAM_ID_CHANGED = _PROGRAM, _only_a_name
    TIMEZONE_CHANGED = _PROGRAM, rule.mixed("events near midnight fall on other days, months and years")
    LEVEL_BALANCE_CHANGED = _PROGRAM, rule.mixed("other points decide levels")
    BALANCE_ADDED = _BALANCE, programs.balance_kept
    BALANCE_REMOVED = _BALANCE, rule.opposite(programs.balance_kept)
    BALANCE_RENAMED = _BALANCE, rule.neutral("the same under another id, by which columns of results call it")
    RESETS_CHANGED = _BALANCE, rule.mixed("what members have goes back to the start on other days, or never")
    START_RAISED = _BALANCE, programs.starts_higher
    START_LOWERED = _BALANCE, rule.opposite(programs.starts_higher)
    FLOOR_ADDED = _BALANCE, programs.takes_less("deductions stop at the floor")
    FLOOR_REMOVED = _BALANCE, rule.opposite(programs.takes_less("deductions no longer stop at a floor"))
    FLOOR_RAISED = _BALANCE, programs.takes_less("deductions stop sooner")
    FLOOR_LOWERED = _BALANCE, rule.opposite(programs.takes_less("deductions stop later"))
    MEMBER_ATTRIBUTE_ADDED = _MEMBER_ATTRIBUTE, declarations.member_attribute_declared
    MEMBER_ATTRIBUTE_REMOVED = _MEMBER_ATTRIBUTE, declarations.member_attribute_declared
    MEMBER_ATTRIBUTE_TYPE_CHANGED = _MEMBER_ATTRIBUTE, declarations.attribute_type

    LOG_READING_CHANGED = (
        _PROGRAM,
        rule.mixed("rows of the same log are read as something else"),
    )
    LOG_REFERENCE_CHANGED = _PROGRAM, _only_a_column

    VERSION_ADDED = _IN_FORCE, declarations.in_force_instead
    VERSION_REMOVED = _IN_FORCE, declarations.in_force_instead
    VERSION_RENAMED = _IN_FORCE, _only_a_name
    EFFECTIVE_DATE_CHANGED = _DATE, declarations.takes_effect
    ANNOUNCEMENT_ADDED = _DATE, _only_a_date
    ANNOUNCEMENT_REMOVED = _DATE, _only_a_date
    ANNOUNCEMENT_CHANGED = _DATE, _only_a_date

    GUARDRAIL_LOOSENED = _GUARDRAIL, rule.adverse("what it would have stopped can pass")
    GUARDRAIL_TIGHTENED = _GUARDRAIL, rule.favourable("it stops more")
    GUARDRAIL_CHANGED = _GUARDRAIL, rule.mixed("it limits something else, so it stops other things")

    APPROVAL_ADDED = _GUARDRAIL, _only_a_gate
    APPROVAL_REMOVED = _GUARDRAIL, _only_a_gate
    APPROVAL_CHANGED = _GUARDRAIL, _only_a_gate

    LOCK_LOOSENED = _GUARDRAIL, rule.adverse("what was published can be changed, and nobody is told")
    LOCK_TIGHTENED = _GUARDRAIL, _only_a_lock
    LOCK_CHANGED = _GUARDRAIL, rule.mixed("what was published is to have been something else")

    LEVEL_ADDED = _LEVEL, levels.on_levels(rule.favourable("one more level to reach; no other level moves"))
    LEVEL_REMOVED = _LEVEL, levels.on_levels(rule.adverse("one level less to reach; no other level moves"))
    THRESHOLD_LOWERED = (
        _LEVEL,
        levels.on_levels(rule.favourable("fewer points reach and keep the level")),
    )
    THRESHOLD_RAISED = (
        _LEVEL,
        levels.on_levels(rule.adverse("more points are needed to reach and keep the level")),
    )

    BENEFIT_ADDED = _BENEFIT, levels.benefit_promised
    BENEFIT_REMOVED = _BENEFIT, rule.opposite(levels.benefit_promised)
    BENEFIT_LEVEL_ADDED = _BENEFIT, rule.favourable("nobody was known to have it")
    BENEFIT_LEVEL_REMOVED = _BENEFIT, rule.adverse("nobody is known to have it any more")
    BENEFIT_LEVEL_LOWERED = _BENEFIT, rule.favourable("members of lower levels get it too")
    BENEFIT_LEVEL_RAISED = _BENEFIT, rule.adverse("members of lower levels no longer get it")
    BENEFIT_LEVEL_CHANGED = (
        _BENEFIT,
        rule.mixed("the two levels cannot be compared, because no version has both in one order"),
    )

    DEMOTION_EASED = (
        _DEMOTION,
        levels.reviews_levels(rule.favourable("an anniversary takes at most one level instead of several")),
    )
    DEMOTION_TIGHTENED = (
        _DEMOTION,
        levels.reviews_levels(rule.adverse("an anniversary can take several levels instead of one")),
    )
    LEAP_DAY_CHANGED = _ANNIVERSARY, levels.by_anniversaries(rule.mixed(_YEARS_MOVE))

    ACTIVITY_ADDED = _EVENT, points.activity_counts("counts")
    ACTIVITY_REMOVED = _EVENT, rule.opposite(points.activity_counts("no longer counts"))
    ACTIVITY_REPLACED = _EVENT, rule.mixed("it depends on how the two rules differ")
    REPLACEMENT_CHANGED = (
        _EVENT,
        rule.mixed("under a fixed version, events of another id are read by this activity, or no longer"),
    )
    BALANCE_CHANGED = _EVENT, rule.mixed("the points go to another balance; one gains what the other loses")
    CONDITION_ADDED = _EVENT, rule.opposite(points.more_events("fewer events count"))
    CONDITION_REMOVED = _EVENT, points.more_events("more events count")
    CONDITION_WIDENED = _EVENT, points.more_events("more events count")
    CONDITION_NARROWED = _EVENT, rule.opposite(points.more_events("fewer events count"))
    CONDITION_CHANGED = _EVENT, _cannot_tell
    SPLIT_ADDED = _EVENT, points.points_shared("the points are shared")
    SPLIT_REMOVED = _EVENT, rule.opposite(points.points_shared("everyone gets all of the points"))
    SPLIT_CHANGED = _EVENT, rule.mixed("another number of people shares the points")
    ATTRIBUTE_ADDED = _DECLARED, declarations.attribute_declared
    ATTRIBUTE_REMOVED = _DECLARED, declarations.attribute_declared
    ATTRIBUTE_TYPE_CHANGED = _DECLARED, declarations.attribute_type

    AMOUNT_RAISED = _EVENT, points.more_points("the amount is higher for every event")
    AMOUNT_LOWERED = _EVENT, rule.opposite(points.more_points("the amount is lower for every event"))
    AMOUNT_FORM_CHANGED = _EVENT, points.other_form
    RANGE_RAISED = _EVENT, points.more_points("an assessment of the same merit is higher for every event")
    RANGE_LOWERED = (
        _EVENT,
        rule.opposite(points.more_points("an assessment of the same merit is lower for every event")),
    )
    RANGE_WIDENED = _EVENT, rule.mixed("low assessments come to fewer points, high ones to more")
    RANGE_NARROWED = _EVENT, rule.mixed("low assessments come to more points, high ones to fewer")
    RATE_RAISED = _EVENT, points.more_points("the rate is higher for every event")
    RATE_LOWERED = _EVENT, rule.opposite(points.more_points("the rate is lower for every event"))
    RATE_ATTRIBUTE_CHANGED = _EVENT, rule.mixed("another quantity is counted")
    UNIT_ADDED = _DECLARED, _only_words
    UNIT_REMOVED = _DECLARED, _only_words
    UNIT_CHANGED = _DECLARED, _only_words
    TABLE_ATTRIBUTE_CHANGED = _EVENT, rule.mixed("another attribute decides")
    TABLE_VALUE_ADDED = _EVENT, points.table_value
    TABLE_VALUE_REMOVED = _EVENT, points.table_value
    TABLE_VALUE_RAISED = _EVENT, points.table_value
    TABLE_VALUE_LOWERED = _EVENT, points.table_value

    BONUS_ADDED = _EVENT, points.bonus_given("one more bonus")
    BONUS_REMOVED = _EVENT, rule.opposite(points.bonus_given("one bonus less"))
    BONUS_RAISED = _EVENT, points.more_points("the bonus is higher")
    BONUS_LOWERED = _EVENT, rule.opposite(points.more_points("the bonus is lower"))
    BONUS_CONDITION_WIDENED = _EVENT, points.bonus_given_oftener("it holds in more cases")
    BONUS_CONDITION_NARROWED = _EVENT, rule.opposite(points.bonus_given_oftener("it holds in fewer cases"))
    BONUS_CONDITION_CHANGED = _EVENT, _cannot_tell

    CAP_ADDED = _CAP, rule.opposite(limits.more_room("there is one more limit"))
    CAP_REMOVED = _CAP, limits.more_room("the limit is gone")
    CAP_RAISED = _CAP, limits.more_room("the limit is higher")
    CAP_LOWERED = _CAP, rule.opposite(limits.more_room("the limit is lower"))
    CAP_WINDOW_WIDENED = _CAP, rule.opposite(limits.more_room("the same limit must last for longer"))
    CAP_WINDOW_NARROWED = _CAP, limits.more_room("the same limit is there again sooner")
    CAP_WINDOW_CHANGED = _CAP, rule.mixed("neither window lies inside the other")

    GROUP_ADDED = _GROUP, _limits_nobody
    GROUP_REMOVED = _GROUP, _limits_nobody
    GROUP_LEFT = _EVENT, limits.outside_group("the group's limits no longer count for it")
    GROUP_JOINED = _EVENT, rule.opposite(limits.outside_group("the group's limits count for it too"))

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
        if self is Kind.ACTIVITY_REPLACED:  # that is judged by its parts
            return None
        return self.direction_rule.direction if isinstance(self.direction_rule, rule.Always) else None

    @property
    def is_words(self) -> bool:
        """Whether it is about words and sources only."""
        return self.direction_rule is _only_words


def kind_by_presence(values: tuple[Any, Any], added: Kind, removed: Kind, changed: Kind) -> Kind:
    """The kind for a value that a rule need not state: None where it does not."""
    return added if values[0] is None else removed if values[1] is None else changed


def kind_by_relation(
    conditions: tuple[Condition, Condition], widened: Kind, narrowed: Kind, changed: Kind
) -> Kind | None:
    """The kind for a condition that is another one; None where both mean the same."""
    match relation(*conditions):
        case ConditionRelation.SAME:
            return None
        case ConditionRelation.WIDER:
            return widened
        case ConditionRelation.NARROWER:
            return narrowed
        case ConditionRelation.UNKNOWN:
            return changed
        case _ as never:
            assert_never(never)
