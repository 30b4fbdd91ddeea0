"""The harness of faults: `just faults --seconds 60`. Prints a table, and what broke; then it exits with 1.

Source: docs/reliability.md.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from typing import TYPE_CHECKING

import growing
import random_rulesets
import reading
import stopping
from rows import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rows import Row

    Part = Callable[[float, int], Iterator[Row]]

PARTS: dict[str, tuple[float, Part]] = {
    "stopping": (3, stopping.rows),
    "reading": (3, reading.rows),
    "growing": (1, growing.rows),
    "rulesets": (2, random_rulesets.rows),
}
"""By name: the share of the time, and the function of seconds and a seed that gives the part's rows."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for all parts together")
    parser.add_argument("--only", metavar="NAME", choices=PARTS, help=f"one part: {', '.join(PARTS)}")
    parser.add_argument("--seed", type=int, help="the same seed tries the same; by chance if none is given")
    parser.add_argument(
        "--all", action="store_true", help="with `--only stopping`: every point, whatever the time"
    )
    parser.add_argument(
        "--case", default="", metavar="WORDS", help="with `--only stopping`: cases with these words"
    )
    arguments = parser.parse_args()
    if (arguments.all or arguments.case) and arguments.only != "stopping":
        parser.error("--all and --case are for `--only stopping`")
    seed = random.randrange(10**6) if arguments.seed is None else arguments.seed
    parts = {arguments.only: PARTS[arguments.only]} if arguments.only else PARTS
    shares = sum(share for share, _ in parts.values())
    print(f"seed {seed}", flush=True)
    found: list[Row] = []
    for name, (share, rows_of) in parts.items():
        started = time.monotonic()
        seconds = math.inf if arguments.all else arguments.seconds * share / shares
        found += (
            stopping.rows(seconds, seed, arguments.case) if name == "stopping" else rows_of(seconds, seed)
        )
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    print(table(found))
    faults = [fault for row in found for fault in row.faults]
    for fault in faults:
        print(f"- {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
