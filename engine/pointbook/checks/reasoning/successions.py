"""Versions that follow each other in time, and what of one can be gone in the next."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import Subject
    from pointbook.model.program import Version
    from pointbook.model.sections import Section


def successions(subject: Subject) -> Iterator[tuple[Version | None, Version]]:
    """Each version after the one before it in time, None before the first.

    None at all while a version is missing, or has no date, that might lie between two others.
    """
    versions = subject.program.versions
    if subject.has_every_version and all(version.is_dated for version in versions):
        yield from pairwise((None, *versions))


def unannounced(before: Version, after: Version, section: Section) -> list[str]:
    """Ids of rules of `before` that `after` does not have and does not list under `removes` either."""
    listed = after.removes.get(section, ())
    there = after.rules(section)
    return [name for name in before.rules(section) if name not in there and name not in listed]
