"""Which column is probably what, and why.

Names count, and so do values; what only one of them says is a guess that the evidence tells as such.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from pointbook.adoption.evidence import (
    activity_evidence,
    id_evidence,
    member_evidence,
    points_evidence,
    times_evidence,
)
from pointbook.adoption.forms import NUMBERS
from pointbook.adoption.names import name_score, names_an_id, plain_name
from pointbook.adoption.value_counts import is_kept, is_shortened
from pointbook.model.attributes import AttributeType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.adoption.profiles import ColumnProfile, Profile

_MOST_ACTIVITIES = 256
"""So many are drafted at most."""

_LONGEST_ID, _FEW = 100, 10
_WHOLE = re.compile(r"\s*[+-]?([0-9]{1,15}([.,]0{1,2})?|[0-9]{1,3}([, '\u2019\u00a0\u202f][0-9]{3})+)\s*")
"""A whole number, perhaps as points are not written: `10.0`, `1,250`."""

_SURE = 6
"""So much a name speaks for a role that is all it can mean."""
_AMOUNT = re.compile(r"[+-]?[0-9.]*,[0-9]+")
_CLOSE = 1
"""So much less may a name speak for a column that is still told as another possibility."""


class Role(StrEnum):
    """What a column of an export can be for us."""

    EVENT_ID = "event_id"
    MEMBER_ID = "member_id"
    ACTIVITY = "activity"
    OCCURRED_AT = "occurred_at"
    POINTS = "points"
    SIGNED_UP_ON = "signed_up_on"
    VALID_FROM = "valid_from"


REQUIRED = (Role.EVENT_ID, Role.MEMBER_ID, Role.ACTIVITY, Role.OCCURRED_AT)
REQUIRED_OF_MEMBERS = (Role.MEMBER_ID, Role.SIGNED_UP_ON)


@dataclass(frozen=True, slots=True)
class Guess:
    """One column, taken for something.

    Attributes:
        role: What it probably is.
        column: The column.
        evidence: Why, in words.
        others: Columns that could be it too, each with the evidence.
    """

    role: Role
    column: ColumnProfile
    evidence: str
    others: tuple[tuple[ColumnProfile, str], ...] = ()


@dataclass
class _Rating:
    """How well one column does for a role."""

    column: ColumnProfile
    score: int
    evidence: str = field(default="")


def guesses_of_events(
    profile: Profile, members: ColumnProfile | None, *, is_named: bool
) -> dict[Role, Guess]:
    """What the columns of events probably are, in the order of `Role`; a role may have no column.

    Args:
        profile: The export.
        members: The ids in the members' file, None without one.
        is_named: Whether the columns have names of their own.
    """
    columns = profile.columns
    found: dict[Role, Guess] = {}
    # Times are the surest, so that they are not taken for ids; then what joins or is named.
    for role, rating in (
        (Role.OCCURRED_AT, _time_rating),
        (Role.MEMBER_ID, lambda column: _member_rating(column, members, is_named=is_named)),
        (Role.EVENT_ID, _id_rating),
        (Role.ACTIVITY, _activity_rating),
        (Role.POINTS, _points_rating),
    ):
        taken = {guess.column.place for guess in found.values()}
        _add(found, role, [column for column in columns if column.place not in taken], rating)
    return {role: found[role] for role in Role if role in found}


def guesses_of_members(profile: Profile, joined: Callable[[ColumnProfile], int]) -> dict[Role, Guess]:
    """What the columns of members probably are.

    Args:
        profile: The export.
        joined: How many of a column's values some column of the events has, from 0 to 100.
    """

    def id_rating(column: ColumnProfile) -> _Rating | None:
        if not column.filled or column.longest > _LONGEST_ID or _is_time(column):
            return None
        if len(column.repeated) * 10 > len(column.counts) and Role.VALID_FROM not in found:
            return None
        share = joined(column)
        score = max(name_score("member_id", column.name), name_score("event_id", column.name))
        if score <= 0 and not share:
            return None
        joins = f"{share}% of its values are in the events; " if share else ""
        return _Rating(column, share + score, joins + id_evidence(column, "member_id"))

    def day_rating(column: ColumnProfile) -> _Rating | None:
        if not _is_time(column):
            return None
        score = name_score("signed_up_on", column.name)
        return _Rating(column, score + 3, times_evidence(column, "signed_up_on")) if score >= 0 else None

    def start_rating(column: ColumnProfile) -> _Rating | None:
        score = name_score("valid_from", column.name)
        if score < _SURE or not _is_time(column):
            return None
        return _Rating(column, score, times_evidence(column, "valid_from"))

    found: dict[Role, Guess] = {}
    _add(found, Role.VALID_FROM, profile.columns, start_rating)
    starts = found[Role.VALID_FROM].column if found else None
    others = [column for column in profile.columns if column is not starts]
    _add(found, Role.MEMBER_ID, others, id_rating)
    _add(found, Role.SIGNED_UP_ON, others, day_rating)
    return {role: found[role] for role in Role if role in found}


def overlap(one: ColumnProfile, other: ColumnProfile) -> int:
    """How many of a hundred values of one column the other has, as far as both keep them."""
    bits = max(one.tally.bits, other.tally.bits)
    kept = [value for value in one.counts if is_kept(value, bits)]
    return 100 * sum(value in other.counts for value in kept) // len(kept) if kept else 0


def is_id_like(column: ColumnProfile) -> bool:
    """Whether a column's values name things of which there are many."""
    if column.longest > _LONGEST_ID or column.has_spaces or not column.filled:
        return False
    return (
        names_an_id(column.name)
        and column.type in {AttributeType.INTEGER, AttributeType.TEXT}
        and len(column.counts) > 1
    )


