"""What is undecided, and what is needed before a log can be evaluated, with how to come by it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pointbook.adoption.text_shapes import READ_ELSEWHERE
from pointbook.adoption.guesses import REQUIRED, Role
from pointbook.log.faults import quoted
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.adoption.adopting import Adoption
    from pointbook.adoption.sheets import Sheet

_SHOWN = 5
_MEMBERS_SHOWN = 10


def undecided(adoption: Adoption) -> Iterator[str]:
    """What the export does not tell, and somebody has to decide."""
    for sheet in filter(None, (adoption.events, adoption.members)):
        for guess in sheet.guesses.values():
            if guess.others:
                others = " or ".join(quoted(column.name) for column, _ in guess.others)
                yield f"`{guess.role}` could be {others} too"
        for role in (Role.OCCURRED_AT, Role.SIGNED_UP_ON):
            if role in sheet.guesses:
                yield from _of_times(sheet, role)
        for word, (cells, columns) in sheet.words_for_nothing.items():
            where = ", ".join(map(quoted, columns[:_SHOWN]))
            yield f"{quoted(word)} is taken for no value: {quantity(cells, 'cell')} of {where}"
        for further in sheet.further:
            if further.alternative:
                yield f"{quoted(further.column.name)} is taken for texts; {further.alternative}"
    for value, (made, doubt) in adoption.ids.items():
        if doubt:
            yield f"activity {quoted(value)} becomes `{made}`; {doubt.removeprefix('decide: ')}"


def _of_times(sheet: Sheet, role: Role) -> Iterator[str]:
    column = sheet.guesses[role].column
    found = column.times
    if len(found.forms) > 1:
        yield (
            f"{quoted(column.name)}: day or month first? No value has a number over 12 in it, such as"
            f" {quoted(min(column.counts))}; until `form` is said, rows are rejected"
        )
    if role is Role.OCCURRED_AT and found.with_time and not found.zoned:
        yield f"{quoted(column.name)}: the times carry no offset; they are read in the program's time zone"
    elif role is Role.OCCURRED_AT and 0 < found.zoned < found.with_time:
        local = found.with_time - found.zoned
        yield f"{quoted(column.name)}: {quantity(local, 'time carries', 'times carry')} no offset, the others do"


def needed(adoption: Adoption) -> Iterator[str]:
    """What must be done to the export, or come from elsewhere, before it can be evaluated."""
    for sheet in filter(None, (adoption.events, adoption.members)):
        yield from _of_file(sheet)
    events, facts = adoption.events, adoption.facts
    for role in REQUIRED:
        if role not in events.guesses:
            yield from _of_missing(role, facts.unique_together)
    if adoption.members is None:
        yield (
            "A file of members, with the columns member_id and signed_up_on: ask the system for the day on which"
            " each signed up."
        )
        if facts.earliest:
            shown = sorted(facts.earliest)[:_MEMBERS_SHOWN]
            days = ", ".join(f"{quoted(one)} {facts.earliest[one].date()}" for one in shown)
            more = ", ..." if len(facts.earliest) > len(shown) else ""
            yield f"Nobody signed up later than their first event, which is of: {days}{more}"
        return
    for role, how in (
        (Role.MEMBER_ID, "the id by which events name members"),
        (Role.SIGNED_UP_ON, "the day on which each member signed up"),
    ):
        if role not in adoption.members.guesses:
            yield f"In {adoption.members.export.name}, a column `{role}`: {how}."
    if Role.SIGNED_UP_ON in adoption.members.guesses:
        column = adoption.members.guesses[Role.SIGNED_UP_ON].column
        if column.times.with_time:
            yield (
                f"{quoted(column.name)} has times of day, where a day is asked for: export the day alone, as it was"
                " in the program's time zone."
            )


def _of_file(sheet: Sheet) -> Iterator[str]:
    export = sheet.export
    shape, name = export.shape, export.name
    if shape is not None:
        between = READ_ELSEWHERE[0] if shape.delimiter not in READ_ELSEWHERE else shape.delimiter
        if shape.delimiter not in READ_ELSEWHERE:
            yield (
                f"In {name}, cells are separated by {quoted(shape.delimiter)}: save it with commas, semicolons or"
                " tabs between them."
            )
        if not shape.header:
            yield f"In {name}, a header: write this line above the first: {between.join(shape.names)}"
        elif shape.above:
            yield f"In {name}, nothing above the header: delete lines 1 to {shape.header - 1}."
        if shape.blank and shape.header:
            yield f"In {name}, a name for column {', '.join(map(str, shape.blank))}."
        if shape.twice:
            yield f"In {name}, one column of each name: {', '.join(map(quoted, shape.twice))} comes twice."
    if export.nested:
        taken = ", ".join(f"{plain}: {way}" for plain, way in export.nested)
        plain = [column for column in export.names if column not in dict(export.nested)]
        objects = ", ".join(
            (*(f'"{column}"' if not column.isidentifier() else column for column in plain), taken)
        )
        command = f"jq -c {shlex.quote(f'{{{objects}}}')} {shlex.quote(name)} > flat.jsonl"
        yield f"In {name}, plain values: some lie in objects. The names above are those of: {command}"
    if export.passed_over:
        yield f"In {name}, columns with plain values; passed over: {', '.join(map(quoted, export.passed_over))}."


def _of_missing(role: Role, together: tuple[str, ...]) -> Iterator[str]:
    match role:
        case Role.EVENT_ID:
            yield "A column `event_id`, different in each row and the same in each export: no column is so."
            if together:
                names = " and ".join(map(quoted, together))
                cells = '&"|"&'.join(f"{chr(ord('A') + place)}2" for place in range(len(together)))
                yield (
                    f"{names} together are different in each row. Make an id of them where the export is made: in a"
                    f" database md5(concat_ws('|', {', '.join(together)})), in a spreadsheet ={cells} with their"
                    " cells. The number of the row is none, as it changes with the next export."
                )
            else:
                yield "No two or three columns together are different in each row either: ask the system for its id."
        case Role.MEMBER_ID:
            yield "A column `member_id`, which says who did it: no column looks like it."
        case Role.ACTIVITY:
            yield (
                "A column `activity`, which says what was done: no column has few different texts. If all rows are of"
                " one kind, add a column with one word."
            )
        case _:
            yield f"A column `{role}`, which says when it was: no column can be read as times."
