"""The scenario schema knows the columns, outcomes, causes and reject reasons that there are, no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pointbook.log.faults import RejectReason
from pointbook.model.ledger import LevelCause, Outcome
from pointbook.model.tables import HISTORY, LEDGER, STANDINGS, names_of
from pointbook.structure.validators import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.tables import Columns

DEFINITIONS: dict[str, Any] = schema("scenario")["$defs"]


@pytest.mark.parametrize(
    ("name", "columns", "given_otherwise", "of_its_own"),
    [
        ("entry", LEDGER, {"event_id", "member_id", "activity"}, {"rejected", "after_as_of", "entries"}),
        ("standing", STANDINGS, set(), {"absent"}),
        ("change", HISTORY, {"member_id"}, set()),
    ],
)
def test_an_expectation_takes_the_columns_of_its_table(
    name: str, columns: Columns, given_otherwise: set[str], of_its_own: set[str]
) -> None:
    assert set(DEFINITIONS[name]["properties"]) == set(names_of(columns)) - given_otherwise | of_its_own


@pytest.mark.parametrize(
    ("name", "key", "values"),
    [("entry", "outcome", Outcome), ("entry", "rejected", RejectReason), ("change", "cause", LevelCause)],
)
def test_an_expectation_takes_every_value_of_an_enumeration(
    name: str, key: str, values: Iterable[str]
) -> None:
    assert DEFINITIONS[name]["properties"][key]["enum"] == list(values)
