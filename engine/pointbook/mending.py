"""Findings that have one certain answer, mended: `validate --fix`, up to where files are written.

    mended = mended_files([Path("rules")])
    mended.files[0].before, mended.files[0].after     # bytes
    mended.report.findings                            # what remains

An edit is tried before it counts: it must make its finding go, and add none. An error hides findings that
rules have besides, so that more may be found without it; these count as added where they point at what was
edited.
"""

from __future__ import annotations

import codecs
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import Severity
from pointbook.loading.documents import YAML_ENDINGS
from pointbook.source import files
from pointbook.source.edits import Replacement, place_of, replaced, replacements_of
from pointbook.source.instead import read_instead
from pointbook.validation import validated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.diagnostics import Finding, Span
    from pointbook.validation import Report

_MOST_ROUNDS = 50
"""Each round mends what it can, and may uncover more."""

_Key = tuple[str, str, str]


class MendedFile(NamedTuple):
    """A file that edits change.

    Attributes:
        name: As findings call it.
        path: Where it is.
        before: Its bytes, as they were when it was first read.
        after: The bytes that are to be written.
    """

    name: str
    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Mended:
    """What came of mending.

    Attributes:
        report: What is found once the files are written.
        files: The files that change, by name.
        count: How many findings are mended.
        untouched: Files that could have been mended and must not be written, by name, with the reason.
    """

    report: Report
    files: tuple[MendedFile, ...]
    count: int
    untouched: Mapping[str, str]


class _Repair(NamedTuple):
    """A finding and what mends it."""

    finding: Finding
    replacements: tuple[Replacement, ...]


def mended_files(paths: Sequence[Path]) -> Mended:
    """What is found of the paths, as `validation.validated` has them, with all mended that can be.

    Only files that are checked are edited. Nothing is written.

    Raises:
        InputError: As `validated` does.
    """
    report, data, count = validated(paths), dict[Path, bytes](), 0
    first = report.texts
    refusals: dict[str, str] = {}
    refused: set[tuple[_Key, int]] = set()
    for _ in range(_MOST_ROUNDS):
        found = _Round(paths, data, report, refused)
        found.make(_repairs(report, refusals, refused))
        if not found.made:
            break
        count += len(found.made)
        report, data = found.report, found.data
    names = {Path(name).resolve(): name for name in reversed(report.files)}
    written = (
        MendedFile(names[path], path, _mark(after) + first.get(names[path], "").encode(), after)
        for path, after in data.items()
    )
    untouched = {name: reason for name, reason in sorted(refusals.items()) if reason}
    return Mended(report, tuple(sorted(written)), count, untouched)


def _mark(data: bytes) -> bytes:
    """The byte order mark that a file begins with, if any."""
    return codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""


def _refusal(path: Path) -> str:
    """Why a file must not be written; empty where it may be."""
    if path.is_symlink():
        return "it is a link"
    return "" if path.stat().st_mode & 0o222 and os.access(path, os.W_OK) else "it is read-only"


def _repairs(report: Report, refusals: dict[str, str], refused: set[tuple[_Key, int]]) -> tuple[_Repair, ...]:
    """The repairs that can be made at once; of two that overlap, the first.

    Args:
        report: What was found.
        refusals: Why files must not be written, by name; those that are looked at are added.
        refused: Findings whose repair does not hold.
    """
    repairs: list[_Repair] = []
    names: dict[Path, str] = {}
    taken: set[tuple[str, int]] = set()
    for finding in report.findings:
        replacements = replacements_of(finding, report.texts)
        in_files = sorted({replacement.file for replacement in replacements} & set(report.files))
        if not in_files or (_key(finding), finding.span.line) in refused:
            continue
        for name in in_files:
            refusals.setdefault(name, _refusal(Path(name)))
        # A file that has two names, by a link, is edited by the first.
        is_open = all(
            not refusals[name] and _holds_rules(name) and names.setdefault(Path(name).resolve(), name) == name
            for name in in_files
        )
        own = {(one.file, index) for one in replacements for index in range(one.start, one.end + 1)}
        if is_open and len(in_files) == len({file for file, _ in own}) and not own & taken:
            repairs.append(_Repair(finding, replacements))
            taken |= own
    return tuple(repairs)


