"""Where one member is in the rules between two events, and that as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from pointbook.interpret.limits import Usage
from pointbook.interpret.timeline import Timeline
from pointbook.model.amounts import Amount
from pointbook.model.dated_attributes import attributes_from, dated_from, dated_texts_of, texts_of
from pointbook.model.log import Member
from pointbook.model.plain_values import plain
from pointbook.model.program import Program


class OutOfOrderError(ValueError):
    """An event comes before one that the state has already taken."""


class MemberState(NamedTuple):
    """Everything that later events depend on.

    Attributes:
        member: Whose state it is.
        version: Index of the version in force, -1 before the first.
        year: Number of the membership year.
        periods: Number of each balance's period, in the program's order of balances.
        totals: Each balance in points, in the same order.
        level: Held, None for none.
        usage: How much of each cap is used.
        milestone: The next day on which an anniversary, a new year or a new version changes
            something without an event.
        last: Time (UTC) and id of the latest event taken, None before the first.
        day: The latest day that an event has reached, `date.min` before the first. Where clocks go back
            over midnight, later events count on it.
    """

    member: Member
    version: int
    year: int
    periods: tuple[int, ...]
    totals: tuple[Amount, ...]
    level: str | None
    usage: Usage
    milestone: date
    last: tuple[datetime, str] | None
    day: date


def state_to_json(state: MemberState, program: Program, timeline: Timeline) -> dict[str, Any]:
    """The state as values that JSON has; `state_from_json` is the way back."""
    balances = zip(program.balances, state.periods, state.totals, strict=True)
    return {
        "member_id": state.member.id,
        "signed_up_on": state.member.signed_up_on.isoformat(),
        "attributes": texts_of(state.member.attributes),
        **({"dated": dated_texts_of(state.member.dated)} if state.member.dated else {}),
        "version": timeline.books[state.version].version.id if state.version >= 0 else None,
        "fixed": timeline.fixed,
        "year": state.year,
        "balances": {name: {"period": period, "total": plain(total)} for name, period, total in balances},
        "level": state.level,
        "usage": [[*key, window, plain(used)] for key, (window, used) in sorted(state.usage.items())],
        "last": None if state.last is None else [state.last[0].isoformat(), state.last[1]],
        "day": state.day.isoformat(),
    }


def state_from_json(data: Mapping[str, Any], program: Program, timeline: Timeline) -> MemberState:
    """The state that `state_to_json` wrote, but for `milestone`, which is left at the sign-up.

    Raises:
        ValueError: It belongs to a version, level or balance that the program does not have, or to an
            evaluation of another kind.
    """
    whose = f"the state of member {data['member_id']}"
    if data["fixed"] is not timeline.fixed:
        kinds = "by one fixed version", "by the version in force on each date"
        was, wanted = kinds if data["fixed"] else kinds[::-1]
        raise ValueError(f"{whose} was evaluated {was}, not {wanted}")
    if set(data["balances"]) != set(program.balances):
        raise ValueError(f"{whose} has other balances than the program")
    versions = [None, *(book.version.id for book in timeline.books)]
    if data["version"] not in versions:
        raise ValueError(f"{whose} is of version {data['version']}, which is gone")
    version = versions.index(data["version"]) - 1
    if data["level"] is not None and (
        version < 0 or data["level"] not in timeline.books[version].version.levels
    ):
        raise ValueError(f"{whose} has level {data['level']}, which is gone")
    declared = program.member_attributes
    attributes, dated = (
        attributes_from(data["attributes"], declared),
        dated_from(data.get("dated", ()), declared),
    )
    signed_up_on, last = date.fromisoformat(data["signed_up_on"]), data["last"]
    return MemberState(
        member=Member(data["member_id"], signed_up_on, attributes, dated),
        version=version,
        year=data["year"],
        periods=tuple(data["balances"][name]["period"] for name in program.balances),
        totals=tuple(_amount(data["balances"][name]["total"]) for name in program.balances),
        level=data["level"],
        usage={tuple(key): (window, _amount(used)) for *key, window, used in data["usage"]},
        milestone=signed_up_on,
        last=None if last is None else (datetime.fromisoformat(last[0]), last[1]),
        day=date.fromisoformat(data["day"]),
    )


def _amount(written: int | str) -> Amount:
    """An amount with places is a text in JSON."""
    return written if isinstance(written, int) else Decimal(written)
