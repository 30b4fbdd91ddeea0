"""A new version as a patch to fill in: its header, and the values that change, each with what it is today.

For example:

    id: 2027-01-01
    based_on: 2024-03-13
    effective_from: 2027-01-01
    announced_on: 2026-11-28
    source: {document: Draft of 2026-11-28}

    levels:
      catalyst:
        threshold: 25000  # 15000 in 2024-03-13
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pointbook.loading.settings import replaced
from pointbook.model.sections import REMOVABLE, Section
from pointbook.source.document import Node
from pointbook.source.yaml_text import comment_text, flow_text, scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.loading.settings import Scalar, Setting
    from pointbook.model.program import Program, Version
    from pointbook.model.rules import Path

_SCHEMA_LINE = re.compile(r"# yaml-language-server: \$schema=(\S*?)(?:version|patch)\.schema\.json\s*")
_PUBLISHED = "https://pointbook.dev/schemas/"


class Header(NamedTuple):
    """What a new version says of itself.

    Attributes:
        id: Its id.
        based_on: The version that it changes.
        effective_from: Its first day.
        announced_on: The day on which members are told of it.
        document: What publishes it.
    """

    id: str
    based_on: str
    effective_from: date
    announced_on: date
    document: str


def gone_from(program: Program, base: Version, day: date) -> dict[Section, tuple[str, ...]]:
    """What the version in force before that day has and the base does not, by section.

    None of it where the base is that version; else the draft says of each that it goes.
    """
    before = [version for version in program.versions if version.effective_from < day][-1:]
    found = {}
    for section in REMOVABLE:
        gone = tuple(key for one in before for key in one.rules(section) if key not in base.rules(section))
        if gone:
            found[section] = gone
    return found


def passed_over(program: Program, base: Version, day: date) -> str | None:
    """The version in force before that day, where it came after the base."""
    between = [one for one in program.versions if base.effective_from < one.effective_from < day]
    return between[-1].id if between else None


def draft_text(
    header: Header,
    base_text: str,
    changes: Sequence[tuple[Setting, Scalar]],
    gone: Mapping[Section, Sequence[str]],
    over: str | None = None,
) -> str:
    """The text of a version's file.

    Args:
        header: What it says of itself.
        base_text: The text of the file of the version that it changes; where that names its schema, so
            does the draft.
        changes: Places in that version, and the values that come there.
        gone: What it takes from members that the version before it in time has, by section.
        over: The version before it in time, if it is not the one that it changes.
    """
    match = _SCHEMA_LINE.match(base_text)
    lines = [
        f"# yaml-language-server: $schema={match[1] if match else _PUBLISHED}patch.schema.json",
        f"id: {scalar_text(header.id)}",
        f"based_on: {scalar_text(header.based_on)}",
        f"effective_from: {header.effective_from}",
        f"announced_on: {header.announced_on}",
        f"source: {{document: {scalar_text(header.document)}}}",
    ]
    if over is not None:
        lines.append(f"note: What {over} changes ends with it.")
    lines += _removals(gone, header.based_on)
    lines.append("")
    if changes:
        before = changed = changes[0][0].document
        for setting, value in changes:
            changed = replaced(changed, setting.path, Node(value, before.span))
        paths = [_mergeable(setting.path) for setting, _ in changes]
        lines += _entries(paths, before, changed, header.based_on)
    return "\n".join(lines).rstrip("\n") + "\n"


def _removals(gone: Mapping[Section, Sequence[str]], base: str) -> Iterator[str]:
    """Lines that say what goes on purpose, because the version that is changed does not have it."""
    if gone:
        yield "removes:"
    for section, ids in gone.items():
        yield f"  {section.value}:"
        for key in ids:
            yield f"    {scalar_text(key)}: {{note: {scalar_text(f'Not in {base}, which this changes.')}}}"


def _mergeable(path: Path) -> Path:
    """The part of a path that a patch can address: a list is replaced as a whole."""
    until = next((at for at, step in enumerate(path) if isinstance(step, int)), len(path))
    return path[:until]


def _entries(paths: Sequence[Path], before: Node, after: Node, base: str, depth: int = 0) -> Iterator[str]:
    """Lines for the values at these paths, in the order in which they were first named."""
    for key in dict.fromkeys(path[depth] for path in paths):
        inside = [path for path in paths if path[depth] == key]
        head = f"{'  ' * depth}{scalar_text(str(key))}:"
        if any(len(path) == depth + 1 for path in inside):
            path = inside[0][: depth + 1]
            new, old = after.at(path), before.at(path)
            assert new is not None
            was = f"{flow_text(old)} in {base}" if old is not None else f"not in {base}"
            yield f"{head} {flow_text(new)}  # {comment_text(was)}"
        else:
            yield head
            yield from _entries(inside, before, after, base, depth + 1)
