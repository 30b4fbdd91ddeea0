"""What the rows say once it is known which column is probably what: above all, which do not fit."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from pointbook.adoption.forms import moment_in
from pointbook.adoption.guesses import REQUIRED, Role
from pointbook.adoption.value_counts import ValueCounts, digest, is_kept
from pointbook.likeness import Lookalikes
from pointbook.log.faults import quoted
from pointbook.log.typed.nothing import is_word_for_nothing
from pointbook.log.typed.values import integer_from
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pointbook.adoption.exports import ExportFile
    from pointbook.adoption.guesses import Guess
    from pointbook.adoption.profiles import ColumnProfile, Profile

_EXAMPLES = 3
_MOST_MEMBERS = 50_000
_MOST_COMBINED = 50_000
_WIDEST = 3


@dataclass
class RowFacts:
    """What was seen in the rows of events.

    Attributes:
        unfit: Rows that do not fit, by what is wrong with them: their number and the first places.
        filled: By activity, then by the place of a column: in how many rows that column says something.
        of_activity: Rows of each activity.
        first: The earliest time.
        last: The latest time.
        unknown: Rows of members that the members' file does not have, by member; kept ones only.
        twice: Ids that come more than once: in rows that are the same, and in rows that differ.
        earliest: The first event of members, kept ones only.
        unique_together: Columns that together are different in each row; empty where none were found.
    """

    unfit: dict[str, list[str]] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    filled: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    of_activity: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    unknown: ValueCounts = field(default_factory=lambda: ValueCounts(_MOST_MEMBERS))
    twice: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    earliest: dict[str, datetime] = field(default_factory=dict)
    unique_together: tuple[str, ...] = ()

    def count(self, what: str, place: str) -> None:
        """Count a row that does not fit."""
        self.numbers[what] += 1
        places = self.unfit.setdefault(what, [])
        if len(places) < _EXAMPLES:
            places.append(place)


def facts_of(
    export: ExportFile,
    profile: Profile,
    guesses: Mapping[Role, Guess],
    attributes: Sequence[int],
    members: ColumnProfile | None,
) -> RowFacts:
    """Every row, looked at with the guesses in mind.

    Args:
        export: The events.
        profile: What is in its columns.
        guesses: What they probably are.
        attributes: The places of those that are attributes.
        members: The ids in the members' file, None without one.

    Raises:
        InputError: The file cannot be read on.
    """
    facts = RowFacts()
    for line, problem in profile.examples:
        facts.count("that cannot be read", f"line {line}: {problem}")
    facts.numbers["that cannot be read"] = profile.unreadable
    if not profile.unreadable:
        facts.unfit.pop("that cannot be read", None)
    places = {role: guess.column.place for role, guess in guesses.items()}
    repeated = frozenset(guesses[Role.EVENT_ID].column.repeated if Role.EVENT_ID in guesses else ())
    of_id: dict[str, set[str]] = defaultdict(set)
    together = _Together(profile, guesses) if Role.EVENT_ID not in guesses else None
    look = _Look(facts, guesses, attributes, members)
    for row in export.rows():
        if row.cells is None:
            continue
        texts = {role: _said(row.cells[place]) for role, place in places.items()}
        look.at(row.line, row.cells, texts)
        if repeated and texts[Role.EVENT_ID] in repeated:
            of_id[texts[Role.EVENT_ID]].add(digest(row.cells))
        if together is not None:
            together.add(row.cells)
    same = sorted(one for one, rows in of_id.items() if len(rows) == 1)
    facts.twice = (same, sorted(set(of_id) - set(same)))
    facts.unique_together = together.found() if together is not None else ()
    return facts


class _Look:
    """A look at each row."""

    def __init__(
        self,
        facts: RowFacts,
        guesses: Mapping[Role, Guess],
        attributes: Sequence[int],
        members: ColumnProfile | None,
    ) -> None:
        self._facts = facts
        self._attributes = attributes
        when = guesses.get(Role.OCCURRED_AT)
        self._form = when.column.times.forms[0] if when is not None else None
        self._members = members
        self._bits = 0

    def at(self, line: int, cells: Sequence[str], texts: Mapping[Role, str]) -> None:
        facts = self._facts
        for role in REQUIRED:
            if not texts.get(role, "x"):
                facts.count(f"without `{role}`", f"line {line}")
        moment = self._moment(line, texts.get(Role.OCCURRED_AT, ""))
        if points := texts.get(Role.POINTS, ""):
            try:
                integer_from(points)
            except ValueError:
                facts.count("with points that are no whole numbers", f"line {line}: {quoted(points)}")
        if activity := texts.get(Role.ACTIVITY, ""):
            facts.of_activity[activity] += 1
            filled = facts.filled[activity]
            for place in self._attributes:
                if _said(cells[place]):
                    filled[place] += 1
        if member := texts.get(Role.MEMBER_ID, ""):
            self._of_member(member, moment)

    def _moment(self, line: int, text: str) -> datetime | None:
        if not text:
            return None
        moment = moment_in(self._form, text)
        if moment is None:
            self._facts.count("with a time of another form", f"line {line}: {quoted(text)}")
            return None
        facts = self._facts
        facts.first = moment if facts.first is None else min(facts.first, moment)
        facts.last = moment if facts.last is None else max(facts.last, moment)
        return moment

    def _of_member(self, member: str, moment: datetime | None) -> None:
        known = self._members
        if known is not None:
            if is_kept(member, known.tally.bits) and member not in known.counts:
                self._facts.unknown.add(member)
            return
        if moment is None or not is_kept(member, self._bits):
            return
        earliest = self._facts.earliest
        earliest[member] = min(moment, earliest.get(member, moment))
        while len(earliest) > _MOST_MEMBERS:
            self._bits += 1
            for one in [one for one in earliest if not is_kept(one, self._bits)]:
                del earliest[one]


class _Together:
    """Looks for columns that together are different in each row."""

    def __init__(self, profile: Profile, guesses: Mapping[Role, Guess]) -> None:
        known = [guess.column for role, guess in guesses.items() if role is not Role.POINTS]
        others = [one for one in profile.columns if one.filled == one.rows and one not in known][:4]
        told = _in_order(known)
        self._rows = ValueCounts(_MOST_COMBINED)
        # What an event is comes first: who did what when; any other columns can be different by chance.
        tried = [tuple(told), *((*told, other) for other in _in_order(others))]
        tried += [
            some
            for size in range(2, _WIDEST + 1)
            for some in combinations(_in_order([*known, *others]), size)
        ]
        self._tallies = {some: ValueCounts(_MOST_COMBINED) for some in tried if len(some) > 1}

    def add(self, cells: Sequence[str]) -> None:
        whole = digest(cells)
        is_new = whole not in self._rows.counts
        self._rows.add(whole)
        if is_new:  # a row that is there twice is no reason against a combination
            for some, tally in self._tallies.items():
                tally.add(digest([cells[place] for place, _ in some]))

    def found(self) -> tuple[str, ...]:
        """The first combination that is."""
        for some, tally in self._tallies.items():
            if tally.total and not tally.repeated():
                return tuple(name for _, name in some)
        return ()


def _in_order(columns: Sequence[ColumnProfile]) -> list[tuple[int, str]]:
    """Columns by place and name."""
    return [(column.place, column.name) for column in columns]


def row_lines(facts: RowFacts) -> Iterator[str]:
    """What does not fit, the most frequent first; then ids that come twice."""
    for what in sorted(facts.unfit, key=lambda what: (-facts.numbers[what], what)):
        yield f"{quantity(facts.numbers[what], 'row')} {what}: {'; '.join(facts.unfit[what])}"
    same, other = facts.twice
    for ids, how in ((same, "rows that are the same, of which one counts"), (other, "rows that differ")):
        if ids:
            comes = quantity(len(ids), "id comes", "ids come")
            yield f"{comes} more than once, in {how}: {_some(ids)}"


def unknown_line(facts: RowFacts, file: str, members: ColumnProfile) -> str:
    """How many rows are of members that a file does not have, and whom they may mean."""
    rows = quantity(facts.unknown.total, "row is", "rows are")
    often = [one for one, _ in facts.unknown.most_frequent()]
    line = f"{rows} of {quantity(facts.unknown.distinct, 'member')} that {file} does not have: {_some(often)}"
    alike = Lookalikes(members.counts)
    for unknown in often[:_EXAMPLES]:
        meant, difference = alike.of(unknown)
        if meant:
            return f"{line}; there is {quoted(meant[0])}: it differs from {quoted(unknown)} in {difference}"
    return line


def _some(texts: Sequence[str]) -> str:
    more = ", ..." if len(texts) > _EXAMPLES else ""
    return f"{', '.join(map(quoted, texts[:_EXAMPLES]))}{more}"


def _said(cell: str) -> str:
    return "" if not cell or cell.isspace() or is_word_for_nothing(cell) else cell
