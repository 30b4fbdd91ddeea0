"""Random rulesets over odd time zones: what checks say is tried, and all evaluators are compared."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import claims
import evaluators
from rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLAIMS = 0.5
"""Share of the time for claims of checks; the rest is for evaluators."""


def rows(seconds: float, seed: int) -> Iterator[Row]:
    """What was tried in about so many seconds, from rulesets of the seeds from `seed` on."""
    yield from claims_rows(seconds * _CLAIMS, seed)
    yield from evaluator_rows(seconds * (1 - _CLAIMS), seed)


def claims_rows(seconds: float, seed: int) -> Iterator[Row]:
    """A row for each check: how many of its findings were tried by lifting the rule."""
    until, found = time.monotonic() + seconds, Counter[str]()
    faults: dict[str, list[str]] = {}
    while time.monotonic() < until:
        for kind in (claims.SHORT, claims.LONG):
            for code, fault in claims.tried(seed, found, kind):
                faults.setdefault(code, []).append(fault)
        seed += 1
    for code in sorted(found):
        yield Row("rulesets", f"the claim of {code} lifted", found[code], tuple(faults.get(code, ())))


def evaluator_rows(seconds: float, seed: int) -> Iterator[Row]:
    """A row for each evaluator: how many rulesets it was compared on."""
    until, found = time.monotonic() + seconds, Counter[str]()
    faults: dict[str, list[str]] = {}
    while time.monotonic() < until:
        with tempfile.TemporaryDirectory(prefix="pointbook-faults-") as folder:
            for what, fault in evaluators.tried(seed, Path(folder), found):
                faults.setdefault(what, []).append(fault)
        seed += 1
    for what in sorted(found):
        yield Row("rulesets", what, found[what], tuple(faults.get(what, ())))
