"""What is wrong, where, and what to type instead: the findings every stage speaks in.

A stage that meets bad input returns findings and goes on; nothing here prints.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Severity(StrEnum):
    """How bad a finding is: an error stops evaluation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text in a file.

    Attributes:
        file: Path as the user would type it, with forward slashes.
        line: Line, from 1.
        column: Column in characters, from 1.
        length: Characters the stretch covers on its first line, at least 1.
    """

    file: str
    line: int = 1
    column: int = 1
    length: int = 1

    def __str__(self) -> str:
        """`file:line:column`, which editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}"

    def is_just_before(self, other: Span) -> bool:
        """Whether only one character, such as a comma, stands between the two."""
        return (self.file, self.line, self.column + self.length + 1) == (other.file, other.line, other.column)


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding involves, and what it is."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the rules.

    Attributes:
        span: Where.
        code: Stable kebab-case name of the kind of fault; the catalogue lists all of them.
        message: What is wrong, in one sentence without a full stop.
        hint: What was expected, or what to type instead.
        severity: Error or warning.
        related: Other places involved, most important first.
    """

    span: Span
    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """The files that it points into."""
        return frozenset((self.span.file, *(related.span.file for related in self.related)))

    @property
    def sort_key(self) -> tuple[Span, str, str, str]:
        """Order of findings everywhere: by place, then code, then words."""
        return (self.span, self.code, self.message, self.hint)


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by place, each once: the first where they differ in related places only."""
    unique: dict[tuple[Span, str, str, str], Finding] = {}
    for finding in findings:
        unique.setdefault(finding.sort_key, finding)
    return tuple(unique[key] for key in sorted(unique))


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding stops evaluation."""
    return any(finding.severity is Severity.ERROR for finding in findings)


class RulesError(Exception):
    """The rules cannot be used.

    Attributes:
        findings: Everything that is wrong with them, sorted, warnings included.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted_findings(findings)
        lines = [f"{finding.span}: {finding.message} ({finding.hint})" for finding in self.errors]
        assert lines, "rules without errors can be used"
        super().__init__("\n".join(lines))

    @property
    def errors(self) -> list[Finding]:
        """The errors among the findings; there is at least one."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


class InputError(Exception):
    """A file of the user's cannot be read at all.

    Attributes:
        where: `file` or `file:line`.
        message: What is wrong, in one sentence without a full stop.
        hint: What to do about it.
    """

    def __init__(self, where: str, message: str, hint: str) -> None:
        self.where = where
        self.message = message
        self.hint = hint
        super().__init__(f"{where}: {message}; {hint}")


def install_hint(extra: str) -> str:
    """How to get an extra that is not installed; from a clone, since no package index has Pointbook."""
    return f"run `.venv/bin/pip install -e '.[{extra}]'` in the clone of Pointbook"


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` most likely was meant to be, or None."""
    return KnownWords(known).closest(word)


class KnownWords:
    """Words that others may have been meant to be, prepared once for many searches."""

    def __init__(self, known: Iterable[str]) -> None:
        self._names = sorted(set(known))
        self._folded = {name.casefold(): name for name in reversed(self._names)}
        self._by_letters: dict[str, list[str]] = {}
        """Folded names by their letters in order: names of equal letters have one bound of likeness."""
        for name in self._folded:
            self._by_letters.setdefault("".join(sorted(name)), []).append(name)

    def closest(self, word: str) -> str | None:
        """The known word that `word` most likely was meant to be, or None."""
        exact = self._folded.get(word.casefold())
        if exact is not None:
            return exact
        match = _most_alike(word.casefold(), self._by_letters)
        if match:
            return self._folded[match]
        if len(word) <= 2:  # noqa: PLR2004 - a short tail says nothing
            return None
        ends = (f".{word}", f"_{word}")
        tails = [name for name in self._names if name.endswith(ends)]
        return tails[0] if len(tails) == 1 else None


def _most_alike(word: str, others: Mapping[str, Sequence[str]]) -> str:
    """What `difflib.get_close_matches` finds for n=1, without measuring what cannot be better; else empty.

    Args:
        word: What is looked for.
        others: Where it is looked for, by their letters in order.
    """
    times = Counter(word).items()
    least = 0.6
    likely: list[tuple[float, str]] = []
    for letters in others:
        shared = 0  # at least as many characters as can match, which says how alike the two are at most
        for letter, number in times:
            found = letters.count(letter)
            shared += found if found < number else number  # noqa: FURB136 - min() takes twice as long
        most = 2.0 * shared / (len(word) + len(letters))
        if most >= least:
            likely.append((most, letters))
    likely.sort(reverse=True)
    matcher = difflib.SequenceMatcher(b=word)
    best = (least, "")
    for most, letters in likely:
        if most < best[0]:
            break
        for other in others[letters]:
            matcher.set_seq1(other)
            best = max(best, (matcher.ratio(), other))
    return best[1]


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown word: the closest known one, else all that are known."""
    names = sorted(set(known))
    match = closest(word, names)
    if match is not None:
        return f"did you mean `{match}`?"
    if not names:
        return "none is declared here"
    shown = ", ".join(f"`{name}`" for name in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""  # noqa: PLR2004 - a hint stays one line
    return f"known: {shown}{more}"
