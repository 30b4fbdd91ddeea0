"""Versions that follow each other in time, and what of one can be gone in the next."""

from __future__ import annotations

from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.checks.reasoning.subject import Subject
    from pointbook.model.program import Version
    from pointbook.model.rules import Activity, Level

REMOVABLE: Mapping[str, str] = MappingProxyType({"levels": "level", "activities": "activity"})
"""Sections that members' points and levels depend on by id, with what one entry is called."""


def successions(subject: Subject) -> Iterator[tuple[Version | None, Version]]:
    """Each version after the one before it in time, None before the first.

    None at all while a version is missing, or has no date, that might lie between two others.
    """
    versions = subject.program.versions
    if subject.has_every_version and all(version.is_dated for version in versions):
        yield from pairwise((None, *versions))


def unannounced(before: Version, after: Version, section: str) -> list[str]:
    """Ids of rules of `before` that `after` does not have and does not list under `removes` either."""
    listed = after.removes.get(section, ())
    there = rules_of(after, section)
    return [name for name in rules_of(before, section) if name not in there and name not in listed]


def rules_of(version: Version, section: str) -> Mapping[str, Level] | Mapping[str, Activity]:
    """The rules of one of the sections `REMOVABLE`, by id."""
    return version.levels if section == "levels" else version.activities
