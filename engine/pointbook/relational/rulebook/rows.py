"""The rows that rules become: one definition of each for its columns, their types and its values.

A field is a column. Its annotation says the column's type, and its name if that is another one; in
rows within a row `{}` stands for their number, so that the second bonus of a rule is in the columns
`bonus_1_no` and `bonus_1`.
"""

# Without `annotations` of `__future__`: those of the rows are read when this is imported.

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from pointbook.model.ledger import Outcome
from pointbook.model.windows import CapKind, Per
from pointbook.relational.rulebook.codes import CODES, NONE, Form

Number = Annotated[int, "int32"]
Points = Annotated[int, "int64"]
Text = Annotated[str, "string"]
Truth = Annotated[bool, "boolean"]
Day = Annotated[date, "date"]
Cells = dict[str, Any]
"""A row by the names of its columns."""


class BonusCells(NamedTuple):
    """A bonus within a rule: its condition's number, and its points."""

    no: Annotated[int, "int32", "bonus_{}_no"] = NONE
    points: Annotated[int, "int64", "bonus_{}"] = 0


class CapCells(NamedTuple):
    """A cap that a rule meets: its number, and which of its limits counts."""

    no: Annotated[int, "int32", "cap_{}_no"] = NONE
    epoch: Annotated[int, "int32", "cap_{}_epoch"] = 0


class RuleRow(NamedTuple):
    """What an event of an activity requests in one dated edition.

    Attributes:
        rule_no: From 0 through all sets.
        balance_no: The balance, by its place in the program.
        limits: The limits that its events can meet, as a sum.
        form: How an amount is found.
        amount: Points; each unit's where they are for units.
        amount_outcome: What becomes of an event that has this amount, as a number.
        amount_assumed: Whether the amount stands for a value that the log does not carry.
        lowest: Least value that the log may carry.
        highest: Greatest such value.
        is_rescaled: Whether a value keeps its place within a range that has moved.
        minimum: Least points that a value can come to.
        spread: By how much the most are more.
        is_assessed: Whether points are people's to say.
        quantity_no: The attribute that units or amounts are of.
        eligible_no: The condition of being eligible.
        sharers_no: The attribute with the number among whom points are shared.
        bonuses: As many as any activity has.
        caps: One for each stage.
    """

    rule_no: Number
    balance_no: Number
    limits: Number
    form: Annotated[Form, "int32"] = Form.CONSTANT
    amount: Points = 0
    amount_outcome: Number = CODES[Outcome.AWARDED]
    amount_assumed: Truth = False
    lowest: Points = 0
    highest: Points = 0
    is_rescaled: Truth = False
    minimum: Points = 0
    spread: Points = 0
    is_assessed: Truth = False
    quantity_no: Number = NONE
    eligible_no: Number = NONE
    sharers_no: Number = NONE
    bonuses: tuple[BonusCells, ...] = ()
    caps: tuple[CapCells, ...] = ()


class AmountRow(NamedTuple):
    """An amount of a rule's table, by the attribute's value as text."""

    rule_no: Number
    value: Text
    amount: Points


class CapRow(NamedTuple):
    """A cap with the limits that it has had."""

    cap_no: Number
    kind: Annotated[CapKind, "string"]
    per: Annotated[Per, "string"]
    limits: tuple[Annotated[int, "int64", "limit_{}"], ...]


class EditionRow(NamedTuple):
    """A version within a set, with its days and the thresholds of its levels."""

    edition: Number
    set_no: Number
    era: Number
    version: Text
    starts_on: Day
    ends_on: Day
    one_level: Truth
    level_count: Number
    thresholds: tuple[Annotated[int, "int64", "threshold_{}"], ...]


class LadderRow(NamedTuple):
    """A level of an edition by its rank, with the one above and what it brings; rank -1 is no level."""

    edition: Number
    rank: Number
    level: Text
    threshold: Points
    next_level: Text
    next_threshold: Points
    benefits: Text


class NumberRow(NamedTuple):
    """A number, to count periods with."""

    number: Number


class DigitRow(NamedTuple):
    """A digit, to make numbers of."""

    digit: Number


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rows of one kind, with the type of each column."""

    types: Mapping[str, str]
    rows: Sequence[Cells]


def table_of(kind: type, rows: Iterable[NamedTuple], *numbers: int) -> RuleTable:
    """Rows of one kind as a table; the numbers as for `types_of`."""
    return RuleTable(types_of(kind, *numbers), [cells_of(row) for row in rows])


@cache
def types_of(kind: type, *numbers: int) -> Mapping[str, str]:
    """The type of each column of a kind of rows.

    >>> types_of(LadderRow)["threshold"]
    'int64'
    >>> types_of(RuleRow, 1, 0)["bonus_0_no"]
    'int32'

    Args:
        kind: The kind.
        numbers: For each field that is a list, how many it holds.
    """
    counts = iter(numbers)
    types: dict[str, str] = {}
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if get_origin(hint) is tuple:
            for number in range(next(counts)):
                types |= _columns(name, get_args(hint)[0], number)
        else:
            types |= _columns(name, hint)
    return MappingProxyType(types)


def _columns(name: str, hint: Any, number: int = 0) -> dict[str, str]:
    """Names and types of the columns of a value, which may be a row within a row."""
    if get_origin(hint) is Annotated:
        type_, *names = hint.__metadata__
        return {(names[0] if names else name).format(number): type_}
    own = get_type_hints(hint, include_extras=True)
    return {name: type_ for part in own.items() for name, type_ in _columns(*part, number).items()}


def cells_of(row: NamedTuple) -> Cells:
    """A row by the names of its columns, with numbers and texts for what is one of a few."""
    numbers = [len(value) for value in row if isinstance(value, tuple)]
    return dict(zip(types_of(type(row), *numbers), _cells(row), strict=True))


def _cells(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        for part in value:
            yield from _cells(part)
    else:
        yield value.value if isinstance(value, Enum) else value
