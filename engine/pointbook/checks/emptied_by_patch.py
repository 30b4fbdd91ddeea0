"""A list or section that a version with `based_on` removes by a key with nothing behind it (a warning).

**What.** In a version that changes another, a key without a value is `null`, which removes. Where that takes
away a list or a whole section, such as `caps` or `benefits`, it should be written out.

**Why.** Mostly the lines below the key were to be written, or were deleted one by one.

**Fix.** None: only you know whether all of it goes.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      feedback: {points: 50, caps: [{points: 100, per: calendar_month}]}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities:
      feedback:
        caps:

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      feedback: {points: 50, caps: [{points: 100, per: calendar_month}]}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities:
      feedback:
        caps: null
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.patch_walk import written_values
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.model.sections import WITH_IDS
from pointbook.structure.wording import described

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.rules import Path
    from pointbook.source.document import Node

CODE = "emptied-by-patch"
_RULE = 2
"""Steps of a path to one rule of a section: that it goes, `id-disappears` says."""
_OF_ENTRIES = (("earns",), ("spends",))


def emptied_by_patch(subject: CheckSubject) -> Findings:
    """A finding for each key with nothing behind it that removes a list or mapping of the base."""
    for document in subject.documents:
        if document.base is None:
            continue
        for path, node in written_values(document.meant):
            before = document.base.at(path)
            is_rule = (len(path) == _RULE and path[0] in WITH_IDS) or path[-2:-1] in _OF_ENTRIES
            is_empty = node.content is None and not node.typed
            if is_empty and not is_rule and before is not None and (before.is_mapping or before.is_list):
                yield _finding(document, path, before)


def _finding(document: VersionDocument, path: Path, before: Node) -> Finding:
    place = document.meant.key_span(path)
    gone = f"all {len(before.content)}" if len(before.content) > 1 else "the one"
    where = described(path, "the version")
    return Finding(
        place,
        CODE,
        f"{where} is empty, which removes {gone} that `{document.based_on}` has",
        f"delete the line, or write what is to stand there; if all of it goes, write `{path[-1]}: null`",
        Severity.WARNING,
        related=(Related(before.span, f"`{document.based_on}` has them from here"),),
    )
