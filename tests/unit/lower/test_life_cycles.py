"""Versions that state no life cycle follow another one, however they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.loading import load
from pointbook.loading.settings import setting_in, version_with
from pointbook.model.rules import Demotion, LeapDay
from pointbook.reasoning.unstated import unstated_life_cycles

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
id: club
title: Club
timezone: Europe/Brussels
level_balance: points
balances: {points: {resets: membership_year}}
"""
VERSIONS = {
    "2023-01-01": """\
levels: {silver: {threshold: 100}, gold: {threshold: 200}}
life_cycle: {not_stated: true}
activities: {talk: {points: 10}}
""",
    "2024-01-01": "based_on: 2023-01-01\nlevels: {gold: {threshold: 300}}\n",
    "2025-01-01": "based_on: 2024-01-01\nlife_cycle: {demotion: one_level, leap_day: mar_1}\n",
    "2026-01-01": "based_on: 2025-01-01\nlife_cycle: {not_stated: true}\n",
}


def club(folder: Path):
    (folder / "versions").mkdir()
    (folder / "program.yaml").write_text(PROGRAM, encoding="utf-8")
    for name, rules in VERSIONS.items():
        (folder / "versions" / f"{name}.yaml").write_text(f"id: {name}\n{rules}", encoding="utf-8")
    return load(folder)


def test_each_follows_the_next_that_is_stated_else_the_last_before(tmp_path: Path) -> None:
    versions = club(tmp_path).usable().versions
    assert [one.life_cycle.is_stated for one in versions] == [False, False, True, False]
    assert [one.life_cycle.follows for one in versions] == ["2025-01-01", "2025-01-01", None, "2025-01-01"]
    assert {one.life_cycle.demotion for one in versions} == {Demotion.ONE_LEVEL}
    assert {one.life_cycle.leap_day for one in versions} == {LeapDay.MAR_1}


def test_a_value_that_is_tried_leaves_what_it_follows(tmp_path: Path) -> None:
    loaded = club(tmp_path)
    first = loaded.usable().versions[0]
    tried = version_with(loaded, setting_in(loaded, first, "levels/gold/threshold"), 250).version
    assert tried.levels["gold"].threshold == 250
    assert (tried.life_cycle.demotion, tried.life_cycle.follows) == (Demotion.ONE_LEVEL, "2025-01-01")


def test_a_life_cycle_that_is_tried_is_stated(tmp_path: Path) -> None:
    loaded = club(tmp_path)
    first = loaded.usable().versions[0]
    tried = version_with(loaded, setting_in(loaded, first, "life_cycle/demotion"), "to_earned").version
    assert (tried.life_cycle.is_stated, tried.life_cycle.demotion) == (True, Demotion.TO_EARNED)


def test_those_that_follow_the_same_are_told_in_one_sentence(tmp_path: Path) -> None:
    (sentence,) = unstated_life_cycles(club(tmp_path).usable().versions)
    assert sentence.startswith("versions 2023-01-01, 2024-01-01 and 2026-01-01 state no life cycle: ")
    assert sentence.endswith(" follows that of 2025-01-01")
