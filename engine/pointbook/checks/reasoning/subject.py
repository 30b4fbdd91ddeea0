"""What checks look at, and what they give."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.diagnostics import Finding
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Program, Version

    Findings = Iterator[Finding]
    Check = Callable[["CheckSubject"], Findings]


@dataclass(frozen=True, slots=True)
class CheckSubject:
    """The rules of one program, as far as they could be read.

    Attributes:
        documents: The versions as written and resolved, by file; also those that do not fit the
            schema, so a check of documents must not assume that they do.
        program: The typed rules, with every version that could be typed. Rules with schema findings
            of their own are left out of it and named in `Version.incomplete`.
        unreadable: Files of versions of which there is no document, because they are no YAML.
    """

    documents: tuple[VersionDocument, ...]
    program: Program
    unreadable: frozenset[str] = frozenset()

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
        return next((document for document in self.documents if document.id == version_id), None)

    def document_of(self, version: Version) -> VersionDocument | None:
        """The document that the typed version comes from."""
        place = version.span("id")
        written = ((document, document.written.get("id")) for document in self.documents)
        return next((document for document, node in written if node is not None and node.span == place), None)


def unannounced(before: Version, after: Version, section: Section) -> list[str]:
    """Ids of rules of `before` that `after` does not have, and neither replaces nor lists under `removes`."""
    kept = {*after.rules(section), *after.removes.get(section, ())}
    if section is Section.ACTIVITIES:
        kept.update(after.replaces.values())
    return [name for name in before.rules(section) if name not in kept]
