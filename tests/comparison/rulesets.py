"""Random versions, programs and logs, small enough that their rules meet each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from hypothesis import strategies as st

from pointbook.log import Log, Rejects
from pointbook.model.activities import Activity, EntryRule
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.conditions import All, AnyOf, Comparison, Not, Within
from pointbook.model.levels import Level
from pointbook.model.log import Event, Member
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import Benefit, Bonus, Cap, Demotion, Group, LeapDay, LifeCycle, Source
from pointbook.model.windows import CapKind, Per, Resets

ATTRIBUTES = {
    "n": AttributeType.INTEGER,
    "q": AttributeType.DECIMAL,
    "kind": AttributeType.TEXT,
    "released_on": AttributeType.DATE,
}
ACTIVITY_IDS = ("a", "b", "c")
GROUP_IDS = ("g", "h")
LEVEL_IDS = ("low", "mid", "top")
FIRST_DAY = date(2023, 1, 1)
BALANCES = ("points", "credits", "nights")

amounts = st.integers(-30, 120)
texts = st.sampled_from((None, "one", "two"))
sources = st.one_of(st.none(), st.builds(Source, st.sampled_from(("page A", "page B")), texts))


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    match draw(st.sampled_from(("n", "kind", "occurred_on", "member.tier"))):
        case "n":
            return Comparison(
                "n", at_least=draw(st.one_of(st.none(), st.integers(1, 3))), at_most=draw(st.integers(1, 4))
            )
        case "kind":
            return Comparison(
                "kind", among=tuple(draw(st.lists(st.sampled_from("xyz"), min_size=1, unique=True)))
            )
        case "occurred_on":
            return Comparison("occurred_on", within=Within(draw(st.integers(0, 40)), "released_on"))
        case _:
            return Comparison("member.tier", equals=draw(st.sampled_from(("gold", "plain"))))


conditions = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=3,
)


@st.composite
def points_rules(draw: st.DrawFn) -> Fixed | Assessed | PerUnit | Table:
    match draw(st.sampled_from(("fixed", "fixed", "range", "rate", "table"))):
        case "fixed":
            return Fixed(draw(amounts))
        case "range":
            low = draw(amounts)
            return Assessed(low, low + draw(st.integers(0, 60)), open_ended=draw(st.booleans()) and low == 1)
        case "rate":
            return PerUnit(draw(amounts), draw(st.sampled_from(("n", "q"))), draw(texts))
        case _:
            return Table(
                ("kind",),
                MappingProxyType(draw(st.dictionaries(st.sampled_from("xyz"), amounts, min_size=1))),
            )


caps = st.builds(
    Cap,
    kind=st.sampled_from(CapKind),
    limit=st.integers(1, 150),
    per=st.sampled_from(Per),
    title=texts,
    source=sources,
)


def _usable(many: list[Cap]) -> tuple[Cap, ...]:
    """At most one cap of a kind and window."""
    return tuple({(cap.kind, cap.per): cap for cap in many}.values())


cap_lists = st.lists(caps, max_size=2).map(_usable)
bonuses = st.builds(Bonus, points=amounts, condition=conditions, title=texts)


@st.composite
def activities(draw: st.DrawFn, activity_id: str, groups: tuple[str, ...]) -> Activity:
    return Activity.short(
        id=activity_id,
        balance=draw(st.sampled_from(("points", "points", "credits"))),
        points=draw(points_rules()),
        title=draw(texts),
        attributes=MappingProxyType(
            {name: Attribute(kind, draw(texts)) for name, kind in ATTRIBUTES.items()}
        ),
        eligible_if=draw(st.one_of(st.none(), conditions)),
        bonuses=tuple(draw(st.lists(bonuses, max_size=2))),
        split_among=draw(st.sampled_from((None, None, "n"))),
        caps=draw(cap_lists),
        groups=tuple(draw(st.lists(st.sampled_from(groups), unique=True))) if groups else (),
        note=draw(texts),
        source=draw(sources),
    )


@st.composite
def long_activities(draw: st.DrawFn, activity_id: str, groups: tuple[str, ...]) -> Activity:
    """Activities that spend of one balance and earn in others, each with its own conditions and limits."""
    short = draw(activities(activity_id, groups))
    names = draw(st.lists(st.sampled_from(BALANCES), min_size=1, unique=True))
    spent = names.pop() if len(names) > 1 and draw(st.booleans()) else None
    entries = [
        EntryRule(name, Fixed(draw(st.integers(0, 9))), is_spend=True, path=("spends", name))
        for name in (spent,)
        if name is not None
    ]
    for name in names:
        above = [one.balance for one in entries]
        copies = st.builds(SameAs, st.sampled_from(above)) if above else points_rules()
        entries.append(
            EntryRule(
                name,
                draw(st.one_of(points_rules(), copies)),
                bonuses=tuple(draw(st.lists(bonuses, max_size=1))),
                split_among=draw(st.sampled_from((None, None, "n"))),
                condition=draw(st.one_of(st.none(), conditions)),
                caps=draw(cap_lists),
                title=draw(texts),
                path=("earns", name),
                attributes=short.attributes,
            )
        )
    fed = [one.balance for one in entries if not one.is_spend]
    caps_ = [
        replace(cap, balance=draw(st.sampled_from(fed)) if cap.kind is CapKind.POINTS else None)
        for cap in short.caps
    ]
    return replace(short, entries=tuple(entries), caps=tuple(caps_))


@st.composite
def versions(
    draw: st.DrawFn, version_id: str = "v", effective_from: date = FIRST_DAY, *, several: bool = False
) -> Version:
    groups = tuple(draw(st.lists(st.sampled_from(GROUP_IDS), unique=True)))
    names = draw(st.lists(st.sampled_from(ACTIVITY_IDS), min_size=1, unique=True))
    level_ids = draw(st.lists(st.sampled_from(LEVEL_IDS), min_size=1, unique=True))
    thresholds = sorted(
        draw(st.lists(st.integers(1, 400), min_size=len(level_ids), max_size=len(level_ids), unique=True))
    )
    stated = st.sampled_from((*level_ids, None))
    return Version(
        id=version_id,
        effective_from=effective_from,
        announced_on=draw(st.one_of(st.none(), st.dates(date(2022, 1, 1), date(2022, 12, 31)))),
        title=draw(texts),
        source=draw(sources),
        levels=MappingProxyType(
            {
                key: Level(key, threshold, draw(texts))
                for key, threshold in zip(level_ids, thresholds, strict=True)
            }
        ),
        activities=MappingProxyType(
            {
                name: draw(st.one_of(activities(name, groups), long_activities(name, groups)))
                if several
                else draw(activities(name, groups))
                for name in names
            }
        ),
        groups=MappingProxyType(
            {
                name: Group(name, draw(st.lists(caps, min_size=1, max_size=2).map(_usable)), draw(texts))
                for name in groups
            }
        ),
        benefits=MappingProxyType(
            {
                name: Benefit(name, draw(stated), draw(texts))
                for name in draw(st.lists(st.sampled_from(("badge", "plan")), unique=True))
            }
        ),
        life_cycle=LifeCycle(
            draw(st.sampled_from(Demotion)),
            draw(st.sampled_from(LeapDay)),
            is_stated=draw(st.booleans()),
            source=draw(sources),
        ),
    )


@st.composite
def edited(draw: st.DrawFn, version: Version, version_id: str, *, several: bool = False) -> Version:
    """A version that takes some of its parts from another and the rest from this one."""
    other = draw(versions(version_id, version.effective_from, several=several))

    def mixed(one: dict, two: dict) -> dict:
        return {key: value for key, value in {**one, **two}.items() if key in one or draw(st.booleans())} | {
            key: one[key] for key in one if key not in two or draw(st.booleans())
        }

    groups = {**version.groups, **other.groups}
    levels = dict(version.levels) if draw(st.booleans()) else dict(other.levels)
    activities_by_id = mixed(dict(version.activities), dict(other.activities))
    benefits = {
        key: Benefit(key, benefit.from_level if benefit.from_level in levels else None)
        for key, benefit in {**version.benefits, **other.benefits}.items()
    }
    return Version(
        id=version_id,
        effective_from=version.effective_from,
        levels=MappingProxyType(levels),
        activities=MappingProxyType(activities_by_id),
        groups=MappingProxyType(groups),
        benefits=MappingProxyType(benefits),
        life_cycle=draw(st.sampled_from((version.life_cycle, other.life_cycle))),
        title=version.title,
        source=version.source,
    )


def program_of(*versions_: Version) -> Program:
    return Program(
        id="random",
        timezone="UTC",
        balances=MappingProxyType(
            {
                "points": Balance("points", Resets.MEMBERSHIP_YEAR),
                "credits": Balance("credits", Resets.NEVER, floor=0),
                "nights": Balance("nights", Resets.CALENDAR_YEAR),
            }
        ),
        level_balance="points",
        member_attributes=MappingProxyType({"tier": Attribute(AttributeType.TEXT)}),
        versions=tuple(sorted(versions_, key=lambda version: (version.effective_from, version.id))),
    )


@st.composite
def logs(draw: st.DrawFn, *, complete: bool = False) -> Log:
    """A log; a complete one has every attribute, and assessed points wherever a rule could ask for them."""
    members = {}
    events = []
    for index in range(draw(st.integers(0, 3))):
        tier = draw(st.sampled_from(("gold", "plain") if complete else ("gold", "plain", None)))
        signed_up = FIRST_DAY + timedelta(days=draw(st.integers(0, 400)))
        attributes = {} if tier is None else {"tier": tier}
        member = Member(f"m{index}", signed_up, MappingProxyType(attributes))
        members[member.id] = member
        for number in range(draw(st.integers(0, 8))):
            day = FIRST_DAY + timedelta(days=draw(st.integers(0, 900)))
            at = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 - the log's local times carry no zone
            values = {
                "n": draw(st.integers(1, 4)),
                "q": draw(st.sampled_from((Decimal("0.5"), Decimal(2)))),
                "kind": draw(st.sampled_from("xyzw")),
                "released_on": day - timedelta(days=draw(st.integers(0, 45))),
            }
            if not complete:
                values = {name: value for name, value in values.items() if draw(st.integers(0, 4))}
            points = draw(st.one_of(st.none(), amounts))
            name = draw(st.sampled_from(("a", "b", "c", "d")))
            events.append(
                Event(member.id, at, f"e{index}-{number}", at, name, points, MappingProxyType(values))
            )
    return Log(members, sorted(events), Rejects(), Rejects(), len(events), len(members))
