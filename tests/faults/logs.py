"""Logs with changes: rows as CSV, JSON Lines and Parquet, in ways that exports have, and that none has."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from odd import ODD_VALUES, bytes_changed, odd_text

if TYPE_CHECKING:
    import random

Rows = list[dict[str, Any]]


def rows_of(text: str, most: int) -> Rows:
    """The first rows of a CSV file."""
    return [dict(row) for row, _ in zip(csv.DictReader(io.StringIO(text)), range(most), strict=False)]


def _changed_rows(dice: random.Random, rows: Rows, odd: Any) -> Rows:
    changed = [dict(row) for row in rows]
    for _ in range(dice.randint(0, 4)):
        row = dice.choice(changed)
        name = dice.choice(list(row) or [""])
        match dice.randrange(6):
            case 0 | 1 | 2:
                row[name] = odd(dice)
            case 3:
                row.pop(name, None)
            case 4:
                changed.append(dict(dice.choice(changed)))
            case _:
                row[odd_text(dice)] = odd(dice)
    return changed


def as_csv(dice: random.Random, rows: Rows) -> bytes:
    """Rows as CSV, by chance with other separators, quotes, columns and bytes."""
    changed = _changed_rows(dice, rows, odd_text)
    names = list(dict.fromkeys(name for row in changed for name in row))
    if dice.random() < 0.1:
        names.append(dice.choice(names or [""]))
    text = io.StringIO()
    quoting: Any = dice.choice((csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(text, delimiter=dice.choice(",,,;\t"), quoting=quoting)
    writer.writerow(names)
    writer.writerows([[row.get(name, "") for name in names] for row in changed])
    data = text.getvalue().encode(dice.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16")), "replace")
    return bytes_changed(dice, data) if dice.random() < 0.4 else data


def as_json_lines(dice: random.Random, rows: Rows) -> bytes:
    """Rows as JSON Lines, by chance with values of other kinds, keys that come twice, and other bytes."""

    def odd(dice: random.Random) -> Any:
        return dice.choice(ODD_VALUES) if dice.random() < 0.6 else odd_text(dice)

    lines = [json.dumps(row, ensure_ascii=dice.random() < 0.5) for row in _changed_rows(dice, rows, odd)]
    if dice.random() < 0.2:
        at = dice.randrange(len(lines))
        lines[at] = dice.choice(
            (
                lines[at].replace("}", ', "points": 1, "points": 2}'),
                "[" * 5000,
                "1e999",
                "[]",
                "{",
                '"\\ud800"',
                "",
            )
        )
    data = "\n".join(lines).encode("utf-8", "replace") + b"\n"
    return bytes_changed(dice, data) if dice.random() < 0.3 else data


def as_parquet(dice: random.Random, rows: Rows) -> bytes:
    """Rows as Parquet, by chance with other types of columns, nested values, and damaged bytes."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    changed = _changed_rows(dice, rows, odd_text)
    names = list(dict.fromkeys(name for row in changed for name in row))
    arrays = {name: _column(dice, [row.get(name) for row in changed]) for name in names}
    sink = io.BytesIO()
    compression = dice.choice(("snappy", "none", "zstd", "gzip"))
    with pq.ParquetWriter(sink, pa.table(arrays).schema, compression=compression) as writer:
        writer.write_table(pa.table(arrays), row_group_size=dice.choice((1, 7, 1000)))
    data = sink.getvalue()
    if dice.random() < 0.5:
        spots = range(dice.randint(1, 3))
        damaged = bytearray(data)
        for _ in spots:
            at = dice.choice((dice.randrange(len(data)), max(0, len(data) - 1 - dice.randrange(2000))))
            damaged[at] ^= 1 << dice.randrange(8)
        data = bytes(damaged)
    return data[: dice.randrange(len(data))] if dice.random() < 0.05 else data


def _column(dice: random.Random, texts: list[str | None]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - an extra

    column = pa.array([None if text is None else text.encode("utf-8", "replace").decode() for text in texts])
    if dice.random() < 0.7:
        return column.cast(pa.string())
    size = len(texts)
    values: dict[Any, Any] = {
        pa.int64(): lambda: dice.randint(-3, 2**62),
        pa.uint64(): lambda: 2**64 - 1,
        pa.int8(): lambda: dice.randint(-128, 127),
        pa.float64(): lambda: dice.choice((0.1, float("nan"), float("inf"), 1e300, -0.0)),
        pa.decimal128(38, 10): lambda: None,
        pa.bool_(): lambda: True,
        pa.binary(): lambda: b"\xff\x00",
        pa.large_string(): lambda: odd_text(dice).encode("utf-8", "replace").decode(),
        pa.date32(): lambda: dice.choice((-719_163, 19_000, 2_932_896, 2**31 - 1)),
        pa.timestamp("ns"): lambda: dice.choice((-(2**63), 0, 2**63 - 1, 1_700_000_000 * 10**9)),
        pa.timestamp("us", "UTC"): lambda: dice.choice((0, 2**60, 1_700_000_000 * 10**6)),
        pa.timestamp("s", "America/New_York"): lambda: dice.choice((0, 2**33, 2**40)),
        pa.time64("us"): lambda: 5,
        pa.duration("s"): lambda: 5,
        pa.null(): lambda: None,
        pa.list_(pa.string()): lambda: ["a"],
        pa.struct({"a": pa.int32()}): lambda: {"a": 1},
        pa.map_(pa.string(), pa.int32()): lambda: [("a", 1)],
    }
    kind = dice.choice(list(values))
    try:
        return pa.array([values[kind]() for _ in range(size)], type=kind)
    except (pa.ArrowException, OverflowError, ValueError):
        return column.dictionary_encode()
