"""What comes of a reconciliation, finished: reports only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from pointbook.reconciliation.published import LEVEL

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from pointbook.model.ledger import Assume
    from pointbook.model.log import Reject
    from pointbook.reconciliation.hypothesis import CauseKind
    from pointbook.reconciliation.published import Figures


class RowState(StrEnum):
    """How what is shown of a member compares with what we have."""

    EQUAL = "equal"
    WITHIN_TOLERANCE = "within_tolerance"
    DIFFERS = "differs"
    NOT_IN_MEMBERS = "not_in_members"
    NOT_IN_FILE = "not_in_file"


class Tolerance(NamedTuple):
    """How much points may differ.

    Attributes:
        text: As typed.
        points: Points, whatever ours are; None for a share.
        percent: Of our points, as a percentage; None for points.
    """

    text: str
    points: int | None
    percent: Fraction | None

    def allows(self, published: int, ours: int) -> bool:
        """Whether points differ by no more."""
        if self.points is not None:
            return abs(published - ours) <= self.points
        return 100 * abs(published - ours) <= (self.percent or 0) * abs(ours)


EXACT = Tolerance("0", 0, None)


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One member, and period if the file has these, on both sides.

    Attributes:
        member_id: Who.
        period: As the file writes it; empty for the as-of date.
        line: In the file, 0 for a member whom it does not have.
        state: How the two compare.
        published: What is shown; empty where the file does not have the member.
        ours: What we have of the same figures; empty for a member whom we do not have.
        cause: Place of the cause among all, from 0; None for none.
        note: What more is known of it; empty for nothing.
        counts: Whether it is a difference beyond the tolerance.
    """

    member_id: str
    period: str
    line: int
    state: RowState
    published: Figures
    ours: Figures
    cause: int | None = None
    note: str = ""
    counts: bool = False

    @property
    def differences(self) -> tuple[int, ...]:
        """Points that are shown less ours, of each balance that is compared; what is not there is 0."""
        names = {*self.published, *self.ours} - {LEVEL}
        return tuple(
            _points(self.published.get(name)) - _points(self.ours.get(name)) for name in sorted(names)
        )

    @property
    def levels_differ(self) -> bool:
        """Whether the levels are compared and are not the same."""
        return LEVEL in self.published and self.published[LEVEL] != self.ours.get(LEVEL)


def _points(figure: int | str | None) -> int:
    return figure if isinstance(figure, int) else 0


class Stakes(NamedTuple):
    """What rows amount to.

    Attributes:
        rows: How many there are.
        members: Of how many members.
        points: By how much points differ, all taken as positive.
        net: The sum of the differences.
        levels: How many of the rows have another level.
    """

    rows: int
    members: int
    points: int
    net: int
    levels: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Why some rows differ, most likely.

    Attributes:
        kind: Its kind.
        subject: What it is about, in short.
        words: After "that system".
        is_likely: Whether more than one row speaks for it; else it may be chance.
        stakes: Of the rows that it alone explains of those that the causes before leave.
        broken: How many of the equal rows that were looked at would differ with it.
        looked_at: How many equal rows were looked at.
        alternatives: What would explain the same rows as well, after "that system".
    """

    kind: CauseKind
    subject: str
    words: str
    is_likely: bool
    stakes: Stakes
    broken: int
    looked_at: int
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Figures of another system against ours.

    Attributes:
        program: Id of the program.
        file: The other system's file.
        as_of: The last day that counts.
        version: The version that is taken to have always been in force, None for each on its date.
        assume: What missing values are taken to be.
        balance: The balance that `points` are of.
        tolerance: How much points may differ.
        rows: By member, then in the order of the file.
        causes: The one that explains most first; those that may be chance last.
        tried: How many hypotheses there were.
        rejects: Rows of the file that cannot be used.
        events_rejected: How many rows of events cannot be used.
        members_rejected: How many rows of members cannot be used.
    """

    program: str
    file: str
    as_of: date
    version: str | None
    assume: Assume
    balance: str
    tolerance: Tolerance
    rows: tuple[ComparedRow, ...]
    causes: tuple[Cause, ...]
    tried: int
    rejects: tuple[Reject, ...]
    events_rejected: int
    members_rejected: int

    @property
    def passes(self) -> bool:
        """Whether nothing differs beyond the tolerance."""
        return not any(row.counts for row in self.rows)

    def in_state(self, state: RowState) -> tuple[ComparedRow, ...]:
        """The rows that compare so."""
        return tuple(row for row in self.rows if row.state is state)

    def of_cause(self, number: int | None) -> tuple[ComparedRow, ...]:
        """The rows that differ for a cause; for None, those that nothing explains."""
        differing = (RowState.DIFFERS, RowState.WITHIN_TOLERANCE)
        return tuple(row for row in self.rows if row.state in differing and row.cause == number)


def stakes_of(rows: tuple[ComparedRow, ...]) -> Stakes:
    """What rows amount to, in points of all balances that are compared."""
    differences = [difference for row in rows for difference in row.differences]
    return Stakes(
        rows=len(rows),
        members=len({row.member_id for row in rows}),
        points=sum(map(abs, differences)),
        net=sum(differences),
        levels=sum(row.levels_differ for row in rows),
    )