def _add(
    found: dict[Role, Guess],
    role: Role,
    columns: Sequence[ColumnProfile],
    rate: Callable[[ColumnProfile], _Rating | None],
) -> None:
    """Add the column that does best for a role, the first of several, with those that do nearly as well."""
    ratings = [rating for column in columns if (rating := rate(column)) is not None]
    if not ratings:
        return
    best = max(ratings, key=lambda rating: (rating.score, -rating.column.place))
    close = [one for one in ratings if one is not best and one.score >= best.score - _CLOSE]
    close.sort(key=lambda rating: (-rating.score, rating.column.place))
    others = tuple((one.column, one.evidence) for one in close[:3])
    found[role] = Guess(role, best.column, best.evidence, others)


def _is_time(column: ColumnProfile) -> bool:
    """Whether most of its values are times; numbers only where the name says so too."""
    found = column.times
    looked_at = found.fitting + sum(column.counts.get(value, 0) for value in found.others)
    if not found.forms or 10 * found.fitting < 6 * looked_at:
        return False
    names = max(name_score(role, column.name) for role in ("occurred_at", "signed_up_on"))
    return found.forms[0] not in NUMBERS or names > 0


def _time_rating(column: ColumnProfile) -> _Rating | None:
    if not _is_time(column):
        return None
    score = name_score("occurred_at", column.name) + 3 * (2 * column.filled > column.rows)
    return _Rating(column, score, times_evidence(column, "occurred_at"))


