"""The header of a CSV file: its delimiter, its columns, and everything that is wrong with them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pointbook.diagnostics import InputError, closest, suggestion
from pointbook.likeness import difference
from pointbook.log.columns import IGNORED
from pointbook.log.faults import quoted
from pointbook.log.rows.csv_cells import LINE_ENDS, MalformedRowError, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pointbook.log.columns import Columns

DELIMITERS = (",", ";", "\t")
_DATA = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?|[0-9]{1,4}([-/.])[0-9]{1,2}\2[0-9]{1,4}([T ].*)?")
_EXCEL = re.compile(r'"?sep=.?"?', re.IGNORECASE)
_RULED = re.compile(r"[-+|= ]*-{2,}[-+|= ]*")
_MOST_SHOWN = 10
_MOST_ABOVE = 20
_LONGEST_NAME = 100


def header_of(
    file: str, number: int, line: str, following: Sequence[str], columns: Columns
) -> tuple[tuple[str, ...], str]:
    """The names of the columns, empty for columns at the end that have none; and the delimiter.

    The delimiter is the one under which most names are known.

    Args:
        file: The name that errors carry.
        number: The header's line.
        line: The header.
        following: Some lines after it, among which the header is looked for if this is none.
        columns: The columns there may be.

    Raises:
        InputError: The header cannot be used; names everything that is wrong with it.
    """
    try:
        return _header_in(f"{file}:{number}", line.rstrip(LINE_ENDS), columns)
    except InputError:
        refuse_printed(f"{file}:{number}", [line, *following[:1]])
        for further, other in enumerate(following[:_MOST_ABOVE], number + 1):
            if set(columns.required) <= set(map(columns.ours, _split(other.rstrip(LINE_ENDS), columns)[0])):
                raise _not_the_first(file, number, line, further) from None
        raise


def refuse_printed(where: str, lines: Sequence[str]) -> None:
    """Refuse a table as the shells of databases print it for people.

    Args:
        where: What the error points at.
        lines: The first two of the file.

    Raises:
        InputError: One of them is a line drawn under, or above, the header.
    """
    if any(map(_RULED.fullmatch, map(str.strip, lines))):
        message = "this is a table as a database's shell prints it for people"
        hint = "export it as CSV: with `psql --csv`, `sqlite3 -csv`, or with tabs with `mysql --batch`"
        raise InputError(where, message, hint)


def _not_the_first(file: str, number: int, line: str, header: int) -> InputError:
    """The error for a file in which something stands above the header."""
    above = f"line {number}" if header == number + 1 else f"lines {number} to {header - 1}"
    excel = ", which only Excel reads" if _EXCEL.fullmatch(line.strip()) else ""
    message = f"the header is line {header}; above it stands {quoted(line.strip())}{excel}"
    return InputError(f"{file}:{number}", message, f"delete {above}, so that the file begins with the header")


def _header_in(where: str, line: str, columns: Columns) -> tuple[tuple[str, ...], str]:
    if "\0" in line:
        hint = "if it is UTF-16, save it as UTF-8; in Excel, choose `CSV UTF-8`"
        raise InputError(where, "it contains NUL characters, so it is UTF-16 or no text at all", hint)
    if line.lstrip()[:1] in ("{", "["):
        raise InputError(where, "this looks like JSON, not like CSV", "give its name the ending `.jsonl`")
    names, delimiter = _split(line, columns)
    if not names:
        raise InputError(
            where, "the header's quotation marks are not closed", "write the header without them"
        )
    required = [columns.theirs(name) for name in columns.required]
    if len(names) == 1 and all(name in line for name in required):
        message = "the columns are not separated by a comma, a semicolon or a tab"
        raise InputError(where, message, f"write the header as {','.join(required)}, and the rows likewise")
    if _is_data(names, columns):
        message = "there is no header: this line already looks like data"
        how = ", with tabs for these commas" if delimiter == "\t" else ""
        written = ("," if how else delimiter).join(required)
        raise InputError(where, message, f"write the names of the columns above it{how}: {written}")
    named = len(names)
    while named and not names[named - 1]:
        named -= 1
    if any(_problems(names[:named], columns)):
        refuse_names(where, names, columns)
    return names, delimiter


def refuse_names(where: str, names: Sequence[str], columns: Columns) -> None:
    """Refuse columns that a file of this kind cannot have.

    Args:
        where: What errors point at.
        names: The names of the columns, in their order.
        columns: The columns there may be.

    Raises:
        InputError: Names everything that is wrong with them.
    """
    if columns.is_the_other_kind(names):
        raise the_other_kind(where, columns)
    problems = tuple(_problems(names, columns))
    if problems:
        hints = dict.fromkeys(hint for _, hint in problems if hint)
        raise InputError(where, "; ".join(message for message, _ in problems), "; ".join(hints))


def the_other_kind(where: str, columns: Columns) -> InputError:
    """The error for a file of members given as events, or the other way round."""
    other = "members" if columns.kind == "events" else "events"
    message = f"this looks like the {other} file, but it was given as {columns.kind}"
    return InputError(where, message, f"give the {columns.kind} here; the two may have been swapped")


def _split(line: str, columns: Columns) -> tuple[tuple[str, ...], str]:
    """The names under the likeliest delimiter; no names where its quotation marks are wrong."""
    known = {*columns.known, IGNORED}

    def names_under(delimiter: str) -> tuple[str, ...]:
        try:
            return tuple(cell.strip() for cell in cells_of(line, delimiter, iter(()), 1))
        except MalformedRowError:
            return ()

    def likelihood(delimiter: str) -> tuple[int, int]:
        names = names_under(delimiter)
        return len(known.intersection(map(columns.ours, names))), len(names)

    delimiter = max(DELIMITERS, key=likelihood)
    return names_under(delimiter), delimiter


def _is_data(names: Sequence[str], columns: Columns) -> bool:
    """Whether a header is more likely a first row: no name is known in any case, and some are values."""
    folded = {columns.ours(name).casefold() for name in names}
    return folded.isdisjoint(columns.known) and any(_DATA.fullmatch(name) for name in names)


def _problems(names: Sequence[str], columns: Columns) -> Iterator[tuple[str, str]]:
    """What is wrong, each with a hint."""
    ours = {name: columns.ours(name) for name in names if name}
    not_there = [(name, place) for name, place in columns.wanted if name not in ours]
    yield from strayed(not_there, list(ours), columns)
    excused = {columns.ours(name) for name, _ in not_there}
    missing = [name for name in columns.required if name not in {*ours.values(), *excused}]
    unknown = [name for name, known in ours.items() if known != IGNORED and known not in columns.known]
    renames = {name: match for name in unknown[:_MOST_SHOWN] if (match := _closest(name, missing))}
    if missing:
        to_add = [f"`{name}`" for name in missing if name not in renames.values()]
        hint = f"add {_joined(to_add)}, which every row of {columns.kind} needs" if to_add else ""
        if hint and unknown and columns.goes_by_log_yaml:
            hint += ", or say in log.yaml under `columns` which of the others it is"
        yield f"required {_columns(missing)} missing", hint
    if unknown:
        yield f"{_columns(unknown)} not known", "; ".join(_unknown_hints(unknown, renames, columns))
    for theirs, name in columns.mapped_twice(names):
        message = f"{quoted(theirs)} is read as {name} by log.yaml, and there is a column {quoted(name)} too"
        yield message, f"list `{name}` under `ignore` in log.yaml, or take the other line out"
    counts = Counter(name for name in names if name)
    for name in [name for name, count in counts.items() if count > 1][:_MOST_SHOWN]:
        at = [str(index) for index, other in enumerate(names, 1) if other == name]
        yield f"the column {quoted(name)} appears {len(at)} times, at {_joined(at)}", "keep one of them"
    empty = [str(index) for index, name in enumerate(names, 1) if not name]
    if empty:
        hint = "name every column; a delimiter at the header's end also makes one"
        if not names[0]:
            hint = (
                "name every column; pandas writes row numbers without a name unless told `index=False`, R"
                " unless told `row.names=FALSE`"
            )
        yield f"no name is given to {'columns' if len(empty) > 1 else 'column'} {_joined(empty)}", hint


def strayed(
    not_there: Iterable[tuple[str, str]], names: Sequence[str], columns: Columns
) -> Iterator[tuple[str, str]]:
    """What is wrong with columns that log.yaml names and a file does not have, each with a hint.

    Args:
        not_there: Their names, each with the place in log.yaml.
        names: The columns that the file has.
        columns: The columns there may be.
    """
    wanted = {name for name, _ in columns.wanted}
    others = [name for name in names if name not in wanted]
    known = f"there are {_joined(list(map(quoted, others)))}" if others else "there is no other column"
    instead = f"or add to `sources` in log.yaml how such files have their {columns.kind}"
    far = []
    for name, place in not_there:
        if match := _closest(name, others):
            hint = f"the column nearest to {quoted(name)} is {quoted(match)}; correct {place}, {instead}"
            yield f"the column {quoted(name)}, which {place} names, is not there", hint
        else:
            far.append((name, place))
    if len(far) == 1:
        ((name, place),) = far
        message = f"the column {quoted(name)}, which {place} names, is not there"
        yield message, f"{known}; correct {place}, {instead}"
    elif far:
        names_far = _joined([quoted(name) for name, _ in far])
        message = f"the columns {names_far}, which {far[0][1]} and the lines below it name, are not there"
        yield message, f"{known}; correct them, {instead}"


def _unknown_hints(unknown: Sequence[str], renames: Mapping[str, str], columns: Columns) -> Iterator[str]:
    """What to do about each unknown column, and once, which columns there are."""
    strange = []
    for name in unknown[:_MOST_SHOWN]:
        if name in renames:
            yield f"rename {quoted(name)} to `{renames[name]}`{_unseen(name, renames[name])}"
        elif match := _closest(name, columns.known):
            unseen = _unseen(name, match)
            meant = suggestion(name[:_LONGEST_NAME], columns.known)
            yield f"rename {quoted(name)} to `{match}`{unseen}" if unseen else f"{quoted(name)}: {meant}"
        else:
            strange.append(quoted(name))
    if strange:
        them = _joined(strange)
        others = "list under `ignore` in log.yaml what is not needed, or declare it in the rules"
        yield f"delete {them}{f', {others}' if columns.goes_by_log_yaml else ''}"
        yield suggestion("", columns.known)


def _unseen(name: str, known: str) -> str:
    """In what two names differ, where the eye does not see it."""
    words = "" if name.isprintable() else difference(name, known)
    return f": the two differ in {words}" if words else ""


def _closest(name: str, known: Sequence[str]) -> str | None:
    return closest(name[:_LONGEST_NAME], known)


def _columns(names: Sequence[str]) -> str:
    shown = _joined([quoted(name) for name in names])
    return f"{'columns' if len(names) > 1 else 'column'} {shown} {'are' if len(names) > 1 else 'is'}"


def _joined(words: Sequence[str]) -> str:
    if len(words) > _MOST_SHOWN:
        words = (*words[:_MOST_SHOWN], f"{len(words) - _MOST_SHOWN} more")
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
