"""Why a column is taken for something, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pointbook.adoption.forms import TimeWriting
from pointbook.adoption.names import name_score
from pointbook.log.faults import quoted
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.adoption.profiles import ColumnProfile

_SHOWN = 3


def named(column: ColumnProfile, role: str) -> str:
    """What the name says of a role."""
    return "its name says so" if name_score(role, column.name) > 0 else "its name does not say so"


def kept_of(column: ColumnProfile) -> str:
    """What was looked at, where that is not all."""
    if column.tally.is_exact:
        return ""
    return f" (judged by {len(column.counts):,} values, 1 in {1 << column.tally.bits})"


def id_evidence(column: ColumnProfile, role: str) -> str:
    """Why it names rows."""
    if column.is_unique:
        return (
            f"no value comes twice in {quantity(column.rows, 'row')}{kept_of(column)}; {named(column, role)}"
        )
    parts = [
        f"{quantity(len(column.repeated), 'value comes', 'values come')} more than once{kept_of(column)}"
        if column.repeated
        else f"no value comes twice{kept_of(column)}"
    ]
    if gaps := column.rows - column.filled:
        parts.append(f"{quantity(gaps, 'row has', 'rows have')} none")
    return "; ".join((*parts, named(column, role)))


def member_evidence(column: ColumnProfile, share: int, *, is_joined: bool) -> str:
    """Why it names members."""
    parts = [f"{_distinct(column)} in {quantity(column.rows, 'row')}"]
    if is_joined:
        parts.append(f"{share}% of them are in the members' file")
    return "; ".join((*parts, named(column, "member_id")))


def activity_evidence(column: ColumnProfile) -> str:
    """Why it says what was done."""
    kinds = ", ".join(quoted(value) for value, _ in list(column.tally.most_frequent())[:_SHOWN])
    more = ", ..." if len(column.counts) > _SHOWN else ""
    return (
        f"{_distinct(column)} in {quantity(column.rows, 'row')}: {kinds}{more}; {named(column, 'activity')}"
    )


def points_evidence(column: ColumnProfile) -> str:
    """Why it holds points."""
    least, most = column.extent()
    return f"whole numbers from {least:,} to {most:,}; {named(column, 'points')}"


def times_evidence(column: ColumnProfile, role: str) -> str:
    """Why it says when."""
    found = column.times
    looked_at = sum(column.counts.values())
    some = f"{found.fitting:,} of {looked_at:,} cells" if found.others else quantity(found.fitting, "cell")
    about = "" if len(found.others) or column.tally.is_exact else kept_of(column)
    return f"{some} {form_words(found.forms)}{about}; {named(column, role)}"


def form_words(forms: tuple[TimeWriting, ...]) -> str:
    """What the forms of a column's times are."""
    if len(forms) > 1:
        return "are days and months in numbers, of which nothing tells which comes first"
    match forms[0]:
        case TimeWriting.READ:
            return "are times as we read them"
        case TimeWriting.DAY_FIRST:
            return "are times with the day before the month"
        case TimeWriting.MONTH_FIRST:
            return "are times with the month before the day"
        case TimeWriting.UNIX_SECONDS:
            return "are Unix times in seconds"
        case TimeWriting.UNIX_MILLISECONDS:
            return "are Unix times in milliseconds"
        case TimeWriting.SPREADSHEET_DAYS:
            return "are day numbers of a spreadsheet"
    assert_never(forms[0])


def _distinct(column: ColumnProfile) -> str:
    about = "" if column.tally.is_exact else "about "
    return f"{about}{quantity(column.tally.distinct, 'different value')}"
