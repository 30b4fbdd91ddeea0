"""How the memory of `--memory-limit` is shared out: to this process, to workers, and to DuckDB the rest."""

from __future__ import annotations

import re
from typing import NamedTuple

import click

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT]?)(i?)B", re.IGNORECASE)
_HERE = 450_000_000
"""What this process takes beside DuckDB's limit, measured: 90 MB of it programs, the rest members, pieces and
results under way, what DuckDB has in hand beyond its limit, and 100 MB where it writes Parquet."""
_A_WORKER = 160_000_000
"""What a worker takes, measured: 90 MB of it programs, the rest a piece of a log and its results."""
_LEAST_FOR_DUCKDB = 200_000_000

_WHILE_READING, _WITH_THE_PLAN = 250_000_000, 100_000_000
"""What this process takes beside DuckDB's limit: while it reads rows itself, and while the plan runs."""


class Shares(NamedTuple):
    """Who gets what.

    Attributes:
        workers: How many there can be.
        duckdb: The memory limit of DuckDB, None for its own.
    """

    workers: int
    duckdb: str | None


def shares_of(limit: str | None, workers: int) -> Shares:
    """The shares of a limit, as it was typed; fewer workers, where it is too small for so many, are said."""
    if limit is None:
        return Shares(workers, None)
    size = bytes_in(limit)
    possible = max(1, min(workers, (size - _HERE - _LEAST_FOR_DUCKDB) // _A_WORKER))
    if possible < workers:
        click.echo(
            f"memory: {limit} is enough for {possible} of {workers} workers; each takes about"
            f" {_A_WORKER // 10**6}MB",
            err=True,
        )
    rest = size - _HERE - possible * _A_WORKER
    return Shares(possible, f"{max(rest, min(size, _LEAST_FOR_DUCKDB))}B")


def while_reading(limit: str | None, then: str | None) -> str | None:
    """DuckDB's share of a limit while the log is read: at most what it gets `then`."""
    least = _less(limit, _WHILE_READING)
    return least if least is None or then is None else min(least, then, key=bytes_in)


def with_the_plan(limit: str | None) -> str | None:
    """DuckDB's share of a limit where no other process works."""
    return _less(limit, _WITH_THE_PLAN)


def _less(limit: str | None, here: int) -> str | None:
    if limit is None or bytes_in(limit) <= _LEAST_FOR_DUCKDB:
        return limit
    return f"{max(bytes_in(limit) - here, _LEAST_FOR_DUCKDB) // 10**6}MB"


def bytes_in(size: str) -> int:
    """A size such as `500MB` or `4GiB` in bytes, as DuckDB understands it."""
    match = _SIZE.fullmatch(size)
    assert match is not None, "the option takes nothing else"
    return int(float(match[1]) * (1024 if match[3] else 1000) ** " KMGT".index(match[2].upper() or " "))
