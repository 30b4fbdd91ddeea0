"""Inputs of one shape, and four times as much of it: four times the time, and memory for ten times the input.

Time is that of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import importlib.util
import io
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import Case
from forked import import_all
from reading import Trial
from rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from forked import Ended

_TIMES = 4
_SLACK, _SECONDS_OF_ALL = 1.75, 0.5
"""What the larger may take more than four times as long, for caches and sorting, and in any case."""

_VALIDATE, _TEST = "validate g", "test g"
_EVALUATE = (
    "evaluate p --events {} --members members.csv --out out --workers 1 --backend python --max-rejected 100%"
)

_LIFE = "life_cycle: {demotion: to_earned, leap_day: feb_28}\n"
_HEAD = f"id: x\neffective_from: 2024-01-01\nsource: {{document: d}}\n{_LIFE}"
_LEVELS = "levels:\n  gold: {threshold: 10}\n"
_ACTIVITIES = "activities:\n  post: {points: 5}\n"


def _rules(command: str, version: str, **others: str) -> Case:
    """A program of its own, with other files by their names, `__` for a slash."""
    program = "id: g\ntitle: g\ntimezone: Etc/UTC\nlevel_balance: score\nbalances: {score: {resets: never}}\n"
    texts = {"program.yaml": program, "versions/x.yaml": version} | {
        f"{name.replace('__', '/')}.yaml": text for name, text in others.items()
    }
    files = {f"g/{name}": text.encode() for name, text in texts.items()}
    return Case("growing", tuple(command.split(" ")), files)


def _log(name: str, data: bytes) -> Case:
    return Case("growing", tuple(_EVALUATE.format(name).split(" ")), {name: data})


def _lines(number: int, line: str) -> str:
    return "".join(line.replace("#", str(place)) for place in range(number))


def _patches(number: int) -> Case:
    first = f"{_HEAD}{_LEVELS}{_ACTIVITIES}"
    versions = {
        f"versions__v{place}": f"id: v{place}\nbased_on: {f'v{place - 1}' if place else 'x'}\n"
        f"effective_from: {2025 + place // 336}-{place // 28 % 12 + 1:02}-{place % 28 + 1:02}\n"
        f"source: {{document: d}}\nlevels:\n  gold: {{threshold: {place + 11}}}\n"
        for place in range(number)
    }
    return _rules(_VALIDATE, first, **versions)


def _cap_of_versions(number: int) -> Case:
    """Each version has other caps in one window, one of which it would not need by itself."""
    caps = "points: {points}, caps: [{{times: 1, per: lifetime}}, {{points: {most}, per: lifetime}}]"
    versions = {
        f"versions__v{place}": f"id: v{place}\neffective_from: {2025 + place // 12}-{place % 12 + 1:02}-01\n"
        f"based_on: {f'v{place - 1}' if place else 'x'}\nsource: {{document: d}}\nactivities:\n"
        + _lines(10, f"  a#: {{{caps.format(points=6 + place, most=500 + place)}}}\n")
        for place in range(number)
    }
    activities = _lines(10, f"  a#: {{{caps.format(points=5, most=500)}}}\n")
    return _rules(_VALIDATE, f"{_HEAD}{_LEVELS}activities:\n{activities}", **versions)


def _groups(number: int) -> Case:
    cap = "caps: [{points: 50, per: calendar_month}]"
    activities = "".join(
        f"  a{place}: {{points: 5, groups: [g{place % (number // 10)}], {cap}}}\n" for place in range(number)
    )
    groups = _lines(number // 10, f"  g#: {{{cap}}}\n")
    return _rules(_VALIDATE, f"{_HEAD}{_LEVELS}groups:\n{groups}activities:\n{activities}")


def _scenario(number: int) -> Case:
    events = _lines(number, "  - {occurred_at: 2024-04-04, activity: post, expect: {awarded: 5}}\n")
    text = f"title: s\nmembers:\n  ann: {{signed_up_on: 2024-01-01}}\nevents:\n{events}"
    return _rules(_TEST, f"{_HEAD}{_LEVELS}{_ACTIVITIES}", scenarios__s=text)


_SCENARIO = (
    "title: s\nmembers:\n  ann: {signed_up_on: 2024-01-01}\nevents:\n"
    "  - {occurred_at: 2024-04-04, activity: post, expect: {awarded: 5}}\n"
)


def _csv(number: int, row: str) -> Case:
    return _log("g.csv", ("event_id,member_id,activity,occurred_at,points\n" + _lines(number, row)).encode())


def _json_lines(number: int, **cells: Any) -> Case:
    row = {"event_id": "e#", "member_id": "m-0001", "activity": "qa.best_answer", "occurred_at": "2024-04-04"}
    return _log("g.jsonl", _lines(number, json.dumps(row | cells) + "\n").encode())


def _parquet(number: int, member: str) -> Case:
    import pyarrow as pa  # noqa: PLC0415 - an extra
    import pyarrow.parquet as pq  # noqa: PLC0415

    constant = {"member_id": member, "activity": "qa.best_answer", "occurred_at": "2024-04-04"}
    table = {"event_id": [f"e{place}" for place in range(number)]}
    sink = io.BytesIO()
    pq.write_table(pa.table(table | {name: [text] * number for name, text in constant.items()}), sink)
    return _log("g.parquet", sink.getvalue())


_RULES = f"{_HEAD}{_LEVELS}{_ACTIVITIES}"
_GOOD_ROW = "e#,m-0001,qa.best_answer,2024-04-04,10\n"

SHAPES: dict[str, tuple[int, Callable[[int], Case]]] = {
    "activities": (
        500,
        lambda n: _rules(_VALIDATE, _HEAD + _LEVELS + "activities:\n" + _lines(n, "  a#: {points: #}\n")),
    ),
    "levels": (
        250,
        lambda n: _rules(
            _VALIDATE, _HEAD + "levels:\n" + _lines(n, "  l#: {threshold: 1#0}\n") + _ACTIVITIES
        ),
    ),
    "versions that build on one another": (100, _patches),
    "caps": (
        500,
        lambda n: _rules(
            _VALIDATE,
            _RULES.replace("points: 5", "points: 5, groups: [g1]")
            + "groups:\n"
            + _lines(n, "  g#: {caps: [{points: 50, per: calendar_month}]}\n"),
        ),
    ),
    "versions with caps of one window": (25, _cap_of_versions),
    "groups of capped activities": (250, _groups),
    "wrong keys": (1000, lambda n: _rules(_VALIDATE, _RULES + _lines(n, "wrong#: 1\n"))),
    "the same key": (1000, lambda n: _rules(_VALIDATE, _RULES + _lines(n, "title: 1\n"))),
    "anchors": (1000, lambda n: _rules(_VALIDATE, _RULES + "note:\n" + _lines(n, "  - &a# 1\n"))),
    "comments": (20_000, lambda n: _rules(_VALIDATE, _RULES + _lines(n, "# a comment\n"))),
    "a long text": (200_000, lambda n: _rules(_VALIDATE, f"{_RULES}note: {'word ' * n}\n")),
    "brackets": (20_000, lambda n: _rules(_VALIDATE, f"{_RULES}note: {'[' * n}\n")),
    "quotes and colons": (20_000, lambda n: _rules(_VALIDATE, _RULES + "note: " + "a: 'b' " * n)),
    "events of a scenario": (500, _scenario),
    "scenarios": (
        50,
        lambda n: _rules(_TEST, _RULES, **{f"scenarios__s{place}": _SCENARIO for place in range(n)}),
    ),
    "guardrails": (
        300,
        lambda n: _rules(
            _VALIDATE,
            _RULES,
            guardrails="guardrails:\n" + _lines(n, "  g#: {measure: members_losing_level, at_most: #}\n"),
        ),
    ),
    "approvals": (
        300,
        lambda n: _rules(
            _VALIDATE,
            _RULES,
            guardrails="guardrails:\n  g: {measure: members_losing_level, at_most: 1}\n",
            approvals="approvals:\n"
            + _lines(n, "  a#: {guardrail: g, at_most: 3, by: A, reason: r, until: 2026-12-31}\n"),
        ),
    ),
    "CSV, good rows": (5000, lambda n: _csv(n, _GOOD_ROW)),
    "CSV, unknown members": (5000, lambda n: _csv(n, "e#,nobody-#,qa.best_answer,2024-04-04,10\n")),
    "CSV, the same event": (5000, lambda n: _csv(n, "e,m-0001,qa.best_answer,2024-04-04,#\n")),
    "CSV, wrong dates": (5000, lambda n: _csv(n, "e#,m-0001,qa.best_answer,yesterday #,10\n")),
    "CSV, unknown activities": (5000, lambda n: _csv(n, "e#,m-0001,unknown.#,2024-04-04,10\n")),
    "CSV, a quote that is not closed": (
        20_000,
        lambda n: _csv(n, '"e#,m-0001,qa.best_answer,2024-04-04,10\n'),
    ),
    "CSV, columns": (
        2000,
        lambda n: _log("g.csv", ("event_id," + _lines(n, "c#,") + "\n" + "a," * n + "\n").encode()),
    ),
    "CSV, long cells": (100, lambda n: _csv(n, f"e#,m-0001,{'x' * 5000},2024-04-04,10\n")),
    "JSON Lines, good rows": (5000, lambda n: _json_lines(n, points=10)),
    "JSON Lines, nested": (
        20_000,
        lambda n: _log("g.jsonl", b'{"event_id": ' + b"[" * n + b"]" * n + b"}\n"),
    ),
    "JSON Lines, long numbers": (5000, lambda n: _json_lines(n, points=10**60)),
    "JSON Lines, keys": (
        5000,
        lambda n: _log("g.jsonl", ("{" + _lines(n, '"k#": 1, ') + '"event_id": "e"}\n').encode()),
    ),
    **(
        {
            "Parquet, good rows": (5000, lambda n: _parquet(n, "m-0001")),
            "Parquet, unknown members": (5000, lambda n: _parquet(n, "nobody")),
        }
        if importlib.util.find_spec("pyarrow")
        else {}
    ),
}


def rows(seconds: float, seed: int) -> Iterator[Row]:
    """One row for all shapes; each is tried as long as there is time, in their order."""
    del seed  # nothing is left to chance
    import_all()
    until = time.monotonic() + seconds
    broken: list[str] = []
    tried = 0
    with tempfile.TemporaryDirectory(prefix="growing-") as name:
        for what in SHAPES:
            if time.monotonic() > until:
                break
            tried += 1
            place = Path(name) / str(tried)
            place.mkdir()
            broken += faults(what, Trial(place))
    yield Row("growing", "shapes of inputs", tried, tuple(broken), len(SHAPES))


def faults(what: str, trial: Trial) -> Iterator[str]:
    """What is wrong with how time and memory grow."""
    size, made = SHAPES[what]
    cases = [made(size), made(_TIMES * size)]
    small, large = (trial.run(case) for case in cases)
    yield from (f"{what}: {wrong}" for wrong in trial.wrong(cases[1], large))
    if large.seconds > _TIMES * _SLACK * small.seconds + _SECONDS_OF_ALL:
        yield f"{what}: {told(small)} for {cases[0].size:,} bytes, {told(large)} for {cases[1].size:,}"


def told(ended: Ended) -> str:
    """In words."""
    return f"{ended.seconds:.2f} s and {ended.memory / 1e6:.0f} MB (exit code {ended.code})"
