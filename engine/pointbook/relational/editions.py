"""Which versions a plan evaluates: sets of versions, their editions and their books.

A *version set* is one way to choose versions: the timeline (each event by the version in force on
its date), or one version taken to have always been in force. An *edition* is a version within a
set. A *book* is an edition together with the version that is the reference on an event's date; in
the timeline the two are the same. All three are numbered from 0 through all sets, so that a number
says which set it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.model.rules import Program, Version


@dataclass(frozen=True, slots=True)
class Edition:
    """A version within a set.

    Attributes:
        number: From 0 through all sets.
        version: The rules.
        era: From 0 within the set; editions of one era have the same levels in the same order.
    """

    number: int
    version: Version
    era: int


@dataclass(frozen=True, slots=True)
class Book:
    """An edition, and the version that is in force on the date of the events it values."""

    number: int
    edition: Edition
    reference: Version


@dataclass(frozen=True, slots=True)
class VersionSet:
    """One way to choose versions.

    Attributes:
        number: From 0.
        fixed: Id of the version taken to have always been in force, None for the timeline.
        editions: By their dates.
        books: The timeline has one for each edition; a fixed version one for each reference.
    """

    number: int
    fixed: str | None
    editions: tuple[Edition, ...]
    books: tuple[Book, ...]


def version_sets(program: Program, versions: Sequence[str | None]) -> tuple[VersionSet, ...]:
    """The sets that `versions` name: an id for a fixed version, None for the timeline.

    Raises:
        LookupError: The program has no such version.
    """
    sets: list[VersionSet] = []
    edition_count = book_count = 0
    for number, version_id in enumerate(versions):
        editions = _editions(_in_force(program, version_id), edition_count)
        if version_id is None:
            pairs = [(edition, edition.version) for edition in editions]
        else:
            pairs = [(editions[0], reference) for reference in program.versions]
        books = tuple(Book(book_count + index, *pair) for index, pair in enumerate(pairs))
        edition_count += len(editions)
        book_count += len(books)
        sets.append(VersionSet(number, version_id, editions, books))
    return tuple(sets)


def _in_force(program: Program, version_id: str | None) -> tuple[Version, ...]:
    if version_id is None:
        return program.versions
    version = program.version(version_id)
    if version is None:
        raise LookupError(version_id)
    return (version,)


def _editions(versions: Sequence[Version], first: int) -> tuple[Edition, ...]:
    editions: list[Edition] = []
    era = 0
    for index, version in enumerate(versions):
        if index and list(version.levels) != list(versions[index - 1].levels):
            era += 1
        editions.append(Edition(first + index, version, era))
    return tuple(editions)
