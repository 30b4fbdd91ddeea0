"""Names and types of the plan's input tables.

Attributes are numbered in their column names, because engines do not tell `Days` from `days`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.attributes import MEMBER_PREFIX, AttributeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.model.program import Program

IBIS_TYPES: Mapping[AttributeType, str] = {
    AttributeType.INTEGER: "int64",
    AttributeType.DECIMAL: "decimal(21, 6)",
    AttributeType.DATE: "date",
    AttributeType.TEXT: "string",
    AttributeType.BOOLEAN: "boolean",
}

DATED = "dated"
"""A further column of `members`, where attributes of some are dated: all of them, as one text. The plan has
no use for it."""


@dataclass(frozen=True, slots=True)
class InputColumns:
    """Columns of `events` and `members`.

    Attributes:
        events: Type of each column of events, by name.
        members: Type of each column of members, by name.
        attributes: Column of each attribute; one of a member's has its prefix.
        types: Type of each attribute.
        references: Column of each that is carried into the ledger; `attributes` has these too.
    """

    events: Mapping[str, str]
    members: Mapping[str, str]
    attributes: Mapping[str, str]
    types: Mapping[str, AttributeType]
    references: Mapping[str, str]

    def attributes_in(self, columns: Mapping[str, str]) -> dict[str, str]:
        """Column of each attribute that is in `events` or in `members`, by its name in a log."""
        return {
            name.removeprefix(MEMBER_PREFIX): column
            for name, column in self.attributes.items()
            if column in columns
        }


def input_columns(program: Program) -> InputColumns:
    """The columns of the events and members of `program`."""
    of_events = dict(sorted(program.event_columns.items()))
    of_members = {name: attribute.type for name, attribute in sorted(program.member_attributes.items())}
    references = {name: f"r{index}_reference" for index, name in enumerate(program.exports.references)}
    event_columns = {
        name: references.get(name, f"a{index}_{name.lower()}") for index, name in enumerate(of_events)
    }
    member_columns = {name: f"m{index}_{name.lower()}" for index, name in enumerate(of_members)}
    return InputColumns(
        events={
            "member_id": "string",
            "at": "timestamp(6)",
            "event_id": "string",
            "local": "timestamp(6)",
            "activity": "string",
            "points": IBIS_TYPES[AttributeType.DECIMAL if program.places else AttributeType.INTEGER],
            **{event_columns[name]: IBIS_TYPES[kind] for name, kind in of_events.items()},
        },
        members={
            "member_id": "string",
            "signed_up_on": "date",
            **{member_columns[name]: IBIS_TYPES[kind] for name, kind in of_members.items()},
        },
        attributes={
            **event_columns,
            **{MEMBER_PREFIX + name: column for name, column in member_columns.items()},
        },
        types={**of_events, **{MEMBER_PREFIX + name: kind for name, kind in of_members.items()}},
        references=references,
    )
