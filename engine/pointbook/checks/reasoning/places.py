"""Where a fault is to be shown, and in which version it arises, where versions are patches of others.

A check says what is wrong with a resolved whole, and where the values at fault were written. Where a
patch breaks what it takes over, that can be in files which are right by themselves.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from pointbook.lower.resolution import naming_version
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import Check, CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.activities import Activity
    from pointbook.model.program import Version
    from pointbook.model.rules import Path


def in_version(version: Version, place: Span) -> str:
    """Which version is meant, in words, where `place` is in the file of another that it takes it from."""
    return "" if place.file == version.span("id").file else f" in version `{version.id}`"


def declaration_of(version: Version, activity: Activity, name: str) -> Path:
    """Where an attribute that an activity knows is declared: by itself, or by the version."""
    own: Path = ("activities", activity.id, "attributes", name)
    return own if own in version.positions else ("attributes", name)


def removal_of(subject: CheckSubject, version: Version, path: Path) -> Span | None:
    """Where the version, or one that it is based on, removes what was at `path`, with `null` or `removed`."""
    document = subject.document_of(version)
    return None if document is None else subject.documents.removal(document.chain, path)


def removal_text(version: Version, section: Section, name: str, path: Path = ()) -> str:
    """What is written to remove a rule that the version before has, in words for a hint.

    Args:
        version: The version that lacks it.
        section: Its section.
        name: Its id there.
        path: Where the version before has it, where that is an entry of an activity.
    """
    if version.based_on is None:
        return f'`removes: {{{section}: {{{name}: {{note: "..."}}}}}}` with the reason'
    if section is Section.ENTRIES:
        _, activity, key, balance = path
        return f'`{key}: {{{balance}: {{removed: "..."}}}}` under `{activity}` with the reason'
    return f'`{name}: {{removed: "..."}}` under `{section}` with the reason'


def with_versions_named(subject: CheckSubject, check: Check) -> Findings:
    """What the check finds, with a note at each finding whose version's own file it does not point into.

    The version is the one whose file the place is in, if the check finds the same in it alone; else
    the first in time in which it does. A finding about several versions at once gets no note.
    """
    versions = subject.program.versions
    own = {version.span("id").file: index for index, version in reversed([*enumerate(versions)])}

    @cache
    def found_alone(index: int) -> set[Span]:
        alone = replace(subject, program=replace(subject.program, versions=(versions[index],)))
        return {finding.span for finding in check(alone)}

    @cache
    def deepest(index: int) -> dict[Span, Path]:
        paths: dict[Span, Path] = {}
        for path, span in versions[index].positions.items():
            if len(path) > len(paths.get(span, ())):
                paths[span] = path
        return paths

    for finding in check(subject):
        file, found_in = finding.span.file, None
        if file in subject.documents.built_on:
            own_first = chain([own[file]] if file in own else [], range(len(versions)))
            found_in = next((index for index in own_first if finding.span in found_alone(index)), None)
        document = None if found_in is None else subject.document_of(versions[found_in])
        if found_in is None or document is None or file not in own:
            yield finding
            continue
        path = deepest(found_in).get(finding.span, ())
        # Without a note where the version whose file it is in is left without the rule there.
        is_left_out = any(path[: len(part)] == part for part in versions[own[file]].incomplete)
        yield finding if is_left_out else naming_version(finding, document, path)