@dataclass(slots=True)
class _Round:
    """Repairs made to the texts of one report.

    Attributes:
        paths: What is validated.
        data: The bytes of files that were edited before, by path; and in this round, once it is made.
        report: What was found in them; then what is found after the repairs made so far.
        refused: Findings whose repair does not hold; those of this round are added.
        made: The repairs made so far.
    """

    paths: Sequence[Path]
    data: dict[Path, bytes]
    report: Report
    refused: set[tuple[_Key, int]]
    made: tuple[_Repair, ...] = ()
    _texts: Mapping[str, str] = field(init=False)
    _before: dict[Path, bytes] = field(init=False)

    def __post_init__(self) -> None:
        self._texts, self._before = self.report.texts, self.data

    def make(self, repairs: tuple[_Repair, ...]) -> None:
        """Make all of them at once if they hold, else those that hold by themselves."""
        if not repairs:
            return
        together = (*self.made, *repairs)
        data = self._edited(together)
        with read_instead(data):
            report = validated(self.paths)
        if _holds(self.report, report, repairs, self._touched(together, repairs)):
            self.made, self.report, self.data = together, report, data
        elif len(repairs) == 1:
            self.refused.add((_key(repairs[0].finding), repairs[0].finding.span.line))
        else:
            half = len(repairs) // 2
            self.make(repairs[:half])
            self.make(repairs[half:])

    def _edited(self, repairs: Iterable[_Repair]) -> dict[Path, bytes]:
        data = dict(self._before)
        for name, replacements in _by_file(repairs).items():
            path = Path(name).resolve()
            whole = data[path] if path in data else files.bytes_of(path)
            data[path] = _mark(whole) + replaced(self._texts[name], replacements).encode()
        return data

    def _touched(
        self, together: Iterable[_Repair], repairs: Iterable[_Repair]
    ) -> set[tuple[str, int, int, int]]:
        """Where the text of some repairs stands when all are made: file, line, first and last column."""
        own = {replacement for repair in repairs for replacement in repair.replacements}
        touched = set()
        for name, replacements in _by_file(together).items():
            text, moved = replaced(self._texts[name], replacements), 0
            for each in sorted(replacements):
                if each in own:
                    line, column = place_of(text, each.start + moved)
                    touched.add((name, line, column, column + len(each.text) - 1))
                moved += len(each.text) - (each.end - each.start)
        return touched


def _by_file(repairs: Iterable[_Repair]) -> dict[str, list[Replacement]]:
    found: dict[str, list[Replacement]] = {}
    for repair in repairs:
        for replacement in repair.replacements:
            found.setdefault(replacement.file, []).append(replacement)
    return found


def _key(finding: Finding) -> _Key:
    """What stays the same of a finding when lines and columns move."""
    return finding.span.file, finding.code, finding.message


def _holds(
    before: Report, after: Report, repairs: Sequence[_Repair], touched: set[tuple[str, int, int, int]]
) -> bool:
    """Whether the findings that were to be mended are gone, and none was added."""
    there, still = (Counter(map(_key, report.findings)) for report in (before, after))
    to_go = Counter(_key(repair.finding) for repair in repairs)
    if any(still[key] > there[key] - number for key, number in to_go.items()):
        return False
    more = [finding for finding in after.findings if still[_key(finding)] > there[_key(finding)]]
    can_hide = all(repair.finding.severity is Severity.ERROR for repair in repairs)
    return not more or (can_hide and not any(_is_added(finding, touched) for finding in more))


def _holds_rules(name: str) -> bool:
    """Whether people write in the file; a lock, which says what was published, only a command does."""
    return name.lower().endswith(YAML_ENDINGS)


def _is_added(finding: Finding, touched: set[tuple[str, int, int, int]]) -> bool:
    """Whether a finding is about edited text, or about a file that holds no rules."""
    spans = (finding.span, *(related.span for related in finding.related))
    return not all(map(_holds_rules, finding.files)) or any(_meets(span, touched) for span in spans)


def _meets(span: Span, touched: set[tuple[str, int, int, int]]) -> bool:
    return any(
        (span.file, span.line) == (file, line) and span.column <= last and first < span.column + span.length
        for file, line, first, last in touched
    )
