"""Changes of what an event gives in several balances, and of what it takes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_directions import KNOWN, at_least, version

from pointbook.changes.applying import applied
from pointbook.changes.differences import changes_between
from pointbook.changes.fingerprints import fingerprint
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.plain_values import plain
from pointbook.model.points.forms import Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.rules import Bonus, Cap, Source
from pointbook.model.windows import CapKind, Per


def earn(balance, points=1, **others):
    form = Fixed(points) if isinstance(points, int) else points
    return EntryRule(balance, form, path=("earns", balance), **others)


def spend(balance, points):
    form = Fixed(points) if isinstance(points, int) else points
    return EntryRule(balance, form, is_spend=True, path=("spends", balance))


def stay(*entries, **others):
    return version(Activity("stay", entries, **others))


NIGHTS, CREDITS = earn("nights"), earn("credits", 5)
BOTH = (NIGHTS, CREDITS)
SIZES = Table(("size",), {"small": 100, "large": 400})
DAILY = Cap(CapKind.POINTS, 3, Per.DAY)
ONCE = Cap(CapKind.TIMES, 1, Per.DAY)
EARNS, SPENDS = "activities/stay/earns", "activities/stay/spends"

CASES = {
    "an entry added": (stay(NIGHTS), stay(*BOTH), f"{EARNS}/credits", "entry-added", "favourable"),
    "an entry that takes added": (
        stay(NIGHTS),
        stay(NIGHTS, earn("points", -5)),
        f"{EARNS}/points",
        "entry-added",
        "adverse",
    ),
    "an entry that uses up a limit that another meets": (
        stay(earn("nights", PerUnit(1, "n")), caps=(ONCE,)),
        stay(earn("nights", PerUnit(1, "n")), CREDITS, caps=(ONCE,)),
        f"{EARNS}/credits",
        "entry-added",
        "mixed",
    ),
    "an entry beside one that always counts once": (
        stay(NIGHTS, caps=(ONCE,)),
        stay(*BOTH, caps=(ONCE,)),
        f"{EARNS}/credits",
        "entry-added",
        "favourable",
    ),
    "a spend added": (
        stay(NIGHTS),
        stay(NIGHTS, spend("credits", 5)),
        f"{SPENDS}/credits",
        "spend-added",
        "mixed",
    ),
    "a spend dearer": (
        stay(spend("credits", 5)),
        stay(spend("credits", 6)),
        f"{SPENDS}/credits",
        "amount-raised",
        "adverse",
    ),
    "a spend of one size dearer": (
        stay(spend("credits", SIZES)),
        stay(spend("credits", replace(SIZES, values={"small": 120, "large": 400}))),
        f"{SPENDS}/credits/values/small",
        "table-value-raised",
        "adverse",
    ),
    "a spend of one more size": (
        stay(spend("credits", replace(SIZES, values={"small": 100}))),
        stay(spend("credits", SIZES)),
        f"{SPENDS}/credits/values/large",
        "table-value-added",
        "mixed",
    ),
    "a spend of another form, dearer at least": (
        stay(spend("credits", SIZES)),
        stay(spend("credits", 400)),
        f"{SPENDS}/credits",
        "amount-form-changed",
        "adverse",
    ),
    "a rate": (
        stay(earn("nights", PerUnit(1, "n")), CREDITS),
        stay(earn("nights", PerUnit(2, "n")), CREDITS),
        f"{EARNS}/nights/points/points",
        "rate-raised",
        "favourable",
    ),
    "a bonus": (
        stay(NIGHTS, CREDITS),
        stay(NIGHTS, replace(CREDITS, bonuses=(Bonus(1, at_least(2)),))),
        f"{EARNS}/credits/bonuses/n at least 2",
        "bonus-added",
        "favourable",
    ),
    "only if": (
        stay(NIGHTS, CREDITS),
        stay(NIGHTS, replace(CREDITS, condition=at_least(2))),
        f"{EARNS}/credits/condition",
        "entry-condition-added",
        "adverse",
    ),
    "an if that is wider": (
        stay(NIGHTS, replace(CREDITS, condition=at_least(2))),
        stay(NIGHTS, replace(CREDITS, condition=at_least(1))),
        f"{EARNS}/credits/condition",
        "entry-condition-widened",
        "favourable",
    ),
    "another if": (
        stay(NIGHTS, replace(CREDITS, condition=at_least(2))),
        stay(NIGHTS, replace(CREDITS, condition=replace(at_least(2), attribute="m"))),
        f"{EARNS}/credits/condition",
        "entry-condition-changed",
        "mixed",
    ),
    "a limit of an entry": (
        stay(*BOTH),
        stay(replace(NIGHTS, caps=(DAILY,)), CREDITS),
        f"{EARNS}/nights/caps/points per day",
        "cap-added",
        "adverse",
    ),
    "a limit of another balance": (
        stay(*BOTH, caps=(replace(DAILY, balance="nights"),)),
        stay(*BOTH, caps=(replace(DAILY, balance="credits"),)),
        "activities/stay/caps/points/balance",
        "cap-balance-changed",
        "mixed",
    ),
    "another order": (stay(*BOTH), stay(*BOTH[::-1]), EARNS, "entries-reordered", "neutral"),
    "another order, of what levels go by": (
        stay(earn("points"), CREDITS),
        stay(CREDITS, earn("points")),
        EARNS,
        "entries-reordered",
        "mixed",
    ),
    "what is copied": (
        stay(NIGHTS, earn("credits", SameAs("nights"))),
        stay(earn("nights", 2), earn("credits", SameAs("nights"))),
        f"{EARNS}/nights/points",
        "amount-raised",
        "favourable",
    ),
    "what is copied, and limited": (
        stay(
            earn("nights", caps=(DAILY,)), earn("credits", SameAs("nights"), bonuses=(Bonus(1, at_least(2)),))
        ),
        stay(
            earn("nights", 2, caps=(DAILY,)),
            earn("credits", SameAs("nights"), bonuses=(Bonus(1, at_least(2)),)),
        ),
        f"{EARNS}/nights/points",
        "amount-raised",
        "mixed",
    ),
    "a transfer of more": (
        stay(spend("points", 5), earn("credits", SameAs("points"))),
        stay(spend("points", 6), earn("credits", SameAs("points"))),
        f"{SPENDS}/points",
        "amount-raised",
        "mixed",
    ),
    "a copy of another entry": (
        stay(*BOTH, earn("points", SameAs("nights"))),
        stay(*BOTH, earn("points", SameAs("credits"))),
        f"{EARNS}/points/points",
        "amount-form-changed",
        "mixed",
    ),
    "who counts, where an event takes and gives": (
        stay(earn("points", -5), CREDITS),
        stay(earn("points", -5), CREDITS, eligible_if=at_least(2)),
        "activities/stay/eligible_if",
        "condition-added",
        "mixed",
    ),
}
"""The old version, the new one, and the address, code and direction of the only change."""


@pytest.mark.parametrize(("old", "new", "address", "code", "direction"), CASES.values(), ids=CASES.keys())
def test_a_change_of_an_entry(old, new, address, code, direction):
    [change] = changes_between(old, new, KNOWN)
    assert (change.address, change.code, change.direction.value) == (address, code, direction)
    [back] = changes_between(new, old, KNOWN)
    assert (back.address, back.kind, back.direction) == (
        address,
        change.kind.mirror,
        change.direction.opposite,
    )


@pytest.mark.parametrize(("old", "new"), [pair[:2] for pair in CASES.values()], ids=CASES.keys())
def test_the_change_applied_makes_the_new_version(old, new):
    for one, other in ((old, new), (new, old)):
        made = applied(changes_between(one, other), one).activities["stay"]
        assert made.spends_first == other.activities["stay"].spends_first
        assert made.caps == other.activities["stay"].caps


SHORT = version(Activity.short("stay", "points", Fixed(5), bonuses=(Bonus(1, at_least(2)),)))
LONG = stay(earn("points", 5, bonuses=(Bonus(1, at_least(2)),)))


def test_the_long_form_of_the_same_is_no_change():
    assert changes_between(SHORT, LONG) == changes_between(LONG, SHORT) == ()


def test_what_changes_while_the_form_does_too_has_the_address_of_the_long_form():
    new = stay(earn("points", 6, bonuses=(Bonus(2, at_least(2)),), condition=at_least(1)), NIGHTS)
    for one, other in ((SHORT, new), (new, SHORT)):
        changes = changes_between(one, other)
        assert sorted(change.address for change in changes) == [
            "activities/stay/earns/nights",
            "activities/stay/earns/points/bonuses/n at least 2/points",
            "activities/stay/earns/points/condition",
            "activities/stay/earns/points/points",
        ]
        assert not changes_between(applied(changes, one), other)


def test_an_amount_in_the_short_form_changes_with_the_page():
    page = Source("Page", "Stays")
    old = replace(SHORT, source=page)
    new = replace(
        version(Activity.short("stay", "points", Fixed(6))), source=replace(page, document="Next page")
    )
    changes = changes_between(old, new)
    assert {change.code for change in changes} >= {"amount-raised", "bonus-removed", "source-changed"}
    assert not changes_between(applied(changes, old), new)


def test_an_activity_in_the_short_form_has_the_plain_value_and_the_fingerprint_that_it_always_had():
    [change] = changes_between(version(), SHORT)
    assert [*plain(change.new.value)] == [
        *("id", "balance", "points", "title", "attributes", "eligible_if", "bonuses", "split_among"),
        *("caps", "groups", "note", "source"),
    ]
    assert fingerprint(change) == "c-5ace2edcf28b"


def test_a_spend_and_an_entry_stand_below_their_balance_in_the_plain_value():
    value = plain(Activity("stay", (spend("credits", 5), NIGHTS)))
    assert value["spends"] == {"credits": {"points": 5}}
    assert value["earns"]["nights"]["points"] == {"points": 1}
    assert not {"balance", "points", "entries"} & value.keys()
