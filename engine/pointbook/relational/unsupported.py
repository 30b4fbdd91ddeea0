"""What the plan has not, each with the reason. Nothing is ever approximated: the fold has all of it.

A further construct of the language that only the fold has is a line of `CONSTRUCTS`.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from pointbook.model.amounts import Rounding
from pointbook.model.conditions import ALWAYS, Comparison
from pointbook.model.eligibility import with_eligibility
from pointbook.model.log import POINTS
from pointbook.model.sections import Section
from pointbook.model.wording import quantity
from pointbook.reasoning.cap_order import CapOrder, Lacking, caps_met
from pointbook.reasoning.conditions import conditions_of, conditions_under
from pointbook.relational.constructs import BEYOND_64_BITS, Construct, Found, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pointbook.diagnostics import Span
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.program import Balance, Program, Version
    from pointbook.model.rules import Bonus
    from pointbook.relational.rulebook.editions import VersionSet

    Sizes = Iterator[tuple[int, Span]]
    """How many of something there are, at each place where there are some."""


_ONLY_FOLD = "it is the fold's until a measure shows that a plan of it pays"


def refuse_unsupported(program: Program, sets: Sequence[VersionSet]) -> None:
    """Refuse rules before any work.

    Raises:
        UnsupportedError: They hold a construct that the plan has not.
    """
    for one in sets:
        versions = [edition.version for edition in one.editions]
        for construct in CONSTRUCTS:
            found = construct.find and construct.find(program, versions)
            if found:
                raise UnsupportedError(construct, str(found.at), found.what)


def refuse_dated(dated: int) -> None:
    """Refuse a log of which so many members have dated attributes.

    Raises:
        UnsupportedError: Some have.
    """
    if dated:
        raise UnsupportedError(DATED_ATTRIBUTES, "members", quantity(dated, "member"))


def _activities(versions: Sequence[Version]) -> Iterator[tuple[Version, Activity]]:
    for version in versions:
        for activity in version.activities.values():
            yield version, activity


def _unordered(lacking: Lacking, _: Program, versions: Sequence[Version]) -> Found | None:
    """The first two caps for which the condition does not hold."""
    for one in CapOrder([versions]).obstacles:
        if one.lacking is lacking:
            return Found(one.version.span("activities", one.activity), one.what)
    return None


def _levels(_: Program, versions: Sequence[Version]) -> Sizes:
    """Of all versions; those of versions with the same thresholds count once."""
    last = {tuple(level.threshold for level in version.levels.values()): version for version in versions}
    yield sum(map(len, last)), list(last.values())[-1].span("levels")


def _caps(_: Program, versions: Sequence[Version]) -> Sizes:
    """Those that come one after another; the activity that meets most of them is the place."""
    most = max(CapOrder([versions]).stages.values(), default=-1) + 1
    if most:
        version, activity = max(_activities(versions), key=lambda one: len(caps_met(one[1], one[0])))
        yield most, version.span("activities", activity.id)


def _balances(program: Program, _: Sequence[Version]) -> Sizes:
    yield len(program.balances), program.span("balances")


def _versions(_: Program, versions: Sequence[Version]) -> Sizes:
    yield len(versions), versions[-1].span("id")


def _bonuses(_: Program, versions: Sequence[Version]) -> Sizes:
    for version, activity in _activities(versions):
        for entry in activity.entries:
            yield len(entry.bonuses), version.span("activities", activity.id)


def _comparisons(_: Program, versions: Sequence[Version]) -> Sizes:
    """Those of each condition; each value of a list is one."""
    for version, activity in _activities(versions):
        for path, condition in conditions_of(activity):
            parts = (part for _, part in conditions_under(condition, path) if isinstance(part, Comparison))
            yield sum(len(part.among or (part,)) for part in parts), version.span(*path)


def _beyond(
    most: int, things: str, sizes: Callable[[Program, Sequence[Version]], Sizes], *rules: Any
) -> Found | None:
    number, at = max(sizes(*rules), key=itemgetter(0), default=(0, None))
    return Found(at, f"{number:,} {things}") if number > most and at is not None else None


def _more_than(
    most: int, things: str, reason: str, sizes: Callable[[Program, Sequence[Version]], Sizes]
) -> Construct:
    return Construct(f"more than {most:,} {things}", reason, partial(_beyond, most, things, sizes))


def _first(
    section: Section, versions: Sequence[Version], holds: Callable[[Version, Any], bool]
) -> Found | None:
    """The first rule of a section that has something."""
    rules = ((version, rule) for version in versions for rule in version.rules(section).values())
    found = next(((version, rule) for version, rule in rules if holds(version, rule)), None)
    return None if found is None else Found(found[0].span(section, found[1].id), f"in `{found[1].id}`")


def _of_rules(
    name: str, section: Section, holds: Callable[[Version, Any], bool], reason: str = _ONLY_FOLD
) -> Construct:
    return Construct(name, reason, lambda _, versions: _first(section, versions, holds))


def _of_activities(name: str, holds: Callable[[Activity], bool]) -> Construct:
    """What an activity can have, of versions too under which values were only given."""

    def find(program: Program, versions: Sequence[Version]) -> Found | None:
        every = [*versions, *(version for version in program.versions if version not in versions)]
        return _first(Section.ACTIVITIES, every, lambda _, activity: holds(activity))

    return Construct(name, _ONLY_FOLD, find)


def _of_entries(name: str, holds: Callable[[EntryRule], bool]) -> Construct:
    return _of_activities(name, lambda activity: any(map(holds, activity.entries)))


def _of_balances(name: str, holds: Callable[[Balance], bool]) -> Construct:
    def find(program: Program, _: Sequence[Version]) -> Found | None:
        found = next(filter(holds, program.balances.values()), None)
        return None if found is None else Found(program.span("balances", found.id), f"of `{found.id}`")

    return Construct(name, _ONLY_FOLD, find)


def _default_of_member(program: Program, _: Sequence[Version]) -> Found | None:
    named = (name for name, one in program.member_attributes.items() if one.default is not None)
    found = next(named, None)
    return None if found is None else Found(program.span("member_attributes", found), f"of `{found}`")


def _no_levels(_: Program, versions: Sequence[Version]) -> Found | None:
    found = next((version for version in versions if not version.levels), None)
    return None if found is None else Found(found.span("id"), f"version `{found.id}`")


def _other_points(program: Program, _: Sequence[Version]) -> Found | None:
    if POINTS in program.balances and program.level_balance != POINTS:
        return Found(program.span("balances", POINTS), "its columns have other names")
    return None


def _cap_of_balance(_: Program, versions: Sequence[Version]) -> Found | None:
    for section in (Section.ACTIVITIES, Section.GROUPS):
        if found := _first(section, versions, lambda _, one: any(cap.balance for cap in one.caps)):
            return found
    return None


def _is_in_percent(bonus: Bonus) -> bool:
    return bonus.percent != 0 or bonus.condition == ALWAYS


OVERLAPPING_CAPS = Construct(
    "two caps of one activity whose windows overlap",
    "what each counts depends on what the other cuts, event by event, so that no order of passes over the"
    " log settles it; the plan has it where the windows of one lie in those of the other",
    partial(_unordered, Lacking.WINDOWS),
)
CROSSING_CAPS = Construct(
    "two caps of which the narrower limits other activities too",
    "what it has left for them depends on what the wider one cuts, event by event; the plan has it where in"
    " every version the activities of the one with the shorter windows are among those of the other",
    partial(_unordered, Lacking.ACTIVITIES),
)
EASED_CAPS = Construct(
    "two caps of which the wider rises or goes while a window of the narrower is open",
    "what is then left of the narrower one depends on what the wider one has cut, event by event; the plan"
    " has it where that version takes effect as such a window begins",
    partial(_unordered, Lacking.STEADINESS),
)
DATED_ATTRIBUTES = Construct("members whose attributes are dated", _ONLY_FOLD, found="from the log")
CONSTRUCTS = (
    _of_balances("a balance with decimals", lambda balance: balance.decimals > 0),  # else amounts are whole
    _of_activities("an activity of several entries", lambda activity: len(activity.entries) > 1),
    _of_entries("`spends`", lambda entry: entry.is_spend),
    _of_entries("an entry with `if`", lambda entry: entry.condition is not None),
    _of_entries("caps of an entry", lambda entry: bool(entry.caps)),
    Construct("a cap with `balance`", _ONLY_FOLD, _cap_of_balance),
    OVERLAPPING_CAPS,
    CROSSING_CAPS,
    EASED_CAPS,
    _more_than(
        200,
        "levels",
        "every total is compared with each threshold in one expression, which takes an engine seconds to read"
        " however small the log is; of 1,000 it cannot be built",
        _levels,
    ),
    _more_than(
        20, "caps one after another", "each is a further pass over the log, and 30 are numbered", _caps
    ),
    _more_than(40, "balances", "each is a sum of its own in every result, and 127 are numbered", _balances),
    _more_than(100, "versions", "what each has is looked up for every event in one expression", _versions),
    _more_than(
        200,
        "bonuses of an activity",
        "they are added up in one expression; of 1,000 it cannot be built",
        _bonuses,
    ),
    _more_than(
        200,
        "comparisons in a condition",
        "they are joined in one expression; of 1,000 it cannot be built",
        _comparisons,
    ),
    _of_rules("a level with `requires`", Section.LEVELS, lambda _, level: bool(level.requires)),
    _of_rules("a level with `keep`", Section.LEVELS, lambda _, level: bool(level.keep)),
    _of_rules(
        "amounts by level",
        Section.ACTIVITIES,
        lambda version, activity: with_eligibility(version, activity).looks_at_level,
        "each event can change what the next is worth, so that no order of passes over the log settles it",
    ),
    _of_rules("a benefit with a condition", Section.BENEFITS, lambda _, one: one.condition is not None),
    Construct("a version without levels", _ONLY_FOLD, _no_levels),
    Construct("a further balance called `points`", _ONLY_FOLD, _other_points),
    _of_balances("a balance that rounds down", lambda balance: balance.round is not Rounding.HALF_UP),
    _of_entries(
        "a table by several attributes or with `else`; a rate with `every`, a fraction, a table or a range",
        lambda entry: not entry.points.is_basic,
    ),
    _of_entries("a bonus in percent", lambda entry: any(map(_is_in_percent, entry.bonuses))),
    _of_activities(
        "an attribute with a default",
        lambda activity: any(one.default is not None for one in activity.attributes.values()),
    ),
    Construct("a member attribute with a default", _ONLY_FOLD, _default_of_member),
    DATED_ATTRIBUTES,
    BEYOND_64_BITS,
)
"""In the order in which they are looked for."""
