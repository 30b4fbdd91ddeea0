"""Which columns a file of events or of members may have, under our names or, by log.yaml, under others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pointbook.diagnostics import closest, suggestion
from pointbook.log.faults import quoted
from pointbook.model.exports import KINDS, OUR_ROWS
from pointbook.model.log import EVENT_COLUMNS, MEMBER_COLUMNS, POINTS, VALID_FROM

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pointbook.model.attributes import AttributeType
    from pointbook.model.exports import RowForm
    from pointbook.model.program import Program

IGNORED = "\0"
"""Stands in place of the name of a column that is passed over; no column of a log has it."""
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Columns:
    """The columns of one kind of file.

    Attributes:
        kind: What its rows are: `events` or `members`.
        required: Columns that every row must fill; the first one is a row's unique name.
        optional: Further columns that the language itself knows.
        attributes: Type of each declared attribute, by name, sorted by it.
        of_the_other_kind: Required columns of the files that it is easily confused with.
        program: Whose log it is.
        form: How the rows of the file at hand are exported.
        has_timestamps: Its times are typed, so that where one is a day alone, its midnight is meant.
        casts: By our names, how columns whose types are not those of their values are read: words to add
            to what is wrong with a value.
        dated: The optional column of days from which rows are valid, so that several may have one name;
            they agree in all that is required. Empty where a name stands once.
    """

    kind: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    attributes: Mapping[str, AttributeType]
    of_the_other_kind: tuple[str, ...]
    program: Program
    form: RowForm = OUR_ROWS
    has_timestamps: bool = False
    casts: Mapping[str, str] = field(default_factory=dict, compare=False)
    dated: str = ""

    @property
    def goes_by_log_yaml(self) -> bool:
        """Whether log.yaml can say how such files differ."""
        return self.kind in KINDS

    def of_file(self, name: str | None) -> Columns:
        """The same for a file, table or query of that name; None for standard input, which has none."""
        form = self.program.exports.form_of(self.kind, name)
        return self if form is self.form else replace(self, form=form)

    def ours(self, name: str) -> str:
        """Which column of ours a file's is: one of ours, `IGNORED`, or where it is not known its own name."""
        form = self.form
        if name in form.columns:
            return form.columns[name]
        return IGNORED if name in form.ignore else name

    def theirs(self, name: str) -> str:
        """What the file calls a column of ours."""
        return self._theirs.get(name, name)

    @cached_property
    def _theirs(self) -> Mapping[str, str]:
        return {ours: theirs for theirs, ours in self.form.columns.items()}

    def mapped_twice(self, names: Collection[str]) -> Iterator[tuple[str, str]]:
        """Of a file's columns, each that is by log.yaml what another one is under its own name; and that."""
        ours = Counter(self.ours(name) for name in dict.fromkeys(names))
        for theirs, name in self.form.columns.items():
            if theirs in names and ours[name] > 1 and theirs != name:
                yield theirs, name

    @property
    def wanted(self) -> Iterator[tuple[str, str]]:
        """Each column that log.yaml says the file has, with the place that says so."""
        form = self.form
        yield from ((name, form.place_of("columns", name)) for name in form.columns)
        yield from ((name, form.place_of("reference", at)) for at, name in enumerate(form.reference))

    @property
    def known(self) -> tuple[str, ...]:
        """Every column there may be, in the order in which a row's texts are kept."""
        return (*self.required, *self.optional, *self.attributes)

    def is_the_other_kind(self, names: Collection[str]) -> bool:
        """Whether columns `names` are those of a file that was given in the other's place."""
        return not set(self.required) <= set(map(self.ours, names)) and set(self.of_the_other_kind) <= set(
            names
        )

    def unknown(self, name: str) -> str:
        """What to say about a column `name` that is not known."""
        return _unknown(name, self.kind, self.known)


@lru_cache(maxsize=1000)  # a file has the same unknown name on every line
def _unknown(name: str, kind: str, known: tuple[str, ...]) -> str:
    hint = suggestion(name[:_LONGEST_NAME], known)
    what = f"{quoted(name)} is not a column of {kind}, nor an attribute that the rules declare"
    is_known = closest(name[:_LONGEST_NAME], known) is not None
    return (
        f"{what}; {hint}"
        if is_known
        else f"{what}; list it under `ignore` in log.yaml to pass it over; {hint}"
    )


def event_columns(program: Program) -> Columns:
    """The columns of the events of `program`."""
    types = program.event_columns
    reserved = (*EVENT_COLUMNS, POINTS)
    attributes = {name: types[name] for name in sorted(types) if name not in reserved}
    return Columns("events", EVENT_COLUMNS, (POINTS,), attributes, MEMBER_COLUMNS, program)


def member_columns(program: Program) -> Columns:
    """The columns of the members of `program`."""
    declared = program.member_attributes
    reserved = (*MEMBER_COLUMNS, VALID_FROM)
    attributes = {name: declared[name].type for name in sorted(declared) if name not in reserved}
    return Columns(
        "members", MEMBER_COLUMNS, (VALID_FROM,), attributes, EVENT_COLUMNS, program, dated=VALID_FROM
    )
