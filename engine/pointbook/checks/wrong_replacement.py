"""A `replaces` that names no activity whose place can be taken.

**What.** An activity `replaces` one that the version it is written in is based on has; of a complete
version, that an earlier one has. The id goes by that, and may not be written again. One activity takes the
place of one other, under a new id.

**Why.** `replaces` says of two ids that they are the same thing at different times: under a fixed version,
events of either are read by whichever it has. With a slip in the id, events lose their points unseen.

**Fix.** The id becomes the only one that it is a slip of and that goes.

Failing:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      course.passed: {points: 50}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities:
      course.completed: {replaces: course.pased, points: 30}

Fixed:

    # versions/2024.yaml
    id: "2024"
    effective_from: 2024-01-01
    activities:
      course.passed: {points: 50}

    # versions/2025.yaml
    id: "2025"
    based_on: "2024"
    effective_from: 2025-01-01
    activities:
      course.completed: {replaces: course.passed, points: 30}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import removal_text
from pointbook.diagnostics import Finding, Related
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.model.program import Version

    Ids = dict[str, None]

CODE = "wrong-replacement"


def wrong_replacement(subject: CheckSubject) -> Findings:
    """A finding for each `replaces` that is none."""
    for version in subject.program.versions:
        if not version.replaces:
            continue
        base = _ids_of_base(subject, version)
        earlier = _earlier_ids(subject, version, base)
        written = _written_ids(subject, version)
        gone = [name for name in earlier or () if name not in written]
        first: dict[str, str] = {}
        for new, old in version.replaces.items():
            if earlier is None:
                pass
            elif old in earlier or old in first or old in version.activities or old == new:
                yield from _finding(version, first, (new, old), is_beside=new in base and old in base)
            else:
                yield _never_there(subject, version, (new, old), gone)
            first.setdefault(old, new)


def _ids_of_base(subject: CheckSubject, version: Version) -> Ids:
    """Ids of the version that this one is based on; none where it is complete."""
    document = subject.document_of(version)
    base = None if document is None or document.base is None else document.base.get(Section.ACTIVITIES)
    return dict.fromkeys(base.content) if base is not None and base.is_mapping else {}


def _written_ids(subject: CheckSubject, version: Version) -> Ids:
    """Ids that the version's own file writes; what a patch does not write could still go by `replaces`."""
    document = subject.document_of(version)
    written = None if document is None else document.written.get(Section.ACTIVITIES)
    return dict.fromkeys(written.content) if written is not None and written.is_mapping else {}


def _earlier_ids(subject: CheckSubject, version: Version, base: Ids) -> Ids | None:
    """Ids of the version that this one is based on, and of all before it in time; None if unknown."""
    if not (base if version.based_on is not None else subject.has_every_version):
        return None
    before = [one for one in subject.program.versions if one.effective_from < version.effective_from]
    return {**base, **{name: None for one in before for name in one.activities}}


def _finding(version: Version, first: dict[str, str], pair: tuple[str, str], *, is_beside: bool) -> Findings:
    new, old = pair
    place = version.span("activities", new, "replaces")
    if old == new:
        hint = f"delete `replaces`; to change the activity, write what changes under `{new}`"
        yield Finding(place, CODE, f"`{new}` cannot replace itself", hint)
    elif old in first:
        yield Finding(
            place,
            CODE,
            f"`{old}` is replaced by `{first[old]}` already, and one activity only can take its place",
            f"delete `replaces` here, or under `{first[old]}`",
            related=(Related(version.span("activities", first[old], "replaces"), "replaced here"),),
        )
    elif old in version.activities:
        yield Finding(
            place,
            CODE,
            f"`{new}` replaces `{old}`, but this version still has `{old}`",
            f"delete `{old}`, which goes by `replaces`; or delete `replaces`, if both shall count",
            related=(Related(version.span("activities", old), f"`{old}` is written here"),),
        )
    elif is_beside:
        yield Finding(
            place,
            CODE,
            f"{_whose(version)} has `{new}` beside `{old}`, so that it cannot take its place",
            "choose a new id; or delete `replaces`, and write"
            f" {removal_text(version, Section.ACTIVITIES, old)}",
        )


def _never_there(subject: CheckSubject, version: Version, pair: tuple[str, str], gone: list[str]) -> Finding:
    new, old = pair
    has = "has an" if version.based_on is None else "has no"
    place, meant = version.span("activities", new, "replaces"), subject.words.closest(old, gone)
    return Finding(
        place,
        CODE,
        f"{_whose(version)} {has} activity `{old}` that could be replaced",
        f"did you mean `{meant}`?" if meant is not None else "delete `replaces`",
        fix=subject.words.fix(place, old, gone),
    )


def _whose(version: Version) -> str:
    return f"version `{version.based_on}`" if version.based_on is not None else "no version before this one"
