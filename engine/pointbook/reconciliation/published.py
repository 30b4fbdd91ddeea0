"""What another system shows: its file, row by row, as figures of members.

A row has `member_id`, and `points`, `level` or balances by their names; optionally `period`, the number of
a period or its first day. The other columns of standings may stand there, too, so that ours can be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pointbook.diagnostics import InputError, suggestion
from pointbook.likeness import spreadsheet_damage
from pointbook.log.columns import Columns
from pointbook.log.faults import RejectReason, place, quoted
from pointbook.log.reading import blocks_of
from pointbook.log.typed.nothing import stands_for_nothing
from pointbook.log.typed.values import date_from, integer_from
from pointbook.model.log import EVENT_COLUMNS, MEMBER_COLUMNS, POINTS, Reject
from pointbook.model.tables import STANDINGS, names_of
from pointbook.source.files import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from pointbook.log.blocks import Block, ReadableRow
    from pointbook.model.program import Program

T = TypeVar("T")
LEVEL, _PERIOD, _AS_OF = "level", "period", "as_of"

Figures = dict[str, int | str | None]
"""By the id of a balance its points; under `LEVEL` a level's id, None for no level."""


class PublishedRow(NamedTuple):
    """What a row says.

    Attributes:
        line: On which it begins, from 1.
        member_id: Whose figures they are.
        period: The number of a period or its first day, as written; empty for the as-of date.
        figures: Those it gives.
        raw: Its text.
    """

    line: int
    member_id: str
    period: str
    figures: Figures
    raw: str


@dataclass(frozen=True, slots=True)
class Published:
    """What a file says.

    Attributes:
        file: Its name, as messages show it.
        rows: Those that can be used, in their order.
        rejects: The others, by line.
        as_of: The day of which they are, where the file says so.
    """

    file: str
    rows: tuple[PublishedRow, ...]
    rejects: tuple[Reject, ...]
    as_of: date | None


def published_columns(program: Program) -> Columns:
    """The columns that such a file may have."""
    known = dict.fromkeys((_PERIOD, POINTS, LEVEL, *program.balances, *names_of(STANDINGS)))
    optional = tuple(name for name in known if name != MEMBER_COLUMNS[0])
    return Columns("published figures", MEMBER_COLUMNS[:1], optional, {}, EVENT_COLUMNS, program)


def read_published(program: Program, file: str, balance: str) -> Published:
    """What a file of figures says.

    Args:
        program: Whose balances and levels they are.
        file: CSV, JSON Lines or Parquet; `-` is standard input.
        balance: Id of the balance that `points` are of.

    Raises:
        InputError: The file cannot be read, or none of its rows can be used.
    """
    columns = published_columns(program)
    reading = _Reading(program, columns, balance)
    blocks = list(blocks_of((file,), columns))
    name = shown_name(file)
    if not any(block.columns[0] or block.unreadable for block in blocks):
        raise InputError(name, "there are no rows under the header", "export the figures again")
    reading.look_at_columns(name, blocks)
    for block in blocks:
        reading.take(block)
    rows = tuple(reading.rows())
    rejects = tuple(sorted(reading.rejects, key=lambda reject: reject.line))
    if not rows:
        raise none_usable(rejects[0])
    return Published(name, rows, rejects, reading.as_of(name))


def none_usable(first: Reject) -> InputError:
    """The error for a file of which every row is rejected.

    Args:
        first: The first of these rows.
    """
    message = f"no row can be used; the first one: {first.detail}"
    return InputError(place(first.file, first.line), message, "correct the file")


