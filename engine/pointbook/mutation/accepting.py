"""Scenarios by which slips are noticed that none noticed before: few members, each at several borders.

Every scenario is held against today's rules and against each slip before it is handed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pointbook.mutation.cases import ground_of
from pointbook.mutation.drafts import Told, scenario_document, scenario_text, title_of
from pointbook.mutation.noticing import is_noticed, with_slip
from pointbook.mutation.story import Differing, both_expected, differences_over
from pointbook.scenarios import scenario_from
from pointbook.scenarios.running import passes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pointbook.loading import Loaded
    from pointbook.mutation.cases import Case
    from pointbook.mutation.edits import Edit
    from pointbook.mutation.ground import Ground
    from pointbook.mutation.story import Story

_NAME = "boundaries"


class NewScenario(NamedTuple):
    """A scenario to be written.

    Attributes:
        file: Its name, without a folder.
        text: Its YAML.
        noticed: The slips that it notices.
    """

    file: str
    text: str
    noticed: tuple[Edit, ...]


@dataclass
class _Member:
    """A story with what it is to tell apart."""

    story: Story
    grounds: list[Ground] = field(default_factory=list)


def told(story: Story, grounds: Sequence[Ground]) -> Told | None:
    """The story with what must come of it; None where it does not tell each slip from today's rules."""
    events: dict[int, dict[str, object]] = {}
    standings: dict[object, dict[str, object]] = {}
    for ground in grounds:
        (difference,) = differences_over([story], ground.today, ground.other)
        if difference is None:
            return None
        for place, columns in difference.events.items():
            events[place] = both_expected(events.get(place, {}), columns)
        for day, columns in difference.standings.items():
            standings[day] = standings.get(day, {}) | columns
    expected = Differing(dict(sorted(events.items())), standings)  # type: ignore[arg-type]
    return Told(tuple(ground.edit for ground in grounds), story, expected)


def verified(
    until: str, tellings: Sequence[Told], title: str, loaded: Loaded, file: str
) -> NewScenario | None:
    """The scenario, if it passes by today's rules and fails with each slip; else None."""
    text = scenario_text(title, until, tellings)
    document = scenario_document(file, text)
    runnable, _ = scenario_from(document, loaded)
    edits = tuple(edit for one in tellings for edit in one.edits)
    if runnable is None or not passes(runnable):
        return None
    for edit in edits:
        if not is_noticed(document, with_slip(edit, loaded)):
            return None
    return NewScenario(file, text, edits)


def scenario_for(case: Case, edit: Edit, loaded: Loaded, mutant: Loaded) -> str | None:
    """One case as YAML; None where it does not hold as a scenario."""
    telling = told(case.story, [ground_of(edit, loaded, mutant, case.until)])
    if telling is None:
        return None
    made = verified(case.until, [telling], title_of([edit]), loaded, f"{_NAME}.yaml")
    return None if made is None else made.text


def new_scenarios(
    cases: Sequence[tuple[Edit, Case]], loaded: Loaded, taken: Collection[str]
) -> tuple[NewScenario, ...]:
    """Scenarios that notice all slips for which there are cases: one for each version that they are about.

    Args:
        cases: The slips, each with what would notice it.
        loaded: The program.
        taken: Names of the files that there are already.
    """
    by_version: dict[str, list[_Member]] = {}
    for edit, case in cases:
        ground = ground_of(edit, loaded, with_slip(edit, loaded), case.until)
        members = by_version.setdefault(case.until, [])
        _add(members, case.story, ground)
    found: list[NewScenario] = []
    for until in (version.id for version in loaded.usable().versions if version.id in by_version):
        tellings = [_shortest(member) for member in by_version[until]]
        whole = [telling for telling in tellings if telling is not None]
        file = _free_name(f"{_NAME}-{until}", {*taken, *(one.file for one in found)})
        title = f"What the rules of version {until} say, at the border of each figure"
        if len(whole) == 1:
            title = title_of(whole[0].edits)
        made = verified(until, whole, title, loaded, file)
        assert made is not None, "what holds for each member holds for all of them"
        found.append(made)
    return tuple(found)


def _add(members: list[_Member], story: Story, ground: Ground) -> None:
    """Have a member notice the slip: one who does already, one who can do this too, or a further one."""
    same = [member for member in members if member.grounds[0].edit.topic == ground.edit.topic]
    for member in same:
        if told(member.story, [*member.grounds, ground]) is not None:
            member.grounds.append(ground)
            return
    for member in same:
        if (member.story.signed_up_on, member.story.member) == (story.signed_up_on, story.member):
            both = member.story.along_with(story)
            if told(both, [*member.grounds, ground]) is not None:
                member.story = both
                member.grounds.append(ground)
                return
    members.append(_Member(story, [ground]))


def _shortest(member: _Member) -> Told | None:
    """The story without the events that are of no use."""
    index = 0
    while index < len(member.story.events):
        shorter = member.story.without(index)
        if told(shorter, member.grounds) is None:
            index += 1
        else:
            member.story = shorter
    return told(member.story, member.grounds)


def _free_name(stem: str, taken: Collection[str]) -> str:
    number, name = 1, f"{stem}.yaml"
    while name.casefold() in {one.casefold() for one in taken}:
        number += 1
        name = f"{stem}-{number}.yaml"
    return name
