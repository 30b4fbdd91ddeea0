"""Where one member is in the rules between two events, and that as JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from pointbook.model.attributes import AttributeType
from pointbook.model.log import Member
from pointbook.model.wording import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.interpret.limits import Usage
    from pointbook.model.attributes import Attribute
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
        usage: What caps have let through, by cap.
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
    totals: tuple[int, ...]
    level: str | None
    usage: Usage
    milestone: date
    last: tuple[datetime, str] | None
    day: date


def state_to_json(
    state: MemberState, program: Program, versions: Sequence[str], *, fixed: bool
) -> dict[str, Any]:
    """The state as values that JSON has; `state_from_json` is the way back.

    Args:
        state: The state.
        program: Whose balances the totals belong to.
        versions: Ids of the versions that the state's index counts.
        fixed: Whether one version is taken to have always been in force.
    """
    balances = zip(program.balances, state.periods, state.totals, strict=True)
    return {
        "member_id": state.member.id,
        "signed_up_on": state.member.signed_up_on.isoformat(),
        "attributes": {name: written(value) for name, value in sorted(state.member.attributes.items())},
        "version": versions[state.version] if state.version >= 0 else None,
        "fixed": fixed,
        "year": state.year,
        "balances": {name: {"period": period, "total": total} for name, period, total in balances},
        "level": state.level,
        "usage": [[*key, *used] for key, used in sorted(state.usage.items())],
        "last": None if state.last is None else [state.last[0].isoformat(), state.last[1]],
        "day": state.day.isoformat(),
    }


def state_from_json(
    data: Mapping[str, Any], program: Program, versions: Sequence[str], *, fixed: bool
) -> MemberState:
    """The state that `state_to_json` wrote, but for `milestone`, which is left at the sign-up.

    Raises:
        ValueError: It belongs to a version, level or balance that the program does not have, or to an
            evaluation of another kind.
    """
    if data["fixed"] is not fixed:
        kinds = "by one fixed version", "by the version in force on each date"
        was, wanted = kinds if data["fixed"] else kinds[::-1]
        raise ValueError(f"the state of member {data['member_id']} was evaluated {was}, not {wanted}")
    if set(data["balances"]) != set(program.balances):
        raise ValueError(f"the state of member {data['member_id']} has other balances than the program")
    if data["version"] is not None and data["version"] not in versions:
        raise ValueError(
            f"the state of member {data['member_id']} is of version {data['version']}, which is gone"
        )
    signed_up_on = date.fromisoformat(data["signed_up_on"])
    if data["level"] is not None:
        version = None if data["version"] is None else program.version(data["version"])
        if version is None or data["level"] not in version.levels:
            raise ValueError(
                f"the state of member {data['member_id']} has level {data['level']}, which is gone"
            )
    attributes = {
        name: _value(text, program.member_attributes[name])
        for name, text in data["attributes"].items()
        if name in program.member_attributes
    }
    last = data["last"]
    return MemberState(
        member=Member(data["member_id"], signed_up_on, MappingProxyType(attributes)),
        version=-1 if data["version"] is None else list(versions).index(data["version"]),
        year=data["year"],
        periods=tuple(data["balances"][name]["period"] for name in program.balances),
        totals=tuple(data["balances"][name]["total"] for name in program.balances),
        level=data["level"],
        usage={
            (scope, owner, kind, per): (window, used)
            for scope, owner, kind, per, window, used in data["usage"]
        },
        milestone=signed_up_on,
        last=None if last is None else (datetime.fromisoformat(last[0]), last[1]),
        day=date.fromisoformat(data["day"]),
    )


def _value(text: str, attribute: Attribute) -> int | Decimal | str | bool | date:
    match attribute.type:
        case AttributeType.INTEGER:
            return int(text)
        case AttributeType.DECIMAL:
            return Decimal(text)
        case AttributeType.DATE:
            return date.fromisoformat(text)
        case AttributeType.BOOLEAN:
            return text == "true"
        case AttributeType.TEXT:
            return text
