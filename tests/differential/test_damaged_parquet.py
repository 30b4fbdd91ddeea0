"""Parquet files in which bits were flipped: a sentence and exit code 3, or what rows still can be read."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from conftest import Shell

_FLIPPED = 12
_BETWEEN_MAGIC = 4, 8


def _damaged(data: bytes, seed: int) -> bytes:
    """Some bits flipped: among the rows, or in what the file says of itself at its end."""
    dice, found = random.Random(seed), bytearray(data)  # noqa: S311 - the same damage on each run
    first, last = _BETWEEN_MAGIC
    begin = first if seed % 2 else max(first, len(data) * 2 // 3)
    for _ in range(dice.choice((1, 3, 20))):
        found[dice.randrange(begin, len(data) - last)] ^= 1 << dice.randrange(8)
    return bytes(found)


@pytest.mark.parametrize("kind", ["events", "members"])
def test_a_damaged_file_ends_in_a_sentence(shell: Shell, kind: str) -> None:
    for name in ("events", "members"):
        rows = duckdb.read_csv(str(shell.folder / f"{name}.csv"))
        rows.write_parquet(str(shell.folder / f"{name}.parquet"))
    whole = (shell.folder / f"{kind}.parquet").read_bytes()
    codes = set()
    for seed in range(_FLIPPED):
        (shell.folder / f"{kind}.parquet").write_bytes(_damaged(whole, seed))
        log = ("--events", "events.parquet", "--members", "members.parquet", "--out", f"out-{seed}")
        done = shell.run("evaluate", "club", *log, "--backend", "duckdb")
        assert done.code in {0, 1, 3}, (seed, done.err)
        assert "Traceback" not in done.err, seed
        if done.code == 3:
            assert done.err.startswith(f"error: {kind}.parquet"), (seed, done.err)
        codes.add(done.code)
    assert 3 in codes
