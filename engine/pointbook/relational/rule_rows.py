"""Rules as rows: a program's versions as small tables that the plan joins to the events.

No row holds an absent value: -1 stands for "none" in numbers of other rows, an empty text in names.
An absent integer in a table made in memory turns a whole column to nothing on some engines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pointbook.model.ledger import Assume, Outcome
from pointbook.model.rules import Assessed, Demotion, Fixed, PerUnit, Table
from pointbook.relational.cap_order import chain_of, stages_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.rules import Activity, Condition, Program
    from pointbook.relational.cap_order import CapKey
    from pointbook.relational.editions import Book, Edition, VersionSet

NONE = -1
OUTCOMES = tuple(Outcome)
CODES: Mapping[Outcome, int] = {outcome: code for code, outcome in enumerate(OUTCOMES)}
CONSTANT, ASSESSED, PER_UNIT, TABLE = range(4)
"""Forms of points."""
OWN_TOTAL = 1
"""In `limits`, the sum of all limits that events of a rule can meet: their balance is summed apart."""
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9999, 12, 31)
"""Before and after every day that a log can have."""

FIRST_YEAR = 1900
"""Nobody signs up earlier: the log refuses such days."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rows of one kind, with the type of each column."""

    types: Mapping[str, str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A program's version sets as rows, and what the plan has to know to be built.

    Attributes:
        tables: Tables by name.
        conditions: Each condition in use, by its number.
        attributes: Attributes that rows name by number.
        bonuses: The most bonuses an activity has.
        epochs: For each stage of caps, how many limits a cap of it has had at most.
        eras: For the timeline, what the rank of a level of one era is in the next, era by era.
        levels: The most levels an edition has.
        can_fall: Balances from which an activity can deduct.
        apart: Balances whose totals the level balance's running sum does not give: all others, and
            that one too where its floor can be met.
        has_one_edition_each: No version set goes from one version to another.
    """

    tables: Mapping[str, RuleTable]
    conditions: tuple[Condition, ...]
    attributes: tuple[str, ...]
    bonuses: int
    epochs: tuple[int, ...]
    eras: tuple[Mapping[int, int], ...]
    levels: int
    can_fall: frozenset[str]
    apart: frozenset[str]
    has_one_edition_each: bool

    def rules_of(self, one: VersionSet) -> list[Row]:
        """Rows of `rules` that belong to a version set."""
        numbers = {book.number for book in one.books}
        return [row for row in self.tables["rules"].rows if row["book"] in numbers]


def rule_book(program: Program, sets: Sequence[VersionSet], assume: Assume, as_of: date) -> RuleBook:
    """The rules of `sets` as rows.

    Raises:
        UnsupportedRulesError: Caps come before one another in a circle.
    """
    writer = _Writer(program, sets, assume)
    activities = [
        (book, activity)
        for one in sets
        for book in one.books
        for activity in book.edition.version.activities.values()
    ]
    rules = [writer.rule(book, activity) for book, activity in activities]
    editions = [edition for one in sets for edition in one.editions]
    levels = max((len(edition.version.levels) for edition in editions), default=0)
    return RuleBook(
        tables={
            "rules": RuleTable(writer.rule_types(), rules),
            "caps": RuleTable(writer.cap_types(), writer.caps),
            "amounts": RuleTable({"rule_no": "int32", "value": "string", "amount": "int64"}, writer.amounts),
            "editions": RuleTable(
                _edition_types(levels), [row for one in sets for row in _edition_rows(one, levels)]
            ),
            "numbers": RuleTable(
                {"number": "int32"}, [{"number": number} for number in range(_most_periods(sets, as_of))]
            ),
            "ladder": RuleTable(_LADDER, [row for edition in editions for row in _ladder_rows(edition)]),
        },
        conditions=tuple(writer.conditions),
        attributes=tuple(writer.attributes),
        bonuses=writer.bonuses,
        epochs=writer.epochs,
        eras=_eras(sets),
        levels=levels,
        can_fall=writer.can_fall,
        apart=frozenset(writer.apart),
        has_one_edition_each=all(len(one.editions) == 1 for one in sets),
    )


def limit_of_stage(stage: int) -> int:
    """In `limits`: there is a cap of that stage."""
    return OWN_TOTAL << (stage + 1)


def _most_periods(sets: Sequence[VersionSet], as_of: date) -> int:
    """No account has more periods of a balance from its first version on."""
    first_years = [
        FIRST_YEAR if one.fixed is not None else one.editions[0].version.effective_from.year for one in sets
    ]
    return max(as_of.year - min(first_years) + 2, 1)


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


class _Writer:
    """Numbers what rows refer to while they are written."""

    def __init__(self, program: Program, sets: Sequence[VersionSet], assume: Assume) -> None:
        self._balances = list(program.balances)
        activities = [
            activity
            for one in sets
            for edition in one.editions
            for activity in edition.version.activities.values()
        ]
        self.can_fall = frozenset(activity.balance for activity in activities if _lowest(activity) < 0)
        self.apart = {
            balance.id
            for balance in program.balances.values()
            if balance.id != program.level_balance
            or (balance.floor is not None and balance.id in self.can_fall)
        }
        self._sets = {book.number: one.number for one in sets for book in one.books}
        self._assume = assume
        self.conditions: list[Condition] = []
        self.attributes: list[str] = []
        self.amounts: list[Row] = []
        self.caps: list[Row] = []
        self._count = 0
        self.bonuses = max((len(activity.bonuses) for activity in activities), default=0)
        self._cap_numbers: dict[tuple[int, CapKey], int] = {}
        self._epochs: dict[tuple[int, CapKey], dict[int, int]] = {}
        self.epochs = self._number_caps(sets)

    def _number_caps(self, sets: Sequence[VersionSet]) -> tuple[int, ...]:
        """Gives each cap of each set its number, stage and limits."""
        most: dict[int, int] = {}
        limits_of: dict[tuple[int, CapKey], list[int]] = {}
        stage_of: dict[tuple[int, CapKey], int] = {}
        for one in sets:
            chains = [
                (edition, chain_of(activity, edition.version))
                for edition in one.editions
                for activity in edition.version.activities.values()
            ]
            stages = stages_of([list(chain) for _, chain in chains])
            for edition, chain in chains:
                for key, cap in chain.items():
                    limits = limits_of.setdefault((one.number, key), [])
                    if not limits or (
                        edition.number not in self._epochs[one.number, key] and limits[-1] != cap.limit
                    ):
                        limits.append(cap.limit)
                    self._epochs.setdefault((one.number, key), {}).setdefault(edition.number, len(limits) - 1)
            for key, stage in stages.items():
                stage_of[one.number, key] = stage
                most[stage] = max(most.get(stage, 0), len(limits_of[one.number, key]))
        self._stage_of = stage_of
        columns = max(most.values(), default=1)
        for number, (owner, limits) in enumerate(limits_of.items()):
            self._cap_numbers[owner] = number
            filled = [*limits, *[0] * (columns - len(limits))]
            self.caps.append(
                {
                    "cap_no": number,
                    "kind": owner[1].kind.value,
                    "per": owner[1].per.value,
                    **{f"limit_{epoch}": limit for epoch, limit in enumerate(filled)},
                }
            )
        return tuple(most[stage] for stage in sorted(most))

    def cap_types(self) -> dict[str, str]:
        """Columns of `caps`."""
        limits = {f"limit_{epoch}": "int64" for epoch in range(max(self.epochs, default=1))}
        return {"cap_no": "int32", "kind": "string", "per": "string", **limits}

    def rule_types(self) -> dict[str, str]:
        """Columns of `rules`."""
        types = {
            "rule_no": "int32",
            "book": "int32",
            "activity": "string",
            "balance_no": "int32",
            "limits": "int32",
            "form": "int32",
            "amount": "int64",
            "amount_outcome": "int32",
            "amount_assumed": "boolean",
            "lowest": "int64",
            "highest": "int64",
            "minimum": "int64",
            "spread": "int64",
            "is_assessed": "boolean",
            "quantity_no": "int32",
            "eligible_no": "int32",
            "sharers_no": "int32",
        }
        for index in range(self.bonuses):
            types |= {f"bonus_{index}_no": "int32", f"bonus_{index}": "int64"}
        for stage in range(len(self.epochs)):
            types |= {f"cap_{stage}_no": "int32", f"cap_{stage}_epoch": "int32"}
        return types

    def rule(self, book: Book, activity: Activity) -> Row:
        """An activity in a book."""
        number = self._count
        self._count += 1
        row: Row = {
            "rule_no": number,
            "book": book.number,
            "activity": activity.id,
            "balance_no": self._balances.index(activity.balance),
            "limits": OWN_TOTAL if activity.balance in self.apart else 0,
            **self._points(book, activity, number),
            "eligible_no": NONE
            if activity.eligible_if is None
            else _number(self.conditions, activity.eligible_if),
            "sharers_no": NONE
            if activity.split_among is None
            else _number(self.attributes, activity.split_among),
        }
        for index in range(self.bonuses):
            bonus = activity.bonuses[index] if index < len(activity.bonuses) else None
            row[f"bonus_{index}_no"] = NONE if bonus is None else _number(self.conditions, bonus.condition)
            row[f"bonus_{index}"] = 0 if bonus is None else bonus.points
        for stage in range(len(self.epochs)):
            row |= {f"cap_{stage}_no": NONE, f"cap_{stage}_epoch": 0}
        set_number = self._sets[book.number]
        for key in chain_of(activity, book.edition.version):
            owner = (set_number, key)
            stage = self._stage_of[owner]
            row["limits"] += limit_of_stage(stage)
            row[f"cap_{stage}_no"] = self._cap_numbers[owner]
            row[f"cap_{stage}_epoch"] = self._epochs[owner][book.edition.number]
        return row

    def _points(self, book: Book, activity: Activity, number: int) -> Row:
        row: Row = {
            "form": CONSTANT,
            "amount": 0,
            "amount_outcome": CODES[Outcome.AWARDED],
            "amount_assumed": False,
            "lowest": 0,
            "highest": 0,
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
                self.amounts += [
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
        return {**row, "form": ASSESSED, "lowest": before.minimum, "highest": before.maximum}

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


def _number(known: list[Any], wanted: Any) -> int:
    """The number of `wanted` among `known`, where it is put if it is new."""
    if wanted not in known:
        known.append(wanted)
    return known.index(wanted)


def _edition_types(levels: int) -> dict[str, str]:
    thresholds = {f"threshold_{rank}": "int64" for rank in range(levels)}
    return {
        "edition": "int32",
        "set_no": "int32",
        "era": "int32",
        "version": "string",
        "starts_on": "date",
        "ends_on": "date",
        "one_level": "boolean",
        "level_count": "int32",
        **thresholds,
    }


def _edition_rows(one: VersionSet, levels: int) -> list[Row]:
    starts = [FIRST_DAY if one.fixed else edition.version.effective_from for edition in one.editions]
    rows = []
    for edition, start, end in zip(one.editions, starts, [*starts[1:], LAST_DAY], strict=True):
        version = edition.version
        thresholds = [level.threshold for level in version.levels.values()]
        rows.append(
            {
                "edition": edition.number,
                "set_no": one.number,
                "era": edition.era,
                "version": version.id,
                "starts_on": start,
                "ends_on": end,
                "one_level": version.life_cycle.demotion is Demotion.ONE_LEVEL,
                "level_count": len(thresholds),
                **{
                    f"threshold_{rank}": thresholds[rank] if rank < len(thresholds) else 0
                    for rank in range(levels)
                },
            }
        )
    return rows


_LADDER = {
    "edition": "int32",
    "rank": "int32",
    "level": "string",
    "threshold": "int64",
    "next_level": "string",
    "next_threshold": "int64",
    "benefits": "string",
}


def _ladder_rows(edition: Edition) -> list[Row]:
    """The levels of an edition by rank, with what they bring; rank -1 is no level."""
    version = edition.version
    levels = list(version.levels.values())
    rows = []
    for rank in range(-1, len(levels)):
        above = levels[rank + 1] if rank + 1 < len(levels) else None
        threshold = levels[rank].threshold if rank >= 0 else 0
        benefits = [
            benefit.id
            for benefit in version.benefits.values()
            if rank >= 0
            and benefit.from_level is not None
            and version.levels[benefit.from_level].threshold <= threshold
        ]
        rows.append(
            {
                "edition": edition.number,
                "rank": rank,
                "level": levels[rank].id if rank >= 0 else "",
                "threshold": threshold,
                "next_level": "" if above is None else above.id,
                "next_threshold": 0 if above is None else above.threshold,
                "benefits": ";".join(sorted(benefits)),
            }
        )
    return rows


def _eras(sets: Sequence[VersionSet]) -> tuple[Mapping[int, int], ...]:
    """What ranks become where the levels change: a level that is gone counts as one not above it."""
    eras: list[Mapping[int, int]] = []
    for one in sets:
        for before, after in zip(one.editions, one.editions[1:], strict=False):
            if before.era == after.era:
                continue
            new = list(after.version.levels.values())
            ranks = {level.id: rank for rank, level in enumerate(new)}
            eras.append(
                {
                    rank: ranks.get(level.id, sum(other.threshold <= level.threshold for other in new) - 1)
                    for rank, level in enumerate(before.version.levels.values())
                }
            )
    return tuple(eras)
