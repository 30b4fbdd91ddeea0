"""Tables of events that Hypothesis makes: columns of every type, with values that readers stumble over."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Collection

MEMBERS = "member_id,signed_up_on,partner\nanna,2023-01-15,true\n7,2023-02-01,\nBen,2022-02-28,false\n"

TEXTS = st.sampled_from(
    ["", " ", "e1", "e2", "e3", "E1", "7", "anna", "ben", "Ben", " anna", "course", "é", "a\0b"]
)
NUMBER_TEXTS = st.sampled_from(
    [
        "",
        " ",
        "5",
        "-5",
        "+5",
        "5.0",
        "2.5",
        "0.0000001",
        "1e3",
        "999999999999999",
        "1000000000000000",
        " 7",
        "x",
        "٣",
    ]
)
TIME_TEXTS = st.sampled_from(
    [
        *(
            "",
            "2024-03-13",
            "2024-03-13T14:05",
            "2024-03-13 14:05:00",
            "2024-03-13T14:05:00.5",
            "2024-03-13T14:05:00Z",
        ),
        *(
            "2024-03-13T14:05+01:00",
            "2024-03-13T23:59:59.999999-0130",
            "2024-02-30",
            "2024-03-31T02:30",
            "24:00",
        ),
        *(
            "2024-03-13T24:00:00",
            "2024-10-27T02:30",
            "2024-03-31T01:30:00Z",
            " 2024-03-13",
            "1899-12-31",
            "3000-01-01",
        ),
        *(
            "2999-12-31T23:30:00Z",
            "1900-01-01T00:00:00+02:00",
            "2024-03-13T14:05:60",
            "infinity",
            "epoch",
            "2024-3-13",
        ),
        *("2024-03-13T14:05:00.1234567", "2024-03-13t14:05:00z", "13/03/2024", "2024-03-13T14:05+25:00"),
    ]
)
SPECIAL_TIMES = st.sampled_from(
    [
        datetime(2024, 3, 31, 2, 30),  # noqa: DTZ001 - local, on days on which clocks change
        datetime(2024, 10, 27, 2, 30),  # noqa: DTZ001
        datetime(2024, 3, 13),  # noqa: DTZ001
        datetime(2024, 3, 13, 14, 5, 0, 500000),  # noqa: DTZ001
        datetime(1899, 12, 31, 23, 59),  # noqa: DTZ001
        datetime(1900, 1, 1),  # noqa: DTZ001
        datetime(2999, 12, 31, 23, 59, 59),  # noqa: DTZ001
        datetime(3000, 1, 1),  # noqa: DTZ001
        datetime(1, 1, 1),  # noqa: DTZ001
    ]
)
TIMES = SPECIAL_TIMES | st.datetimes(datetime(2023, 1, 1), datetime(2025, 1, 1))  # noqa: DTZ001
DAYS = st.sampled_from(
    [date(2024, 2, 29), date(1899, 12, 31), date(3000, 1, 1), date(9999, 12, 31), date(2024, 3, 31)]
)
INTEGERS = st.sampled_from([0, 1, 2, 7, -3, 10**15 - 1, 10**15, -(10**15), 2**63 - 1])
FLOATS = st.sampled_from(
    [
        *(0.0, -0.0, 1.0, 7.0, 2.5, 0.1, 0.000001, 1e-7, 0.0000015, 1e15, 999999999999999.0, 1e9 + 0.5),
        *(123456789.123456, 2.0**53, 1e300, float("nan"), float("inf"), -float("inf"), -7.25, 1 / 3),
    ]
)
DECIMALS = st.sampled_from(
    [
        Decimal(text)
        for text in ("0", "7", "2.5", "2.50", "-3.25", "0.000001", "0.0000001", "999999999999999", "1e15")
    ]
)
NANOSECONDS = st.sampled_from(
    [0, 1, 999, 1000, 86_400_000_000_000, 1_711_845_000_000_000_000, 1_711_845_000_000_000_001]
)
UUIDS = st.sampled_from([UUID(int=1), UUID(int=2**127 + 5)])

KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXTS),
    "words": (pa.dictionary(pa.int32(), pa.string()), TEXTS),
    "number text": (pa.string(), NUMBER_TEXTS),
    "time text": (pa.string(), TIME_TEXTS),
    "bool text": (pa.string(), st.sampled_from(["", "true", "False", "TRUE", "tRue", "1", " false"])),
    "int64": (pa.int64(), INTEGERS),
    "int8": (pa.int8(), st.integers(-3, 7)),
    "uint64": (pa.uint64(), st.sampled_from([0, 1, 7, 10**15, 2**64 - 1])),
    "double": (pa.float64(), FLOATS),
    "float": (pa.float32(), st.sampled_from([0.5, 7.0, 0.1, 1.0, float("nan"), 16777216.0, 3e38])),
    "decimal 6": (pa.decimal128(22, 6), DECIMALS.filter(lambda value: value.as_tuple().exponent >= -6)),
    "decimal 8": (pa.decimal128(30, 8), DECIMALS),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), DAYS | st.dates(date(2023, 1, 1), date(2025, 1, 1))),
    "seconds": (pa.timestamp("s"), TIMES.map(lambda time: time.replace(microsecond=0))),
    "micros": (pa.timestamp("us"), TIMES),
    "nanos": (pa.timestamp("ns"), NANOSECONDS),
    "instants": (pa.timestamp("us", tz="UTC"), TIMES.map(lambda time: time.replace(tzinfo=UTC))),
    "nano instants": (pa.timestamp("ns", tz="America/New_York"), NANOSECONDS),
    "uuid": (pa.uuid(), UUIDS.map(lambda value: value.bytes)),
    "nothing": (pa.null(), st.none()),
}
FITTING = {
    "event_id": ("text", "int8", "words", "uuid"),
    "member_id": ("text", "int8", "words"),
    "activity": ("text", "words"),
    "occurred_at": ("micros", "instants", "nanos", "time text", "date", "seconds", "nano instants"),
    "points": ("int64", "double", "number text", "decimal 8", "uint64", "nothing"),
    "hours": ("double", "decimal 6", "decimal 8", "number text", "int64", "float"),
    "released_on": ("date", "micros", "nanos", "time text"),
    "remote": ("boolean", "bool text"),
    "kind": ("text", "words", "int8", "date"),
}


NUMBERS = st.integers(0, 100)
GOOD_TIMES = st.datetimes(datetime(2023, 1, 1), datetime(2025, 1, 1)) | st.just(datetime(2024, 3, 31, 2, 30))  # noqa: DTZ001
GOOD_TIME_TEXTS = (
    "2024-03-13",
    "2024-03-13T14:05",
    "2024-03-13 14:05:00.5",
    "2024-10-27T02:30",
    "2024-03-13T14:05Z",
)
GOOD_OFFSETS = ("2024-03-13T14:05:00+01:00", "2024-03-13T23:59:59.999999-01:30")
GOOD_DECIMALS = st.sampled_from([Decimal(text) for text in ("0", "7", "-3.25", "2.500000", "0.000001")])
GOOD_NANOS = st.sampled_from([0, 1000, 1_711_845_000_000_000_000, 1_710_338_700_000_001_000])
GOOD: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "event_id": {
        **dict.fromkeys(("text", "words"), NUMBERS.map("e{}".format)),
        "int8": NUMBERS,
        "uuid": NUMBERS.map(lambda number: UUID(int=number).bytes),
    },
    "member_id": {
        **dict.fromkeys(("text", "words"), st.sampled_from(["anna", "Ben", "7"])),
        "int8": st.just(7),
    },
    "activity": dict.fromkeys(("text", "words"), st.sampled_from(["course", "walk", " walk", "é"])),
    "occurred_at": {
        "micros": GOOD_TIMES,
        "instants": GOOD_TIMES.map(lambda time: time.replace(tzinfo=UTC)),
        "seconds": GOOD_TIMES.map(lambda time: time.replace(microsecond=0)),
        "date": st.dates(date(2023, 1, 1), date(2025, 1, 1)),
        "time text": st.sampled_from([*GOOD_TIME_TEXTS, *GOOD_OFFSETS]),
        **dict.fromkeys(("nanos", "nano instants"), GOOD_NANOS),
    },
    "points": {
        **dict.fromkeys(("int64", "uint64"), NUMBERS),
        "double": st.sampled_from([0.0, -0.0, 50.0, float("nan"), 999999999999999.0]),
        "decimal 8": st.sampled_from([Decimal(0), Decimal("50.00"), Decimal(999999999999999)]),
        "number text": st.sampled_from(["", "5", "-5", "999999999999999"]),
    },
    "hours": {
        "double": st.sampled_from([0.5, -7.25, 0.000001, 123456.654321, 50.0, float("nan"), 1e9]),
        "float": st.sampled_from([0.5, 7.0, 16777216.0]),
        "int64": NUMBERS,
        **dict.fromkeys(("decimal 6", "decimal 8"), GOOD_DECIMALS),
        "number text": st.sampled_from(["", "5", "-5.25", "0.000001"]),
    },
    "released_on": {
        "date": st.dates(date(1900, 1, 1), date(2999, 12, 31)),
        "micros": st.sampled_from([datetime(2024, 2, 29), datetime(1900, 1, 1)]),  # noqa: DTZ001
        "nanos": st.sampled_from([0, 86_400_000_000_000, -86_400_000_000_000]),
        "time text": st.sampled_from(["", "2024-02-29", "1900-01-01"]),
    },
    "remote": {"boolean": st.booleans(), "bool text": st.sampled_from(["true", "FALSE", "", "True"])},
    "kind": {},
}
"""Values that a row with them is accepted with, as far as they tell."""


@st.composite
def tables(draw: st.DrawFn, known: Collection[str] = tuple(KINDS)) -> pa.Table:
    """Rows of events: most values good, some not, and now and then a column of any type.

    Args:
        draw: Hypothesis's.
        known: The kinds of columns there may be.
    """
    optional = [name for name in ("points", "hours", "released_on", "remote", "kind") if draw(st.booleans())]
    names = ["event_id", "member_id", "activity", "occurred_at", *optional]
    count = draw(st.integers(0, 8))
    columns = {}
    for name in draw(st.permutations(names)):
        kind = draw(st.sampled_from([kind for kind in FITTING[name] if kind in known]))
        if draw(st.integers(0, 59)) == 0:
            kind = draw(st.sampled_from(sorted(known)))
        arrow_type, values = KINDS[kind]
        good = GOOD[name].get(kind)
        if good is not None:
            values = st.integers(0, 29).flatmap(
                lambda number, good=good, bad=values: good if number else bad | st.none()
            )
        columns[name] = _array(draw(st.lists(values, min_size=count, max_size=count)), arrow_type)
    return pa.table(columns)


def _array(rows: list[Any], arrow_type: pa.DataType) -> pa.Array:
    if isinstance(arrow_type, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(arrow_type, pa.array(rows, arrow_type.storage_type))
    if pa.types.is_dictionary(arrow_type):
        return pa.array(rows, arrow_type.value_type).dictionary_encode()
    return pa.array(rows, arrow_type)
