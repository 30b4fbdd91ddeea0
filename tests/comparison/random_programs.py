"""Random programs, an edit of any key of any of their files, and random logs; small, so that rules meet."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import long_activities

from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity
from pointbook.model.amounts import Rounding
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import ALWAYS, All, AnyOf, Comparison, Not, Within
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Assessed, Fixed
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import AssessedPerUnit, PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Benefit, Bonus, Cap, Demotion, Group, LeapDay, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

if TYPE_CHECKING:
    from collections.abc import Collection
    from random import Random

FIRST = date(2023, 1, 1)
ATTRIBUTES = {
    "n": AttributeType.INTEGER,
    "q": AttributeType.DECIMAL,
    "kind": AttributeType.TEXT,
    "released_on": AttributeType.DATE,
}
ACTIVITIES, GROUPS, LEVELS = ("a", "b", "c"), ("g", "h"), ("low", "mid", "top")
WINDOWS = (*Per, Per.LIFETIME, Per.LIFETIME, Per.CALENDAR_MONTH, Per.MEMBERSHIP_YEAR)
BALANCES = ("points", "credits", "coins")
frozen = MappingProxyType


def some(dice: Random, values, most=2) -> list:
    return dice.sample(list(values), dice.randint(0, min(most, len(values))))


def amount(dice: Random) -> int:
    return dice.choice((1, 5, 10, 50, 60, 100, -5, -50, 0, 40))


def condition(dice: Random, depth=0):
    if depth < 2 and dice.random() < 0.25:
        parts = tuple(condition(dice, depth + 1) for _ in range(dice.randint(1, 2)))
        return dice.choice((All(parts), AnyOf(parts), Not(parts[0])))
    return dice.choice(
        (
            Comparison("n", at_least=dice.randint(1, 4)),
            Comparison("n", at_most=dice.randint(1, 4)),
            Comparison("kind", among=tuple(dice.sample("xyz", dice.randint(1, 2)))),
            Comparison("kind", equals=dice.choice("xyz")),
            Comparison("occurred_on", within=Within(dice.choice((1, 10, 30)), "released_on")),
            Comparison("member.tier", equals=dice.choice(("gold", "plain"))),
        )
    )


def points(dice: Random):
    match dice.randint(0, 9):
        case 0 | 7:
            low = amount(dice)
            return Assessed(low, low + dice.choice((0, 5, 50)))
        case 1 | 5 | 6:
            rate = dice.choice((5, 10, -5, Decimal("2.5"), table(dice)))
            return PerUnit(rate, dice.choice("nq"), dice.choice((None, "hour")), dice.choice((None, 2, 3)))
        case 2:
            return table(dice, dice.choice((None, Fixed(5), Fixed(amount(dice)), Assessed(5, 60))))
        case 3:
            values = {key: table(dice).values for key in dice.sample((1, 2, 3), 2)}
            return Table(("n", "kind"), frozen({str(key): one for key, one in values.items()}))
        case 4:
            low = dice.choice((1, 5, -5))
            return AssessedPerUnit(low, low + dice.choice((0, 5, 20)), dice.choice("nq"))
        case _:
            return Fixed(amount(dice))


def table(dice: Random, otherwise=None) -> Table:
    values = {key: amount(dice) for key in dice.sample("xyz", dice.randint(1, 3))}
    return Table(("kind",), frozen(values), otherwise)


def caps(dice: Random, most=2) -> tuple[Cap, ...]:
    found = {}
    for _ in range(dice.choice((0, 0, 1, 1, most))):
        cap = Cap(dice.choice(list(CapKind)), dice.choice((1, 2, 60, 100)), dice.choice(WINDOWS))
        found[cap.kind, cap.per] = cap
    return tuple(found.values())


def bonus(dice: Random) -> Bonus:
    worth = amount(dice)
    if dice.random() < 0.3:
        percent = dice.choice((10, -50, 100, Decimal("12.5"), table(dice), table(dice, Fixed(20))))
        return Bonus(dice.choice((0, worth)), dice.choice((ALWAYS, condition(dice))), percent=percent)
    return Bonus(worth, condition(dice))


def activity(dice: Random, key: str, groups) -> Activity:
    if dice.random() < 0.15:
        return long_activities.activity(dice, key, groups)
    return short_activity(dice, key, groups)


def short_activity(dice: Random, key: str, groups) -> Activity:
    if dice.random() < 0.6:  # plain ones, so that it is limits and balances that decide
        worth = dice.choice(
            (
                Fixed(50),
                Fixed(60),
                Fixed(1),
                Fixed(100),
                Fixed(-50),
                Table(("kind",), frozen({"x": 1, "y": 100})),
            )
        )
        declared = frozen({name: Attribute(kind) for name, kind in ATTRIBUTES.items()})
        balance_ = dice.choice(("points", "points", "credits"))
        return Activity.short(
            key, balance_, worth, attributes=declared, caps=caps(dice), groups=tuple(some(dice, groups))
        )
    return Activity.short(
        id=key,
        balance=dice.choice(("points", "points", "credits")),
        points=points(dice),
        attributes=frozen({name: Attribute(kind) for name, kind in ATTRIBUTES.items()}),
        eligible_if=condition(dice) if dice.random() < 0.25 else None,
        bonuses=tuple(bonus(dice) for _ in range(dice.choice((0, 0, 0, 1, 2)))),
        split_among=dice.choice((None, None, None, "n")),
        caps=caps(dice),
        groups=tuple(some(dice, groups)),
    )


def levels(dice: Random):
    ids = [key for key in LEVELS if dice.random() < 0.8]
    if dice.random() < 0.1:
        dice.shuffle(ids)
    thresholds = sorted(dice.sample((0, 10, 50, 60, 100, 150, 200, 300), len(ids)))
    return {key: Level(key, threshold) for key, threshold in zip(ids, thresholds, strict=True)}


def in_order(found):
    return frozen(dict(sorted(found.items(), key=lambda item: (item[1].threshold, item[0]))))


def version(dice: Random, name: str, day: date) -> Version:
    groups = [key for key in GROUPS if dice.random() < 0.5]
    found = levels(dice)
    return Version(
        id=name,
        effective_from=day,
        levels=in_order(found),
        activities=frozen({key: activity(dice, key, groups) for key in ACTIVITIES if dice.random() < 0.8}),
        groups=frozen({key: Group(key, caps(dice) or (cap(dice),)) for key in groups}),
        benefits=frozen(
            {"plan": Benefit("plan", dice.choice([*found, None]))} if dice.random() < 0.5 else {}
        ),
        life_cycle=LifeCycle(dice.choice(list(Demotion)), dice.choice(list(LeapDay)), dice.random() < 0.8),
        announced_on=dice.choice((None, date(2022, 5, 1))),
    )


def cap(dice: Random) -> Cap:
    return Cap(dice.choice(list(CapKind)), dice.choice((1, 2, 60, 100)), dice.choice(WINDOWS))


def balance(dice: Random, key: str) -> Balance:
    return Balance(
        key,
        dice.choice(list(Resets)),
        start=dice.choice((0, 0, 0, 20, 20, -10)),
        floor=dice.choice((None, 0, 0, -20)),
        decimals=dice.choice((0, 0, 0, 1)),
        round=dice.choice((Rounding.HALF_UP, Rounding.HALF_UP, Rounding.DOWN)),
    )


def program(dice: Random) -> Program:
    names = ("points", "credits", "nights")
    first = version(dice, "v1", FIRST)
    found = [first]
    for number in range(2, dice.choice((2, 3, 4)) + 1):
        # Versions of one program resemble each other.
        one = edited_version(dice, found[-1]) if dice.random() < 0.7 else version(dice, "", FIRST)
        day = FIRST + timedelta(days=200 * (number - 1) + dice.randint(0, 90))
        found.append(replace(one, id=f"v{number}", effective_from=day))
    return with_places_of(
        Program(
            id="random",
            timezone="UTC",
            balances=frozen({key: balance(dice, key) for key in names}),
            level_balance="points",
            member_attributes=frozen({"tier": Attribute(AttributeType.TEXT)}),
            versions=tuple(found),
        )
    )


def with_places_of(whole: Program) -> Program:
    """The program, of which each activity knows the places of its balance."""
    places = {key: one.decimals for key, one in whole.balances.items()}
    return replace(whole, versions=tuple(long_activities.valid(one, places) for one in whole.versions))


def with_entry(rule: Activity, **values: Any) -> Activity:
    """The activity, which has one entry, with other values of it."""
    return rule.with_entries(lambda one: replace(one, **values))


def with_several_entries(dice: Random, whole: Program) -> Program:
    """The program with activities of several entries, which its versions have alike."""
    rules = {key: long_activities.activity(dice, key, list(GROUPS)) for key in ACTIVITIES}
    rules = {key: replace(rule, caps=rule.caps if dice.random() < 0.5 else ()) for key, rule in rules.items()}
    found = []
    for one in whole.versions:
        rules = {
            key: long_activities.edited(dice, rule, list(one.groups)) if dice.random() < 0.1 else rule
            for key, rule in rules.items()
        }
        groups = one.groups if dice.random() < 0.4 else frozen({})
        mine = {
            key: replace(rule, groups=tuple(group for group in rule.groups if group in groups))
            for key, rule in rules.items()
        }
        found.append(replace(one, activities=frozen(mine), groups=groups))
    balances = {
        key: replace(one, start=dice.choice((0, 100)), decimals=0) for key, one in whole.balances.items()
    }
    return with_places_of(replace(whole, versions=tuple(found), balances=frozen(balances)))


def _with(mapping, key, value):
    return frozen({**mapping, key: value})


def _without(mapping, key):
    return frozen({one: value for one, value in mapping.items() if one != key})


def edited_activity(dice: Random, rule: Activity, groups) -> Activity:  # noqa: C901, PLR0911, PLR0912 - one return an edit
    """One key of an activity is another."""
    if not rule.is_short or dice.random() < 0.05:
        return long_activities.edited(dice, rule, groups)
    other = short_activity(dice, rule.id, groups)
    [own] = rule.entries
    key = dice.choice(
        (
            "points",
            "points",
            "amount",
            "amount",
            "amount",
            "balance",
            "eligible_if",
            "bonuses",
            "split_among",
            "caps",
            "caps",
            "cap",
            "groups",
            "title",
            "attributes",
            "bonus",
            "condition",
            "range",
        )
    )
    match key:
        case "amount":
            return with_entry(rule, points=_nudged(dice, own.points))
        case "cap" if rule.caps:
            place = dice.randrange(len(rule.caps))
            one = replace(
                rule.caps[place],
                **dice.choice(({"limit": dice.choice((1, 2, 3, 50, 200))}, {"per": dice.choice(list(Per))})),
            )
            found = list(rule.caps)
            found[place] = one
            return replace(rule, caps=tuple({(c.kind, c.per): c for c in found}.values()))
        case "bonus" if own.bonuses:
            old = own.bonuses[0]
            others = {"points": amount(dice)}, {"condition": nudged_condition(dice, old.condition)}
            percents = [{"percent": old.percent + 5}] if isinstance(old.percent, int | Decimal) else []
            percents.append({"percent": table(dice, Fixed(5))})
            first = replace(old, **dice.choice((*others, {"condition": condition(dice)}, *percents)))
            return with_entry(rule, bonuses=(first, *own.bonuses[1:]))
        case "condition" if isinstance(rule.eligible_if, Comparison):
            return replace(rule, eligible_if=nudged_condition(dice, rule.eligible_if))
        case "range" if isinstance(own.points, Assessed):
            low, high = own.points.minimum, own.points.maximum
            return with_entry(
                rule,
                points=Assessed(
                    low := low + dice.choice((-3, 0, 3)), max(low, high + dice.choice((3, 0, 9, -3)))
                ),
            )
        case "caps":
            return replace(rule, caps=dice.choice((other.caps, rule.caps[:-1], rule.caps[::-1])))
        case "title":
            return replace(rule, title="other", note="other")
        case "attributes" if dice.random() < 0.5:
            default = dice.choice((None, "x", "w"))
            kind = replace(rule.attributes["kind"], default=default)
            return replace(rule, attributes=_with(rule.attributes, "kind", kind))
        case "attributes":
            return replace(
                rule, attributes=_without(rule.attributes, "q") if not _uses(rule, "q") else rule.attributes
            )
        case "cap" | "bonus" | "condition" | "range":
            return rule
        case "eligible_if" | "groups":
            return replace(rule, **{key: getattr(other, key)})
        case _:
            return with_entry(rule, **{key: getattr(other.entries[0], key)})


def nudged_condition(dice: Random, one):
    """A condition that holds in more cases, or in fewer."""
    match one:
        case Comparison(at_least=int(least)):
            return replace(one, at_least=least + dice.choice((-1, 1)))
        case Comparison(at_most=int(most)):
            return replace(one, at_most=most + dice.choice((-1, 1)))
        case Comparison(within=Within(days, after)):
            return replace(one, within=Within(days + dice.choice((-1, 9)), after))
        case _:
            return AnyOf((one, condition(dice)))


def _uses(value: Any, name: str) -> bool:
    if is_dataclass(value):
        return any(
            _uses(getattr(value, field.name), name) for field in fields(value) if field.name != "attributes"
        )
    return any(_uses(item, name) for item in value) if isinstance(value, tuple) else value == name


def _nudged(dice: Random, rule):  # noqa: PLR0911 - one return a form
    step = dice.choice((-20, -5, 5, 20, 100))
    match rule:
        case Fixed(one):
            return dice.choice(
                (Fixed(one + step), Assessed(one, one + abs(step)), Assessed(one - abs(step), one))
            )
        case Assessed(low, high):
            return dice.choice(
                (
                    Assessed(low + step, high + step),
                    Assessed(low, high + abs(step)),
                    Fixed(high),
                    Fixed(low),
                    Fixed(low + 1),
                )
            )
        case PerUnit(Table() as rates):
            return replace(rule, points=_nudged(dice, rates))
        case PerUnit():
            return dice.choice(
                (replace(rule, points=rule.points + step), replace(rule, every=dice.choice((2, 3))))
            )
        case AssessedPerUnit(low, high):
            return dice.choice(
                (
                    replace(rule, maximum=high + abs(step)),
                    replace(rule, minimum=low + step, maximum=high + step),
                )
            )
        case Table(_, values) if len(rule.attributes) > 1 or rule.otherwise or dice.random() < 0.3:
            others = (None, Fixed(5), Assessed(5, 60), Fixed(step))
            if len(rule.attributes) == 1:
                return replace(rule, otherwise=dice.choice(others))
            key = dice.choice(list(values))
            inner = {**values[key], dice.choice("xyz"): step}
            return replace(rule, values=frozen({**values, key: frozen(inner)}))
        case Table():
            key = dice.choice("xyz")
            values = dict(rule.values)
            if key in values and len(values) > 1 and dice.random() < 0.3:
                del values[key]
            else:
                values[key] = values.get(key, 0) + step
            return replace(rule, values=frozen(values))


def edited_version(dice: Random, one: Version) -> Version:  # noqa: PLR0911 - one return an edit
    """One key of a version is another."""
    other = version(dice, one.id, one.effective_from)
    match dice.choice(
        ("activity",) * 6
        + ("add", "remove", "level", "level", "benefits", "life_cycle", "group", "texts", "levels")
    ):
        case "activity" if one.activities:
            key = dice.choice(list(one.activities))
            rule = edited_activity(dice, one.activities[key], list(one.groups))
            return replace(one, activities=_with(one.activities, key, rule))
        case "add":
            key = dice.choice((*ACTIVITIES, "d"))
            return replace(one, activities=_with(one.activities, key, activity(dice, key, list(one.groups))))
        case "remove" if one.activities:
            return replace(one, activities=_without(one.activities, dice.choice(list(one.activities))))
        case "level" if one.levels:
            key = dice.choice(list(one.levels))
            threshold = dice.choice((5, 20, 55, 80, 120, 250, 500))
            return replace(one, levels=in_order({**one.levels, key: Level(key, threshold)}))
        case "levels":
            key = dice.choice((*LEVELS, "new"))
            found = dict(one.levels)
            if key in found:
                del found[key]
            else:
                found[key] = Level(key, dice.choice((5, 20, 55, 80, 120, 250, 500)))
            benefits = {
                k: replace(b, from_level=b.from_level if b.from_level in found else None)
                for k, b in one.benefits.items()
            }
            return replace(one, levels=in_order(found), benefits=frozen(benefits))
        case "benefits":
            return replace(
                one,
                benefits=frozen({"plan": Benefit("plan", dice.choice([*one.levels, None]))})
                if dice.random() < 0.8
                else frozen({}),
            )
        case "life_cycle":
            return replace(one, life_cycle=other.life_cycle)
        case "group" if one.groups:
            key = dice.choice(list(one.groups))
            found = dice.choice(
                (
                    caps(dice) or (cap(dice),),
                    tuple(replace(c, limit=dice.choice((1, 3, 30, 150))) for c in one.groups[key].caps),
                )
            )
            group = Group(key, found)
            group = long_activities.limits(dice, group) if dice.random() < 0.2 else group
            return replace(one, groups=_with(one.groups, key, group))
        case _:
            return replace(one, title="other", note="other", announced_on=date(2022, 6, 1))


def with_a_replacement(dice: Random, whole: Program) -> Program:
    """An activity of one version goes by another id, the same or edited; other versions keep the old one."""
    one = dice.choice([known for known in whole.versions if known.activities])
    key = dice.choice(list(one.activities))
    rule = one.activities[key]
    if dice.random() < 0.8:
        rule = edited_activity(dice, rule, list(one.groups))
    if dice.random() < 0.8:
        rule = replace(rule, caps=())
    activities = _with(_without(one.activities, key), "r", replace(rule, id="r"))
    after = replace(one, activities=activities, replaces=frozen({"r": key}))
    versions = tuple(after if known is one else known for known in whole.versions)
    return with_places_of(replace(whole, versions=versions))


def edited(dice: Random, whole: Program) -> Program:
    """One key of one file is another, a file is new or gone."""
    return with_places_of(_edited(dice, whole))


def _edited(dice: Random, whole: Program) -> Program:  # noqa: C901, PLR0911, PLR0912 - one return an edit
    """One key of one file is another, a file is new or gone."""
    place = dice.randrange(len(whole.versions))
    one = whole.versions[place]
    others = [known for known in whole.versions if known is not one]

    def having(*found: Version) -> Program:
        return replace(whole, versions=tuple(sorted(found, key=lambda known: known.effective_from)))

    match dice.choice(
        ("version",) * 10
        + ("date", "date", "gone", "new", "name", "program", "balance", "balance", "attribute")
    ):
        case "date":
            moved = one.effective_from + timedelta(days=dice.choice((-250, -60, -5, 5, 60, 250)))
            if any(known.effective_from == moved for known in others):
                return whole
            return having(*others, replace(one, effective_from=moved))
        case "gone" if others:
            return having(*others)
        case "new":
            day = FIRST + timedelta(days=dice.choice((-100, 33, 133, 333, 555, 888)))
            if any(known.effective_from == day for known in whole.versions):
                return whole
            return having(*whole.versions, replace(edited_version(dice, one), id="new", effective_from=day))
        case "name":
            return having(
                *others, replace(edited_version(dice, one) if dice.random() < 0.5 else one, id="named")
            )
        case "program":
            return dice.choice(
                (
                    replace(whole, timezone="America/Los_Angeles"),
                    replace(whole, title="other"),
                    replace(whole, level_balance="credits"),
                )
            )
        case "balance":
            key = dice.choice((*whole.balances, "coins"))
            if key == "coins" and dice.random() < 0.3:
                used = {
                    name
                    for known in whole.versions
                    for rule in known.activities.values()
                    for name in rule.balances
                }
                return (
                    whole
                    if "credits" in used
                    else replace(whole, balances=_without(whole.balances, "credits"))
                )
            if key == "coins":
                return replace(whole, balances=_with(whole.balances, key, balance(dice, key)))
            found = replace(
                whole.balances[key],
                **dice.choice(
                    (
                        {"start": dice.choice((0, 30, -5))},
                        {"floor": dice.choice((None, -30, 10, 0))},
                        {"resets": dice.choice(list(Resets))},
                        {"decimals": dice.choice((0, 1, 2))},
                        {"round": dice.choice(list(Rounding))},
                    )
                ),
            )
            return replace(whole, balances=_with(whole.balances, key, found))
        case "attribute" if dice.random() < 0.5:
            tier = replace(whole.member_attributes["tier"], default=dice.choice((None, "gold", "x")))
            return replace(whole, member_attributes=_with(whole.member_attributes, "tier", tier))
        case "attribute":
            return replace(
                whole,
                member_attributes=_with(whole.member_attributes, "age", Attribute(AttributeType.INTEGER)),
            )
        case _:
            return having(*others, edited_version(dice, one))


def log(dice: Random, whole: Program, focus: Collection[str] = ()) -> Log:
    """A log that carries every attribute: one member, often around the days on which versions take effect.

    Args:
        dice: Chance.
        whole: The program.
        focus: Activities of which there shall be more events.
    """
    signed = dice.choice((date(2022, 3, 14), date(2023, 1, 1), date(2020, 2, 29), date(2023, 5, 20)))
    member = Member("m", signed, frozen({"tier": dice.choice(("gold", "plain"))}))
    around = dice.choice([version.effective_from for version in whole.versions])
    day = max(signed, around + timedelta(days=dice.choice((-300, -25, -10, -3, 0))))
    pace = dice.choice(((0, 0, 1), (0, 1, 9), (0, 9, 33), (0, 33, 200)))
    names = dice.choice(((*ACTIVITIES, "d", *focus, *focus), tuple(focus) or ACTIVITIES))
    events = []
    for number in range(dice.randint(2, 9)):
        day += timedelta(days=dice.choice(pace))
        at = datetime(day.year, day.month, day.day, 12, number)  # noqa: DTZ001 - the log's local times carry no zone
        values = {
            "n": dice.randint(1, 4),
            "q": dice.choice((Decimal("0.5"), Decimal(2), Decimal(0))),
            "kind": dice.choice("xyzw"),
            "released_on": day - timedelta(days=dice.choice((0, 5, 20, 60))),
        }
        events.append(Event("m", at, f"e{number}", at, dice.choice(names), None, frozen(values)))
    return Log({"m": member}, sorted(events), Rejects(), Rejects(), len(events), 1)
