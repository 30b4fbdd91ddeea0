"""States that are kept between runs: what the laws, which only ever resume with the same rules, leave out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.interpret import Interpreter
from pointbook.model.activities import Activity
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Fixed
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Cap, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

if TYPE_CHECKING:
    from pointbook.interpret import MemberState

ATTRIBUTES = {
    "partner": Attribute(AttributeType.BOOLEAN),
    "team": Attribute(AttributeType.INTEGER),
    "share": Attribute(AttributeType.DECIMAL),
    "joined_on": Attribute(AttributeType.DATE),
    "country": Attribute(AttributeType.TEXT),
}
POST = Activity.short("post", "score", Fixed(60), caps=(Cap(CapKind.POINTS, 100, Per.CALENDAR_MONTH),))
V1 = Version(
    id="v1",
    effective_from=date(2024, 1, 1),
    levels={"silver": Level("silver", 100)},
    activities={"post": POST},
    groups={},
    benefits={},
    life_cycle=LifeCycle(),
)
V2 = replace(V1, id="v2", effective_from=date(2024, 7, 1))
PROGRAM = Program(
    id="demo",
    timezone="UTC",
    balances={"score": Balance("score", Resets.MEMBERSHIP_YEAR), "credits": Balance("credits", Resets.NEVER)},
    level_balance="score",
    member_attributes=ATTRIBUTES,
    versions=(V1, V2),
)
ANN = Member(
    "ann",
    date(2024, 2, 29),
    MappingProxyType(
        {
            "partner": False,
            "team": 7,
            "share": Decimal("0.50"),
            "joined_on": date(2023, 12, 31),
            "country": "true",
        }
    ),
)


def event(number: int, day: str) -> Event:
    at = datetime.fromisoformat(day)
    return Event("ann", at, f"e{number}", at, "post", None, {})


def state_after(*days: str) -> MemberState:
    interpreter = Interpreter(PROGRAM)
    state, _ = interpreter.opened(ANN)
    for number, day in enumerate(days):
        state, _ = interpreter.step(state, event(number, day))
    return state


def as_json(*days: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(Interpreter(PROGRAM).state_to_json(state_after(*days))))
    return data


def test_a_state_comes_back_with_the_types_of_the_members_attributes():
    state = Interpreter(PROGRAM).state_from_json(as_json("2024-03-01"))
    assert dict(state.member.attributes) == dict(ANN.attributes)
    assert {name: type(value) for name, value in state.member.attributes.items()} == {
        name: type(value) for name, value in ANN.attributes.items()
    }


def test_a_state_comes_back_with_dated_attributes():
    interpreter = Interpreter(PROGRAM)
    dated = ((date.min, {}), (date(2024, 3, 1), ANN.attributes), (date(2024, 5, 1), {"team": 8}))
    state, _ = interpreter.opened(ANN._replace(attributes={}, dated=dated))
    data = json.loads(json.dumps(interpreter.state_to_json(state)))
    assert interpreter.state_from_json(data) == state
    assert "dated" not in as_json("2024-03-01")


def test_a_state_before_any_event_and_before_any_version_comes_back():
    interpreter = Interpreter(PROGRAM)
    for signed_up_on in (date(2020, 2, 29), date(2024, 7, 1)):
        state, _ = interpreter.opened(ANN._replace(signed_up_on=signed_up_on))
        data = json.loads(json.dumps(interpreter.state_to_json(state)))
        assert interpreter.state_from_json(data) == state


def test_a_resumed_state_takes_a_version_that_was_added_since():
    v3 = replace(
        V1,
        id="v3",
        effective_from=date(2024, 6, 1),
        activities={"post": POST.with_entries(lambda entry: replace(entry, points=Fixed(5)))},
    )
    interpreter = Interpreter(replace(PROGRAM, versions=(V1, v3, V2)))
    state = interpreter.state_from_json(as_json("2024-03-01"))
    _, (entry,) = interpreter.step(state, event(9, "2024-06-01"))
    assert (entry.version, entry.awarded, entry.total) == ("v3", 5, 65)


def test_a_state_of_a_version_that_is_gone_is_refused_by_name():
    data = as_json("2024-07-01")
    with pytest.raises(ValueError, match=r"ann.*v2"):
        Interpreter(replace(PROGRAM, versions=(V1,))).state_from_json(data)


def test_a_state_with_other_balances_is_refused():
    data = as_json("2024-03-01")
    only_score = replace(PROGRAM, balances={"score": PROGRAM.balances["score"]})
    with pytest.raises(ValueError, match=r"ann.*balances"):
        Interpreter(only_score).state_from_json(data)


def test_the_order_of_balances_in_the_program_does_not_matter_to_a_state():
    turned = replace(PROGRAM, balances=dict(reversed(PROGRAM.balances.items())))
    interpreter = Interpreter(turned)
    state = interpreter.state_from_json(as_json("2024-03-01"))
    _, (entry,) = interpreter.step(state, event(9, "2024-03-02"))
    assert (entry.balance, entry.awarded, entry.total) == ("score", 40, 100)


def test_a_member_attribute_that_the_program_no_longer_declares_is_left_out():
    few = replace(PROGRAM, member_attributes={"team": ATTRIBUTES["team"]})
    state = Interpreter(few).state_from_json(as_json())
    assert dict(state.member.attributes) == {"team": 7}
