"""Values tried at one place, as one table: text, Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import json
from typing import IO, TYPE_CHECKING, Any

from pointbook.guardrails.judging import Verdict
from pointbook.model.plain_values import plain
from pointbook.model.wording import quantity
from pointbook_cli.reporters.comparison.wording import gap_lines, gap_texts
from pointbook_cli.reporters.escaping import markdown, printable, spreadsheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.guardrails.trying import TriedValue, TriedValues

FORMATS = ("text", "csv", "json", "markdown")
_NOTICE = (
    "Days of notice and approvals are not looked at: a value that is tried has been neither announced nor"
    " approved."
)


def write_tried_values(stream: IO[str], kind: str, tried: TriedValues) -> None:
    """Write the table as one of `FORMATS`."""
    match kind:
        case "text":
            stream.write(_text(tried))
        case "csv":
            writer = csv.writer(stream, lineterminator="\n")
            for row in (_columns(tried), *(_cells(row) for row in tried.rows)):
                writer.writerow([spreadsheet(cell) if isinstance(cell, str) else cell for cell in row])
        case "json":
            json.dump(_json(tried), stream, indent=1, ensure_ascii=False, default=str)
            stream.write("\n")
        case "markdown":
            stream.write(_markdown(tried))
        case _:
            raise AssertionError(f"there is no table as {kind}")


def _text(tried: TriedValues) -> str:
    rows = [[printable(cell) for cell in row] for row in _table(tried)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    # The last column is words, all others stand under each other at their ends.
    lines = [
        "  ".join([*(cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]])
        for row in rows
    ]
    blocks = _head(tried), gap_lines(tried.warnings, tried.unanswered)
    head = [line for block in blocks if block for line in (*map(printable, block), "")]
    return "\n".join((*head, *lines, "", _NOTICE)) + "\n"


def _markdown(tried: TriedValues) -> str:
    head, *rows = [[markdown(cell) for cell in row] for row in _table(tried)]
    lines = [head, [*("---:" for _ in head[1:]), "---"], *rows]
    title, *words = map(markdown, _head(tried))
    table = [f"| {' | '.join(line)} |" for line in lines]
    gaps = [f"- {markdown(text)}" for text in gap_texts(tried.warnings, tried.unanswered)]
    if gaps:
        table = ["**What the log cannot answer**", "", *gaps, "", *table]
    return "\n".join((f"# {title}", "", "  \n".join(words), "", *table, "", _NOTICE)) + "\n"


def _head(tried: TriedValues) -> list[str]:
    size = f"{quantity(tried.members, 'member')}, {quantity(tried.events, 'event')}, as of {tried.as_of}"
    return [
        f"{tried.program_id} {tried.version}: values of {tried.address}",
        f"{size}, {tried.asked}",
        *(f"assumed: {sentence}" for sentence in tried.assumptions),
    ]


def _table(tried: TriedValues) -> list[list[str]]:
    """The table in words, its heading first."""
    titles = [balance.title for balance in tried.rows[0].balances]
    return [
        ["value", "rise", "fall", *titles, "guardrails"],
        *(
            [
                f"{row.value} (now)" if row.is_now else row.value,
                f"{row.rising:,}",
                f"{row.falling:,}",
                *(_points(balance.old, balance.new) for balance in row.balances),
                _guardrails(row),
            ]
            for row in tried.rows
        ),
    ]


def _points(old: int, new: int) -> str:
    return f"{new:,}" if old == new else f"{new:,} ({new - old:+,})"


def _guardrails(row: TriedValue) -> str:
    """What is broken or was not checked, by name; else the sentence about all."""
    parts = []
    for word, found in (
        ("broken", [result.title for result in row.guardrails if result.broken]),
        ("not checked", [one.title for one in row.guardrails if one.verdict is Verdict.NOT_CHECKED]),
    ):
        if found:
            parts.append(f"{word}: {', '.join(found)}")
    return "; ".join(parts) or row.judgement


def _columns(tried: TriedValues) -> list[str]:
    balances = tried.rows[0].balances
    points = [
        f"{balance.balance}_{what}" for balance in balances for what in ("old", "new", "gaining", "losing")
    ]
    return ["value", "is_now", "rising", "falling", *points, "passes", "broken", "not_checked"]


def _cells(row: TriedValue) -> Sequence[str | int]:
    points = [
        figure
        for balance in row.balances
        for figure in (balance.old, balance.new, balance.gaining, balance.losing)
    ]
    broken = [result.id for result in row.guardrails if result.broken]
    unchecked = [result.id for result in row.guardrails if result.verdict is Verdict.NOT_CHECKED]
    head: list[str | int] = [row.value, str(row.is_now).lower(), row.rising, row.falling]
    return [*head, *points, str(row.passes).lower(), " ".join(broken), " ".join(unchecked)]


def _json(tried: TriedValues) -> dict[str, Any]:
    head = tried._asdict()
    rows = head.pop("rows")
    return {
        **{key: plain(value) for key, value in head.items()},
        "rows": [
            {
                "value": row.value,
                "is_now": row.is_now,
                "rising": row.rising,
                "falling": row.falling,
                "balances": [plain(balance) for balance in row.balances],
                "passes": row.passes,
                "guardrails": [
                    {"id": result.id, "verdict": result.verdict.value, "broken": result.broken}
                    for result in row.guardrails
                ],
            }
            for row in rows
        ],
    }
