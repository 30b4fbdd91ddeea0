"""A patch, or a value in one, that leaves the rules as they are.

**What.** A version with `based_on` must change a rule of the version it is based on, unless another one
lies between the two in time, which it ends; a single value in it that the base has already is a warning. One
that takes effect last and has no line of rules yet is a draft still to be written: `publish` refuses it.

**Why.** A change that changes nothing is mostly a value that was meant to be edited, or an edit in
the wrong file. Later the repeated value hides a change of the base.

**Fix.** None: most likely another value was to be written.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      member: {threshold: 500}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 500}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    levels:
      member: {threshold: 500}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    levels:
      member: {threshold: 750}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.patch_walk import repeats, written_values
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.lower.implied import replaced_whole
from pointbook.lower.pages import page_of
from pointbook.structure.wording import described

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.rules import Path
    from pointbook.source.document import Node

CODE = "patch-changes-nothing"


def patch_changes_nothing(subject: CheckSubject) -> Findings:
    """An error for each patch that changes no rule, else a warning for each value that repeats its base."""
    for document in subject.documents:
        if document.base is None:
            continue
        whole = replaced_whole(document.meant, document.base)
        values = list(written_values(document.meant, whole=whole))
        is_moved = _is_on_another_page(document)  # where the same heading says something else
        repeated = [
            (path, node)
            for path, node in values
            if repeats(document.base, path, node) and not (is_moved and "source" in path)
        ]
        if len(repeated) == len(values) and not _ends_another(subject, document):
            if values or not _is_begun(subject, document):
                yield _whole(document, repeated)
            continue
        for path, _ in repeated:
            yield _single(document, document.base, path)


def _is_on_another_page(document: VersionDocument) -> bool:
    pages = [page.content for page in map(page_of, document.chain[-2:]) if page is not None]
    return len(set(map(str, pages))) > 1


def _ends_another(subject: CheckSubject, document: VersionDocument) -> bool:
    """Whether another version than its base comes before it in time, so that its base is in force again."""
    versions = subject.program.versions
    place = next(
        (place for place, version in enumerate(versions) if subject.document_of(version) is document), None
    )
    return place is not None and (place == 0 or versions[place - 1].id != document.based_on)


def _is_begun(subject: CheckSubject, document: VersionDocument) -> bool:
    """Whether it is the last version and not published: a draft whose rules are still to be written."""
    *_, last = subject.program.versions or (None,)
    is_last = last is not None and subject.document_of(last) is document
    return is_last and document.id not in subject.program.published


def _whole(document: VersionDocument, repeated: list[tuple[Path, Node]]) -> Finding:
    base = document.base
    assert base is not None
    related = [_same_in(document, base, path) for path, _ in repeated[:1]]
    what = "every value in it is the same there" if repeated else "it gives no rule"
    return Finding(
        document.written.key_span(("based_on",)),
        CODE,
        f"this version changes nothing of `{document.based_on}`: {what}",
        "write the values that change; or delete this file, if nothing does",
        related=tuple(related),
    )


def _single(document: VersionDocument, base: Node, path: Path) -> Finding:
    return Finding(
        _place(document.meant, path),
        CODE,
        f"{described(path, 'the version')} is the same in version `{document.based_on}` already",
        "write the new value, or delete what is repeated",
        Severity.WARNING,
        related=(_same_in(document, base, path),),
    )


def _same_in(document: VersionDocument, base: Node, path: Path) -> Related:
    return Related(_place(base, path), f"`{document.based_on}` has it from here")


def _place(root: Node, path: Path) -> Span:
    """A value's place; the key's for a mapping or list."""
    node = root.at(path)
    return root.key_span(path) if node is None or node.is_mapping or node.is_list else node.span
