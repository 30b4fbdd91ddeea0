"""What is undecided, and what is needed before a log can be evaluated, with how to come by it."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING, assert_never

from pointbook.adoption.evidence import damage_words
from pointbook.adoption.guesses import REQUIRED, REQUIRED_OF_MEMBERS, Role, overlap, says_points
from pointbook.adoption.names import name_score
from pointbook.adoption.text_shapes import READ_ELSEWHERE
from pointbook.log.faults import quoted
from pointbook.log.rows.jq import key_of
from pointbook.log.typed.clock import clock_in
from pointbook.log.typed.values import integer_from
from pointbook.model.attributes import AttributeType
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.adoption.adopting import Adoption
    from pointbook.adoption.exports import ExportFile
    from pointbook.adoption.guesses import Guess
    from pointbook.adoption.profiles import ColumnProfile
    from pointbook.adoption.sheets import Sheet

_SHOWN, _MEMBERS_SHOWN = 5, 10
_MOST = 80
"""Of a hundred values, so many are in both files if the one names what the other lists."""


def undecided(adoption: Adoption) -> Iterator[str]:
    """What the exports do not tell, and somebody has to decide."""
    for sheet in filter(None, (adoption.events, adoption.members)):
        if sheet.export.others:
            number = quantity(len(sheet.export.others), "further file was", "further files were")
            yield (
                f"{number} not looked at, the first of them {sheet.export.others[0]}: have they the columns"
                f" of {sheet.export.name}? Others go under `sources` in log.yaml"
            )
        yield from _of_guesses(sheet)
        for word, (cells, columns) in sheet.words_for_nothing.items():
            where = ", ".join(map(quoted, columns[:_SHOWN]))
            yield f"{quoted(word)} is taken for no value: {quantity(cells, 'cell')} of {where}"
        for further in sheet.further:
            if sheet is adoption.events and says_points(further.column) and further.column.filled:
                yield _of_other_points(further.column)
            elif further.alternative:
                yield f"{quoted(further.column.name)} is taken for texts; {further.alternative}"
    if left := _activities_left(adoption):
        yield left
    for value, (made, doubt) in adoption.ids.items():
        if doubt:
            yield f"activity {quoted(value)} becomes `{made}`; {doubt.removeprefix('decide: ')}"


def _of_other_points(column: ColumnProfile) -> str:
    misfits = column.misfits(AttributeType.INTEGER, most=_SHOWN)
    such = f": not so {', '.join(map(quoted, misfits))}" if misfits else ""
    return f"{quoted(column.name)} is not taken for `points`, which are whole numbers{such}"


def _activities_left(adoption: Adoption) -> str:
    """That not every activity is drafted, empty where all are."""
    guess = adoption.events.guesses.get(Role.ACTIVITY)
    if guess is None or len(adoption.ids) == guess.column.tally.distinct:
        return ""
    return (
        f"{quoted(guess.column.name)} has {guess.column.tally.distinct:,} different texts, of which"
        f" {len(adoption.ids):,} are drafted; the others are too many or too long, and give nothing"
    )


def _of_guesses(sheet: Sheet) -> Iterator[str]:
    for role, guess in sheet.guesses.items():
        if guess.others:
            others = " or ".join(quoted(column.name) for column, _ in guess.others)
            yield f"`{role}` could be {others} too"
        if role in {Role.OCCURRED_AT, Role.SIGNED_UP_ON, Role.VALID_FROM}:
            yield from _of_times(guess.column, role)


def _of_times(column: ColumnProfile, role: Role) -> Iterator[str]:
    found, name = column.times, quoted(column.name)
    if len(found.forms) > 1:
        yield (
            f"{name}: day or month first? Nothing tells of {quoted(min(column.counts))} and all others, as no"
            " number in them is over 12; until `form` is said, rows are rejected"
        )
    if role is not Role.OCCURRED_AT:
        return
    if found.with_time and not found.zoned:
        yield f"{name}: the times carry no offset; they are read in the program's time zone"
    elif found.zoned < found.with_time:
        local = quantity(found.with_time - found.zoned, "time carries", "times carry")
        yield f"{name}: {local} no offset from UTC, the others do"


def needed(adoption: Adoption) -> Iterator[str]:
    """What must be done to the exports, or come from elsewhere, before they can be evaluated."""
    events, members = adoption.events, adoption.members
    if members is not None and _are_swapped(events, members):
        yield (
            f"The two files the other way round, it seems: {members.export.name} names again and again what"
            f" comes once in {events.export.name}."
        )
    for sheet in filter(None, (events, members)):
        yield from _of_file(sheet.export)
    yield from _of_points(events.guesses.get(Role.POINTS))
    for role in REQUIRED:
        if role not in events.guesses:
            yield from _of_missing(role, adoption.facts.unique_together)
            yield from _of_namesakes(role, events)
    if members is None:
        yield from _of_members(adoption)
        return
    for role in REQUIRED_OF_MEMBERS:
        if role not in members.guesses:
            said = " ".join((*_of_missing(role, ()), *_of_namesakes(role, members)))
            yield f"In {members.export.name}: {said}"
    if Role.SIGNED_UP_ON in members.guesses:
        column = members.guesses[Role.SIGNED_UP_ON].column
        if column.times.with_time:
            yield (
                f"{quoted(column.name)} has times of day, where a day is asked for: export the day alone, as"
                " it was in the program's time zone."
            )


def _of_points(guess: Guess | None) -> Iterator[str]:
    """What to write in place of what is no whole number."""
    misfits = [] if guess is None else guess.column.misfits(AttributeType.INTEGER)
    if guess is None or not misfits:
        return
    try:
        integer_from(misfits[0])
    except ValueError as error:
        yield (
            f"Whole numbers in {quoted(guess.column.name)}; {error}. Where pandas wrote them:"
            ' .astype("Int64") before to_csv.'
        )


def _are_swapped(events: Sheet, members: Sheet) -> bool:
    """Whether values come again and again in the members' file, and once among the events."""
    once = [column for column in events.profile.columns if column.is_unique]
    often = [column for column in members.profile.columns if 2 * len(column.counts) <= column.filled]
    return any(overlap(many, one) > _MOST for many in often for one in once)


