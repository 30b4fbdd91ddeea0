"""Which columns a file of events or of members may have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pointbook.diagnostics import suggestion
from pointbook.log.faults import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pointbook.model.attributes import AttributeType
    from pointbook.model.program import Program

EVENT_COLUMNS = ("event_id", "member_id", "activity", "occurred_at")
MEMBER_COLUMNS = ("member_id", "signed_up_on")
POINTS = "points"
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one kind of file.

    Attributes:
        kind: What its rows are: `events` or `members`.
        required: Columns that every row must fill; the first one is a row's unique name.
        optional: Further columns that the language itself knows.
        attributes: Type of each declared attribute, by name, sorted by it.
        of_the_other_kind: Required columns of the files that it is easily confused with.
    """

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    attributes: Mapping[str, AttributeType]
    of_the_other_kind: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """Every column there may be, in the order in which a row's texts are kept."""
        return (*self.required, *self.optional, *self.attributes)

    def is_the_other_kind(self, names: Collection[str]) -> bool:
        """Whether columns `names` are those of a file that was given in the other's place."""
        return not set(self.required) <= set(names) and set(self.of_the_other_kind) <= set(names)

    def unknown(self, name: str) -> str:
        """What to say about a column `name` that is not known."""
        return _unknown(name, self.kind, self.known)


@lru_cache(maxsize=1000)  # a file has the same unknown name on every line
def _unknown(name: str, kind: str, known: tuple[str, ...]) -> str:
    hint = suggestion(name[:_LONGEST_NAME], known)
    return f"{quoted(name)} is not a column of {kind}, nor an attribute that the rules declare; {hint}"


def event_columns(program: Program) -> Columns:
    """The columns of the events of `program`."""
    types = program.event_attributes
    reserved = (*EVENT_COLUMNS, POINTS)
    attributes = {name: types[name] for name in sorted(types) if name not in reserved}
    return Columns("events", EVENT_COLUMNS, (POINTS,), attributes, MEMBER_COLUMNS)


def member_columns(program: Program) -> Columns:
    """The columns of the members of `program`."""
    declared = program.member_attributes
    attributes = {name: declared[name].type for name in sorted(declared) if name not in MEMBER_COLUMNS}
    return Columns("members", MEMBER_COLUMNS, (), attributes, EVENT_COLUMNS)
