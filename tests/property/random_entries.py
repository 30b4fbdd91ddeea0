"""Random programs whose events give and take in several balances, random logs, and a naive reading.

The reading keeps nothing but the ledger: at each event it counts anew, from the rows so far, what is used of
every cap, what each balance holds, which level is held, and what the event's other entries came to.
Programs are made as records, so that rules may stand together that `validate` would find fault with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor, trunc
from typing import TYPE_CHECKING, Any, NamedTuple

from random_caps import LATER, MEMBER, NOWHERE, WINDOWS, frozen

from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import Rounding, with_places
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import ALWAYS, Comparison
from pointbook.model.ledger import Outcome
from pointbook.model.levels import Level
from pointbook.model.log import Event
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Bonus, Cap, Group, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from pointbook.model.conditions import Condition
    from pointbook.model.ledger import Entry
    from pointbook.model.points.forms import Points

ACTIVITIES, GROUPS, BALANCES = ("a", "b", "c"), ("g", "h"), ("points", "coins", "gems")
FIRST = date(2023, 1, 1)
ORDER = ("none", "silver", "gold")
THRESHOLDS = {"silver": 60, "gold": 160}
KINDS = {"few": 3, "some": 40, "many": 90}
ATTRIBUTES = frozen(
    {"kind": Attribute(AttributeType.TEXT), "count": Attribute(AttributeType.DECIMAL)},
)
CONDITIONS: tuple[Condition, ...] = (
    Comparison("kind", equals="some"),
    Comparison("kind", among=("few", "many")),
    Comparison("count", at_least=2),
    Comparison("level", at_least="silver", order=ORDER),
    Comparison("level", at_most="silver", order=ORDER),
)


def entries_program(dice: Random) -> Program:
    """One to three versions of the same levels; later ones may keep activities of the one before."""
    balances = {
        name: Balance(
            name,
            Resets.NEVER,
            start=dice.choice((0, 0, 30)),
            floor=dice.choice((None, None, 0, -20)),
            decimals=dice.choice((0, 0, 1)),
            round=dice.choice(tuple(Rounding)),
        )
        for name in BALANCES
    }
    days = [FIRST, *sorted(dice.sample(LATER, dice.choice((0, 0, 1, 2))))]
    versions: list[Version] = []
    for number, day in enumerate(days, start=1):
        known = versions[-1].activities if versions else {}
        groups = {name: Group(name, _caps(dice, balances, BALANCES, 2)) for name in GROUPS}
        activities = {
            name: known[name] if name in known and dice.random() < 0.5 else _activity(dice, name, balances)
            for name in ACTIVITIES
        }
        versions.append(
            Version(
                id=f"v{number}",
                effective_from=day,
                levels=frozen({name: Level(name, least) for name, least in THRESHOLDS.items()}),
                activities=frozen(activities),
                groups=frozen(groups),
                benefits=frozen({}),
                life_cycle=LifeCycle(),
                positions=NOWHERE,
            )
        )
    return Program(
        id="random",
        timezone="UTC",
        balances=frozen(balances),
        level_balance="points",
        member_attributes=frozen({}),
        positions=NOWHERE,
        versions=tuple(versions),
    )


def _activity(dice: Random, name: str, balances: dict[str, Balance]) -> Activity:
    order = dice.sample(BALANCES, dice.randint(1, 3))
    spent = [one for one in order if dice.random() < 0.3]
    earned = [one for one in order if one not in spent]
    entries = [
        EntryRule(one, _points(dice, balances[one], (), least=0), is_spend=True, path=("spends", one))
        for one in spent
    ]
    for place, one in enumerate(earned):
        points = _points(dice, balances[one], (*spent, *earned[:place]))
        if any(entry.points.can_be_assessed for entry in entries) and points.can_be_assessed:
            points = Fixed(with_places(40, balances[one].decimals))
        entries.append(
            EntryRule(
                one,
                points,
                bonuses=_bonuses(dice),
                condition=dice.choice(CONDITIONS) if dice.random() < 0.3 else None,
                caps=_caps(dice, balances, (one,), dice.choice((0, 0, 1, 2))),
                path=("earns", one),
            )
        )
    if dice.random() < 0.3:  # what an event spends is taken first, wherever it is written
        entries.reverse()
    entries = [replace(one, places=balances[one.balance].decimals, attributes=ATTRIBUTES) for one in entries]
    return Activity(
        name,
        tuple(entries),
        attributes=ATTRIBUTES,
        eligible_if=dice.choice(CONDITIONS) if dice.random() < 0.2 else None,
        caps=_caps(dice, balances, BALANCES, dice.choice((0, 1, 2)), is_sole=len(entries) == 1),
        groups=tuple(dice.sample(GROUPS, dice.choice((0, 0, 1, 2)))),
    )


def _points(dice: Random, balance: Balance, above: Sequence[str], least: int = -30) -> Points:
    if above and dice.random() < 0.35:
        return SameAs(dice.choice(above))
    places = balance.decimals
    return dice.choice(
        (
            Fixed(with_places(max(least, dice.choice((0, 15, 40, 40, -20))), places)),
            Assessed(with_places(max(least, dice.choice((0, -30))), places), with_places(100, places)),
            Table(("kind",), frozen({name: with_places(one, places) for name, one in KINDS.items()})),
            PerUnit(dice.choice((10, Decimal("2.5"))), "count"),
            PerUnit(20, "count", every=2),
        )
    )


def _bonuses(dice: Random) -> tuple[Bonus, ...]:
    several = (
        Bonus(0, ALWAYS, percent=25),
        Bonus(5, dice.choice(CONDITIONS)),
        Bonus(-3, dice.choice(CONDITIONS), percent=-60),
    )
    return tuple(dice.sample(several, dice.choice((0, 0, 0, 1, 2))))


def _caps(
    dice: Random, balances: dict[str, Balance], fed: Sequence[str], most: int, *, is_sole: bool = False
) -> tuple[Cap, ...]:
    """Caps of different usage; on the points of one balance, which is named where several are fed."""
    found = {}
    for _ in range(most):
        kind, per = dice.choice(tuple(CapKind)), dice.choice(tuple(Per))
        named = None if kind is CapKind.TIMES or len(fed) == 1 or is_sole else dice.choice(fed)
        places = max(balances[one].decimals for one in ([named] if named else fed))
        limit = dice.choice((1, 2, 3)) if kind is CapKind.TIMES else with_places(_limit(dice), places)
        found[kind, per, named] = Cap(kind, limit, per, balance=named)
    return tuple(found.values())


def _limit(dice: Random) -> int:
    return dice.choice((10, 30, 50, 80, 150))


def log_of_entries(dice: Random, program: Program, count: int) -> list[Event]:
    """Events of the one member, in order, most of them near to one another; some lack what rules need."""
    begin = dice.choice((date(2024, 1, 10), date(2024, 1, 29), date(2024, 2, 10), date(2024, 3, 28)))
    spread = dice.choice((4, 25, 120))
    days = sorted(begin + timedelta(dice.randint(0, spread)) for _ in range(count))
    given = {"kind": tuple(KINDS), "count": (0, 1, 2, 4, Decimal("1.5"), Decimal("3.3"))}
    return [
        Event(
            member_id=MEMBER.id,
            at=(at := datetime(day.year, day.month, day.day, 8)),  # noqa: DTZ001 - as events have it
            event_id=f"e{number:03}",
            local=at,
            activity=dice.choice(ACTIVITIES) if dice.random() < 0.97 else "none",
            points=dice.choice(
                (None, 5, 15, 25, 40, 60, 100, 101, *([Decimal("7.5")] * (program.places > 0)))
            ),
            attributes=frozen(
                {name: dice.choice(some) for name, some in given.items() if dice.random() < 0.9}
            ),
        )
        for number, day in enumerate(days)
    ]


# The naive reading


class Came(NamedTuple):
    """What one entry has to come to."""

    balance: str
    requested: Any
    awarded: Any
    outcome: Outcome
    total: Any
    level: str | None
    ignored: bool


class Amount(NamedTuple):
    """What an entry requests, or why nothing; whether the log's points decide it."""

    value: Fraction
    why: Outcome | None = None
    is_given: bool = False


