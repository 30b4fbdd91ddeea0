"""What becomes of each balance, summed over members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.comparison.summaries import BalanceSummary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.comparison.result import MemberDifference
    from pointbook.model.program import Program


def balances_of(program: Program, members: Sequence[MemberDifference]) -> tuple[BalanceSummary, ...]:
    """Every balance, in the program's order."""
    return tuple(_summary(program, place, members) for place in range(len(program.balances)))


def _summary(program: Program, place: int, members: Sequence[MemberDifference]) -> BalanceSummary:
    balance = list(program.balances.values())[place]
    old = [member.old.balances[place] for member in members]
    new = [member.new.balances[place] for member in members]
    changes = [after - before for before, after in zip(old, new, strict=True)]
    return BalanceSummary(
        balance=balance.id,
        title=balance.title or balance.id,
        decides_levels=balance.id == program.level_balance,
        old=sum(old),
        new=sum(new),
        gaining=sum(change > 0 for change in changes),
        losing=sum(change < 0 for change in changes),
        unchanged=changes.count(0),
        most_lost=-min(0, min(changes, default=0)),
        most_gained=max(0, max(changes, default=0)),
    )
