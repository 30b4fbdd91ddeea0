"""What would notice a slip: a member whose points or level differ with it, as short as it can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pointbook.mutation.ground import Ground
from pointbook.mutation.stories import KINDS
from pointbook.mutation.story import Story, differences_over

if TYPE_CHECKING:
    from pointbook.loading import Loaded
    from pointbook.model.program import Program, Version
    from pointbook.mutation.edits import Edit
    from pointbook.mutation.story import Differing

MOST_STORIES = 4000
"""So many of one kind are tried at most."""


class Case(NamedTuple):
    """What would notice a slip.

    Attributes:
        until: The last version that it is about.
        story: Of which something differs.
    """

    until: str
    story: Story


@dataclass(frozen=True, slots=True)
class Pinned:
    """A program, and the last of its versions that counts."""

    program: Program
    version: Version


def pinned(program: Program, version_id: str, until: Version) -> Pinned:
    """The program without what takes effect after a version as it is today, as scenarios pin it."""
    kept = tuple(
        one for one in program.versions if one.effective_from <= until.effective_from or one.id == version_id
    )
    found = program.version(version_id)
    assert found is not None
    return Pinned(replace(program, versions=kept), found)


def ground_of(edit: Edit, loaded: Loaded, mutant: Loaded, until: str) -> Ground:
    """The two states of the rules that a case is to tell apart, each up to a version."""
    today, other = loaded.usable(), mutant.usable()
    version = today.version(until)
    assert version is not None
    one, two = (pinned(program, until, version) for program in (today, other))
    return Ground(edit, one.program, two.program, one.version, two.version)


def case_for(edit: Edit, loaded: Loaded, mutant: Loaded) -> Case | None:
    """What would notice a slip that no scenario does; None where nothing was found."""
    for until in _versions_with(edit, loaded):
        ground = ground_of(edit, loaded, mutant, until)
        if (story := _story_on(ground)) is not None:
            return Case(until, _shortened(story, ground))
    return None


def _versions_with(edit: Edit, loaded: Loaded) -> list[str]:
    """Ids of the versions that a slip is in, its own first; of one in program.yaml, the last first."""
    versions = [version.id for version in loaded.usable().versions]
    if edit.version is None:
        return versions[::-1]
    taking_over = {
        part.document.id
        for part in loaded.versions
        if any(node.span.file == edit.span.file for node in part.document.chain)
    }
    later = [one for one in versions if one in taking_over and one != edit.version]
    return [edit.version, *later]


def _story_on(ground: Ground) -> Story | None:
    """The shortest story of the first kind by which the slip shows in points or levels, else in anything."""
    found: Story | None = None
    for kind in KINDS:
        stories = list(islice(dict.fromkeys(kind(ground)), MOST_STORIES))
        differences = differences_over(stories, ground.today, ground.other)
        differing = [
            (not difference.is_plain, len(story.events), index)
            for index, (story, difference) in enumerate(zip(stories, differences, strict=True))
            if difference is not None
        ]
        if differing:
            is_pale, _, index = min(differing)
            found = stories[index] if found is None or not is_pale else found
            if not is_pale:
                break
    return found


def _shortened(story: Story, ground: Ground) -> Story:
    """The story with as few events as show the difference as plainly."""
    difference = _difference(story, ground)
    assert difference is not None
    index = 0
    while index < len(story.events):
        shorter = story.without(index)
        left = _difference(shorter, ground)
        if left is not None and left.is_plain >= difference.is_plain:
            story = shorter
        else:
            index += 1
    difference = _difference(story, ground)
    assert difference is not None
    return replace(story, days=tuple(difference.standings))


def _difference(story: Story, ground: Ground) -> Differing | None:
    return differences_over([story], ground.today, ground.other)[0]
