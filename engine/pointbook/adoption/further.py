"""What becomes of the columns that are none of ours: an attribute, a reference, or passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import TYPE_CHECKING

from pointbook.adoption.forms import NUMBERS, moment_in
from pointbook.adoption.guesses import is_id_like
from pointbook.adoption.names import plain_name
from pointbook.log.faults import quoted
from pointbook.log.typed.values import boolean_meant
from pointbook.model.attributes import AttributeType
from pointbook.model.exports import TimeForm
from pointbook.model.tables import LEDGER, names_of
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pointbook.adoption.profiles import ColumnProfile

_MOST_KINDS, _LONGEST_KIND = 100, 60
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_DECIMAL_COMMA = re.compile(r"\s*[+-]?[0-9]{1,3}(?:\.?[0-9]{3})*(?:,[0-9]+)?\s*")


class Use(StrEnum):
    """What a column is for us that is none of ours."""

    ATTRIBUTE = "attribute"
    REFERENCE = "reference"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class FurtherColumn:
    """A column that is none of ours.

    Attributes:
        column: The column.
        use: What becomes of it.
        type: That of the attribute.
        name: That of the attribute.
        evidence: Why, in words.
        alternative: Another type that it nearly has, and why it has not.
    """

    column: ColumnProfile
    use: Use
    type: AttributeType
    name: str
    evidence: str
    alternative: str = ""


def further_columns(
    columns: Sequence[ColumnProfile],
    reserved: Collection[str],
    unnamed: Collection[int] = (),
    form: TimeForm | None = None,
    *,
    has_references: bool = True,
) -> tuple[FurtherColumn, ...]:
    """What becomes of columns, in their order.

    Args:
        columns: Those that are none of ours.
        reserved: Names that no attribute can have.
        unnamed: Places of columns without a name.
        form: That of the times, in which days are read too.
        has_references: Whether columns can be carried into the ledger, as those of events can.
    """
    taken, found = {name.casefold() for name in reserved}, []
    of_ledger = {name.casefold() for name in names_of(LEDGER)}
    for column in columns:
        kind = AttributeType.DATE if _has_days(column, form) else column.type
        use, evidence = _use(column, kind)
        if column.place in unnamed:
            use, evidence = Use.IGNORE, "it has no name"
        elif use is Use.REFERENCE and not has_references:
            use, evidence = Use.IGNORE, "it looks like another id"
        elif use is Use.REFERENCE and column.name.casefold() in of_ledger:
            use, evidence = Use.IGNORE, f"{evidence}, but that has a column of this name"
        fits = _NAME.fullmatch(column.name) and column.name.casefold() not in taken
        stem = column.name if fits else plain_name(column.name)[:90]
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}_{number}", number + 1
        if use is Use.ATTRIBUTE:
            taken.add(name.casefold())
        found.append(FurtherColumn(column, use, kind, name, evidence, _alternative(column, kind)))
    return tuple(found)


def _has_days(column: ColumnProfile, form: TimeForm | None) -> bool:
    """Whether a column has days, written as the times are; of Unix times only if each is a midnight."""
    times = column.times
    if form is None or times.forms[:1] != (form,) or times.others or form is TimeForm.SPREADSHEET_DAYS:
        return False
    if form not in NUMBERS:
        return not times.with_time
    return len(column.counts) > 1 and all(_is_midnight(form, value) for value in column.counts)


def _is_midnight(form: TimeForm, text: str) -> bool:
    moment = moment_in(form, text)
    return moment is not None and moment.time() == time()


def _use(column: ColumnProfile, kind: AttributeType) -> tuple[Use, str]:
    kept = len(column.counts)
    if is_id_like(column):
        return Use.REFERENCE, "it looks like the id of something, for the ledger to carry along"
    if not column.filled or (kept == 1 and column.filled == column.rows):
        same = "the same text in every row" if column.filled else "it says nothing in any row"
        return Use.IGNORE, same
    if kind is not AttributeType.TEXT:
        return Use.ATTRIBUTE, f"each of {quantity(column.filled, 'value')} is {_type_words(column, kind)}"
    return _use_of_texts(column, kept)


def _use_of_texts(column: ColumnProfile, kept: int) -> tuple[Use, str]:
    if column.times.forms and column.times.fitting * 10 > 9 * sum(column.counts.values()):
        return Use.IGNORE, "further times; no rule can ask for them"
    few = column.tally.is_exact and kept <= _MOST_KINDS and column.longest <= _LONGEST_KIND
    if few and 2 * kept <= column.filled:
        return Use.ATTRIBUTE, f"{quantity(kept, 'different text')} in {quantity(column.filled, 'value')}"
    about = "" if column.tally.is_exact else "about "
    return Use.IGNORE, f"texts of all kinds: {about}{column.tally.distinct:,} different ones"


def _type_words(column: ColumnProfile, kind: AttributeType) -> str:
    if kind in {AttributeType.INTEGER, AttributeType.DECIMAL}:
        least, most = column.extent()
        number = "a whole number" if kind is AttributeType.INTEGER else "a number"
        return f"{number}, from {least:,} to {most:,}"
    return "true or false" if kind is AttributeType.BOOLEAN else "a day"


def _alternative(column: ColumnProfile, kind: AttributeType) -> str:
    """What a column of texts nearly is."""
    if kind is not AttributeType.TEXT or not column.counts:
        return ""
    kept = len(column.counts)
    meant = {value: boolean_meant(value) for value in column.counts} if kept == len((False, True)) else {}
    if set(meant.values()) == {False, True}:
        written = (f"{quoted(value)} as {str(is_so).lower()}" for value, is_so in sorted(meant.items()))
        return f"to make it type: boolean, export {' and '.join(written)}"
    if kept > 1 and all(map(_DECIMAL_COMMA.fullmatch, column.counts)):
        return "numbers with a decimal comma; write them with a point to make it type: decimal"
    for nearly in (AttributeType.BOOLEAN, AttributeType.INTEGER, AttributeType.DECIMAL, AttributeType.DATE):
        misfits = column.misfits(nearly, most=kept // 10 + 1)
        if len(misfits) <= kept // 10:
            others = quantity(len(misfits), "value is", "values are")
            return f"type: {nearly}, but {others} none: {', '.join(map(quoted, misfits[:3]))}"
    return ""
