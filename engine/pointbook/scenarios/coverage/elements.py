"""The elements of rules: each value that decides figures, with each side that scenarios can exercise.

An element is where it was written, so that a version that takes it over as it is has no element of its
own, and one that changes a part of it has. Source: rules/README.md, "Which rules do the scenarios
exercise?".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, assert_never

from pointbook.model.conditions import Comparison
from pointbook.model.sections import Section
from pointbook.model.windows import Per, Resets
from pointbook.model.wording import condition_text, quantity
from pointbook.reasoning.conditions import conditions_under, eligibility_conditions_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.diagnostics import Span
    from pointbook.model.activities import Activity
    from pointbook.model.conditions import Condition
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Cap, Path

Key = tuple["Path", bool]
"""A value's path, from the top of the resolved version or of program.yaml, and one side of it: that it
takes effect, or that it could have and does not."""
Identity = tuple[tuple["Span", ...], bool]
"""Every place where a part of a value is written, and the side: the same in all versions that share it."""


@dataclass(frozen=True, slots=True)
class Element:
    """One side of a value of the rules.

    Attributes:
        place: Where it is shown: where its last change is written.
        identity: What tells it from others, in whatever version.
        lacking: What no scenario has while it is not exercised, in words.
    """

    place: Span
    identity: Identity
    lacking: str


class _Draft(NamedTuple):
    """An element that has no place yet; `parts` are paths of what it depends on besides its own."""

    path: Path
    lacking: str
    side: bool = True
    parts: tuple[Path, ...] = ()


def program_elements(program: Program) -> Mapping[Key, Element]:
    """The elements of program.yaml."""
    return _placed(_balances(program), program.positions, program.span("id").file)


def version_elements(program: Program, version: Version) -> Mapping[Key, Element]:
    """The elements of a version, what it takes over included."""
    drafts = (draft for section in Section for draft in _in_section(section, program, version))
    return _placed(drafts, version.positions, version.span("id").file)


def _placed(drafts: Iterator[_Draft], positions: Mapping[Path, Span], file: str) -> Mapping[Key, Element]:
    """The elements of what is written; `file` is the document's own, among those it was merged from."""
    found = {}
    for path, lacking, side, parts in drafts:
        if path in positions:
            written = tuple(positions[part] for part in (path, *parts) if part in positions)
            changed = (span for span in written if span.file != written[0].file)
            own = (span for span in written if span.file == file)
            place = next(own, None) or next(changed, written[0])
            found[path, side] = Element(place, (written, side), lacking)
    return found


def _in_section(section: Section, program: Program, version: Version) -> Iterator[_Draft]:
    match section:
        case Section.VERSION:
            yield _Draft(("effective_from",), "no scenario has an event that this version values on its day")
        case Section.LEVELS:
            yield from _levels(program, version)
        case Section.BENEFITS:
            yield from _benefits(program, version)
        case Section.LIFE_CYCLE:
            yield from _life_cycle(program, version)
        case Section.GROUPS:
            for group in version.groups.values():
                yield from _caps((section, group.id), group.caps)
            for path, condition in eligibility_conditions_of(version):
                yield from _asked_of_all(condition, path)
        case Section.ACTIVITIES:
            yield from _activities(version)
        case (
            Section.PROGRAM  # these are of program.yaml, or no rules
            | Section.BALANCES
            | Section.MEMBER_ATTRIBUTES
            | Section.VERSIONS
            | Section.GUARDRAILS
        ):
            pass
        case _:
            assert_never(section)


def _activities(version: Version) -> Iterator[_Draft]:
    for activity in version.activities.values():
        path = (Section.ACTIVITIES, activity.id)
        yield from _activity(activity, path)
        yield from _caps(path, activity.caps)
    for new, old in version.replaces.items():
        lacking = f"no scenario with `version: {version.id}` has an event of `{old}`, which this replaces"
        yield _Draft((Section.ACTIVITIES, new, "replaces"), lacking)


def _balances(program: Program) -> Iterator[_Draft]:
    for balance in program.balances.values():
        path = (Section.BALANCES, balance.id)
        if balance.resets is not Resets.NEVER:
            lacking = f"no scenario looks at a total of `{balance.id}` in a period after a member's first"
            yield _Draft((*path, "resets"), lacking)
        if balance.start:
            lacking = f"no scenario looks at a total of `{balance.id}`, which begins with {balance.start:,}"
            yield _Draft((*path, "start"), lacking)
        if balance.floor is not None:
            lacking = (
                f"no scenario has a deduction from `{balance.id}` cut by this floor of {balance.floor:,}"
            )
            yield _Draft((*path, "floor"), lacking)


def _levels(program: Program, version: Version) -> Iterator[_Draft]:
    start = program.balances[program.level_balance].start
    below = "no level"
    for level in version.levels.values():
        path, points = (Section.LEVELS, level.id, level.reaching_key), level.words
        yield _Draft(path, f"no scenario has a member who reaches `{level.id}` ({points})")
        if level.keep:
            kept = (Section.LEVELS, level.id, "keep")
            asked = f"`{level.id}`, which asks for {level.words_to_keep} to be kept"
            yield _Draft(kept, f"no scenario has a member who keeps {asked}")
            yield _Draft(kept, f"no scenario has a member who loses {asked}", side=False)
        if not level.is_base and (level.requires or level.threshold > start):
            lacking = f"no scenario looks at a member who misses `{level.id}` ({points}) and holds {below}"
            yield _Draft(path, lacking, side=False)
        below = f"`{level.id}`"


