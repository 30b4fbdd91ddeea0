"""A level, benefit, activity or entry of one version that the next one does not have (a warning).

**What.** Ids of levels, benefits and activities should stay from version to version, and so should what an
activity `earns` and `spends`; what people call them is their `title`. What goes on purpose says so: by
`removed` with the reason in a version that changes another, else under `removes`, each by its id, and an
entry as `ACTIVITY/BALANCE` under `entries`.

**Why.** Events of an activity that is gone get no points, and members who hold a level that is gone
count as a lower one; a benefit is no longer promised. Where that is meant, the file should say so;
where an id was only renamed, it is a fault.

**Fix.** None: only you know whether it goes on purpose.

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
    activities:
      blog.published: null
      blog.post: {points: 500}

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
    activities:
      blog.published: {title: Blog post}
      feedback: {removed: Feedback has its own program now.}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import removal_of, removal_text
from pointbook.checks.reasoning.subject import rules_named, unannounced
from pointbook.diagnostics import Finding, Related, Severity
from pointbook.model.levels import is_met
from pointbook.model.sections import REMOVABLE, Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span
    from pointbook.model.program import Version
    from pointbook.model.rules import Path
    from pointbook.slips import ClosestWords

CODE = "id-disappears"


def id_disappears(subject: CheckSubject) -> Findings:
    """A finding for each level, benefit, activity and entry that the next version lacks without saying so.

    Says nothing while a version is missing that might lie between two others, nor of a section that
    rules are left out of.
    """
    for before, after in subject.successions:
        if before is None:
            continue
        for section in (*REMOVABLE, Section.ENTRIES):
            if after.lacks(section, "removes") or not (gone := unannounced(before, after, section)):
                continue
            if section is Section.ENTRIES:
                yield from (_finding(subject, (before, after), section, name, None) for name in gone)
            else:
                added = _Added.between(before, after, section)
                for name in gone:
                    renamed = added.new_name_of(name, before.rules(section)[name].title, subject.words)
                    yield _finding(subject, (before, after), section, name, renamed)


@dataclass(frozen=True, slots=True)
class _Added:
    """Ids that a version has and the one before it has not, by what an old one may share with them."""

    by_title: Mapping[str | None, str]
    by_last_part: Mapping[str, str]

    @classmethod
    def between(cls, before: Version, after: Version, section: Section) -> _Added:
        old = before.rules(section)
        rules = [rule for name, rule in after.rules(section).items() if name not in old]
        return cls(
            {rule.title: rule.id for rule in reversed(rules) if rule.title is not None},
            {_last_part(rule.id): rule.id for rule in rules},
        )

    def new_name_of(self, old: str, title: str | None, words: ClosestWords) -> str | None:
        """A new id with the same title, or with nearly the same last part."""
        if title in self.by_title:
            return self.by_title[title]
        return self.by_last_part.get(words.closest(_last_part(old), self.by_last_part) or "")


def _last_part(name: str) -> str:
    return name.rpartition(".")[2]


def _finding(
    subject: CheckSubject, pair: tuple[Version, Version], section: Section, name: str, renamed: str | None
) -> Finding:
    before, after = pair
    effect = f"events of it from {after.effective_from} on give no points (outcome `no_such_activity`)"
    if section is Section.LEVELS:
        effect = _effect_on_members(before, after, name, subject.program.level_balance)
    elif section is Section.BENEFITS:
        effect = f"nobody is promised it from {after.effective_from} on"
    elif section is Section.ENTRIES:
        activity, _, balance = name.rpartition("/")
        effect = f"events of `{activity}` from {after.effective_from} on do nothing to `{balance}`"
    path = rules_named(before, section)[name]
    again = f"write `{name.rpartition('/')[2] if section is Section.ENTRIES else name}` again"
    is_removed = removal_of(subject, after, path) is not None
    return Finding(
        _place(subject, after, path),
        CODE,
        f"version `{after.id}` no longer has the {section.noun} `{name}`: {effect}",
        _hint(after, section, name, path, renamed, "delete this line" if is_removed else again),
        Severity.WARNING,
        related=(Related(before.span(*path), f"`{before.id}` has it from here"),),
    )


def _effect_on_members(before: Version, after: Version, name: str, level_balance: str) -> str:
    ways = [dict(way) for way in before.levels[name].reached_with(level_balance)]
    met = [
        level.id
        for level in after.levels.values()
        if level.is_base or all(is_met(level.reached_with(level_balance), way) for way in ways)
    ]
    status = f"count as `{met[-1]}`" if met else "have no level"
    return f"members who hold it {status} from {after.effective_from} on"


def _place(subject: CheckSubject, version: Version, path: Path) -> Span:
    """The `null` that removes it; else what does not list it, or the base of a patch."""
    removal = removal_of(subject, version, path)
    document = subject.document_of(version)
    if removal is not None or document is None:
        return removal if removal is not None else version.span(*path[:1])
    return document.written.key_span(("based_on",) if document.based_on is not None else path[:-1])


def _hint(  # noqa: PLR0913, PLR0917 - what it is made of
    version: Version, section: Section, name: str, path: Path, renamed: str | None, otherwise: str
) -> str:
    if renamed is not None:
        return f"if `{renamed}` is its new name, keep the id `{name}` and write the new name as its `title`"
    if section is Section.ENTRIES and path[-1] == "points" and len(path) == 3:  # noqa: PLR2004
        # Beside what the activity spends, in short form; a patch removes it as an entry all the same.
        path = (*path[:-1], "earns", name.rpartition("/")[2])
    removal = removal_text(version, section, name, path)
    return f"if that is meant, write {removal}; if not, {otherwise}"
