"""Activities as rows: what an event of each asks for in every book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.model.ledger import Assume, Outcome
from pointbook.model.rules import Assessed, Fixed, PerUnit, Table
from pointbook.relational.rulebook.codes import (
    ASSESSED,
    CODES,
    CONSTANT,
    NONE,
    OWN_TOTAL,
    PER_UNIT,
    TABLE,
    RuleTable,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.model.rules import Activity, Condition, Program
    from pointbook.relational.rulebook.cap_rows import CapRows
    from pointbook.relational.rulebook.codes import Row
    from pointbook.relational.rulebook.editions import Book, VersionSet
    from pointbook.relational.rulebook.rule_columns import RuleKey


class ActivityRows:
    """The activities of every book of every version set, and what their rows name by number.

    Attributes:
        types: Of the columns that a rule has.
        rules: For each version set its rules, by index of the version in force and activity.
        amounts: The table `amounts`.
        conditions: Each condition in use, by its number.
        attributes: Attributes that rows name by number.
        names: The activities, each once.
        bonuses: The most bonuses an activity has.
        can_fall: Balances from which an activity can deduct.
        apart: Balances whose totals the level balance's running sum does not give.
    """

    def __init__(self, program: Program, sets: Sequence[VersionSet], assume: Assume, caps: CapRows) -> None:
        """Write them, with the caps that they name."""
        activities = [
            activity
            for one in sets
            for edition in one.editions
            for activity in edition.version.activities.values()
        ]
        self.can_fall = frozenset(activity.balance for activity in activities if _lowest(activity) < 0)
        self.apart = frozenset(
            balance.id
            for balance in program.balances.values()
            if balance.id != program.level_balance
            or (balance.floor is not None and balance.id in self.can_fall)
        )
        self.bonuses = max((len(activity.bonuses) for activity in activities), default=0)
        self.conditions: list[Condition] = []
        self.attributes: list[str] = []
        self.names = sorted({activity.id for activity in activities})
        self._balances = list(program.balances)
        self._assume = assume
        self._caps = caps
        self._rule_count = 0
        self._amounts: list[Row] = []
        self.rules: list[dict[RuleKey, Row]] = [
            {
                (book.version_index, activity.id): self._rule(one, book, activity)
                for book in one.books
                for activity in book.edition.version.activities.values()
            }
            for one in sets
        ]
        self.types = self._types()
        self.amounts = RuleTable({"rule_no": "int32", "value": "string", "amount": "int64"}, self._amounts)

    def _types(self) -> dict[str, str]:
        types = {
            "rule_no": "int32",
            "balance_no": "int32",
            "limits": "int32",
            "form": "int32",
            "amount": "int64",
            "amount_outcome": "int32",
            "amount_assumed": "boolean",
            "lowest": "int64",
            "highest": "int64",
            "is_rescaled": "boolean",
            "minimum": "int64",
            "spread": "int64",
            "is_assessed": "boolean",
            "quantity_no": "int32",
            "eligible_no": "int32",
            "sharers_no": "int32",
        }
        for index in range(self.bonuses):
            types |= {f"bonus_{index}_no": "int32", f"bonus_{index}": "int64"}
        return types | self._caps.reference_types()

    def _rule(self, one: VersionSet, book: Book, activity: Activity) -> Row:
        number = self._rule_count
        self._rule_count += 1
        limits, references = self._caps.references(one.number, book.edition, activity)
        condition, sharers = activity.eligible_if, activity.split_among
        row: Row = {
            "rule_no": number,
            "balance_no": self._balances.index(activity.balance),
            "limits": limits + (OWN_TOTAL if activity.balance in self.apart else 0),
            **self._points(book, activity, number),
            "eligible_no": NONE if condition is None else _number(self.conditions, condition),
            "sharers_no": NONE if sharers is None else _number(self.attributes, sharers),
        }
        for index in range(self.bonuses):
            bonus = activity.bonuses[index] if index < len(activity.bonuses) else None
            row[f"bonus_{index}_no"] = NONE if bonus is None else _number(self.conditions, bonus.condition)
            row[f"bonus_{index}"] = 0 if bonus is None else bonus.points
        return row | references

    def _points(self, book: Book, activity: Activity, number: int) -> Row:
        row: Row = {
            "form": CONSTANT,
            "amount": 0,
            "amount_outcome": CODES[Outcome.AWARDED],
            "amount_assumed": False,
            "lowest": 0,
            "highest": 0,
            "is_rescaled": False,
            "minimum": 0,
            "spread": 0,
            "is_assessed": isinstance(activity.points, Assessed),
            "quantity_no": NONE,
        }
        match activity.points:
            case Fixed(points):
                row["amount"] = points
            case PerUnit(points, attribute):
                row |= {
                    "form": PER_UNIT,
                    "amount": points,
                    "quantity_no": _number(self.attributes, attribute),
                }
            case Table(attribute, values):
                row |= {"form": TABLE, "quantity_no": _number(self.attributes, attribute)}
                self._amounts += [
                    {"rule_no": number, "value": value, "amount": amount} for value, amount in values.items()
                ]
            case Assessed() as points:
                row |= self._assessed(points, book, activity.id)
        return row

    def _assessed(self, points: Assessed, book: Book, activity_id: str) -> Row:
        row: Row = {
            **self._assumed(points),
            "minimum": points.minimum,
            "spread": points.maximum - points.minimum,
        }
        reference = book.reference.activities.get(activity_id)
        if reference is None or book.reference.id == book.edition.version.id:
            return {**row, "form": ASSESSED, "lowest": points.minimum, "highest": points.maximum}
        before = reference.points
        if not isinstance(before, Assessed):
            return row
        if before.minimum == before.maximum and before != points:
            return row
        moved = (before.minimum, before.maximum) != (points.minimum, points.maximum)
        given = {"form": ASSESSED, "lowest": before.minimum, "highest": before.maximum}
        return {**row, **given, "is_rescaled": moved}

    def _assumed(self, points: Assessed) -> Row:
        match self._assume:
            case Assume.NONE:
                return {"amount": 0, "amount_outcome": CODES[Outcome.UNVALUED], "amount_assumed": False}
            case Assume.LOW:
                amount = points.minimum
            case Assume.MID:
                amount = (points.minimum + points.maximum + 1) // 2
            case Assume.HIGH:
                amount = points.maximum
        return {"amount": amount, "amount_assumed": True}


def _lowest(activity: Activity) -> int:
    """No event of the activity asks for less."""
    match activity.points:
        case Fixed(points):
            lowest = points
        case Assessed(minimum):
            lowest = minimum
        case PerUnit(points):
            lowest = min(points, 0)
        case Table(_, values):
            lowest = min(values.values())
    return lowest + sum(min(bonus.points, 0) for bonus in activity.bonuses)


def _number(known: list[Any], wanted: Any) -> int:
    """The number of `wanted` among `known`, where it is put if it is new."""
    if wanted not in known:
        known.append(wanted)
    return known.index(wanted)