@dataclass(frozen=True)
class Ledger:
    """The rows of one member so far, and what can be counted of them."""

    program: Program
    rows: tuple[Entry, ...]

    def total(self, balance: str) -> Fraction:
        awarded = [Fraction(row.awarded) for row in self.rows if row.balance == balance]
        return self.program.balances[balance].start + sum(awarded, Fraction(0))

    @property
    def level(self) -> str | None:
        """The highest that a total ever reached: nothing is ever reset."""
        totals = [self.program.balances["points"].start]
        totals += [row.total for row in self.rows if row.balance == "points" and row.total is not None]
        return next((name for name in reversed(THRESHOLDS) if max(totals) >= THRESHOLDS[name]), None)

    def used(self, cap: Cap, owner: tuple[str, ...], day: date) -> Fraction:
        """What is used of a cap in the window of a day: points, or events."""
        here, rows = WINDOWS[cap.per](day), []
        for row in self.rows:
            if (
                row.awarded > 0
                and row.version is not None
                and WINDOWS[cap.per](row.occurred_at.date()) == here
            ):
                known = caps_of(self.program, row.version, row.activity, row.balance)
                if (owner, cap.kind, cap.per, cap.balance) in [
                    (other, one.kind, one.per, one.balance) for other, one in known
                ]:
                    rows.append(row)
        if cap.kind is CapKind.TIMES:
            return Fraction(len({row.event_id for row in rows}))
        return sum((Fraction(row.awarded) for row in rows if cap.balance in {None, row.balance}), Fraction(0))