def _of_members(adoption: Adoption) -> Iterator[str]:
    yield (
        "A file of members, with the columns member_id and signed_up_on: ask the system for the day on which"
        " each of them signed up."
    )
    earliest = adoption.facts.earliest
    if earliest and len(adoption.events.guesses[Role.OCCURRED_AT].column.times.forms) == 1:
        shown = sorted(earliest)[:_MEMBERS_SHOWN]
        days = ", ".join(f"{quoted(one)} {earliest[one].date()}" for one in shown)
        more = ", ..." if len(earliest) > len(shown) else ""
        yield f"A hint for it: nobody signed up after their first event, which is of: {days}{more}"


def _of_file(export: ExportFile) -> Iterator[str]:
    name, shape = export.name, export.shape
    if shape is not None:
        between = shape.delimiter
        if between not in READ_ELSEWHERE:
            yield f"In {name}, commas, semicolons or tabs in place of {quoted(between)} between cells."
        if not shape.header:
            how = "tabs" if between == "\t" else quoted(between)
            names = " ".join(shape.names)
            yield f"In {name}, a header: write this line above the first, {how} for its spaces: {names}"
        elif shape.above:
            above = "line 1" if shape.header == 1 + 1 else f"lines 1 to {shape.header - 1}"
            yield f"In {name}, nothing above the header: delete {above}."
        if shape.blank:
            names = ", ".join(f"`{shape.names[place - 1]}`" for place in shape.blank)
            yield f"In {name}, a name for each column; the draft calls those without one {names}."
        if shape.short:
            yield f"In {name}, {shape.short} more {quoted(between)} at the end of the header, as rows have."
        if shape.twice:
            yield f"In {name}, one column of each name; twice there: {', '.join(map(quoted, shape.twice))}."
    if export.nested:
        flat = flat_name(export)
        yield f"In {name}, plain values in place of objects: the command below makes {flat} of it."
    if export.passed_over:
        passed = ", ".join(map(quoted, export.passed_over))
        yield f"In {name}, columns of plain values; passed over: {passed}."


def flat_name(export: ExportFile) -> str:
    """The file that has plain objects in place of nested ones."""
    return f"{PurePath(export.short_name).stem}-flat.jsonl"


def flattening(export: ExportFile) -> str:
    """The command that makes plain objects of nested ones, with the names that are used here."""
    ways = dict(export.nested)
    parts = [f"{key_of(name)}: {ways[name]}" if name in ways else key_of(name) for name in export.names]
    there, flat = shlex.quote(export.name), shlex.quote(flat_name(export))
    return f"jq -c {shlex.quote('{' + ', '.join(parts) + '}')} {there} > {flat}"


def _quoted(name: str) -> str:
    """A name in the quotation marks of JSON."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _of_missing(role: Role, together: tuple[str, ...]) -> Iterator[str]:
    match role:
        case Role.EVENT_ID:
            yield "A column `event_id`, different in each row and the same in each export: no column is so."
            yield _id_from(together)
        case Role.MEMBER_ID:
            yield "A column `member_id`, which says who it was: no column looks like it."
        case Role.ACTIVITY:
            yield (
                "A column `activity`, which says what was done: no column has few different texts that come"
                " again and again. If all rows are of one kind, add a column with one word."
            )
        case Role.OCCURRED_AT | Role.SIGNED_UP_ON | Role.VALID_FROM:
            yield f"A column `{role}`, which says when it was: no column can be read as times."
        case Role.POINTS:
            yield "A column `points`."
        case _:
            assert_never(role)


def _of_namesakes(role: Role, sheet: Sheet) -> Iterator[str]:
    """Why columns whose names speak for a role are not taken for it."""
    named = [
        column for column in sheet.profile.columns if column.filled and name_score(role, column.name) > 0
    ]
    named.sort(key=lambda column: (-name_score(role, column.name), column.place))
    if role in {Role.EVENT_ID, Role.MEMBER_ID}:
        yield from (f"{damage}." for damage in map(damage_words, named) if damage)
    elif role in {Role.OCCURRED_AT, Role.SIGNED_UP_ON}:
        for column in named[:1]:
            try:
                clock_in("UTC").moment(min(column.counts))
            except ValueError as error:
                yield f"The name of {quoted(column.name)} says when, but {error}."


def _in_sql(name: str) -> str:
    return name if name.isascii() and name.isidentifier() else _quoted(name)


def _id_from(together: tuple[str, ...]) -> str:
    """How to come by an id for each row, where it is exported."""
    if not together:
        return "No two or three columns together are different in each row either: ask the system for its id."
    names = " and ".join(map(quoted, together))
    letters = [chr(ord("A") + number) for number in range(len(together))]
    cells = '&"|"&'.join(f"{letter}2" for letter in letters)
    return (
        f"{names} together are different in each row. Make an id of them where it is exported: in a database"
        f" md5(concat_ws('|', {', '.join(map(_in_sql, together))})), in a spreadsheet ={cells} with"
        " the letters of these columns. The number of the row is no id, as it changes with the next export."
    )
