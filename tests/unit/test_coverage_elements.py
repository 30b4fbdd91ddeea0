"""Which fields of the rules' records are elements of coverage: a new field must be one, or say why not."""

from __future__ import annotations

from dataclasses import fields

import pytest

from pointbook.model.activities import Activity, EntryRule
from pointbook.model.attributes import Attribute
from pointbook.model.conditions import Comparison, Within
from pointbook.model.levels import Level
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import AssessedPerUnit, PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Benefit, Bonus, Cap, Group, LifeCycle

WORDS = {"id", "title", "note", "source"}
"""What says nothing about figures."""
ABOUT_ITSELF = {"positions", "sha256", "announced_on", "based_on", "incomplete"}

ELEMENTS: dict[type, set[str]] = {
    Program: {"balances", "versions", "member_attributes"},
    Balance: {"resets", "start", "floor"},
    Version: {
        *("effective_from", "levels", "activities", "groups", "benefits", "life_cycle", "replaces"),
        *("conditions", "eligible_if", "attributes"),
    },
    Level: {"threshold", "requires", "keep", "is_base"},
    Benefit: {"from_level", "condition"},
    LifeCycle: {"demotion", "leap_day"},
    Group: {"caps", "eligible_if"},
    Cap: {"kind", "limit", "per", "balance"},
    Activity: {"entries", "eligible_if", "caps", "groups", "attributes"},
    EntryRule: {"balance", "points", "bonuses", "split_among", "condition", "caps", "is_spend"},
    Attribute: {"default"},
    Bonus: {"points", "percent", "condition"},
    Comparison: {"attribute", "equals", "among", "at_least", "at_most", "present", "within"},
    Within: {"days", "after"},
    Fixed: {"points"},
    Assessed: {"minimum", "maximum"},
    SameAs: {"balance"},
    PerUnit: {"points", "attribute", "every"},
    AssessedPerUnit: {"minimum", "maximum", "attribute", "every"},
    Table: {"attributes", "values", "otherwise"},
}
NONE: dict[type, set[str]] = {
    # Where a day begins is not written again in a version, and the level balance is at work wherever there
    # are levels. What is published decides no figure, and how files are exported is no part of the rules:
    # scenarios have our columns. Documents are words.
    Program: {"timezone", "level_balance", "published", "exports", "documents"},
    Version: {"removes"},  # it changes no outcome
    LifeCycle: {"is_stated", "follows"},  # what decides is that of the version that it follows
    EntryRule: {"path", "places", "attributes"},  # where it is written, and what others have
    Attribute: {"type"},  # at work wherever a rule names it
    Table: {"order"},  # that of the levels
    Comparison: {"name", "order"},  # how it is written, and where its levels stand
    Assessed: {"open_ended"},  # how the range is written
    PerUnit: {"unit"},  # a word
    AssessedPerUnit: {"unit", "open_ended"},  # and how the range is written
    Balance: {"decimals", "round"},  # at work in every amount
}


@pytest.mark.parametrize("record", ELEMENTS, ids=lambda record: record.__name__)
def test_each_field_of_the_rules_is_an_element_or_decides_nothing_of_its_own(record: type) -> None:
    names = {field.name for field in fields(record)}
    assert names - WORDS - ABOUT_ITSELF == ELEMENTS[record] | NONE.get(record, set())
