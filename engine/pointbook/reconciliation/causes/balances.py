"""That system has balances begin anew on other days, begin with other points, or stop at another floor."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from pointbook.model.windows import Resets
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.model.program import Balance
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import SettingChange
    from pointbook.reconciliation.setting import Setting

_MOST = 10**18
_WHEN = {
    Resets.MEMBERSHIP_YEAR: "lets {} begin anew at each anniversary",
    Resets.CALENDAR_YEAR: "lets {} begin anew each 1 January",
    Resets.NEVER: "never lets {} begin anew",
}


def balance_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Each balance's other resets, no floor, one at 0, and no start."""
    for name, balance in ground.program.balances.items():
        for resets, words in _WHEN.items():
            if resets is not balance.resets:
                yield Hypothesis(
                    CauseKind.RESET,
                    f"balances/{name}/resets",
                    words.format(f"`{name}`"),
                    _with_balance(name, partial(replace, resets=resets)),
                )
        if balance.floor is not None:
            words = f"lets `{name}` fall below {balance.floor:,}"
            yield _of_floor(name, words, -_MOST)
        elif any(
            entry.is_spend and entry.balance == name
            for _, activity in ground.program.activities
            for entry in activity.entries
        ):
            words = f"takes what is spent of `{name}` though the balance does not cover it"
            yield _of_floor(name, words, -_MOST)
        if balance.floor != 0:
            yield _of_floor(name, f"does not let `{name}` fall below 0", 0)
        if balance.start:
            yield Hypothesis(
                CauseKind.START,
                f"balances/{name}/start",
                f"lets `{name}` begin with 0, not {balance.start:,}",
                _with_balance(name, partial(replace, start=0)),
            )


def _of_floor(name: str, words: str, floor: int) -> Hypothesis:
    setting = _with_balance(name, partial(replace, floor=floor))
    return Hypothesis(CauseKind.FLOOR, f"balances/{name}/floor", words, setting)


def _with_balance(name: str, change: Callable[[Balance], Balance]) -> SettingChange:
    def setting(ours: Setting) -> Setting:
        balances = {**ours.program.balances, name: change(ours.program.balances[name])}
        return replace(ours, program=replace(ours.program, balances=MappingProxyType(balances)))

    return setting
