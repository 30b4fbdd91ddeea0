"""A rule listed under `removes` that did not go (a warning).

**What.** `removes` names what the version before in time has and this one does not. Each id in it
must have been there, and must be gone.

**Why.** A list that names more than what went would keep silent about a later removal that nobody
meant.

**Fix.** An id that was never there becomes the only one that goes and that it is a slip of; it is deleted
if none is like it. Of an id that is still there, only you know whether it goes.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      blog.published: {points: 500}
      feedback: {points: 50}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    removes:
      activities:
        fedback: {note: No longer on the page.}
    activities:
      feedback: null

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      blog.published: {points: 500}
      feedback: {points: 50}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    removes:
      activities:
        feedback: {note: No longer on the page.}
    activities:
      feedback: null
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.subject import rules_named, unannounced
from pointbook.diagnostics import Edit, Finding, Related, Severity
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version

CODE = "stale-acknowledgement"


def stale_acknowledgement(subject: CheckSubject) -> Findings:
    """A finding for each id under `removes` that this version has, or that the one before had not.

    Says nothing while a version is missing that might lie between two others, nor of a section that
    rules are left out of.
    """
    for before, after in subject.successions:
        if before is None:
            yield from _of_the_first(after)
            continue
        for section, removals in after.removes.items():
            whole = Section.ACTIVITIES if section is Section.ENTRIES else section
            if before.lacks(whole) or after.lacks(whole):
                continue
            going = unannounced(before, after, section)
            for name in removals:
                if name in rules_named(after, section):
                    yield _still_there(after, section, name)
                elif name not in rules_named(before, section) and _is_listed(subject, after, section, name):
                    meant = subject.words.closest(name, going)
                    place = after.span("removes", section, name)
                    deleted = (Edit(place, name, None),)
                    fix = deleted if meant is None else subject.words.fix(place, name, going)
                    yield replace(_never_there(before, after, section, name, meant), fix=fix)


def _is_listed(subject: CheckSubject, version: Version, section: Section, name: str) -> bool:
    """Whether it stands under `removes`; what a patch says is `removed` is looked at in that patch."""
    document = subject.document_of(version)
    return document is not None and document.written.at(("removes", section, name)) is not None


def _of_the_first(version: Version) -> Findings:
    if version.removes:
        message = f"no version comes before `{version.id}`, so nothing can go with it"
        hint = "delete `removes`, or correct `effective_from`"
        yield Finding(version.span("removes"), CODE, message, hint, Severity.WARNING)


def _still_there(version: Version, section: Section, name: str) -> Finding:
    path = rules_named(version, section)[name]
    activity, _, key = name.rpartition("/")
    under = f"activity `{activity}`" if activity else f"`{section}`"
    removal = f"delete the {section.noun} under {under}"
    if version.based_on is not None:
        removal = f'write `{key}: {{removed: "..."}}` under {under} in place of this line'
    return Finding(
        version.span("removes", section, name),
        CODE,
        f"the {section.noun} `{name}` is listed as removed, but this version still has it",
        f"{removal}; or delete this line, if it stays",
        Severity.WARNING,
        related=(Related(version.span(*path), f"`{version.id}` has it from here"),),
    )


def _never_there(before: Version, after: Version, section: Section, name: str, meant: str | None) -> Finding:
    return Finding(
        after.span("removes", section, name),
        CODE,
        f"version `{before.id}`, which comes before this one, has no {section.noun} `{name}`",
        f"did you mean `{meant}`?" if meant is not None else "delete this line",
        Severity.WARNING,
    )
