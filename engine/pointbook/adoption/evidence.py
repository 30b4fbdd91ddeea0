"""Why a column is taken for something, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.adoption.names import name_score, names_an_id
from pointbook.likeness import spreadsheet_damage
from pointbook.log.faults import quoted
from pointbook.model.attributes import AttributeType
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.adoption.profiles import ColumnProfile
    from pointbook.model.exports import TimeForm

_SHOWN = 3


def named(column: ColumnProfile, role: str) -> str:
    """What the name says of a role."""
    says = name_score(role, column.name) > 0 or (role.endswith("_id") and names_an_id(column.name))
    return "its name says so" if says else "its name does not say so"


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


def member_evidence(column: ColumnProfile, share: int | None) -> str:
    """Why it names members; of a hundred values `share` are in the members' file, None without one."""
    parts = [f"{_distinct(column)} in {quantity(column.rows, 'row')}"]
    if share is not None:
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
    if not column.filled:
        return "it says nothing in any row, but bears our name"
    if column.type is not AttributeType.INTEGER:
        return f"whole numbers, but not written as such; {named(column, 'points')}"
    least, most = column.extent()
    return f"whole numbers from {least:,} to {most:,}; {named(column, 'points')}"


def times_evidence(column: ColumnProfile, role: str) -> str:
    """Why it says when."""
    return f"{times_words(column)}; {named(column, role)}"


def times_words(column: ColumnProfile) -> str:
    """How many of its cells are times, and of which form."""
    found = column.times
    looked_at = found.fitting + sum(column.counts[value] for value in found.others)
    if looked_at < column.filled:
        some = f"{found.fitting:,} of {looked_at:,} cells looked at"
    else:
        some = f"{found.fitting:,} of {looked_at:,} cells" if found.others else quantity(looked_at, "cell")
    return f"{some}: {form_words(found.forms)}"


def damage_words(column: ColumnProfile) -> str:
    """What a spreadsheet did to its ids, empty where it did nothing."""
    damaged = sorted(value for value in column.counts if spreadsheet_damage(value))
    if not damaged:
        return ""
    values = quantity(len(damaged), "id", "ids")
    return f"{values} of {quoted(column.name)} such as {quoted(damaged[0])}: {spreadsheet_damage(damaged[0])}"


def form_words(forms: tuple[TimeForm | None, ...]) -> str:
    """What the forms of a column's times are."""
    if len(forms) > 1:
        return "days and months in numbers, of which nothing tells which comes first"
    return "times as we read them" if forms[0] is None else f"times with {forms[0].words}"


def _distinct(column: ColumnProfile) -> str:
    about = "" if column.tally.is_exact else "about "
    return f"{about}{quantity(column.tally.distinct, 'different value')}"
