"""Which version a fault arises in, where its place is in the file of another that the version is based on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.diagnostics import Related

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.rules import Path

_ENTRY = 2
"""Steps of a path down to one rule, such as a level; a section as a whole would say little."""


def naming_version(finding: Finding, document: VersionDocument, path: Path = ()) -> Finding:
    """The finding with a note that names the version, where nothing in it points into the version's file.

    Args:
        finding: About the resolved whole.
        document: The version whose whole it is about.
        path: Where in the whole; empty where it is not known.
    """
    file = document.written.span.file
    if file in (finding.span.file, *(related.span.file for related in finding.related)):
        return finding
    which = f"version `{document.id}`, which is based on this one,"
    for length in range(len(path), _ENTRY - 1, -1):
        if document.written.at(path[:length]) is not None:
            note = Related(document.written.key_span(path[:length]), f"{which} changes it here")
            break
    else:
        note = Related(document.written.key_span(("based_on",)), f"it is so in {which.rstrip(',')}")
    return replace(finding, related=(*finding.related, note))
