"""What checks look at, and what they give."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pointbook.lower.implied import REMOVED
from pointbook.model.sections import Section
from pointbook.slips import ClosestWords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pointbook.diagnostics import Finding, Span
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path
    from pointbook.published.lock import Lock
    from pointbook.source.document import Node

    Findings = Iterator[Finding]
    Check = Callable[["CheckSubject"], Findings]


_GOING = (2, 4)
"""Steps of a path to one rule of a section, and to an entry of an activity."""


class Documents(tuple["VersionDocument", ...]):  # noqa: SLOT001 - what is looked up once is kept in it
    """The versions as written and resolved, and where each is: looked up once for all checks."""

    @cached_property
    def by_id(self) -> Mapping[str, VersionDocument]:
        """The first with each id."""
        return {document.id: document for document in reversed(self)}

    @cached_property
    def by_place(self) -> Mapping[Span, VersionDocument]:
        """By the place of its id."""
        found = {}
        for document in self:
            node = document.written.get("id")
            if node is not None:
                found[node.span] = document
        return found

    @cached_property
    def built_on(self) -> frozenset[str]:
        """Files of those that others are based on."""
        return frozenset(document.chain[-2].span.file for document in self if len(document.chain) > 1)

    @cached_property
    def _removals(self) -> dict[tuple[int, Path], Span | None]:
        return {}

    def removal(self, chain: Sequence[Node], path: Path) -> Span | None:
        """Where the last of the documents that writes something there writes `null`; None if it does not.

        What was found of a chain's beginning is kept, since most chains are others' with one more link.
        """
        asked: list[tuple[int, Path]] = []
        found: Span | None = None
        for written in reversed(chain):
            key = (id(written), path)
            if key in self._removals:
                found = self._removals[key]
                break
            asked.append(key)
            is_said, found = _removed_by(written, path)
            if is_said:
                break
        self._removals.update(dict.fromkeys(asked, found))
        return found


def _removed_by(written: Node, path: Path) -> tuple[bool, Span | None]:
    """Whether the document says anything of what is at `path`, and where it removes it, if it does."""
    for length in range(1, len(path) + 1):
        node = written.at(path[:length])
        if node is None:
            return False, None
        if node.content is None or (length in _GOING and node.get(REMOVED) is not None):
            return True, written.key_span(path[:length])
    return True, None


@dataclass(frozen=True, slots=True)
class CheckSubject:
    """The rules of one program, as far as they could be read.

    Attributes:
        documents: The versions as written and resolved, by file; also those that do not fit the
            schema, so a check of documents must not assume that they do.
        program: The typed rules, with every version that could be typed. Rules with schema findings
            of their own are left out of it and named in `Version.incomplete`.
        unreadable: Files of versions of which there is no document, because they are no YAML.
        lock: What was published, and must still be so; None where nothing is held against it.
        written: The document of program.yaml; None where a check needs none.
        log: The document of log.yaml, which fits its schema; None where there is none to look at.
        words: Looks for what unknown names were meant to be, for all checks together.
    """

    documents: Documents
    program: Program
    unreadable: frozenset[str] = frozenset()
    lock: Lock | None = None
    log: Node | None = None
    written: Node | None = None
    words: ClosestWords = field(default_factory=ClosestWords, compare=False, repr=False)

    @property
    def has_every_version(self) -> bool:
        """Whether `program` has all versions that there are files of."""
        return not self.unreadable and len(self.documents) == len(self.program.versions)

    @property
    def successions(self) -> Iterator[tuple[Version | None, Version]]:
        """Each version after the one before it in time, None before the first.

        None at all while a version is missing, or has no date, that might lie between two others.
        """
        versions = self.program.versions
        if self.has_every_version and all(version.is_dated for version in versions):
            yield from pairwise((None, *versions))

    def document(self, version_id: str | None) -> VersionDocument | None:
        """The document that a `based_on` of this id means: the first with it."""
        return self.documents.by_id.get(version_id or "")

    def document_of(self, version: Version) -> VersionDocument | None:
        """The document that the typed version comes from."""
        return self.documents.by_place.get(version.span("id"))


def rules_named(version: Version, section: Section) -> Mapping[str, Path]:
    """What `removes` can name of a section, with where it is written: an entry as `ACTIVITY/BALANCE`."""
    match section:
        case Section.ENTRIES:
            return {
                f"{activity.id}/{entry.balance}": (Section.ACTIVITIES, activity.id, *entry.at("points"))
                if not entry.path
                else (Section.ACTIVITIES, activity.id, *entry.path)
                for activity in version.activities.values()
                for entry in activity.entries
            }
        case Section.CONDITIONS:
            return {name: (section, name) for name in version.conditions}
        case _:
            return {name: (section, name) for name in version.rules(section)}


def unannounced(before: Version, after: Version, section: Section) -> list[str]:
    """Ids of rules of `before` that `after` does not have, and neither replaces nor lists under `removes`.

    An entry goes where its activity stays; one in short form has changed its balance then.
    """
    kept = {*rules_named(after, section), *after.removes.get(section, ())}
    if section is Section.ACTIVITIES:
        kept.update(after.replaces.values())
    if section is not Section.ENTRIES:
        return [name for name in before.rules(section) if name not in kept]
    return [
        name
        for activity in before.activities.values()
        if activity.id in after.activities and not activity.is_short
        for entry in activity.entries
        if (name := f"{activity.id}/{entry.balance}") not in kept
    ]
