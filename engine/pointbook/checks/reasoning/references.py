"""Names that rules use for other rules of the same version, and what to say of unknown ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import removal_of
from pointbook.diagnostics import Finding, Related

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.program import Version
    from pointbook.model.rules import Path
    from pointbook.model.sections import Section


@dataclass(frozen=True, slots=True)
class Reference:
    """A place where a rule names another.

    Attributes:
        user: The rule, in words: "activity `feedback`".
        name: The name it uses.
        path: Where it is written, from the top of the version.
    """

    user: str
    name: str
    path: Path


def unknown_references(
    subject: CheckSubject, version: Version, section: Section, code: str, references: Iterable[Reference]
) -> Findings:
    """A finding, of the code given, for each reference to what the section of the version does not have.

    Where a patch removed it, the patch's `null` is the place, once for all that still name it.
    """
    known = version.rules(section)
    left_out = sorted(str(path[1]) for path in version.incomplete if path[:1] == (section,) and path[1:])
    written = (*known, *left_out)  # a rule with a slip of its own may be the one that is meant
    removed: dict[Span, list[Reference]] = {}
    for reference in references:
        if reference.name in known or (section, reference.name) in version.incomplete:
            continue
        removal = removal_of(subject, version, (section, reference.name))
        if removal is not None:
            removed.setdefault(removal, []).append(reference)
            continue
        place = version.span(*reference.path)
        yield Finding(
            place,
            code,
            f"{reference.user} names the {section.noun} `{reference.name}`, which does not exist",
            subject.words.suggestion(reference.name, written, f"write it under `{section}`"),
            fix=subject.words.fix(place, reference.name, written),
        )
    for place, users in removed.items():
        yield _removed(version, section, code, place, users)


def _removed(version: Version, section: Section, code: str, place: Span, users: list[Reference]) -> Finding:
    """A finding at a `null` that takes away what rules still name."""
    who = users[0].user if len(users) == 1 else f"{users[0].user} and {len(users) - 1} more"
    still = "still names" if len(users) == 1 else "still name"
    return Finding(
        place,
        code,
        f"the {section.noun} `{users[0].name}` is removed here, but {who} {still} it",
        f"keep the {section.noun}, or change what names it in this version too",
        related=tuple(Related(version.span(*user.path), f"{user.user} names it here") for user in users),
    )
