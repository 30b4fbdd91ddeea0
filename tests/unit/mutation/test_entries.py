"""Slips in the entries of an activity, and the cases by which each of them is noticed."""

from __future__ import annotations

import pytest

from pointbook.loading import ProgramDocuments
from pointbook.loading.documents import document_from
from pointbook.mutation.drafts import scenario_document
from pointbook.mutation.judging import Fate, Judge
from pointbook.mutation.noticing import is_noticed, with_slip
from pointbook.scenarios import scenario_from
from pointbook.scenarios.running import passes

PROGRAM = """\
id: inn
title: Inn
timezone: UTC
level_balance: nights
balances:
  nights: {resets: calendar_year}
  points: {resets: never}
  stars: {resets: never}
  coins: {resets: never}
member_attributes: {partner: {type: boolean, default: false}}
"""
VERSION = """\
id: one
effective_from: 2024-01-01
attributes: {nights: {type: integer}}
conditions: {partner: {attribute: member.partner, is: true}}
levels:
  guest: {base: true}
  gold: {threshold: 5, keep: 4}
  king: {requires: {nights: 9, points: 500}}
benefits:
  lounge: {from_level: gold, if: partner}
  desk: {from_level: gold}
life_cycle: {demotion: to_earned, leap_day: feb_28}
activities:
  stay:
    earns:
      nights: {points: {per: {attribute: nights}}}
      points:
        points: {per: {attribute: nights, points: 10, every: 2}}
        bonuses: [{percent: {by: {attribute: level, values: {none: 0, gold: 50}}}}]
        caps: [{points: 1000, per: calendar_year}]
      stars: {points: {same_as: points}, if: {attribute: level, at_least: gold}}
    caps: [{points: 20, per: calendar_month, balance: nights}]
  gift: {points: 500, balance: points}
  moved:
    spends: {points: {by: {attribute: size, values: {small: 10, large: 40}}}}
    earns: {coins: {points: {same_as: points}}}
    attributes: {size: {type: text, default: small}}
"""
LATER = """\
id: two
based_on: one
effective_from: 2025-01-01
life_cycle: {not_stated: true}
benefits: {desk: {removed: Nobody sits there.}}
activities:
  stay: {earns: {stars: {removed: Stars are gone.}, coins: {points: 3}}}
"""
NOTHING = "life_cycle: not stated → `leap_day: mar_1`"
"""No membership year ends in this program."""


def judge(*versions: str) -> Judge:
    documents = [
        document_from(f"{number}.yaml", text.encode()) for number, text in enumerate((PROGRAM, *versions))
    ]
    nodes = tuple((one.file, one.node) for one in documents[1:] if one.node is not None)
    return Judge.of(ProgramDocuments("inn", documents[0].node, nodes, (), {}), ())


ONE = judge(VERSION)
BOTH = judge(VERSION, LATER)
TRIED = {
    "levels/guest: the base level → reached by 1 point",
    *(f"levels/gold/keep: 4 → {near}" for near in (3, 5)),
    *(f"levels/king/requires/nights: 9 → {near}" for near in (8, 10)),
    *(f"levels/king/requires/points: 500 → {near}" for near in (499, 501)),
    "benefits/lounge: as written → left out",
    "benefits/lounge/if: as written → left out",
    "benefits/desk: as written → left out",
    "activities/stay/earns/nights: as written → left out",
    "activities/stay/earns/points: as written → left out",
    *(f"activities/stay/earns/points/points/per/every: 2 → {near}" for near in (1, 3)),
    *(f"activities/stay/earns/points/bonuses/0/percent/by/values/gold: 50 → {near}" for near in (49, 51)),
    *(f"activities/stay/earns/points/caps/0/points: 1,000 → {near}" for near in ("999", "1,001")),
    "activities/stay/earns/stars: as written → left out",
    "activities/stay/earns/stars/points/same_as: points → nights",
    "activities/stay/earns/stars/if: as written → left out",
    "activities/stay/earns/stars/if: as written → negated",
    "activities/stay/earns/stars/if/at_least: gold → king",
    "activities/stay/caps/0/balance: nights → points",
    "activities/moved/spends/points: as written → left out",
    *(f"activities/moved/spends/points/by/values/small: 10 → {near}" for near in (9, 11)),
    "activities/moved/earns/coins: as written → left out",
    "activities/moved/attributes/size/default: small → large",
    "conditions/partner/is: true → false",
}
IN_PATCH = {
    "life_cycle: not stated → `demotion: one_level`",
    "benefits/desk: removed → left as it is",
    "activities/stay/earns/stars: removed → left as it is",
    "activities/stay/earns/coins: as written → left out",
    *(f"activities/stay/earns/coins/points: 3 → {near}" for near in (2, 4)),
}


def names(of: Judge, version: str) -> dict[str, int]:
    return {
        f"{edit.address}: {edit.was} → {edit.now}": index
        for index, edit in enumerate(of.edits)
        if edit.version == version
    }


def test_each_part_of_an_entry_is_nudged() -> None:
    assert set(names(ONE, "one")) >= TRIED


def test_what_a_patch_removes_or_adds_is_nudged() -> None:
    found = names(BOTH, "two")
    assert set(found) == IN_PATCH | {
        *(f"effective_from: 2025-01-01 → {day}" for day in ("2024-12-31", "2025-01-02")),
        NOTHING,
    }


PALE = {
    # Points come in tens, so that the level never shows it: what is missing does, which is found last.
    "levels/king/requires/points: 500 → 499",
}
REFUSED = {
    # A copy of what is not there, and balances that nothing feeds.
    "activities/moved/earns/coins: as written → left out",
    "activities/stay/earns/nights: as written → left out",
    "activities/stay/earns/points: as written → left out",
    "activities/moved/spends/points: as written → left out",
}


@pytest.mark.parametrize(
    ("of", "name"),
    [
        *((ONE, name) for name in sorted(TRIED - REFUSED - PALE)),
        *((BOTH, name) for name in sorted(IN_PATCH)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_case_of_a_slip_passes_today_and_fails_with_it(of: Judge, name: str) -> None:
    edit = of.edits[names(of, "one" if of is ONE else "two")[name]]
    one = of(of.edits.index(edit))
    assert one.fate is Fate.SURVIVES
    document = scenario_document("case.yaml", one.scenario)
    scenario, _ = scenario_from(document, of.loaded)
    assert scenario is not None
    assert passes(scenario)
    assert is_noticed(document, with_slip(edit, of.loaded))


def test_what_a_check_refuses_needs_no_scenario() -> None:
    found = names(ONE, "one")
    assert {ONE(found[name]).fate for name in REFUSED} == {Fate.REFUSED}


def test_what_is_not_stated_and_decides_nothing_changes_nothing() -> None:
    assert BOTH(names(BOTH, "two")[NOTHING]).fate is Fate.IDLE
