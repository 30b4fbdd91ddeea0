"""What scenarios cannot show of the interpreter: errors, and rounding on its own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointbook.evaluating import evaluate
from pointbook.interpret import Interpreter
from pointbook.log import Log, Rejects
from pointbook.model.amounts import half_up
from pointbook.model.program import Program

EMPTY = Program("demo", "UTC", {}, "score", {}, ())
NO_LOG = Log({}, [], Rejects(), Rejects(), 0, 0)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, 3),
        (-5, 2, -2),
        (1, 2, 1),
        (-1, 2, 0),
        (-3, 2, -1),
        (7, 3, 2),
        (8, 3, 3),
        (-7, 3, -2),
        (-8, 3, -3),
        (0, 7, 0),
        (-4, 2, -2),
        (10**18 + 1, 2, 5 * 10**17 + 1),
    ],
)
def test_a_half_goes_up_also_below_zero(numerator: int, denominator: int, rounded: int):
    assert half_up(numerator, denominator) == rounded


@given(st.integers(), st.integers(min_value=1))
def test_half_up_is_the_integer_below_a_half_more(numerator: int, denominator: int):
    assert half_up(numerator, denominator) == floor(Fraction(numerator, denominator) + Fraction(1, 2))


def test_a_version_that_the_program_does_not_have_is_a_lookup_error_with_its_name():
    with pytest.raises(LookupError, match="v9"):
        Interpreter(EMPTY, "v9")


def test_an_empty_log_needs_an_as_of_date():
    with pytest.raises(ValueError, match="as-of"):
        evaluate(EMPTY, NO_LOG)


def test_an_unknown_assumption_is_a_value_error():
    with pytest.raises(ValueError, match="average"):
        evaluate(EMPTY, NO_LOG, as_of=date(2024, 1, 1), assume="average")
