"""Every command gives the same bytes under another hash seed, with the rows of the log in another order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "rules" / "dataminer-devops"
LOG = ["--events", "one.csv", "--events", "two.csv", "--members", "members.csv"]
ALL = """
import sys
from pointbook_cli.main import exit_code_of
for command in sys.argv[1].split(chr(10)):
    print(command, exit_code_of(command.split(chr(31))), flush=True)
"""
"""Many commands in one process, since each start costs as much as most commands."""


def commands(latest: str, first: str) -> list[list[str]]:
    program = str(PROGRAM)
    return [
        ["evaluate", program, *LOG, "--out", "out", "--backend", "python", "--workers", "1"],
        ["explain", program, "m-0001", *LOG],
        ["compare", program, first, latest, *LOG, "--out", "report.json", "--out", "report.md"],
        ["diff", program, first, latest],
        ["diff", program, first, latest, "--format", "json"],
        ["show", program, latest],
        ["validate", program, "--format", "json"],
        ["test", program],
        ["schema", "version"],
        ["sample", program, "--members", "20", "--out", "sample"],
    ]


def written(folder: Path, hash_seed: str, *, turned: bool) -> dict[str, bytes]:
    """What the commands print and write; where turned, files and rows come the other way round."""
    folder.mkdir()
    examples = PROGRAM / "examples"
    header, *rows = (examples / "events.csv").read_text(encoding="utf-8").splitlines()
    rows = rows[:1500]
    rows += [row.replace("e-", "x-", 1) for row in _unknown(header)]
    parts = [rows[::2], rows[1::2]]
    if turned:
        parts = [part[::-1] for part in reversed(parts)]
    for name, part in zip(("one.csv", "two.csv"), parts, strict=True):
        (folder / name).write_text("\n".join([header, *part, ""]), encoding="utf-8")
    members = (examples / "members.csv").read_text(encoding="utf-8").splitlines()
    people = members[:1] + (members[:0:-1] if turned else members[1:])
    (folder / "members.csv").write_text("\n".join([*people, ""]), encoding="utf-8")
    versions = sorted(path.stem for path in (PROGRAM / "versions").glob("*.yaml"))
    asked = "\n".join("\x1f".join(command) for command in commands(versions[-1], versions[0]))
    done = subprocess.run(
        [sys.executable, "-c", ALL, asked],
        cwd=folder,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    given = {"one.csv", "two.csv", "members.csv"}
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in given
    }
    # Rejects name the line of a row, and come in the order in which they are read.
    printed = [line for line in done.stdout.splitlines() if b".csv:" not in line]
    return {"printed": b"\n".join(printed), **files}


def _unknown(header: str) -> list[str]:
    """Events of more than a hundred unknown activities, each as often as the others."""
    columns = header.split(",")
    rows = []
    for number in range(120):
        cells = {
            "event_id": f"e-unknown-{number}",
            "member_id": "m-0001",
            "activity": f"feedbak.{number * 37 % 120}",
            "occurred_at": "2025-02-01",
        }
        rows.append(",".join(cells.get(column, "") for column in columns))
    return rows


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """In folders of one name, since commands print it."""
    folders = [tmp_path_factory.mktemp(name) / "work" for name in ("straight", "turned")]
    return written(folders[0], "1", turned=False), written(folders[1], "2", turned=True)


def test_the_same_is_printed_and_written(both: tuple[dict[str, bytes], dict[str, bytes]]):
    one, other = both
    assert one.keys() == other.keys()
    assert {"printed", "out/ledger.csv", "out/summary.json", "report.json", "report.md"} <= one.keys()
    assert [name for name in one if one[name] != other[name]] == ["out/rejects.csv"]
