"""A rule that does not say where it is published (a warning).

**What.** Every version, level, activity, group, benefit and stated life cycle should have a `source`.
Caps and bonuses belong to their activity. It is said once, in the file where the rule is written
first.

**Why.** When a member asks, the answer should end at the published text; and a rule without one may
never have been announced.

**Fix.** None: only you know where it is published.

Failing:

    source: {document: Program page}
    activities:
      blog.published:
        points: {range: [500, 1000]}

Fixed:

    source: {document: Program page}
    activities:
      blog.published:
        points: {range: [500, 1000]}
        source: {section: Blog posts}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import removal_of
from pointbook.diagnostics import Finding, Severity
from pointbook.model.sections import WITH_IDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version
    from pointbook.model.rules import Path, Source

CODE = "missing-source"


def missing_source(subject: CheckSubject) -> Findings:
    """A finding for each rule without a source, and each version whose source names no document."""
    for version in subject.program.versions:
        yield from _of_version(version)
        for path, name, source in _rules(version):
            if source is None:
                removal = removal_of(subject, version, (*path, "source"))
                place = removal if removal is not None else version.span(*path)
                hint = 'add `source: {section: "..."}` with the heading it is published under'
                yield Finding(place, CODE, f"{name} has no `source`", hint, Severity.WARNING)


def _of_version(version: Version) -> Findings:
    if version.source is None:
        hint = 'add `source: {document: "..."}` with the page or file that publishes it'
        yield Finding(
            version.span("id"), CODE, f"version `{version.id}` has no `source`", hint, Severity.WARNING
        )
    elif not version.source.document:
        message = f"the `source` of version `{version.id}` names no document"
        hint = 'add `document: "..."` with the page or file that publishes it'
        yield Finding(version.span("source"), CODE, message, hint, Severity.WARNING)


def _rules(version: Version) -> Iterator[tuple[Path, str, Source | None]]:
    """Path, name and source of each rule that should have one."""
    is_written = ("life_cycle",) in version.positions and not version.lacks("life_cycle")
    if is_written and version.life_cycle.is_stated:
        yield ("life_cycle",), "the life cycle", version.life_cycle.source
    for section in WITH_IDS:
        for rule in version.rules(section).values():
            yield (section, rule.id), f"{section.noun} `{rule.id}`", rule.source