def _member_rating(column: ColumnProfile, members: ColumnProfile | None, *, is_named: bool) -> _Rating | None:
    if not column.filled or column.longest > _LONGEST_ID or _is_time(column):
        return None
    share = overlap(column, members) if members is not None else 0
    named = name_score("member_id", column.name)
    score = named - 3 * (column.is_unique and column.rows > _FEW)
    score -= 3 * (len(column.counts) == 1 < column.filled)
    evidence = member_evidence(column, share if members is not None else None)
    if column.type in {AttributeType.BOOLEAN, AttributeType.DATE}:
        return None
    if column.type is AttributeType.DECIMAL and score < 4:  # noqa: PLR2004 - a number, unless named so
        return None
    if share < 20 and score < 2:  # noqa: PLR2004 - neither joins nor is named so
        is_possible = not is_named or (score >= 0 and names_an_id(column.name))
        return _Rating(column, 0, evidence) if is_possible and _recurs(column) else None
    if len(column.counts) < 3 and column.rows > 20 and named < 3:  # noqa: PLR2004 - joins by chance
        return None
    return _Rating(column, score + share // 5, evidence)


def _recurs(column: ColumnProfile) -> bool:
    """Whether its values come again and again, as those of members do."""
    return 1 < len(column.counts) <= column.tally.kept // 2 and not column.has_spaces


def _id_rating(column: ColumnProfile) -> _Rating | None:
    if not column.filled or column.longest > _LONGEST_ID or column.has_spaces or _is_time(column):
        return None
    if column.type in {AttributeType.BOOLEAN, AttributeType.DATE}:
        return None
    score = name_score("event_id", column.name)
    if name_score("occurred_at", column.name) > max(score, 0):
        return None  # such as microseconds, which differ in each row and are no ids
    if column.is_unique:
        whole = column.type is not AttributeType.DECIMAL and not all(map(_AMOUNT.fullmatch, column.counts))
        few = column.rows < 5 and score <= 0  # noqa: PLR2004 - anything is unique among so few
        if not whole or few or (score <= 0 and name_score("points", column.name) > 0):
            return None
        return _Rating(column, score + 8 + (not column.place), id_evidence(column, "event_id"))
    repeats = sum(column.counts[value] - 1 for value in column.repeated)
    most = 3 if score > _SURE else 10  # deliveries that are tried again come twice
    is_nearly = score >= 3 and most * repeats <= column.tally.kept  # noqa: PLR2004 - named so
    return (
        _Rating(column, score + (not column.place), id_evidence(column, "event_id"))
        if is_nearly and 2 * column.filled > column.rows
        else None
    )


def _activity_rating(column: ColumnProfile) -> _Rating | None:
    kept = len(column.counts)
    is_short = column.tally.is_exact and kept <= _MOST_ACTIVITIES and not column.has_long
    score = name_score("activity", column.name)
    if column.filled and plain_name(column.name) == Role.ACTIVITY:
        return _Rating(column, score, activity_evidence(column))  # as we call it: whatever is in it
    if not column.filled or not is_short or _is_time(column):
        return None
    is_text = column.type is AttributeType.TEXT
    repeats = 2 * kept <= column.filled or (kept <= 5 and score >= 3)  # noqa: PLR2004 - of few events
    if column.type in {AttributeType.DECIMAL, AttributeType.BOOLEAN} or not repeats:
        return None
    if name_score("points", column.name) > 0 and not is_text:
        return None
    if score < (-1 if is_text else 3) or 2 * column.filled < column.rows:  # numbers, if the name says so
        return None
    return _Rating(column, score + 3 * is_text - 4 * (kept == 1), activity_evidence(column))


def drafted_activities(column: ColumnProfile) -> list[str]:
    """The values of the activity's column that are drafted, the most frequent first."""
    values = (value for value, _ in column.tally.most_frequent() if not is_shortened(value))
    return list(islice(values, _MOST_ACTIVITIES))


def says_points(column: ColumnProfile) -> bool:
    """Whether its name says that it holds points, and nothing else."""
    return name_score("points", column.name) >= _SURE


def _points_rating(column: ColumnProfile) -> _Rating | None:
    score = name_score("points", column.name)
    if column.name == Role.POINTS and not column.filled:
        return _Rating(column, score, points_evidence(column))
    is_whole = column.type is AttributeType.INTEGER or (
        says_points(column) and column.counts and all(map(_WHOLE.fullmatch, column.counts))
    )
    if score <= 1 or not is_whole:
        return None
    return _Rating(column, score, points_evidence(column))
