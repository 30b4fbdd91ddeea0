"""The elements of rules: each value that decides figures, with each side that scenarios can exercise.

An element is where it was written, so that a version that takes it over as it is has no element of its
own, and one that changes a part of it has. Source: rules/README.md, "Which rules do the scenarios
exercise?".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from pointbook.model.sections import Section
from pointbook.model.windows import Per, Resets
from pointbook.model.wording import condition_text, minimums_text
from pointbook.reasoning.conditions import eligibility_conditions_of
from pointbook.scenarios.coverage.activity_elements import activity_drafts
from pointbook.scenarios.coverage.drafts import Draft, of_caps, of_comparisons, of_defaults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.diagnostics import Span
    from pointbook.model.levels import Level
    from pointbook.model.program import Balance, Program, Version
    from pointbook.model.rules import Path

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


def program_elements(program: Program) -> Mapping[Key, Element]:
    """The elements of program.yaml."""
    lacking = "no scenario has an event of a member without"
    drafts = (
        *_balances(program),
        *of_defaults(program.member_attributes, (Section.MEMBER_ATTRIBUTES,), lacking),
    )
    return _placed(drafts, program.positions, program.span("id").file)


def version_elements(program: Program, version: Version) -> Mapping[Key, Element]:
    """The elements of a version, what it takes over included."""
    drafts = (draft for section in Section for draft in _in_section(section, program, version))
    return _placed(drafts, version.positions, version.span("id").file)


def _placed(drafts: Iterable[Draft], positions: Mapping[Path, Span], file: str) -> Mapping[Key, Element]:
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


def _in_section(section: Section, program: Program, version: Version) -> Iterator[Draft]:
    match section:
        case Section.VERSION:
            yield Draft(("effective_from",), "no scenario has an event that this version values on its day")
            yield from of_defaults(version.attributes, ("attributes",), "no scenario has an event without")
        case Section.LEVELS:
            yield from _levels(program, version)
        case Section.BENEFITS:
            yield from _benefits(program, version)
        case Section.LIFE_CYCLE:
            yield from _life_cycle(program, version)
        case Section.GROUPS:
            for group in version.groups.values():
                yield from of_caps((section, group.id), group.caps)
            for path, condition in eligibility_conditions_of(version):
                yield from of_comparisons(condition, path, "an event")
        case Section.ACTIVITIES:
            yield from activity_drafts(version)
        case (
            Section.PROGRAM  # these are of program.yaml, or no rules, or parts of activities
            | Section.ENTRIES
            | Section.CONDITIONS
            | Section.BALANCES
            | Section.MEMBER_ATTRIBUTES
            | Section.VERSIONS
            | Section.GUARDRAILS
        ):
            pass
        case _:
            assert_never(section)


def _balances(program: Program) -> Iterator[Draft]:
    for balance in program.balances.values():
        path = (Section.BALANCES, balance.id)
        if balance.resets is not Resets.NEVER:
            lacking = f"no scenario looks at a total of `{balance.id}` in a period after a member's first"
            yield Draft((*path, "resets"), lacking)
        if balance.start:
            lacking = f"no scenario looks at a total of `{balance.id}`, which begins with {balance.start:,}"
            yield Draft((*path, "start"), lacking)
        if balance.floor is not None:
            lacking = (
                f"no scenario has a deduction from `{balance.id}` cut by this floor of {balance.floor:,}"
            )
            yield Draft((*path, "floor"), lacking)


def _levels(program: Program, version: Version) -> Iterator[Draft]:
    balance, below = program.balances[program.level_balance], "no level"
    for level in version.levels.values():
        path, points = (Section.LEVELS, level.id, level.reaching_key), level.words
        yield Draft(path, f"no scenario has a member who reaches `{level.id}` ({points})")
        if level.keep:
            kept = (Section.LEVELS, level.id, "keep")
            asked = f"`{level.id}`, which asks for {level.words_to_keep} to be kept"
            yield Draft(kept, f"no scenario has a member who keeps {asked}")
            yield Draft(kept, f"no scenario has a member who loses {asked}", side=False)
        if _can_be_missed(level, balance):
            lacking = f"no scenario looks at a member who misses `{level.id}` ({points}) and holds {below}"
            yield Draft(path, lacking, side=False)
            yield from _requirements(level)
        below = f"`{level.id}`"


def _can_be_missed(level: Level, balance: Balance) -> bool:
    """Whether there can be a member without it who has signed up."""
    return not level.is_base and (bool(level.requires) or level.threshold > balance.start)


def _requirements(level: Level) -> Iterator[Draft]:
    """Each way to a level, and each minimum of a way, which must be the only one that is missed."""
    for index, way in enumerate(level.requires):
        path: Path = (Section.LEVELS, level.id, "requires", index)
        yield Draft(path, f"no scenario has a member who reaches `{level.id}` by {minimums_text((way,))}")
        for name, least in way if len(way) > 1 else ():
            lacking = f"no scenario looks at a member who misses `{level.id}` by {least:,} {name} alone"
            yield Draft((*path, name), lacking, side=False)
            yield Draft((*path[:-1], name), lacking, side=False)


def _benefits(program: Program, version: Version) -> Iterator[Draft]:
    balance = program.balances[program.level_balance]
    for benefit in version.benefits.values():
        if benefit.from_level is not None and benefit.from_level in version.levels:
            path, whose = (Section.BENEFITS, benefit.id, "from_level"), f"from `{benefit.from_level}` on"
            yield Draft(path, f"no scenario looks at the benefits of a member who has this one ({whose})")
            if _can_be_missed(version.levels[benefit.from_level], balance):
                lacking = f"no scenario looks at the benefits of a member who lacks this one ({whose})"
                yield Draft(path, lacking, side=False)
            if benefit.condition is not None:
                path, asked = (Section.BENEFITS, benefit.id, "if"), condition_text(benefit.condition)
                lacking = "no scenario looks at the benefits of a member of its level for whom"
                yield Draft(path, f"{lacking} {asked} holds")
                yield Draft(path, f"{lacking} {asked} does not hold", side=False)


def _life_cycle(program: Program, version: Version) -> Iterator[Draft]:
    can_be_lost = any(not level.is_base for level in version.levels.values())
    if can_be_lost and program.balances[program.level_balance].resets is not Resets.NEVER:
        path, how = (Section.LIFE_CYCLE, "demotion"), version.life_cycle.demotion
        yield Draft(path, f"no scenario looks at a member who is demoted ({how})")
        lacking = "no scenario looks at a member who keeps a level at the end of a period"
        yield Draft(path, lacking, side=False)
    caps = [cap for group in version.groups.values() for cap in group.caps]
    for activity in version.activities.values():
        caps += [*activity.caps, *(cap for entry in activity.entries for cap in entry.caps)]
    windows = {cap.per for cap in caps} | {balance.resets.per for balance in program.balances.values()}
    if Per.MEMBERSHIP_YEAR in windows:
        lacking = "no scenario looks at a member of 29 February from 28 February of a common year on"
        yield Draft((Section.LIFE_CYCLE, "leap_day"), lacking)
