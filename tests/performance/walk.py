"""What README's way from a threshold to a published version takes, command by command, on the example log.

    .venv/bin/python tests/performance/walk.py

Each of the commands as README shows them, in a copy of the rules, against `pointbook --version`, the
yardstick. The least of several tries counts, by the clock and by the time of processors. Modules are compiled
before, as they are after an installation. Printed are ratios, and the seconds seen; there is no limit.
"""

from __future__ import annotations

import argparse
import os
import resource
import shlex
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from measure import BIN, ROOT

SECTION = "\n## A threshold, changed and published\n"


class Seconds(NamedTuple):
    """What a command took.

    Attributes:
        clock: From its start to its end.
        processor: Of all its processes.
    """

    clock: float
    processor: float


def walk() -> list[list[str]]:
    """The arguments of README's commands, in order."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition(SECTION)[2].partition("\n## ")[0]
    return [shlex.split(line)[1:] for line in section.splitlines() if line.startswith("pointbook ")]


def seconds(arguments: list[str], folder: Path, cache: Path) -> Seconds:
    """What one run takes; 1 is the exit code of a broken guardrail."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [str(BIN / "pointbook"), *arguments],
        cwd=folder,
        env={**variables, "PYTHONPYCACHEPREFIX": str(cache)},
        capture_output=True,
        check=False,
    )
    clock = time.perf_counter() - started
    assert done.returncode in {0, 1}, done.stderr.decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Seconds(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def least(tries: list[Seconds]) -> Seconds:
    """The least of each."""
    return Seconds(min(one.clock for one in tries), min(one.processor for one in tries))


def measured(times: int) -> dict[str, Seconds]:
    """By the name of the command, what it takes at least; the yardstick first."""
    commands = {arguments[0]: arguments for arguments in (["--version"], *walk())}
    found: dict[str, list[Seconds]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory(prefix="walk-") as name:
        for turn in range(times + 1):
            folder = Path(name) / str(turn)
            shutil.copytree(ROOT / "rules", folder / "proposal")
            for command, arguments in commands.items():
                took = seconds(arguments, folder, Path(name) / "cache")
                if turn:  # the first compiles modules
                    found[command].append(took)
    return {command: least(tries) for command, tries in found.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=5, help="how often each command is run")
    found = measured(parser.parse_args().times)
    yardstick = found["--version"]
    print("| command | by the clock / `pointbook --version` | by processor time | seconds | of processors |")
    print("|---|--:|--:|--:|--:|")
    for command, took in found.items():
        ratios = (took.clock / yardstick.clock, took.processor / yardstick.processor)
        print(
            f"| `pointbook {command}` | {ratios[0]:.1f} | {ratios[1]:.1f}"
            f" | {took.clock:.2f} | {took.processor:.2f} |"
        )


if __name__ == "__main__":
    main()