def _benefits(program: Program, version: Version) -> Iterator[_Draft]:
    start = program.balances[program.level_balance].start
    for benefit in version.benefits.values():
        if benefit.from_level is not None and benefit.from_level in version.levels:
            path, whose = (Section.BENEFITS, benefit.id, "from_level"), f"from `{benefit.from_level}` on"
            yield _Draft(path, f"no scenario looks at the benefits of a member who has this one ({whose})")
            if version.levels[benefit.from_level].threshold > start:
                lacking = f"no scenario looks at the benefits of a member who lacks this one ({whose})"
                yield _Draft(path, lacking, side=False)
            if benefit.condition is not None:
                path, asked = (Section.BENEFITS, benefit.id, "if"), condition_text(benefit.condition)
                lacking = "no scenario looks at the benefits of a member of its level for whom"
                yield _Draft(path, f"{lacking} {asked} holds")
                yield _Draft(path, f"{lacking} {asked} does not hold", side=False)


def _life_cycle(program: Program, version: Version) -> Iterator[_Draft]:
    if program.balances[program.level_balance].resets is not Resets.NEVER:
        path, how = (Section.LIFE_CYCLE, "demotion"), version.life_cycle.demotion
        yield _Draft(path, f"no scenario looks at a member who is demoted ({how})")
        lacking = "no scenario looks at a member who keeps a level at the end of a period"
        yield _Draft(path, lacking, side=False)
    caps = [cap for activity in version.activities.values() for cap in activity.caps]
    caps += [cap for group in version.groups.values() for cap in group.caps]
    windows = {cap.per for cap in caps} | {balance.resets.per for balance in program.balances.values()}
    if Per.MEMBERSHIP_YEAR in windows:
        lacking = "no scenario looks at a member of 29 February from 28 February of a common year on"
        yield _Draft((Section.LIFE_CYCLE, "leap_day"), lacking)


def _caps(owner: Path, caps: tuple[Cap, ...]) -> Iterator[_Draft]:
    for index, cap in enumerate(caps):
        yield _Draft((*owner, "caps", index), f"no scenario has an event cut by this cap ({cap.words})")


def _activity(activity: Activity, path: Path) -> Iterator[_Draft]:
    points, event = activity.sole.points, f"no scenario has an event of `{activity.id}` that"
    looked_up = tuple((*path, *need.path) for need in points.needs)
    parts = ((*path, "balance"), (*path, "groups"), (*path, *points.path_for({})), *looked_up)
    yield _Draft(path, f"{event} counts: {points.words}", True, parts)
    for place, outermost in activity.tables:
        for steps, table in outermost.layers:
            here = (*path, *place, *steps)
            for keys, _ in table.leaves:
                values = " and ".join(
                    f"`{name}` {value}" for name, value in zip(table.attributes, keys, strict=False)
                )
                row = (*here, "values", *keys)
                yield _Draft(row, f"{event} counts with {values}", True, looked_up)
            if table.otherwise is not None:
                names = " and ".join(f"`{name}`" for name in table.attributes)
                lacking = f"{event} counts with a value of {names} that is not listed"
                yield _Draft((*here, "else"), lacking, True, looked_up)
    if activity.eligible_if is not None:
        here, _ = next(conditions_under(activity.eligible_if, (*path, "eligible_if")))
        if _is_compound(activity.eligible_if):
            yield _whole(activity.eligible_if, here, True, f"{event} is eligible")
            yield _whole(activity.eligible_if, here, False, f"{event} is not eligible")
        yield from _comparisons(activity.eligible_if, here, activity.id)
    for index, bonus in enumerate(activity.sole.bonuses):
        here = (*path, "bonuses", index)
        worth = quantity(bonus.points, "point") if bonus.percent == 0 else bonus.words
        yield _Draft(here, f"{event} counts with this bonus ({worth})")
        where, _ = next(conditions_under(bonus.condition, (*here, "if")))
        if _is_compound(bonus.condition):
            yield _whole(bonus.condition, where, False, f"{event} counts without this bonus")
        yield from _comparisons(bonus.condition, (*here, "if"), activity.id)
    if activity.sole.split_among is not None:
        yield _Draft((*path, "split_among"), f"{event} counts and is shared by more than one")


def _asked_of_all(condition: Condition, path: Path) -> Iterator[_Draft]:
    """Both sides of each comparison that the version or a group asks for."""
    for part_path, part in conditions_under(condition, path):
        if isinstance(part, Comparison):
            for side, verb in ((True, "holds"), (False, "does not hold")):
                lacking = f"no scenario has an event for which {condition_text(part)} {verb}"
                yield _Draft(part_path, lacking, side, _parts(part_path))


def _is_compound(condition: Condition) -> bool:
    """Whether it has several comparisons, so that the whole has sides of its own."""
    return sum(isinstance(part, Comparison) for _, part in conditions_under(condition, ())) > 1


def _whole(condition: Condition, path: Path, side: bool, lacking: str) -> _Draft:
    inside = [part for part_path, _ in conditions_under(condition, path) for part in _parts(part_path)]
    return _Draft(path, f"{lacking} ({condition_text(condition)})", side, tuple(inside))


def _comparisons(condition: Condition, path: Path, activity: str) -> Iterator[_Draft]:
    for part_path, part in conditions_under(condition, path):
        if isinstance(part, Comparison):
            for side, verb in ((True, "holds"), (False, "does not hold")):
                lacking = f"no scenario has an event of `{activity}` for which {condition_text(part)} {verb}"
                yield _Draft(part_path, lacking, side, _parts(part_path))


def _parts(path: Path) -> tuple[Path, ...]:
    """Where a comparison's attribute and operators can be written."""
    operators = ("attribute", "is", "in", "at_least", "at_most", "present", "within")
    within = ((*path, "within", "days"), (*path, "within", "after"))
    return (*((*path, operator) for operator in operators), *within)
