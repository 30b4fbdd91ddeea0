"""What an event takes of memory on the python backend: `python tests/performance/reading.py [--events N]`.

    peak of evaluate --backend python, N events / a third of them     bytes for each further event

The events are in no order, of the same members, and come as CSV, JSON Lines and Parquet. Needs the extra
`duckdb` and Linux. Exit code 1 if a format takes more than it may, unless --report-only.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import duckdb
from evaluate import COMMAND, RULES, sampled
from memory import peak_of

MOST = 150
_FORMS = {"csv": "FORMAT csv", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}


def in_no_order(folder: Path, events: int, numbers: tuple[int, ...]) -> dict[str, list[list[str]]]:
    """A sample in each form, as the options that name it: the first so many of its events in no order."""
    options = sampled(folder / "sample", "parquet", events)
    found: dict[str, list[list[str]]] = {form: [] for form in _FORMS}
    duckdb.execute("SET TimeZone = 'UTC'")
    rows = f"SELECT * FROM read_parquet('{options[3]}') ORDER BY hash(event_id), event_id"  # noqa: S608 - names made here
    for form, words in _FORMS.items():
        for number in numbers:
            path = folder / f"{number}.{form}"
            ending = "" if form == "parquet" else ", TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'"
            duckdb.execute(f"COPY ({rows} LIMIT {number}) TO '{path}' ({words}{ending})")
            found[form].append(["--members", options[1], "--events", str(path)])
    return found


def peak_with(log: list[str], out: Path) -> int:
    """The most bytes that an evaluation has in memory, in one process."""
    options = ["--out", str(out), "--backend", "python", "--workers", "1"]
    return peak_of([*COMMAND, "evaluate", str(RULES), *log, *options])[0]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=450_000)
    parser.add_argument("--report-only", action="store_true", help="exit 0 whatever they take")
    options = parser.parse_args()
    numbers = options.events // 3, options.events
    missed = 0
    print("| python backend, from | peak, MB | bytes for each further event | at most |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form, logs in in_no_order(folder, options.events, numbers).items():
            few, many = (peak_with(log, folder / "out") for log in logs)
            of_an_event = (many - few) / (numbers[1] - numbers[0])
            missed += of_an_event > MOST
            print(f"| {form} | {many / 1e6:.0f} | {of_an_event:.0f} | {MOST} |", flush=True)
    return 1 if missed and not options.report_only else 0


if __name__ == "__main__":
    sys.exit(main())