def caps_of(
    program: Program, version_id: str, activity_id: str, balance: str
) -> Iterator[tuple[tuple[str, ...], Cap]]:
    """The caps that an entry above zero meets, each with whose it is."""
    version = next(one for one in program.versions if one.id == version_id)
    activity = version.activities[activity_id]
    for entry in activity.entries:
        if entry.balance == balance:
            yield from ((("entry", activity_id, balance), cap) for cap in entry.caps)
    yield from ((("activity", activity_id), cap) for cap in activity.caps)
    for group in activity.groups:
        yield from ((("group", group), cap) for cap in version.groups[group].caps)


class Reading:
    """One event, read on top of the ledger before it."""

    def __init__(self, program: Program, before: Sequence[Entry], event: Event) -> None:
        self.program, self.event, self.day = program, event, event.local.date()
        self.before = Ledger(program, tuple(before))
        self.version = [one for one in program.versions if one.effective_from <= self.day][-1]
        self.held = self.before.level

    def entries(self, made: Sequence[Entry]) -> list[Came]:
        """What each of its entries has to be.

        Args:
            made: The entries that there are, of which each stands in the ledger for those below it.
        """
        activity = self.version.activities.get(self.event.activity)
        if activity is None:
            return [self.unchanged("points", Outcome.NO_SUCH_ACTIVITY)]
        rules = sorted(activity.entries, key=lambda one: not one.is_spend)
        refused = self.refusal(activity)
        if refused is not None:
            return [self.unchanged(rule.balance, refused) for rule in rules]
        there = [(rule, self.holds(rule.condition)) for rule in rules]
        asked = {
            rule.balance: self.amount(rule) if holds else Amount(Fraction(0), Outcome.MISSING_ATTRIBUTE)
            for rule, holds in there
            if holds is not False and not isinstance(rule.points, SameAs)
        }
        is_covered = all(
            asked[rule.balance].why is None and self.is_there(rule.balance, asked[rule.balance].value)
            for rule in rules
            if rule.is_spend
        )
        found: list[Came] = []
        for rule, holds in there:
            copied = isinstance(rule.points, SameAs)
            if holds is False or (
                copied and holds and rule.points.balance not in [one.balance for one in found]
            ):
                continue
            if copied:
                asked[rule.balance] = (
                    self.copy(rule, found) if holds else Amount(Fraction(0), Outcome.MISSING_ATTRIBUTE)
                )
            found.append(self.came(rule, asked[rule.balance], made[: len(found)], is_covered=is_covered))
        if not found:
            return [self.unchanged(rules[0].balance, Outcome.NOT_ELIGIBLE)]
        valued = [asked[one.balance] for one in found if asked[one.balance].why is None]
        uses = any(asked[one.balance].is_given for one in found)
        comes_to = [amount.value for amount in valued]
        ignored = (
            self.event.points is not None and bool(valued) and not uses and self.event.points not in comes_to
        )
        return [found[0]._replace(ignored=ignored), *found[1:]]

    def unchanged(self, balance: str, outcome: Outcome) -> Came:
        return Came(balance, 0, 0, outcome, self.before.total(balance), self.held, ignored=False)

    def is_there(self, balance: str, amount: Fraction) -> bool:
        least = self.program.balances[balance].floor
        return amount <= 0 or self.before.total(balance) - amount >= (0 if least is None else least)

    def came(self, rule: EntryRule, amount: Amount, made: Sequence[Entry], *, is_covered: bool) -> Came:
        """What is awarded, all counted from the ledger: what is used of caps from that before the event."""
        balance = self.program.balances[rule.balance]
        total, requested, awarded = self.before.total(balance.id), amount.value, amount.value
        outcome = amount.why or (None if is_covered else Outcome.INSUFFICIENT_BALANCE)
        if rule.is_spend:
            requested = awarded = -amount.value
        elif requested > 0:
            for owner, cap in caps_of(self.program, self.version.id, self.event.activity, rule.balance):
                if cap.kind is CapKind.POINTS and cap.balance not in {None, rule.balance}:
                    continue
                left = max(Fraction(0), Fraction(cap.limit) - self.before.used(cap, owner, self.day))
                awarded = (
                    min(awarded, left) if cap.kind is CapKind.POINTS else awarded if left else Fraction(0)
                )
        elif balance.floor is not None:
            awarded = max(requested, -max(Fraction(0), total - balance.floor))
        if outcome is not None:
            awarded = Fraction(0)
        else:
            outcome = (
                Outcome.AWARDED if awarded == requested else Outcome.REDUCED if awarded else Outcome.CAPPED
            )
        after = Ledger(self.program, (*self.before.rows, *made))
        totals = [after.total("points"), *([total + awarded] if balance.id == "points" else [])]
        reached = next((name for name in reversed(THRESHOLDS) if max(totals) >= THRESHOLDS[name]), None)
        level = max(self.held or "none", after.level or "none", reached or "none", key=ORDER.index)
        return Came(
            balance.id,
            requested,
            awarded,
            outcome,
            total + awarded,
            None if level == "none" else level,
            False,
        )

    def copy(self, rule: EntryRule, found: Sequence[Came]) -> Amount:
        assert isinstance(rule.points, SameAs)
        other = next(one for one in found if one.balance == rule.points.balance)
        if other.awarded == 0 and other.outcome is not Outcome.AWARDED:
            return Amount(Fraction(0), other.outcome)
        is_spent = other.balance in [
            one.balance for one in self.version.activities[self.event.activity].entries if one.is_spend
        ]
        return self.with_bonuses(rule, Amount(-other.awarded if is_spent else other.awarded))

    def refusal(self, activity: Activity) -> Outcome | None:
        holds = self.holds(activity.eligible_if)
        return None if holds else Outcome.MISSING_ATTRIBUTE if holds is None else Outcome.NOT_ELIGIBLE

    def value(self, name: str) -> Any:
        return (self.held or "none") if name == "level" else self.event.attributes.get(name)

    def holds(self, condition: Condition | None) -> bool | None:
        if condition is None or condition == ALWAYS:
            return True
        assert isinstance(condition, Comparison)
        value = self.value(condition.attribute)
        if value is None:
            return None
        if condition.attribute == "level":
            value, least, most = (
                None if one is None else ORDER.index(one)
                for one in (value, condition.at_least, condition.at_most)
            )
            return (least is None or value >= least) and (most is None or value <= most)
        if condition.equals is not None:
            return bool(value == condition.equals)
        if condition.among is not None:
            return value in condition.among
        return bool(value >= condition.at_least)

    def amount(self, rule: EntryRule) -> Amount:
        return self.with_bonuses(rule, self.base(rule))

    def base(self, rule: EntryRule) -> Amount:  # noqa: PLR0911 - one for each form
        points, given = rule.points, self.event.points
        match points:
            case Fixed(amount):
                return Amount(Fraction(amount))
            case Assessed(least, most):
                places = self.program.balances[rule.balance].decimals
                if given is None:
                    return Amount(Fraction(0), Outcome.UNVALUED, is_given=True)
                whole = (Fraction(given) * 10**places).denominator == 1
                if not least <= given <= most or not whole:
                    return Amount(Fraction(0), Outcome.OUT_OF_RANGE, is_given=True)
                return Amount(Fraction(given), None, is_given=True)
            case Table(_, values):
                kind = self.value("kind")
                if kind is None:
                    return Amount(Fraction(0), Outcome.MISSING_ATTRIBUTE)
                return Amount(Fraction(values[kind]))
            case PerUnit(rate, _, _, every):
                count = self.value("count")
                if count is None:
                    return Amount(Fraction(0), Outcome.MISSING_ATTRIBUTE)
                return Amount(
                    Fraction(rate) * (Fraction(count) if every is None else floor(Fraction(count) / every))
                )
        raise AssertionError(points)

    def with_bonuses(self, rule: EntryRule, base: Amount) -> Amount:
        verdicts = [(bonus, self.holds(bonus.condition)) for bonus in rule.bonuses]
        if base.why is Outcome.MISSING_ATTRIBUTE or None in [holds for _, holds in verdicts]:
            return base._replace(value=Fraction(0), why=Outcome.MISSING_ATTRIBUTE)
        if base.why is not None:
            return base
        percent = max(-100, sum(bonus.percent for bonus, holds in verdicts if holds))
        whole = base.value * (100 + percent) / 100 + sum(bonus.points for bonus, holds in verdicts if holds)
        balance = self.program.balances[rule.balance]
        unit = 10**balance.decimals
        rounded = trunc if balance.round is Rounding.DOWN else lambda one: floor(one + Fraction(1, 2))
        return base._replace(value=Fraction(rounded(whole * unit), unit))
