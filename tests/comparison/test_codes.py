"""The table of kinds of change: codes, what undoes them, and that every one of them is found."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from test_directions import CASES, FRAMES, version
from test_entries_of_changes import CASES as ENTRIES

from pointbook.changes.against import program_difference
from pointbook.changes.differences import changes_between
from pointbook.changes.finders.balance_names import with_balances_named
from pointbook.changes.kinds import Kind
from pointbook.diagnostics import Span
from pointbook.guardrails.approval import ChangeApproval
from pointbook.guardrails.changes import approval_changes, guardrail_changes
from pointbook.guardrails.guardrail import Guardrail, Measure
from pointbook.guardrails.lock_changes import lock_changes
from pointbook.model.activities import Activity
from pointbook.model.amounts import Rounding
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import ALWAYS, Comparison
from pointbook.model.exports import Exports, RowForm
from pointbook.model.levels import Level
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance, Program
from pointbook.model.rules import Benefit, Bonus, Cap, Group, Source
from pointbook.model.windows import CapKind, Per, Resets
from pointbook.published.lock import Lock, PublishedVersion
from pointbook.source.document import Node

OPPOSITES = {
    "added": "removed",
    "raised": "lowered",
    "widened": "narrowed",
    "joined": "left",
    "eased": "tightened",
    "loosened": "tightened",
}
BACK = {other: one for one, other in OPPOSITES.items()}
GROUPS = tuple(Group(key, (Cap(CapKind.POINTS, 5, Per.DAY),)) for key in "gh")
NOW = date(2025, 1, 1)


def having(points=None, **others):
    return version(Activity.short("a", "points", points or Fixed(5), **others), groups=GROUPS)


def bonus(attribute):
    return (Bonus(5, Comparison(attribute, equals=1)),)


WIDE, NARROW, OTHER = (Comparison(name, at_least=least) for name, least in (("n", 1), ("n", 2), ("m", 1)))
FEW, MANY, OTHERS = (
    (("coins", 5), ("points", 9)),
    (("coins", 7), ("points", 9)),
    (("coins", 3), ("points", 11)),
)


def asking(having_condition):
    """Pairs in which a condition comes, is narrower, and is another one."""
    pairs = (None, WIDE), (WIDE, NARROW), (WIDE, OTHER)
    return [tuple(map(having_condition, pair)) for pair in pairs]


def declaring(condition):
    """A version that declares a condition which an activity names."""
    one = having(eligible_if=replace(condition, name="known"))
    return replace(one, conditions=MappingProxyType({"known": condition}))


def with_top(**values):
    """A version with one level."""
    return replace(version(), levels=MappingProxyType({"top": Level("top", 5, **values)}))


PAIRS = [
    *((version(old), version(new)) for old, new, _, _ in CASES.values()),
    *((old, new) for old, new, _ in FRAMES.values()),
    *((old, new) for old, new, *_ in ENTRIES.values()),
    *((having(), having(**{key: "x"})) for key in ("title", "note", "split_among")),
    *((having(**{key: "y"}), having(**{key: "x"})) for key in ("title", "note", "split_among")),
    (having(), having(source=Source("page"))),
    (having(source=Source("other")), having(source=Source("page"))),
    (version(), replace(version(), announced_on=NOW, effective_from=NOW)),
    (replace(version(), announced_on=date(2024, 1, 1)), replace(version(), announced_on=NOW)),
    (version(benefits=(Benefit("b", None),)), version(benefits=(Benefit("b", "top"),))),
    (
        replace(version(benefits=(Benefit("b", "x"),)), levels=MappingProxyType({})),
        replace(version(benefits=(Benefit("b", "y"),)), levels=MappingProxyType({})),
    ),
    (having(eligible_if=bonus("n")[0].condition), having(eligible_if=bonus("m")[0].condition)),
    (having(bonuses=bonus("n")), having(bonuses=bonus("m"))),
    (having(bonuses=bonus("n")), having(bonuses=(replace(bonus("n")[0], points=9),))),
    (having(), having(attributes={"n": Attribute(AttributeType.TEXT)})),
    (
        having(attributes={"n": Attribute(AttributeType.DATE)}),
        having(attributes={"n": Attribute(AttributeType.TEXT)}),
    ),
    (having(PerUnit(5, "n")), having(PerUnit(5, "m", "mile"))),
    (having(PerUnit(5, "n", "km")), having(PerUnit(5, "n", "mile"))),
    (having(Table(("k",), {"x": 1, "y": 1})), having(Table(("l",), {"x": 2, "z": 1}))),
    (having(Assessed(1, 2)), having(Assessed(2, 3))),
    (having(PerUnit(5, "n", every=2)), having(PerUnit(5, "n", every=3))),
    (having(PerUnit(5, "n")), having(PerUnit(Table(("k",), {"x": 1}), "n", every=3))),
    (having(Table(("k",), {"x": 1})), having(Table(("k",), {"x": 1}, Fixed(5)))),
    (having(Table(("k",), {"x": 1}, Fixed(4))), having(Table(("k",), {"x": 1}, Fixed(5)))),
    (having(bonuses=(Bonus(0, ALWAYS, percent=5),)), having(bonuses=(Bonus(0, ALWAYS, percent=9),))),
    (
        having(bonuses=(Bonus(0, ALWAYS, percent=5),)),
        having(bonuses=(Bonus(0, ALWAYS, percent=Table(("k",), {"x": 1})),)),
    ),
    *(
        (
            having(attributes={"n": Attribute(AttributeType.TEXT, default=old)}),
            having(attributes={"n": Attribute(AttributeType.TEXT, default=new)}),
        )
        for old, new in ((None, "x"), ("x", "y"))
    ),
    (having(groups=("g", "h")), having(groups=("h", "g"))),
    *asking(lambda one: replace(having(), eligible_if=one)),
    *asking(lambda one: version(benefits=(Benefit("b", "top", condition=one),))),
    (declaring(NARROW), declaring(WIDE)),
    *(
        (with_top(**{key: old}), with_top(**{key: new}))
        for key in ("requires", "keep")
        for old, new in (((FEW,), (MANY,)), ((FEW,), (OTHERS,)))
    ),
    tuple(
        replace(
            version(), levels=MappingProxyType({key: Level(key, 0, requires=(ways[key],)) for key in order})
        )
        for ways in ({"busy": FEW, "rich": OTHERS},)
        for order in (("busy", "rich"), ("rich", "busy"))
    ),
    (
        having(),
        replace(version(Activity.short("b", "points", Fixed(7))), replaces=MappingProxyType({"b": "a"})),
    ),
    (having(), replace(having(), replaces=MappingProxyType({"a": "b"}))),
]
"""Two versions that differ, with all of which every kind is found in one direction or the other."""


def whole(*versions_, **settings):
    """A program, with other settings of its only balance, or of its own."""
    own = {
        key: settings.pop(key) for key in ("resets", "start", "floor", "decimals", "round") if key in settings
    }
    settings.setdefault("balances", {"points": replace(Balance("points", Resets.NEVER), **own)})
    known = {"id": "p", "timezone": "UTC", "level_balance": "points", "member_attributes": {}}
    return Program(versions=versions_ or (version(),), **{**known, **settings})


LATER = replace(version(), id="w", effective_from=NOW)
PROGRAMS = [
    (whole(), whole(id="q", timezone="Europe/Brussels", level_balance="x")),
    (whole(), whole(balances={})),
    (whole(), whole(resets=Resets.CALENDAR_YEAR, start=5, floor=0)),
    (whole(floor=0), whole(floor=5)),
    (whole(), whole(decimals=2, round=Rounding.DOWN)),
    *(
        (
            whole(member_attributes={"a": Attribute(AttributeType.TEXT, default=old)}),
            whole(member_attributes={"a": Attribute(AttributeType.TEXT, default=new)}),
        )
        for old, new in ((None, "x"), ("x", "y"))
    ),
    (whole(), whole(member_attributes={"a": Attribute(AttributeType.TEXT)})),
    (
        whole(member_attributes={"a": Attribute(AttributeType.DATE)}),
        whole(member_attributes={"a": Attribute(AttributeType.TEXT)}),
    ),
    (whole(), whole(version(), LATER)),
    (whole(version(), LATER), whole(version(), replace(LATER, id="x"))),
    (whole(), with_balances_named(whole(), {next(iter(whole().balances)): "x"})),
    (whole(), whole(exports=Exports(RowForm(empty=frozenset(("-",)), reference=("x",))))),
    (None, whole()),
]


def guardrail(**others):
    names = ("at_most", "at_most_percent", "at_least", "level", "balance")
    limits = {**dict.fromkeys(names), **others}
    return Guardrail("g", "G", Measure.MEMBERS_LOSING_LEVEL, span=Span("guardrails.yaml"), **limits)


RULES = [
    ((guardrail(at_most=0),), ()),
    ((guardrail(at_most=0),), (guardrail(at_most=5),)),
    ((guardrail(at_most=0),), (guardrail(at_most_percent=5),)),
]


def approval(by):
    given = {"id": "a", "by": by, "reason": "r", "until": date(2026, 1, 1), "span": Span("approvals.yaml")}
    return ChangeApproval(fingerprint="c-000000000000", address="levels/gold", **given)


APPROVALS = [((approval("Ann"),), ()), ((approval("Ann"),), (approval("Bob"),))]


LOCKED = Lock(
    facts={"timezone": "UTC"},
    facts_amended=(),
    entries=(
        PublishedVersion(
            id="2024",
            effective_from=date(2024, 1, 1),
            published_on=date(2023, 12, 1),
            engine="0.1.0",
            form=1,
            digest="a" * 64,
            withdrawn_on=None,
            amended=(),
            span=Span("a"),
        ),
    ),
    document=Node({}, Span("a")),
)
LOCKS = [(LOCKED, None), (LOCKED, replace(LOCKED, facts={"timezone": "Europe/Brussels"}))]


@pytest.fixture(scope="module")
def found():
    pairs = [pair for one in PAIRS for pair in (one, one[::-1])]
    kinds = {change.kind for pair in pairs for change in changes_between(*pair)}
    for old, new in (pair for one in PROGRAMS for pair in (one, one[::-1]) if pair[1] is not None):
        kinds |= {change.kind for change in program_difference(old, new, "old", "new").changes}
    for old, new in (pair for one in RULES for pair in (one, one[::-1])):
        kinds |= {change.kind for change in guardrail_changes(old, new, ("a", "b"))}
    for old, new in (pair for one in APPROVALS for pair in (one, one[::-1])):
        kinds |= {change.kind for change in approval_changes(old, new, ("a", "b"))}
    for old, new in (pair for one in LOCKS for pair in (one, one[::-1])):
        kinds |= {change.kind for change in lock_changes(old, new, ("a", "b"))}
    return kinds


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_a_kind_of_the_table_is_found_between_some_versions(kind, found):
    assert kind in found


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.code)
def test_the_mirror_of_a_mirror_is_the_kind_itself(kind):
    assert kind.mirror.mirror is kind
    assert (kind.mirror.sections, kind.mirror.touches) == (kind.sections, kind.touches)


def test_adding_has_removing_and_raising_has_lowering():
    for kind in Kind:
        stem, _, verb = kind.code.rpartition("-")
        undone = OPPOSITES.get(verb, BACK.get(verb, verb))
        if kind is Kind.DEMOTION_TIGHTENED:
            undone = "eased"
        assert kind.mirror.code == f"{stem}-{undone}"


@pytest.mark.parametrize("pair", PAIRS)
def test_undoing_a_change_has_the_opposite_direction(pair):
    there, back = changes_between(*pair), changes_between(*pair[::-1])
    undone = {change.address: change for change in back}
    for change in there:
        other = undone[change.address]
        assert other.kind is change.kind.mirror
        assert other.direction is change.direction.opposite


CAPS = (Cap(CapKind.POINTS, 50, Per.DAY),)


@pytest.mark.parametrize(
    ("rule", "sentence", "direction"),
    [
        ({}, "B: b takes the place of a, otherwise the same", "neutral"),
        ({"points": Fixed(7)}, "B: b takes the place of a: 5 → 7 points", "favourable"),
        ({"points": Fixed(3)}, "B: b takes the place of a: 5 → 3 points", "adverse"),
        ({"caps": CAPS}, "B: b takes the place of a: limit added, at most 50 points per day", "mixed"),
    ],
)
def test_an_activity_that_takes_the_place_of_another_is_one_change(rule, sentence, direction):
    after = Activity.short("b", "points", **{"points": Fixed(5), "title": "B", **rule})
    new = replace(version(after), replaces=MappingProxyType({"b": "a"}))
    (change,) = changes_between(having(), replace(new, groups=having().groups))
    assert (change.code, change.sentence, change.direction) == ("activity-replaced", sentence, direction)
    assert change.address == "activities/b"
