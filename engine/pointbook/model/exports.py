"""How a program's exports differ from our columns, as log.yaml says it.

Source: docs/meaning.md, "Exports".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pointbook.diagnostics import Span

REFERENCE = "reference"
KINDS = ("events", "members")
"""The kinds of files that log.yaml is about."""

TABLES = ("table:", "query:")
PACKED = (".gz", ".gzip", ".zst", ".zstd")
"""Endings of files that are read as what is packed in them; their own names go on before it."""
"""What begins the name of a source that lies in a database."""


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


class TimeForm(StrEnum):
    """In which form an export has times that are not written as ours are.

    Attributes:
        words: How it reads them.
    """

    words: str

    DAY_FIRST = "day_first", "the day first"
    MONTH_FIRST = "month_first", "the month first"
    YEAR_FIRST = "year_first", "the year first"
    UNIX_SECONDS = "unix_seconds", "seconds since 1970"
    UNIX_MILLISECONDS = "unix_milliseconds", "milliseconds since 1970"
    SPREADSHEET_DAYS = "spreadsheet_days", "a spreadsheet's day numbers"

    def __new__(cls, value: str, words: str = "") -> Self:
        """The text with its words."""
        form = str.__new__(cls, value)
        form._value_, form.words = value, words
        return form


class Fact(NamedTuple):
    """One thing that log.yaml says.

    Attributes:
        address: Its stable name within the file, path-like.
        text: What it says.
        span: Where it is written.
    """

    address: str
    text: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class RowForm:
    """How rows of one kind are exported.

    Attributes:
        columns: Our columns, by the names that the export gives them.
        activities: Our activities, by the words of the export; any other word stays as it is.
        ignore: Columns that are passed over.
        reference: Columns of events that are carried into the ledger.
        empty: Texts that stand for nothing, beside the empty one.
        form: In which form times are, where they are not written as ours.
        timezone: The time zone of local times; None for the program's.
        spans: Where its keys and values stand, by path; the whole at ().
    """

    columns: Mapping[str, str] = field(default_factory=_nothing)
    activities: Mapping[str, str] = field(default_factory=_nothing)
    ignore: frozenset[str] = frozenset()
    reference: tuple[str, ...] = ()
    empty: frozenset[str] = frozenset()
    form: TimeForm | None = None
    timezone: str | None = None
    spans: Mapping[tuple[str | int, ...], Span] = field(default_factory=_nothing, compare=False, repr=False)

    @property
    def changes_texts(self) -> bool:
        """Whether any cell can come to another text."""
        return bool(self.activities or self.empty or self.form or self.timezone)

    def place_of(self, *path: str | int) -> str:
        """Where something of it is written, as `log.yaml:3`; empty where it is as ours."""
        span = self.span_of(*path)
        return "" if span is None else f"{span.file}:{span.line}"

    def span_of(self, *path: str | int) -> Span | None:
        """Where something of it is written; the nearest enclosing place where it is implied."""
        while path and path not in self.spans:
            path = path[:-1]
        return self.spans.get(path)

    def without_references(self) -> RowForm:
        """The same, with columns that are carried into the ledger passed over."""
        return replace(self, ignore=self.ignore.union(self.reference), reference=())


OUR_ROWS = RowForm()
"""Rows that are exported as ours are."""


@dataclass(frozen=True, slots=True)
class Source:
    """Files that differ from the others.

    Attributes:
        files: The pattern of their names, or of the text of tables and queries.
        events: How their events are exported; None for as the others are.
        members: Likewise their members.
    """

    files: str
    events: RowForm | None = None
    members: RowForm | None = None

    def fits(self, name: str) -> bool:
        """Whether a file of this name, as the user typed it, or a table or query is one of them."""
        if name.startswith(TABLES):
            return fnmatchcase(name, self.files)
        path = PurePosixPath(name)
        if path.suffix.lower() in PACKED and self.fits(str(path.with_suffix(""))):
            return True
        if "/" not in self.files:
            return fnmatchcase(path.name, self.files)
        return fnmatchcase(name, self.files) or fnmatchcase(name, f"*/{self.files}")


@dataclass(frozen=True, slots=True)
class Exports:
    """How a program's exports differ from our columns.

    Attributes:
        events: How events are exported.
        members: How members are.
        sources: Files that differ from that; the first that fits counts.
    """

    events: RowForm = OUR_ROWS
    members: RowForm = OUR_ROWS
    sources: tuple[Source, ...] = ()

    def form_of(self, kind: str, name: str | None) -> RowForm:
        """How rows of a kind, `events` or `members`, are exported in a file; standard input has no name.

        Files of other kinds, such as published figures, have our columns.
        """
        if kind not in KINDS:
            return OUR_ROWS
        for source in self.sources:
            own = source.events if kind == "events" else source.members
            if own is not None and name is not None and source.fits(name):
                return own
        return self.events if kind == "events" else self.members

    @property
    def references(self) -> tuple[str, ...]:
        """Every column that is carried into the ledger, in the order in which they are named first."""
        forms = (self.events, *(source.events for source in self.sources if source.events is not None))
        return tuple(dict.fromkeys(name for form in forms for name in form.reference))

    @property
    def activity_words(self) -> dict[str, tuple[str, str]]:
        """Each word that stands for an activity of ours, with that activity, and where it is written."""
        found: dict[str, tuple[str, str]] = {}
        for form in (self.events, *(source.events for source in self.sources if source.events is not None)):
            for word, ours in form.activities.items():
                found.setdefault(word, (ours, form.place_of("activities", word)))
        return found

    def without_references(self) -> Exports:
        """The same, with columns that are carried into the ledger passed over."""
        return Exports(
            self.events.without_references(),
            self.members,
            tuple(
                source
                if source.events is None
                else replace(source, events=source.events.without_references())
                for source in self.sources
            ),
        )

    @property
    def facts(self) -> Iterator[Fact]:
        """All that it says, in the order of the file."""
        yield from _facts("events", self.events)
        yield from _facts("members", self.members)
        for source in self.sources:
            for kind, form in (("events", source.events), ("members", source.members)):
                if form is not None:
                    address = f"sources/{source.files}/{kind}"
                    yield Fact(address, "read in a way of their own", form.span_of())
                    yield from _facts(address, form)
        if len(self.sources) > 1:
            first = self.sources[0].events or self.sources[0].members
            order = ", ".join(source.files for source in self.sources)
            yield Fact("sources/order", order, None if first is None else first.span_of())


OURS = Exports()
"""Those of a program without log.yaml: files have our columns."""


def _facts(address: str, form: RowForm) -> Iterator[Fact]:
    found: list[tuple[tuple[str | int, ...], str, str]] = []
    for section, pairs in (("columns", form.columns), ("activities", form.activities)):
        found += [((section, theirs), theirs, ours) for theirs, ours in pairs.items()]
    found += [(("ignore",), name, "passed over") for name in sorted(form.ignore)]
    found += [((REFERENCE, at), name, "carried into the ledger") for at, name in enumerate(form.reference)]
    found += [(("empty",), word, "nothing") for word in sorted(form.empty)]
    for key, value in (("form", form.form), ("timezone", form.timezone)):
        if value is not None:
            found.append((("times", key), key, str(value)))
    for path, name, text in found:
        yield Fact(f"{address}/{path[0]}/{name}", text, form.span_of(*path))
