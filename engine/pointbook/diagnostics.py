"""What is wrong, where, and what to type instead: the findings every stage speaks in.

A stage that meets bad input returns findings and goes on; nothing here prints.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ALIKE = 0.6
"""How alike two words must be at least: the share of letters that match."""


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
class Edit:
    """A value, key or entry of a YAML file that is to be another one.

    Attributes:
        span: Where it stands.
        old: What stands there, without quotation marks; what is written in another way is left alone.
        new: The value that is to stand there; None where the whole entry or item goes.
    """

    span: Span
    old: str
    new: bool | int | str | None


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
        fix: What mends it, where there is one certain answer.
    """

    span: Span
    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()
    fix: tuple[Edit, ...] = ()

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


_LONGEST_WORD = 1000
"""Letters of a word that another may be meant to be."""


class KnownWords:
    """Words that others may have been meant to be, prepared once for many searches."""

    def __init__(self, known: Iterable[str]) -> None:
        self.names = sorted(set(known))
        self.folded = {name.casefold(): name for name in reversed(self.names)}
        self.spellings = Spellings(self.folded)

    def __len__(self) -> int:
        return len(self.names)

    def closest(self, word: str) -> str | None:
        """The known word that `word` most likely was meant to be, or None."""
        exact = self.folded.get(word.casefold())
        if exact is not None:
            return exact
        match = most_alike(word.casefold(), self.spellings.likely(word.casefold(), _ALIKE), _ALIKE)
        if match:
            return self.folded[match[0]]
        if len(word) <= 2:  # noqa: PLR2004 - a short tail says nothing
            return None
        ends = (f".{word}", f"_{word}")
        tails = [name for name in self.names if name.endswith(ends)]
        return tails[0] if len(tails) == 1 else None

    def hint(self, match: str | None) -> str:
        """What to say of an unknown word: the closest known one, if any, else all that are known."""
        if match is not None:
            return f"did you mean `{match}`?"
        if not self.names:
            return "none is declared here"
        shown = ", ".join(f"`{name}`" for name in self.names[:12])
        more = f" and {len(self) - 12} more" if len(self) > 12 else ""  # noqa: PLR2004 - a hint stays one line
        return f"known: {shown}{more}"


class Spellings:
    """Words by what letters they have how often, which says at most how alike two can be.

    Each first, second and further occurrence of a letter is a bit, so that letters are compared at once.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._bits: dict[tuple[str, int], int] = {}
        self._by_length: dict[int, list[tuple[str, int]]] = {}
        for word in words:
            if len(word) <= _LONGEST_WORD:  # memory grows with the square of it
                self._by_length.setdefault(len(word), []).append((word, self._mask(word, learn=True)))

    def likely(self, word: str, least: float) -> list[tuple[float, str]]:
        """Words that may be alike at least so much, and how much at most; the likeliest first."""
        mask, found = self._mask(word, learn=False), []
        for length, words in self._by_length.items():
            both = len(word) + length
            fewest = least * both / 2
            if fewest <= min(len(word), length):
                shared = [(mask & other_mask).bit_count() for _, other_mask in words]
                found += [
                    (2.0 * letters / both, other)
                    for letters, (other, _) in zip(shared, words, strict=True)
                    if letters >= fewest
                ]
        found.sort(reverse=True)
        return found

    def _mask(self, word: str, *, learn: bool) -> int:
        mask, times, bits = 0, dict[str, int](), self._bits
        for letter in word:
            times[letter] = occurrence = times.get(letter, -1) + 1
            bit = bits.get((letter, occurrence), 0)
            if not bit and learn:
                bit = bits[letter, occurrence] = 1 << len(bits)
            mask |= bit
        return mask


def most_alike(word: str, likely: Iterable[tuple[float, str]], least: float, number: int = 1) -> list[str]:
    """What `difflib.get_close_matches` finds, without measuring what cannot be among them; the best first.

    Args:
        word: What is looked for.
        likely: Where it is looked for, and how alike each is at most, from `Spellings.likely`.
        least: How much they must be alike.
        number: How many are wanted.
    """
    matcher = difflib.SequenceMatcher(b=word)
    best: list[tuple[float, str]] = []
    for most, other in likely:
        if len(best) == number and most < best[-1][0]:
            break
        matcher.set_seq1(other)
        ratio = matcher.ratio()
        if ratio >= least:
            best = sorted((*best, (ratio, other)), reverse=True)[:number]
    return [other for _, other in best]


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown word: the closest known one, else all that are known."""
    words = KnownWords(known)
    return words.hint(words.closest(word))
