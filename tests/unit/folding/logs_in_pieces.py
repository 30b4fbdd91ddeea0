"""Logs that are cut into pieces, with the extremes of every type of attribute."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from pointbook.loading import load_program
from pointbook.model.attributes import Attribute, AttributeType
from pointbook.model.log import Event, Member

PROGRAM = load_program(Path(__file__).parents[3] / "rules" / "dataminer-devops")
TYPED = SimpleNamespace(
    places=0,
    event_columns={kind.value: kind for kind in AttributeType},
    member_attributes={f"of_{kind.value}": Attribute(kind) for kind in AttributeType},
)
"""What codecs ask of a program: attributes of every type."""
FIRST = datetime(2024, 2, 1, 9, 0, 0, 999_999)  # noqa: DTZ001 - as a log has it
VALUES = {
    "integer": [-(10**15), 10**15, None],
    "decimal": [Decimal("0.000001"), Decimal("-999999999999999.5"), None],
    "date": [date(1900, 1, 1), date(2999, 12, 31), None],
    "text": ["", 'a,"b"\n\r\x00', "é\U0001f600"],
    "boolean": [True, False, None],
}


def attributes_for(types, number):
    named = {name: VALUES[kind][number % 3] for name, kind in types.items()}
    return {name: value for name, value in named.items() if value is not None}


def log_of(counts):
    """Members with so many events each, and the extremes of every type of attribute."""
    of_members = {name: attribute.type for name, attribute in TYPED.member_attributes.items()}
    known = [name for version in PROGRAM.versions for name in version.activities]
    members, events = [], []
    for number, count in enumerate(counts):
        member_id = f"m{number}\x7f"
        members.append(Member(member_id, date(2024, 1, 1 + number), attributes_for(of_members, number)))
        for place in range(count):
            at, name = FIRST + timedelta(days=3 * place + number), f"e{number}-{place:03}"
            given = attributes_for(TYPED.event_columns, place)
            points = (None, 0, 7)[place % 3]
            events.append(Event(member_id, at, name, at, known[(place + number) % len(known)], points, given))
    return members, events


LOGS = {
    "ordinary": log_of([3, 0, 5, 1, 0, 0, 2]),
    "one has nearly all": log_of([1, 30, 0, 2]),
    "members without events": log_of([0, 0, 0, 0, 0, 0]),
    "one event": log_of([1]),
    "empty": ([], []),
}
