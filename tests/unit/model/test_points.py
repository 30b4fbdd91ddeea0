"""What each form of points says of itself."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.ledger import Assume
from pointbook.model.points.forms import Assessed, Fixed, Points, points_from
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit

TABLE = Table(("size",), MappingProxyType({"small": 10, "large": 25}))
HOURS = PerUnit(10, "hours", "hour")


@pytest.mark.parametrize(
    ("written", "rule", "words"),
    [
        (-1200, Fixed(-1200), "-1,200 points"),
        ({"range": [10, 50]}, Assessed(10, 50), "10 to 50 (assessed)"),
        ({"up_to": 50}, Assessed(1, 50), "1 to 50 (assessed)"),
        ({"per": {"points": 10, "attribute": "hours", "unit": "hour"}}, HOURS, "10 per hour"),
        ({"per": {"points": 10, "attribute": "hours"}}, PerUnit(10, "hours"), "10 per hours"),
        ({"by": {"attribute": "size", "values": dict(TABLE.values)}}, TABLE, "by size: small 10, large 25"),
    ],
)
def test_a_form_is_read_and_told_in_words(written: object, rule: Points, words: str) -> None:
    assert points_from(written) == rule
    assert rule.words == words


@pytest.mark.parametrize(
    ("rule", "amounts"),
    [
        (Fixed(-5), ((-5, -5),)),
        (Assessed(10, 50), ((10, 50),)),
        (Assessed(50, 10), ((10, 50),)),
        (PerUnit(10, "hours"), ((0, None),)),
        (PerUnit(10, "visits"), ((0, 0), (10, None))),
        (PerUnit(-10, "visits"), ((None, 0),)),
        (PerUnit(0, "visits"), ((0, 0),)),
        (TABLE, ((10, 10), (25, 25))),
    ],
)
def test_no_amount_is_outside_the_ranges(rule: Points, amounts: object) -> None:
    types = {"hours": Attribute(AttributeType.DECIMAL), "visits": Attribute(AttributeType.INTEGER)}
    assert rule.amounts(types) == amounts


@pytest.mark.parametrize(
    ("before", "after", "gain"),
    [
        (Fixed(20), Fixed(50), (30, 30)),
        (Assessed(10, 50), Assessed(20, 40), (-10, 10)),
        (Assessed(10, 10), Assessed(20, 40), None),
        (HOURS, PerUnit(15, "hours"), (0, None)),
        (HOURS, PerUnit(5, "hours"), (None, 0)),
        (HOURS, PerUnit(10, "visits"), None),
        (TABLE, Table(("size",), {"small": 5, "large": 40}), (-5, 15)),
        (TABLE, Table(("size",), {"small": 5}), None),
        (Fixed(20), HOURS, None),
    ],
)
def test_the_gain_of_one_and_the_same_event_has_bounds(before: Points, after: Points, gain: object) -> None:
    assert before.gain_to(after) == gain


@pytest.mark.parametrize(
    ("assume", "points"), [(Assume.NONE, None), (Assume.LOW, 10), (Assume.MID, 13), (Assume.HIGH, 15)]
)
def test_a_missing_assessment_is_assumed(assume: Assume, points: int | None) -> None:
    assert Assessed(10, 15).assumed(assume) == points


def test_a_value_keeps_its_place_when_the_range_moves() -> None:
    assert Assessed(50, 150).moved(25, given_in=Assessed(20, 40)) == 75
