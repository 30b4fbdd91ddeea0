"""What an export probably is, as text for people."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from pointbook.adoption.advice import needed, undecided
from pointbook.adoption.evidence import damage_words, times_words
from pointbook.adoption.facts import row_lines, unknown_line
from pointbook.adoption.further import Use
from pointbook.adoption.guesses import Role
from pointbook.log.faults import quoted
from pointbook.model.wording import quantity
from pointbook_cli.reporters.escaping import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pointbook.adoption import Adoption
    from pointbook.adoption.sheets import Sheet

_WIDTH = 80
_MOST_VALUES = 20
_LONGEST_NAME = 24
_USES = {Use.ATTRIBUTE: "attribute", Use.REFERENCE: "reference", Use.IGNORE: "passed over"}


def adoption_text(adoption: Adoption) -> str:
    """The files, what each column probably is, values, times, what does not fit, and what is left to do."""
    lines: list[str] = []
    for sheet in filter(None, (adoption.events, adoption.members)):
        lines += [*_of_file(sheet), ""]
    lines += _values(adoption)
    lines += _section("times", _times(adoption))
    lines += _section("what does not fit", _unfit(adoption))
    lines += _section("undecided, for you to confirm", undecided(adoption))
    lines += _section("needed before the first evaluate", needed(adoption))
    return "\n".join(lines).rstrip("\n")


def _unfit(adoption: Adoption) -> Iterator[str]:
    yield from row_lines(adoption.facts)
    known = adoption.members.guesses.get(Role.MEMBER_ID) if adoption.members is not None else None
    if known is not None and adoption.members is not None and adoption.facts.unknown.total:
        yield unknown_line(adoption.facts, adoption.members.export.name, known.column)
    for sheet in filter(None, (adoption.events, adoption.members)):
        for role in (Role.EVENT_ID, Role.MEMBER_ID):
            if role in sheet.guesses and (damage := damage_words(sheet.guesses[role].column)):
                yield damage


def _of_file(sheet: Sheet) -> Iterator[str]:
    export, profile = sheet.export, sheet.profile
    shape = ""
    if export.shape is not None:
        header = f"header in line {export.shape.header}" if export.shape.header else "no header"
        shape = f", separated by {quoted(export.shape.delimiter)}, {header}"
    columns = quantity(len(export.names), "column")
    yield from _wrapped(f"{export.name}: {quantity(profile.rows, 'row')} of {columns}{shape}", "")
    partly = [column.name for column in profile.columns if not column.tally.is_exact]
    if partly:
        text = (
            "every row was looked at, but of these columns not all values are kept, and figures are about so:"
        )
        yield from _wrapped(f"{text} {', '.join(map(quoted, partly))}", "")
    uses = {guess.column.place: (str(guess.role), guess.evidence) for guess in sheet.guesses.values()}
    uses |= {one.column.place: (_USES[one.use], one.evidence) for one in sheet.further}
    names = {column.place: _short(column.name) for column in profile.columns}
    width = max(map(len, names.values()))
    for place, name in names.items():
        use, evidence = uses[place]
        first = f"  {name:<{width}}  {use:<12}  "
        yield from textwrap.wrap(
            printable(evidence), _WIDTH, initial_indent=first, subsequent_indent=" " * len(first)
        )


def _values(adoption: Adoption) -> Iterator[str]:
    events = adoption.events
    if Role.ACTIVITY in events.guesses:
        column = events.guesses[Role.ACTIVITY].column
        yield f"activities, by {_short(column.name)}:"
        counts = list(column.tally.most_frequent())
        width = len(f"{counts[0][1]:,}")
        for value, times in counts[:_MOST_VALUES]:
            yield f"  {times:>{width},}  {printable(quoted(value))}"
        if len(counts) > _MOST_VALUES:
            yield f"  and {len(counts) - _MOST_VALUES:,} more"
        yield ""
    kinds = [one.column for one in events.further if one.use is Use.ATTRIBUTE and one.type == "text"]
    lines = []
    for column in kinds:
        counts = list(column.tally.most_frequent())
        shown = ", ".join(f"{quoted(value)} {times:,}" for value, times in counts[:_MOST_VALUES])
        more = f", and {len(counts) - _MOST_VALUES:,} more" if len(counts) > _MOST_VALUES else ""
        lines.append(f"{_short(column.name)}: {shown}{more}")
    yield from _section("other values", lines)


def _times(adoption: Adoption) -> Iterator[str]:
    for sheet, role in ((adoption.events, Role.OCCURRED_AT), (adoption.members, Role.SIGNED_UP_ON)):
        if sheet is None or role not in sheet.guesses:
            continue
        column = sheet.guesses[role].column
        proof = f", as {quoted(column.times.proof)} shows" if column.times.proof else ""
        extent = ""
        is_decided = len(column.times.forms) == 1
        if role is Role.OCCURRED_AT and is_decided and adoption.facts.first and adoption.facts.last:
            extent = f"; from {adoption.facts.first.date()} to {adoption.facts.last.date()}"
        others = f"; not so: {', '.join(map(quoted, column.times.others[:3]))}" if column.times.others else ""
        yield f"{_short(column.name)}: {times_words(column)}{proof}{others}{extent}"


def _section(title: str, entries: Iterable[str]) -> Iterator[str]:
    entries = list(entries)
    if entries:
        yield f"{title}:"
        for entry in entries:
            yield from _wrapped(entry, "  - ")
        yield ""


def _wrapped(text: str, begin: str) -> list[str]:
    return textwrap.wrap(
        printable(text),
        _WIDTH,
        initial_indent=begin,
        subsequent_indent=" " * len(begin),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _short(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[: _LONGEST_NAME - 3]}..."
