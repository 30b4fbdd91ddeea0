"""The same results of a random ruleset by every evaluator, however its log is ordered, cut and written."""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import json
import random
from collections import Counter
from typing import TYPE_CHECKING

from random_rules import events, members, ruleset, write

from pointbook import Interpreter, RulesError, load_program, read_log
from pointbook_cli.main import exit_code_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pointbook.log import Log
    from pointbook.model.program import Program

    Rows = Sequence[Mapping[str, str]]

RESULTS = ("ledger.csv", "standings.csv", "history.csv")
HAS_DUCKDB = importlib.util.find_spec("duckdb") is not None
HAS_PARQUET = importlib.util.find_spec("pyarrow") is not None
WAYS = (
    ("python", ["--backend", "python", "--workers", "1"]),
    *((("duckdb", ["--backend", "duckdb"]), ("fold", ["--backend", "duckdb", "--via", "fold"])) * HAS_DUCKDB),
)
"""Each evaluator that is installed, and its options; DuckDB takes the plan where it can."""


def tried(seed: int, folder: Path, count: Counter[str]) -> Iterator[tuple[str, str]]:
    """What differs for the ruleset of this seed: in which comparison, and a sentence; counts comparisons.

    None where the ruleset has errors.
    """
    dice = random.Random(seed)
    write(folder / "program", *ruleset(dice, sound=True))
    try:
        program = load_program(folder / "program")
    except RulesError:
        return
    people = members(dice)
    happened = events(dice, len(people))
    write_csv(folder / "members.csv", people)
    write_csv(folder / "events.csv", happened)
    expected = results(folder, "one file", ["events.csv"], WAYS[0][1])
    step = "the step, and running sums"
    count[step] += 1
    yield from ((step, f"seed {seed}: {fault}") for fault in against_step(program, folder, expected))
    mixed = list(happened)
    dice.shuffle(mixed)
    files = in_pieces(dice, folder, mixed)
    for name, options in WAYS:
        what = f"rows mixed, files split, by {name}"
        count[what] += 1
        found = results(folder, name, files, options)
        differing = [result for result in RESULTS if found[result] != expected[result]]
        if rejected(found["rejects.csv"]) != rejected(expected["rejects.csv"]):
            differing.append("rejects.csv")
        yield from ((what, f"seed {seed}: {result} differs by {name} for {files}") for result in differing)


def results(folder: Path, name: str, files: Sequence[str], options: Sequence[str]) -> dict[str, str]:
    """The files that `evaluate` writes."""
    out = folder / f"results of {name}"
    given = [part for file in files for part in ("--events", str(folder / file))]
    command = ["evaluate", str(folder / "program"), *given, "--members", str(folder / "members.csv")]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as told:
        code = exit_code_of([*command, "--out", str(out), *options])
    assert code in (0, 1), told.getvalue()
    return {file: (out / file).read_text(encoding="utf-8") for file in (*RESULTS, "rejects.csv")}


def against_step(program: Program, folder: Path, expected: Mapping[str, str]) -> Iterator[str]:
    """Where the ledger is not what the step gives, event after event, or its totals are no running sums."""
    log = read_log(program, members=[folder / "members.csv"], events=[folder / "events.csv"])
    ledger = list(csv.DictReader(io.StringIO(expected["ledger.csv"])))
    stepped = list(by_step(program, log))
    columns = ("event_id", "balance", "requested", "awarded", "outcome", "total", "level")
    if [tuple(row[column] for column in columns) for row in ledger] != stepped:
        yield "the ledger is not what the step gives"
    totals: dict[tuple[str, str, str], int] = {}
    for row in ledger:
        if row["balance"] and row["period"]:
            key = (row["member_id"], row["balance"], row["period"])
            start = program.balances[row["balance"]].start
            totals[key] = totals.get(key, start) + int(row["awarded"])
            if int(row["total"]) != totals[key]:
                yield f"the total after {row['event_id']} is no running sum"


def by_step(program: Program, log: Log) -> Iterator[tuple[str, ...]]:
    interpreter = Interpreter(program)
    for name in sorted(log.members):
        state, _ = interpreter.opened(log.members[name])
        for event in (event for event in log.events if event.member_id == name):
            state, entries = interpreter.step(state, event)
            for entry in entries:
                yield (
                    entry.event_id,
                    entry.balance or "",
                    str(entry.requested),
                    str(entry.awarded),
                    entry.outcome.value,
                    "" if entry.total is None else str(entry.total),
                    entry.level or "",
                )


def rejected(text: str) -> Counter[tuple[str, str]]:
    return Counter((row["event_id"], row["reason"]) for row in csv.DictReader(io.StringIO(text)))


def in_pieces(dice: random.Random, folder: Path, rows: Rows) -> list[str]:
    """The rows in one to three files, each of another form."""
    forms = ["csv", "jsonl", *["parquet"] * HAS_PARQUET]
    dice.shuffle(forms)
    forms = forms[: dice.randint(1, len(forms))]
    files = []
    for number, form in enumerate(forms):
        part, file = rows[number :: len(forms)], f"piece-{number}.{form}"
        match form:
            case "csv":
                write_csv(folder / file, part)
            case "jsonl":
                lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
                (folder / file).write_text(lines, encoding="utf-8")
            case _:
                write_parquet(folder / file, part)
        files.append(file)
    return files


def write_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else ["event_id"])
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(path: Path, rows: Rows) -> None:
    import pyarrow as pa  # noqa: PLC0415 - not everywhere
    from pyarrow import parquet  # noqa: PLC0415 - as above

    columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]}
    parquet.write_table(pa.table(columns), path)
