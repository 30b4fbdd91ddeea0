"""Every exact quotient is written out for the engine, however often the plan uses the same one."""

from __future__ import annotations

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

import duckdb
import ibis

from pointbook.relational.engines.dialects import DIALECTS
from pointbook.relational.engines.emission import statement_of
from pointbook.relational.steps.context import Step
from pointbook.relational.steps.exact import EXACT_QUOTIENT, half_of_share


def halves() -> Step:
    amounts = ibis.table({"amount": "int64"}, name="amounts")
    half = half_of_share(amounts.amount * 2, ibis.literal(2, type="int64"))
    return Step("halves", "one expression in two columns", amounts.select(once=half, again=half + 100))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_dialect_is_left_with_a_function_that_it_does_not_know(dialect: str) -> None:
    assert EXACT_QUOTIENT not in statement_of(halves(), DIALECTS[dialect]).text.lower()


def test_one_quotient_in_two_columns_is_right_in_both() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE amounts AS SELECT unnest([-3, 0, 3, 4])::BIGINT AS amount")
    found = connection.sql(statement_of(halves(), DIALECTS["duckdb"]).text).fetchall()
    # A half goes up: -1.5 to -1, 1.5 to 2.
    assert found == [(-1, 99), (0, 100), (2, 102), (2, 102)]
