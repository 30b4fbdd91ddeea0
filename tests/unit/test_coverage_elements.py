"""Which fields of the rules' records are elements of coverage: a new field must be one, or say why not."""

from __future__ import annotations

from dataclasses import fields

import pytest

from pointbook.model.conditions import Comparison, Within
from pointbook.model.points import Assessed, Fixed, PerUnit, Table
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Activity, Benefit, Bonus, Cap, Group, Level, LifeCycle

WORDS = {"id", "title", "note", "source"}
"""What says nothing about figures."""
ABOUT_ITSELF = {"positions", "sha256", "announced_on", "based_on", "incomplete"}

ELEMENTS: dict[type, set[str]] = {
    Program: {"balances", "versions"},
    Balance: {"resets", "start", "floor"},
    Version: {"effective_from", "levels", "activities", "groups", "benefits", "life_cycle", "replaces"},
    Level: {"threshold"},
    Benefit: {"from_level"},
    LifeCycle: {"demotion", "leap_day"},
    Group: {"caps"},
    Cap: {"kind", "limit", "per"},
    Activity: {"balance", "points", "eligible_if", "bonuses", "split_among", "caps", "groups"},
    Bonus: {"points", "condition"},
    Comparison: {"attribute", "equals", "among", "at_least", "at_most", "present", "within"},
    Within: {"days", "after"},
    Fixed: {"points"},
    Assessed: {"minimum", "maximum"},
    PerUnit: {"points", "attribute"},
    Table: {"attribute", "values"},
}
NONE: dict[type, set[str]] = {
    # Where a day begins is not written again in a version; the types of attributes are at work wherever
    # a rule names them, and the level balance wherever there are levels. What is published decides no
    # figure, and how files are exported is no part of the rules: scenarios have our columns.
    Program: {"timezone", "level_balance", "member_attributes", "published", "exports"},
    Version: {"removes"},  # it changes no outcome
    Activity: {"attributes"},
    Assessed: {"open_ended"},  # how the range is written
    PerUnit: {"unit"},  # a word
}


@pytest.mark.parametrize("record", ELEMENTS, ids=lambda record: record.__name__)
def test_each_field_of_the_rules_is_an_element_or_decides_nothing_of_its_own(record: type) -> None:
    names = {field.name for field in fields(record)}
    assert names - WORDS - ABOUT_ITSELF == ELEMENTS[record] | NONE.get(record, set())
