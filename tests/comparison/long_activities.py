"""Random activities of several entries, and an edit of any key of one; used by `random_programs`."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.model.activities import Activity, EntryRule
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import AnyOf, Comparison
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.rules import Bonus, Cap, Group
from pointbook.model.windows import CapKind, Per

if TYPE_CHECKING:
    from random import Random

    from pointbook.model.program import Version

frozen = MappingProxyType
ATTRIBUTES = frozen(
    {
        "n": Attribute(AttributeType.INTEGER),
        "q": Attribute(AttributeType.DECIMAL),
        "kind": Attribute(AttributeType.TEXT),
        "released_on": Attribute(AttributeType.DATE),
    }
)
BALANCES = ("points", "credits", "nights")
_WINDOWS = (Per.LIFETIME, Per.CALENDAR_MONTH, Per.MEMBERSHIP_YEAR, Per.DAY)


def activity(dice: Random, key: str, groups: list[str]) -> Activity:
    """One that earns in several balances, spends of one, or both."""
    names = dice.sample(BALANCES, dice.choice((1, 2, 2, 2, 3)))
    entries: list[EntryRule] = []
    if dice.random() < 0.25:
        entries.append(_spend(dice, names.pop()))
    for name in names:
        entries.append(entry(dice, name, [one.balance for one in entries]))
    return Activity(
        key,
        tuple(entries),
        attributes=ATTRIBUTES,
        eligible_if=condition(dice) if dice.random() < 0.2 else None,
        caps=tuple(_cap(dice) for _ in range(dice.choice((0, 0, 0, 1, 1, 2)))),
        groups=tuple(group for group in groups if dice.random() < 0.3),
    )


def condition(dice: Random) -> Comparison:
    return dice.choice(
        (
            Comparison("n", at_least=dice.randint(1, 4)),
            Comparison("kind", among=tuple(dice.sample("xyz", dice.randint(1, 2)))),
            Comparison("member.tier", equals=dice.choice(("gold", "plain"))),
        )
    )


def _spend(dice: Random, balance: str) -> EntryRule:
    return EntryRule(balance, _cost(dice), is_spend=True, path=("spends", balance), attributes=ATTRIBUTES)


def _cost(dice: Random) -> Any:
    values = {key: dice.choice((1, 2, 5)) for key in dice.sample("xyzw", dice.randint(2, 4))}
    return dice.choice(
        (Fixed(dice.choice((1, 2, 5))), PerUnit(dice.choice((1, 2)), "n"), Table(("kind",), frozen(values)))
    )


def entry(dice: Random, balance: str, others: list[str]) -> EntryRule:
    values = {key: dice.choice((0, 1, 5, 50)) for key in dice.sample("xyz", dice.randint(1, 3))}
    points = dice.choice(
        (
            Fixed(dice.choice((1, 50, 60))),
            Fixed(dice.choice((1, 50, 60))),
            Fixed(dice.choice((-5, 0, 50))),
            PerUnit(dice.choice((5, 10, -5)), dice.choice("nq")),
            Table(("kind",), frozen(values), dice.choice((None, Fixed(5)))),
            Assessed(5, 60),
        )
    )
    if others and dice.random() < 0.4:
        points = SameAs(dice.choice(others))
    worth = dice.choice((5, 50, -5))
    bonus = Bonus(worth, condition(dice), percent=dice.choice((0, 0, 10, -50)))
    return EntryRule(
        balance,
        points,
        bonuses=(bonus,) if dice.random() < 0.15 else (),
        split_among="n" if dice.random() < 0.1 else None,
        condition=condition(dice) if dice.random() < 0.25 else None,
        caps=(_cap(dice),) if dice.random() < 0.25 else (),
        path=("earns", balance),
        attributes=ATTRIBUTES,
    )


def _cap(dice: Random) -> Cap:
    balance = dice.choice((None, *BALANCES))
    kind = dice.choice(list(CapKind))
    return Cap(kind, dice.choice((1, 2, 60, 100)), dice.choice(_WINDOWS), balance=balance)


def edited(dice: Random, rule: Activity, groups: list[str]) -> Activity:  # noqa: C901, PLR0911, PLR0912 - one return an edit
    """One key of it, or of one of its entries, is another."""
    place = dice.randrange(len(rule.entries))
    one = rule.entries[place]
    others = [other.balance for other in rule.entries[:place]]

    def having(changed: EntryRule) -> Activity:
        return replace(rule, entries=(*rule.entries[:place], changed, *rule.entries[place + 1 :]))

    match dice.choice(
        (
            *("points", "points", "amount", "amount", "if", "if", "bonuses", "split", "caps", "cap", "add"),
            *("go", "order", "spend", "eligible_if", "own caps", "own cap", "groups", "written", "text"),
        )
    ):
        case "points" if one.is_spend:
            return having(replace(one, points=_cost(dice)))
        case "points":
            return having(replace(one, points=entry(dice, one.balance, others).points))
        case "amount":
            return having(replace(one, points=_nudged(dice, one.points, is_spend=one.is_spend)))
        case "if" if not one.is_spend:
            wider = condition(dice) if one.condition is None else AnyOf((one.condition, condition(dice)))
            return having(replace(one, condition=dice.choice((None, wider, condition(dice)))))
        case "bonuses" | "split" | "caps" as key if not one.is_spend:
            known = "split_among" if key == "split" else key
            other = entry(dice, one.balance, others)
            return having(replace(one, **{known: getattr(other, known)}))
        case "cap" if one.caps:
            return having(replace(one, caps=(_other_cap(dice, one.caps[0]),)))
        case "add":
            left = [name for name in BALANCES if name not in rule.balances]
            if left:
                at = dice.randint(0, len(rule.entries))
                new = entry(dice, left[0], [other.balance for other in rule.entries[:at]])
                return replace(rule, entries=(*rule.entries[:at], new, *rule.entries[at:]))
        case "spend":
            left = [name for name in BALANCES if name not in rule.balances]
            if left:
                return replace(rule, entries=(_spend(dice, left[0]), *rule.entries))
        case "go" if len(rule.entries) > 1:
            return replace(rule, entries=(*rule.entries[:place], *rule.entries[place + 1 :]))
        case "order":
            return replace(rule, entries=rule.entries[::-1])
        case "eligible_if":
            return replace(rule, eligible_if=dice.choice((None, condition(dice))))
        case "own caps":
            return replace(rule, caps=dice.choice((rule.caps[1:], (*rule.caps, _cap(dice)))))
        case "own cap" if rule.caps:
            return replace(rule, caps=(_other_cap(dice, rule.caps[0]), *rule.caps[1:]))
        case "groups":
            return replace(rule, groups=tuple(group for group in groups if dice.random() < 0.4))
        case "written" if len(rule.entries) == 1 and not (one.is_spend or one.condition or one.caps):
            return having(replace(one, path=() if one.path else ("earns", one.balance)))
        case "text":
            return having(replace(one, note="other")) if one.path and not one.is_spend else rule
    return rule


def _other_cap(dice: Random, cap: Cap) -> Cap:
    changes = ({"limit": dice.choice((1, 3, 50, 200))}, {"per": dice.choice(_WINDOWS)}, {"balance": "nights"})
    return replace(cap, **dice.choice(changes))


def _nudged(dice: Random, points: Any, *, is_spend: bool) -> Any:
    step = dice.choice((1, 2, 5, -1)) if is_spend else dice.choice((-20, -5, 5, 20))
    match points:
        case Fixed(amount):
            return Fixed(max(1, amount + step) if is_spend else amount + step)
        case PerUnit(int()):
            return replace(points, points=max(1, points.points + step) if is_spend else points.points + step)
        case Table((_,)):
            key = dice.choice(list(points.values))
            amount = points.values[key] + step
            return replace(
                points, values=frozen({**points.values, key: max(1, amount) if is_spend else amount})
            )
        case Assessed(low, high):
            return Assessed(low + step, high + step)
        case _:
            return points


def valid(version: Version, places: dict[str, int]) -> Version:
    """The version, of which entries know their places, and limits on points name a balance where needed."""
    rules = {key: _valid(rule, places) for key, rule in version.activities.items()}
    groups = {}
    for key, group in version.groups.items():
        members = [rule for rule in rules.values() if key in rule.groups]
        several = [rule.fed for rule in members if len(rule.fed) > 1]
        groups[key] = replace(group, caps=_naming(group.caps, several[0] if several else ()))
    return replace(version, activities=frozen(rules), groups=frozen(groups))


def _valid(rule: Activity, places: dict[str, int]) -> Activity:
    entries: list[EntryRule] = []
    assessed = False
    for one in rule.entries:
        is_lost = one.points.copies is not None and rule.copied_by(one) is None
        points = Fixed(5) if is_lost or (assessed and one.points.can_be_assessed) else one.points
        assessed = assessed or points.can_be_assessed
        entries.append(replace(one, points=points, places=places.get(one.balance, 0)))
    if rule.is_short:
        return replace(rule, entries=tuple(entries))
    fed = rule.fed
    entries = [replace(one, caps=tuple(replace(cap, balance=None) for cap in one.caps)) for one in entries]
    return replace(rule, entries=tuple(entries), caps=_naming(rule.caps, fed))


def _naming(caps: tuple[Cap, ...], fed: tuple[str, ...]) -> tuple[Cap, ...]:
    """The caps, each with a balance that is fed where there are several; one of a kind."""
    found = {}
    for cap in caps:
        balance = cap.balance if cap.balance in fed or not fed else fed[0]
        balance = balance if len(fed) > 1 and cap.kind is CapKind.POINTS else None
        found[cap.kind, cap.per, balance] = replace(cap, balance=balance)
    return tuple(found.values())


def limits(dice: Random, group: Group) -> Group:
    """The group with a limit that names a balance."""
    return replace(group, caps=(*group.caps, replace(_cap(dice), kind=CapKind.POINTS, balance="nights")))
