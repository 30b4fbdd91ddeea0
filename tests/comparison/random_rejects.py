"""Random questions of rules that spend, copy and look at the level, and logs of which rows are rejected.

What one event earns pays for what the next one spends, or brings the level by which a third one counts, so
that one rejected row decides what others come to.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pointbook.comparison.question import question_of
from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.amounts import Rounding
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import ALWAYS, Comparison
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member, Reject
from pointbook.model.points.forms import Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Bonus, Cap, LifeCycle
from pointbook.model.windows import CapKind, Per, Resets

if TYPE_CHECKING:
    from random import Random

    from pointbook.comparison.question import Question

frozen = MappingProxyType
FIRST, AS_OF = date(2024, 1, 1), date(2024, 12, 31)
ORDER = ("none", "low", "top")
ATTRIBUTES = frozen({"n": Attribute(AttributeType.INTEGER), "kind": Attribute(AttributeType.TEXT)})
BALANCES = ("points", "credits", "nights")
EARNING, BUYING, COPYING = ("visit", "talk"), "buy", "trip"
_HELD = Comparison("level", at_least="low", order=ORDER)


def question_with_rejects(dice: Random) -> tuple[Question, Log, Log]:
    """A question, a log with rejected rows, and the log had they been right."""
    balances = {
        key: Balance(
            key,
            dice.choice((Resets.NEVER, Resets.CALENDAR_YEAR)),
            start=dice.choice((0, 0, 0, 10)),
            floor=dice.choice((None, 0, 0, -10)),
            round=dice.choice((Rounding.HALF_UP, Rounding.DOWN)),
        )
        for key in BALANCES
    }
    by_level = dice.random() < 0.4
    old = _version(dice, by_level=by_level)
    new = replace(_edited(dice, old, by_level=by_level), id="new", effective_from=date(2025, 1, 1))
    program = Program(
        id="random",
        timezone="UTC",
        balances=frozen(balances),
        level_balance="points",
        member_attributes=frozen({}),
        versions=(old, new),
    )
    question = question_of(program, old, new, old_is_external=False, since=None, as_of=AS_OF)
    whole = _log(dice)
    return question, _broken(dice, whole), whole


def _version(dice: Random, *, by_level: bool) -> Version:
    rules = [_earning(dice, key, by_level=by_level) for key in EARNING]
    rules += [_buying(dice, by_level=by_level), _copying(dice, by_level=by_level)]
    return Version(
        id="old",
        effective_from=FIRST,
        levels=frozen({"low": Level("low", dice.choice((20, 40))), "top": Level("top", 90)}),
        activities=frozen({rule.id: rule for rule in rules}),
        groups=frozen({}),
        benefits=frozen({}),
        life_cycle=LifeCycle(),
    )


def _edited(dice: Random, version: Version, *, by_level: bool) -> Version:
    """What is bought costs more or less, a level asks for more or less, or an activity is another."""
    other = _version(dice, by_level=by_level)
    if by_level and dice.random() < 0.4:
        return replace(version, levels=frozen({**version.levels, "low": Level("low", 30)}))
    key = dice.choice((BUYING, BUYING, BUYING, COPYING))
    rule = version.activities[key]
    first, *others = rule.entries
    if key == BUYING and isinstance(first.points, Fixed) and dice.random() < 0.7:
        cost = Fixed(max(1, first.points.points + dice.choice((-15, -1, 1, 15))))
        rule = replace(rule, entries=(replace(first, points=cost), *others))
    else:
        rule = other.activities[key]
    return replace(version, activities=frozen({**version.activities, key: rule}))


def _earning(dice: Random, key: str, *, by_level: bool) -> Activity:
    """One of them never feeds the points."""
    name = dice.choice(("credits", "credits", "nights")) if key == EARNING[0] or not by_level else "points"
    return Activity(key, (_entry(name, Fixed(dice.choice((20, 30)))),), attributes=ATTRIBUTES)


def _buying(dice: Random, *, by_level: bool) -> Activity:
    """What spends, and gives something for it."""
    spent = dice.choice(("credits", "credits", "nights"))
    cost = dice.choice((Fixed(dice.choice((20, 30, 40))), PerUnit(10, "n"), _table(20, 40)))
    entries = [EntryRule(spent, cost, is_spend=True, path=("spends", spent), attributes=ATTRIBUTES)]
    for name in _some(dice, [name for name in BALANCES if name != spent]):
        entries.append(_copy_or_own(dice, name, entries, by_level=by_level))
    return Activity(BUYING, tuple(entries), attributes=ATTRIBUTES, caps=_caps(dice, entries[1:]))


def _copying(dice: Random, *, by_level: bool) -> Activity:
    """Entries of which each may copy the one before, which limits can cut."""
    entries: list[EntryRule] = []
    for name in dice.sample(BALANCES, dice.randint(1, 3)):
        entries.append(_copy_or_own(dice, name, entries, by_level=by_level))
    limit = Cap(dice.choice(tuple(CapKind)), dice.choice((1, 2, 30)), Per.LIFETIME)
    entries[0] = replace(entries[0], caps=(limit,) if dice.random() < 0.3 else ())
    return Activity(COPYING, tuple(entries), attributes=ATTRIBUTES)


def _copy_or_own(dice: Random, name: str, above: list[EntryRule], *, by_level: bool) -> EntryRule:
    points: Any = dice.choice((Fixed(dice.choice((10, 90, -15))), _table(5, 50)))
    if by_level and dice.random() < 0.6:
        points = Table(("level",), frozen({"none": 5, "low": 90, "top": 150}))
    if above and dice.random() < 0.6:
        points = SameAs(dice.choice(above).balance)
    bonuses = []
    if dice.random() < 0.5:
        when = _HELD if by_level and dice.random() < 0.5 else ALWAYS
        bonuses.append(Bonus(dice.choice((0, 7, -4)), when, percent=dice.choice((50, -60, 200))))
    if by_level and dice.random() < 0.3:
        bonuses.append(
            Bonus(0, ALWAYS, percent=Table(("level",), frozen({"none": 0, "low": 50, "top": 150})))
        )
    condition = _HELD if by_level and dice.random() < 0.3 else None
    return replace(_entry(name, points), bonuses=tuple(bonuses), condition=condition)


def _entry(name: str, points: Any) -> EntryRule:
    return EntryRule(name, points, path=("earns", name), attributes=ATTRIBUTES)


def _table(*values: int) -> Table:
    return Table(("kind",), frozen(dict(zip("xy", values, strict=True))))


def _some(dice: Random, names: Any) -> list[str]:
    return dice.sample(list(names), dice.randint(1, 2))


def _caps(dice: Random, entries: list[EntryRule]) -> tuple[Cap, ...]:
    if dice.random() < 0.7:
        return ()
    named = entries[0].balance if len(entries) > 1 else None
    return (Cap(CapKind.POINTS, dice.choice((15, 45)), Per.LIFETIME, balance=named),)


def _log(dice: Random) -> Log:
    """One or two members, who earn before they buy."""
    members = {
        key: Member(key, FIRST, frozen({})) for key in dice.choice((("ann",), ("ann",), ("ann", "bob")))
    }
    events = []
    for key in members:
        day = FIRST
        for number in range(dice.randint(2, 5)):
            day += timedelta(days=dice.choice((0, 1, 40)))
            at = datetime(day.year, day.month, day.day, 9, number)  # noqa: DTZ001 - the log's local times carry no zone
            name = dice.choice(EARNING if number == 0 else (*EARNING, *[BUYING] * 4, COPYING, COPYING))
            values = {"n": dice.randint(1, 4), "kind": dice.choice("xy")}
            events.append(Event(key, at, f"{key}{number}", at, name, None, frozen(values)))
    return Log(members, events, Rejects(), Rejects(), len(events), len(members))


def _broken(dice: Random, log: Log) -> Log:
    """The log without one or two events, mostly of those that earn; each names its member, or nobody."""
    earning = [event for event in log.events if event.activity in EARNING]
    gone = dice.sample(earning if earning and dice.random() < 0.8 else log.events, 1)
    gone += dice.sample(log.events, dice.choice((0, 0, 0, 1)))
    ids = {event.event_id for event in gone}
    rejects = [
        Reject(
            *("e.csv", 2, "", event.event_id, "bad_value", "", "raw"),
            event.member_id if dice.random() < 0.8 else "",
            event.activity if dice.random() < 0.8 else "",
        )
        for event in log.events
        if event.event_id in ids
    ]
    kept = [event for event in log.events if event.event_id not in ids]
    return replace(log, events=kept, rejects=Rejects(rejects))
