"""One log by two ways: as the Python reader reads it, and as it is put into an engine."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlglot import exp

from pointbook.log import read_log
from pointbook.model.activities import Activity
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.points.forms import Fixed
from pointbook.model.program import Balance, Program, Version
from pointbook.model.rules import LifeCycle
from pointbook.model.windows import Resets
from pointbook.relational.engines.duckdb_session import DuckDBSession
from pointbook.relational.inputs.log_in_session import put_log
from pointbook.relational.inputs.log_tables import events_table, members_table
from pointbook.relational.rulebook.columns import input_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.log import Log, LogFacts
    from pointbook.relational.engines.sessions import Session

INPUTS = Program(
    id="inputs",
    timezone="Europe/Brussels",
    balances={"points": Balance("points", Resets.MEMBERSHIP_YEAR)},
    level_balance="points",
    member_attributes={"partner": Attribute(AttributeType.BOOLEAN)},
    versions=(
        Version(
            "2022",
            date(2022, 11, 24),
            {},
            {
                "course": Activity.short(
                    "course",
                    "points",
                    Fixed(50),
                    attributes={
                        "days": Attribute(AttributeType.INTEGER),
                        "hours": Attribute(AttributeType.DECIMAL),
                        "released_on": Attribute(AttributeType.DATE),
                        "remote": Attribute(AttributeType.BOOLEAN),
                        "kind": Attribute(AttributeType.TEXT),
                    },
                )
            },
            {},
            {},
            LifeCycle(),
        ),
    ),
)
"""Event attributes days, hours, released_on, remote and kind; member attribute partner."""


class Known(NamedTuple):
    """A log as rows.

    Attributes:
        facts: What is known of it as a whole.
        members: Rows of the relation `members`, by id.
        events: Rows of the relation `events`, by member, then in their order.
    """

    facts: LogFacts
    members: list[dict[str, Any]]
    events: list[dict[str, Any]]


def as_read(program: Program, members: Sequence[str], events: Sequence[str]) -> Known:
    """The log as the Python reader reads it."""
    return known_from(program, read_log(program, members=members, events=events))


def known_from(program: Program, log: Log) -> Known:
    """A log that was read, as rows."""
    columns = input_columns(program)
    return Known(log.facts, members_table(log, columns).to_pylist(), events_table(log, columns).to_pylist())


def as_put(
    program: Program, members: Sequence[str], events: Sequence[str], session: Session | None = None
) -> Known:
    """The log as an engine has it."""
    session = DuckDBSession() if session is None else session
    facts = put_log(session, program, members=members, events=events)
    found = {
        name: session.rows(exp.select("*").from_(name).sql()).read_all().to_pylist()
        for name in ("members", "events")
    }
    return Known(
        facts,
        sorted(found["members"], key=lambda row: row["member_id"]),
        sorted(found["events"], key=lambda row: (row["member_id"], row["at"], row["event_id"])),
    )


def contents(log: Known) -> list[tuple[str, ...]]:
    """What is rejected of a log, wherever it stood."""
    return sorted(
        (reject.column, reject.event_id, reject.reason, reject.raw, reject.member_id)
        for reject in log.facts.rejects
    )
