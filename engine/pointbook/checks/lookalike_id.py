"""An id that a patch adds beside one that it was probably meant to be (a warning).

**What.** A level, benefit, group or activity that a patch adds should not have an id that is nearly
one which the patch leaves as it is.

**Why.** A patch changes what has the same id and adds what has another. A slip in an id therefore
leaves the rule that was meant as it was, and adds a second one beside it, without a word. Among thousands
of ids that are made by a pattern it says nothing, as all of them are alike.

**Fix.** None: it may be another one.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      enabler: {threshold: 5000}
      catalyst: {threshold: 25000}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      catalist: {threshold: 15000}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      enabler: {threshold: 5000}
      catalyst: {threshold: 25000}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      catalyst: {threshold: 15000}
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related, Severity, Spellings, most_alike
from pointbook.lower.implied import REMOVED
from pointbook.model.sections import WITH_IDS

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.sections import Section
    from pointbook.source.document import Node

CODE = "lookalike-id"
_LOOKS_ALIKE, _CLOSEST = 0.85, 3
_MOST_MEASURED = 100_000
"""Pairs of ids of a section, about two seconds. So many are alike only where ids are made by a pattern."""
_WITHOUT_DIGITS = str.maketrans("", "", "0123456789")


def lookalike_id(subject: CheckSubject) -> Findings:
    """A finding for each id that a patch adds and that looks like one it does not touch."""
    for document in subject.documents:
        if document.base is None:
            continue
        for section in WITH_IDS:
            written, there = document.written.get(section), document.base.get(section)
            if written is not None and there is not None and written.is_mapping and there.is_mapping:
                yield from _in_section(document, section, written, there)


def _in_section(document: VersionDocument, section: Section, written: Node, there: Node) -> Findings:
    replaces = [node.value("replaces") for node in written.content.values() if node.is_mapping]
    touched = {*written.content, *(name for name in replaces if isinstance(name, str))}
    untouched = [name for name in there.content if name not in touched]
    spellings, left = Spellings(untouched), _MOST_MEASURED
    folded: dict[str, list[str]] = defaultdict(list)
    for other in untouched:
        folded[other.casefold()].append(other)
    for name, node in written.content.items():
        if name in there.content or node.content is None or node.get(REMOVED) is not None:
            continue
        likely = spellings.likely(name, _LOOKS_ALIKE)
        left -= len(likely)
        alike = folded.get(name.casefold(), [])
        if left >= 0:
            alike = [*alike, *most_alike(name, likely, _LOOKS_ALIKE, number=_CLOSEST)]
        meant = next((other for other in alike if not _differ_in_digits(name, other)), None)
        if meant is None:
            continue
        yield Finding(
            written.keys[name],
            CODE,
            f"{section.noun} `{name}` is new; version `{document.based_on}` has `{meant}`,"
            " which stays as it was",
            f"did you mean `{meant}`? if it is another one, nothing needs doing",
            Severity.WARNING,
            related=(Related(there.keys[meant], f"`{meant}` is here"),),
        )


def _differ_in_digits(one: str, other: str) -> bool:
    """Whether the ids are the same but for a number, as those of a series are."""
    return one.translate(_WITHOUT_DIGITS) == other.translate(_WITHOUT_DIGITS)
