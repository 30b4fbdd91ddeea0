from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.sample import SampleSpec, default_spec, sample_events

if TYPE_CHECKING:
    from pointbook.model.program import Program

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


def test_a_sample_runs_four_years_from_the_first_version_on(shipped: Program) -> None:
    spec = default_spec(shipped)
    assert (spec.first_day, spec.last_day) == (date(2022, 11, 24), date(2026, 11, 24))
    assert (spec.members, spec.events, spec.seed, spec.mistakes) == (200, None, 1, 10)


@pytest.mark.parametrize(
    ("first", "last"), [(date(2024, 2, 29), date(2028, 2, 29)), (date(2096, 2, 29), date(2100, 2, 28))]
)
def test_four_years_from_a_leap_day_end_in_the_same_month(shipped: Program, first: date, last: date) -> None:
    assert default_spec(shipped, first_day=first).last_day == last


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"members": 0}, "a sample has at least 1 member, not 0"),
        ({"events": -1}, "a sample cannot have -1 events; 0 is the fewest"),
        (
            {"last_day": date(2023, 12, 31)},
            "the sample's last day, 2023-12-31, is before its first, 2024-01-01",
        ),
        ({"mistakes": 1001}, "mistakes are counted per mille, from 0 to 1000, not 1001"),
        ({"mistakes": -1}, "mistakes are counted per mille, from 0 to 1000, not -1"),
    ],
)
def test_nonsense_is_refused_in_plain_words(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        SampleSpec(**({"first_day": FIRST, "last_day": LAST} | wanted))
    assert str(refused.value) == message


def test_a_sample_that_ends_before_the_rules_begin_is_refused_at_once(shipped: Program) -> None:
    spec = default_spec(shipped, first_day=date(2020, 1, 1), last_day=date(2022, 11, 23))
    with pytest.raises(
        ValueError, match="ends on 2022-11-23, before the program's first version begins, 2022-11-24"
    ):
        sample_events(shipped, spec)
