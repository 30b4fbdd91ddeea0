"""Directions are laws where levels need several balances, or decide amounts, and conditions are shared."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from types import MappingProxyType

import pytest
from random_programs import condition, program
from test_direction_laws import OF_LEVELS_AND_CONDITIONS, check

from pointbook.changes.against import program_difference
from pointbook.changes.applying import applied
from pointbook.changes.differences import changes_between
from pointbook.changes.redefining import redefined, relevelled
from pointbook.model.attributes import LEVEL, NO_LEVEL
from pointbook.model.conditions import AnyOf, Comparison, Not
from pointbook.model.levels import Level, in_order
from pointbook.model.points.lookup import Table

frozen = MappingProxyType


def further(dice: Random):
    """A program whose levels and conditions are of every kind; its versions resemble each other."""
    whole = program(dice)
    asks = {
        key: dice.choice(
            ((), (), ((("credits", 40), ("points", 60)),), ((("credits", 90),), (("points", 100),)))
        )
        for key in ("low", "mid", "top", "new")
    }
    keeps = {key: dice.choice(((), (), ((("points", 20),),), ((("credits", 10),),))) for key in asks}
    has_base, by_level, known = dice.random() < 0.4, dice.random() < 0.4, condition(dice)
    asked = dice.choice((None, None, replace(known, name="known")))
    of_group = dice.choice((None, replace(known, name="known"), condition(dice)))
    same_levels = dice.random() < 0.7
    return replace(
        whole,
        versions=tuple(
            with_constructs(
                replace(one, levels=whole.versions[0].levels) if same_levels else one,
                (asks, keeps, has_base, by_level, known, asked, of_group),
            )
            for one in whole.versions
        ),
    )


def with_constructs(one, constructs):
    asks, keeps, has_base, by_level, known, asked, of_group = constructs
    levels = {
        key: replace(level, requires=asks.get(key, ()), keep=keeps.get(key, ()))
        for key, level in one.levels.items()
    }
    if has_base and levels:
        lowest = next(iter(levels))
        levels[lowest] = replace(one.levels[lowest], threshold=0, is_base=True)
    order = (NO_LEVEL, *levels)
    activities = dict(one.activities)
    if by_level and "a" in activities and levels:
        table = Table((LEVEL,), frozen({key: 10 * rank for rank, key in enumerate(order)}), order=order)
        first = activities["a"].entries[0]
        if not first.is_spend:
            entries = (replace(first, points=table), *activities["a"].entries[1:])
            activities["a"] = replace(activities["a"], entries=entries)
    if by_level and "b" in activities and levels:
        least = Comparison(LEVEL, at_least=order[-1], order=order)
        activities["b"] = replace(activities["b"], eligible_if=least)
    return replace(
        one,
        levels=frozen(levels),
        activities=frozen(activities),
        benefits=frozen(
            {
                key: replace(item, from_level=item.from_level if item.from_level in levels else None)
                for key, item in one.benefits.items()
            }
        ),
        groups=frozen({key: replace(item, eligible_if=of_group) for key, item in one.groups.items()}),
        conditions=frozen({"known": known}),
        eligible_if=asked,
    )


def edit(dice: Random, one):  # noqa: C901, PLR0911 - one return an edit
    """One of the constructs is another."""
    match dice.choice(
        ("requires", "keep", "version", "group", "benefit", "known", "table", "threshold", "level")
    ):
        case "requires" if any(level.requires for level in one.levels.values()):
            key = dice.choice([key for key, level in one.levels.items() if level.requires])
            more = dice.choice((-30, -5, 5, 30))
            ways = tuple(
                tuple((name, least + more) for name, least in way) for way in one.levels[key].requires
            )
            return with_level(one, key, requires=ways)
        case "keep" if one.levels:
            key = dice.choice(list(one.levels))
            if not one.levels[key].is_base:
                return with_level(one, key, keep=dice.choice(((), ((("points", dice.choice((10, 30))),),))))
        case "version":
            return replace(one, eligible_if=dice.choice((None, condition(dice), one.conditions["known"])))
        case "group" if one.groups:
            key = dice.choice(list(one.groups))
            asked = one.groups[key].eligible_if
            wider = condition(dice) if asked is None else AnyOf((asked, condition(dice)))
            item = replace(one.groups[key], eligible_if=dice.choice((None, wider, condition(dice))))
            return replace(one, groups=frozen({**one.groups, key: item}))
        case "benefit" if one.benefits:
            item = one.benefits["plan"]
            item = replace(item, condition=Not(condition(dice)) if item.condition is None else None)
            return replace(one, benefits=frozen({"plan": item}))
        case "known":
            return redefined(one, {"known": condition(dice)})
        case "table" if "a" in one.activities and _is_by_level(one.activities["a"].entries[0].points):
            rule = one.activities["a"]
            table = rule.entries[0].points
            key = dice.choice(list(table.values))
            values = frozen({**table.values, key: table.values[key] + dice.choice((-5, 5))})
            first = replace(rule.entries[0], points=replace(table, values=values))
            rule = replace(rule, entries=(first, *rule.entries[1:]))
            return replace(one, activities=frozen({**one.activities, "a": rule}))
        case "level" if "new" not in one.levels:
            levels = in_order([*one.levels.values(), Level("new", dice.choice((5, 70, 400)))])
            return relevelled(replace(one, levels=levels), levels)
        case "threshold" if any(level.is_by_threshold for level in one.levels.values()):
            key = dice.choice([key for key, level in one.levels.items() if level.is_by_threshold])
            return with_level(one, key, threshold=max(1, one.levels[key].threshold + dice.choice((-5, 5))))
        case _:
            return one
    return one


def _is_by_level(points):
    return isinstance(points, Table) and points.attributes == (LEVEL,)


def with_level(one, key, **values):
    return replace(one, levels=frozen({**one.levels, key: replace(one.levels[key], **values)}))


def edit_of(dice: Random):
    """A random program, and another that is one edit of these constructs away from it."""
    whole = further(dice)
    place = dice.randrange(len(whole.versions))
    versions = list(whole.versions)
    versions[place] = edit(dice, versions[place])
    pair = whole, replace(whole, versions=tuple(versions))
    return pair if dice.random() < 0.5 else pair[::-1]


@pytest.mark.parametrize("part", range(2))
def test_no_edit_of_levels_and_conditions_breaks_the_law_of_its_direction(part):
    for seed in range(part * 60, part * 60 + 60):
        assert not check(seed, edit_of)


def test_the_edits_make_every_kind_of_which_something_is_proved():
    dice = Random(1)  # noqa: S311 - the same cases in every run
    found = set()
    for _ in range(3000):
        if found >= OF_LEVELS_AND_CONDITIONS:
            return
        old, new = edit_of(dice)
        found |= {change.kind for change in program_difference(old, new, "old", "new").changes}
    assert not OF_LEVELS_AND_CONDITIONS - found


def test_applying_all_changes_to_the_old_version_means_the_new_one():
    dice = Random(2)  # noqa: S311 - the same cases in every run
    for _ in range(300):
        old, new = edit_of(dice)
        for one, other in zip(old.versions, new.versions, strict=True):
            changes = changes_between(one, other, (old, new))
            assert not changes_between(applied(changes, one), other, (old, new))
