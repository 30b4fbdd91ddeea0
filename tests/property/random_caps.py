"""Random programs of several versions in which caps meet, random logs of one member, and a naive reading.

Programs are made as records, so that caps may stand together that `validate` would find fault with.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import Span
from pointbook.model.activities import Activity
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Assessed, Fixed, Table
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Cap, Demotion, Group, LeapDay, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from pointbook.model.ledger import Entry
    from pointbook.model.points.forms import Points

    OwnedCaps = Mapping[tuple[str | None, str], Mapping[tuple[str, CapKind, Per], int]]

frozen = MappingProxyType
ACTIVITIES, GROUPS = ("a", "b", "c"), ("g", "h")
FIRST = date(2023, 1, 1)
LATER = (
    *(date(2024, 1, 15), date(2024, 2, 1), date(2024, 2, 12), date(2024, 2, 14), date(2024, 3, 1)),
    *(date(2024, 4, 1), date(2024, 4, 17), date(2024, 7, 1)),
)
TABLE = Table(("kind",), frozen({"few": 3, "some": 40, "many": 90}))
KIND = frozen({"kind": Attribute(AttributeType.TEXT)})
NOWHERE = frozen({(): Span("random", 1)})
MEMBER = Member("ann", date(2023, 2, 14), frozen({}))


def capped_program(dice: Random) -> Program:
    """One to four versions; half of the time they differ from one another in a few limits only."""
    days = [FIRST, *sorted(dice.sample(LATER, dice.choice((0, 1, 2, 2, 3))))]
    versions = [_version(dice)]
    for _ in days[1:]:
        versions.append(_with_other_limits(dice, versions[-1]) if dice.random() < 0.7 else _version(dice))
    return Program(
        id="random",
        timezone="UTC",
        balances=frozen({"points": Balance("points", Resets.NEVER)}),
        level_balance="points",
        member_attributes=frozen({}),
        positions=NOWHERE,
        versions=tuple(
            replace(version, id=f"v{number}", effective_from=day)
            for number, (version, day) in enumerate(zip(versions, days, strict=True), start=1)
        ),
    )


def _version(dice: Random) -> Version:
    groups = dice.sample(GROUPS, dice.randint(0, 2))
    nested = dice.random() < 0.5  # a group for all, and a longer window than those of activities
    windows = (Per.DAY, Per.CALENDAR_MONTH) if nested else tuple(Per)
    activities = {
        key: Activity.short(
            key,
            "points",
            dice.choice((Fixed(40), Fixed(-20), Assessed(0, 100), Assessed(-30, 60), TABLE, TABLE)),
            attributes=KIND,
            caps=_caps(dice, dice.randint(0, 3), windows),
            groups=tuple(groups if nested else dice.sample(groups, dice.randint(0, len(groups)))),
        )
        for key in ACTIVITIES
    }
    wider = (Per.CALENDAR_QUARTER, Per.CALENDAR_YEAR, Per.LIFETIME) if nested else tuple(Per)
    return Version(
        id="",
        effective_from=FIRST,
        levels=frozen({}),
        activities=frozen(activities),
        groups=frozen({key: Group(key, _caps(dice, dice.randint(1, 2), wider)) for key in groups}),
        benefits=frozen({}),
        life_cycle=LifeCycle(Demotion.TO_EARNED, LeapDay.FEB_28),
        positions=NOWHERE,
    )


def _caps(dice: Random, most: int, windows: Sequence[Per]) -> tuple[Cap, ...]:
    keys = {(dice.choice(list(CapKind)), dice.choice(windows)): None for _ in range(most)}
    return tuple(Cap(kind, _limit(dice, kind), per) for kind, per in keys)


def _limit(dice: Random, kind: CapKind) -> int:
    return dice.choice((1, 2, 3) if kind is CapKind.TIMES else (10, 30, 50, 80, 150))


def _with_other_limits(dice: Random, version: Version) -> Version:
    def edited(owned: tuple[Cap, ...]) -> tuple[Cap, ...]:
        kept = [cap for cap in owned if dice.random() < 0.85]
        return tuple(
            replace(cap, limit=_limit(dice, cap.kind)) if dice.random() < 0.4 else cap for cap in kept
        )

    return replace(
        version,
        activities=frozen(
            {key: replace(one, caps=edited(one.caps)) for key, one in version.activities.items()}
        ),
        groups=frozen({key: Group(key, edited(one.caps)) for key, one in version.groups.items()}),
    )


def with_one_edit(dice: Random, program: Program) -> Program:
    """The program with another limit, window, amount, group or cap somewhere in one of its versions."""
    place = dice.randrange(len(program.versions))
    version = program.versions[place]
    key = dice.choice(ACTIVITIES)
    rule = version.activities[key]
    match dice.choice(("limit", "limit", "caps", "caps", "points", "groups", "group", "group", "date")):
        case "limit" if rule.caps:
            edited = replace(rule, caps=_one_other(dice, rule.caps))
        case "caps":
            edited = replace(rule, caps=_one_more_or_less(dice, rule.caps))
        case "points":
            edited = rule.with_entries(lambda entry: replace(entry, points=_more(entry.points)))
        case "groups" if version.groups:
            group = dice.choice(list(version.groups))
            kept = tuple(name for name in rule.groups if name != group)
            edited = replace(rule, groups=kept if group in rule.groups else (*kept, group))
        case "group" if version.groups:
            group = dice.choice(list(version.groups))
            owned = version.groups[group].caps
            owned = dice.choice((_one_other, _one_more_or_less))(dice, owned) if owned else owned
            groups = frozen({**version.groups, group: Group(group, owned)})
            return _with_version(program, place, replace(version, groups=groups))
        case "date" if place:
            moved = version.effective_from + timedelta(dice.choice((-3, 1, 4)))
            if all(moved != one.effective_from for one in program.versions):
                return _with_version(program, place, replace(version, effective_from=moved))
            return program
        case _:
            return program
    activities = frozen({**version.activities, key: edited})
    return _with_version(program, place, replace(version, activities=activities))


def _with_version(program: Program, place: int, version: Version) -> Program:
    versions = [*program.versions[:place], version, *program.versions[place + 1 :]]
    return replace(program, versions=tuple(sorted(versions, key=lambda one: one.effective_from)))


def _one_other(dice: Random, owned: tuple[Cap, ...]) -> tuple[Cap, ...]:
    place = dice.randrange(len(owned))
    cap = owned[place]
    if dice.random() < 0.6:
        return (*owned[:place], replace(cap, limit=_limit(dice, cap.kind)), *owned[place + 1 :])
    per = dice.choice(tuple(Per))
    if any((one.kind, one.per) == (cap.kind, per) for one in owned):
        return owned
    return (*owned[:place], replace(cap, per=per), *owned[place + 1 :])


def _one_more_or_less(dice: Random, owned: tuple[Cap, ...]) -> tuple[Cap, ...]:
    (cap,) = _caps(dice, 1, tuple(Per))
    if owned and dice.random() < 0.5:
        place = dice.randrange(len(owned))
        return (*owned[:place], *owned[place + 1 :])
    return owned if any((one.kind, one.per) == (cap.kind, cap.per) for one in owned) else (*owned, cap)


def _more(points: Points) -> Points:
    match points:
        case Fixed(amount):
            return Fixed(amount + 15)
        case Assessed(least, most):
            return Assessed(least + 10, most + 10)
        case Table(attribute, values):
            return Table(attribute, frozen({**values, "few": values["few"] + 20}))
    raise AssertionError(points)


def log_of_one(dice: Random, count: int) -> list[Event]:
    """Events of the one member, in order, most of them near to one another."""
    begin = dice.choice((date(2024, 1, 10), date(2024, 1, 29), date(2024, 2, 10), date(2024, 3, 28)))
    spread = dice.choice((4, 25, 120))
    days = sorted(begin + timedelta(dice.randint(0, spread)) for _ in range(count))
    return [
        Event(
            member_id=MEMBER.id,
            at=(at := datetime(day.year, day.month, day.day, 8)),  # noqa: DTZ001 - as events have it
            event_id=f"e{number:03}",
            local=at,
            activity=dice.choice(ACTIVITIES),
            points=dice.choice((5, 15, 25, 40, 60, 100)),
            attributes=frozen({"kind": dice.choice(tuple(TABLE.values))}),
        )
        for number, day in enumerate(days)
    ]


# The naive reading


def year_of(day: date) -> int:
    """The number of the member's year, who signed up on 14 February 2023."""
    return day.year - MEMBER.signed_up_on.year + ((day.month, day.day) >= (2, 14))