class _Reading:
    """Rows as they come, and what becomes of them."""

    def __init__(self, program: Program, columns: Columns, balance: str) -> None:
        self.rejects: list[Reject] = []
        self._columns, self._balance, self._balances = columns, balance, tuple(program.balances)
        self._levels = _level_names(program)
        self._has_levels = False
        self._days: dict[date, int] = {}
        self._by_key: dict[tuple[str, str], list[tuple[str, PublishedRow]]] = {}

    def look_at_columns(self, name: str, blocks: Iterable[Block]) -> None:
        """See which figures there are.

        Raises:
            InputError: There are none, or one of them twice.
        """
        places = {column: number for number, column in enumerate(self._columns.known)}
        filled = {
            column
            for block in blocks
            for column in (POINTS, LEVEL, *self._balances)
            if any(text.strip() for text in block.columns[places[column]])
        }
        self._has_levels = LEVEL in filled
        if not filled:
            message = "no row has points or a level to compare"
            raise InputError(name, message, f"add a column `{POINTS}`, `{LEVEL}` or a balance by its id")
        if POINTS in filled and POINTS not in self._balances and self._balance in filled:
            message = f"`{POINTS}` and `{self._balance}` are the same balance"
            raise InputError(name, message, "delete one of the two, or name another with --balance")

    def take(self, block: Block) -> None:
        """Take the rows of a block."""
        for file, line, raw, _, problem in block.unreadable:
            self._reject(file, line, raw, "", RejectReason.UNREADABLE_ROW, problem)
        for row in block.rows(range(len(block.columns[0]))):
            self._take(row)

    def _take(self, row: ReadableRow) -> None:
        texts = {name: text.strip() for name, text in zip(self._columns.known, row.texts, strict=True)}
        member_id = texts["member_id"]
        if not member_id:
            detail = "it has no member_id"
            self._reject(row.file, row.line, row.raw, "member_id", RejectReason.MISSING_VALUE, detail)
            return
        try:
            figures = self._figures(texts)
        except _NoFigureError as error:
            self._reject(
                row.file, row.line, row.raw, error.column, error.reason, str(error), member_id=member_id
            )
            return
        found = PublishedRow(row.line, member_id, texts[_PERIOD], figures, row.raw)
        self._by_key.setdefault((member_id, texts[_PERIOD]), []).append((row.file, found))

    def _figures(self, texts: Mapping[str, str]) -> Figures:
        """The figures that a row gives.

        Raises:
            _NoFigureError: One of them cannot be read, or there is none.
        """
        found: Figures = {}
        for column in dict.fromkeys((POINTS, *self._balances)):
            if text := texts[column]:
                key = column if column in self._balances else self._balance
                found[key] = _read(column, integer_from, text)
        if self._has_levels:
            found[LEVEL] = _read(LEVEL, self._level, texts[LEVEL]) if texts[LEVEL] else None
        if not found:
            raise _NoFigureError(POINTS, "it has neither points nor a level", RejectReason.MISSING_VALUE)
        if texts[_AS_OF]:
            day = _read(_AS_OF, date_from, texts[_AS_OF])
            self._days[day] = self._days.get(day, 0) + 1
        return found

    def _level(self, text: str) -> str:
        level = self._levels.get(text) or self._levels.get(text.casefold())
        if level is None:
            if nothing := stands_for_nothing(text):
                raise ValueError(f"there is no level {quoted(text)}: {nothing}")
            ids = sorted(set(self._levels.values()))
            raise ValueError(f"there is no level {quoted(text)}; {suggestion(text[:100], ids)}")
        return level

    def rows(self) -> Iterator[PublishedRow]:
        """The rows that can be used; of those for one member and period, the first if all are alike."""
        for same in self._by_key.values():
            file, first = same[0]
            differing = next((row for _, row in same if row.figures != first.figures), None)
            if differing is None:
                yield first
            for own_file, row in same[1 if differing is None else 0 :]:
                other = first if row.figures != first.figures or differing is None else differing
                detail = f"the same member{' and period' if row.period else ''} as {place(file, other.line)}"
                reason = RejectReason.DUPLICATE
                if differing is not None:
                    detail, reason = f"{detail}, with other figures", RejectReason.CONFLICTING_DUPLICATE
                if damage := spreadsheet_damage(row.member_id):
                    detail = f"{detail}; of {quoted(row.member_id)}: {damage}"
                self._reject(
                    own_file, row.line, row.raw, "member_id", reason, detail, member_id=row.member_id
                )

    def as_of(self, name: str) -> date | None:
        """The day of which the figures are, where the file says so.

        Raises:
            InputError: They are of several.
        """
        if len(self._days) > 1:
            days = f"{min(self._days)} to {max(self._days)}"
            message = f"its rows are of several days, {days}"
            raise InputError(name, message, "reconcile the rows of one day at a time")
        return next(iter(self._days), None)

    def _reject(  # noqa: PLR0913, PLR0917 - a reject has these parts
        self,
        file: str,
        line: int,
        raw: str,
        column: str,
        reason: RejectReason,
        detail: str,
        *,
        member_id: str = "",
    ) -> None:
        self.rejects.append(Reject(file, line, column, "", reason, detail, raw, member_id))


class _NoFigureError(ValueError):
    """A column's text is no figure."""

    def __init__(self, column: str, problem: str, reason: RejectReason = RejectReason.BAD_VALUE) -> None:
        super().__init__(problem)
        self.column, self.reason = column, reason


def _read(column: str, reader: Callable[[str], T], text: str) -> T:
    try:
        return reader(text)
    except ValueError as error:
        raise _NoFigureError(column, str(error)) from error


def _level_names(program: Program) -> dict[str, str]:
    """The levels of all versions by what a system may call them: the id, or in any case id or title."""
    levels = [(name, level) for version in program.versions for name, level in version.levels.items()]
    found = {level.title.casefold(): name for name, level in levels if level.title is not None}
    found |= {name.casefold(): name for name, _ in levels}
    return found | {name: name for name, _ in levels}