WINDOWS: Mapping[Per, Callable[[date], Any]] = {
    Per.DAY: lambda day: day,
    Per.WEEK: lambda day: day.isocalendar()[:2],
    Per.CALENDAR_MONTH: lambda day: (day.year, day.month),
    Per.CALENDAR_QUARTER: lambda day: (day.year, (day.month - 1) // 3),
    Per.CALENDAR_YEAR: lambda day: day.year,
    Per.MEMBERSHIP_YEAR: year_of,
    Per.LIFETIME: lambda _: None,
}
"""What all days of one window have in common."""


def owned_caps(program: Program) -> OwnedCaps:
    """By version and activity, its caps and those of its groups: their limits, by what usage belongs to."""
    return {
        (version.id, key): {
            (owner, cap.kind, cap.per): cap.limit
            for owner, owned in (
                (f"activity {key}", rule.caps),
                *((f"group {group}", version.groups[group].caps) for group in rule.groups),
            )
            for cap in owned
        }
        for version in program.versions
        for key, rule in version.activities.items()
    }


def recounted(owned: OwnedCaps, entries: Sequence[Entry], number: int) -> int:
    """What the entry of that number has to be awarded: every cap counted anew from the ledger before it.

    That is the least of what was requested and of what each cap has left, where a cap on points has its
    limit less what was awarded, and one on times has all or nothing.
    """
    entry = entries[number]
    awarded = entry.requested
    if awarded <= 0:
        return awarded
    day = entry.occurred_at.date()
    for key, limit in owned[entry.version, entry.activity].items():
        _, kind, per = key
        here = WINDOWS[per](day)
        counted = [
            earlier.awarded
            for earlier in entries[:number]
            if earlier.awarded > 0
            and key in owned[earlier.version, earlier.activity]
            and WINDOWS[per](earlier.occurred_at.date()) == here
        ]
        left = max(0, limit - (sum(counted) if kind is CapKind.POINTS else len(counted)))
        awarded = min(awarded, left) if kind is CapKind.POINTS else awarded if left else 0
    return awarded
