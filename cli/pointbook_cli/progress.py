"""How far a long run is, said on a terminal only."""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.relational.plan import Plan
    from pointbook.relational.steps.context import Step

_WORTH_A_BAR = {"evaluating": 1000, "comparing": 500}
"""By what is done to them, the least members for whom a bar is shown."""


_SILENCE = 2
"""Seconds without a word."""


@contextmanager
def members_bar(doing: str, members: int) -> Iterator[Callable[[int], None]]:
    """A function to call with how many further members are done, with a bar for the rest of so many."""
    if not sys.stderr.isatty() or members < _WORTH_A_BAR[doing]:
        yield lambda _: None
        return
    with click.progressbar(length=members, label=f"{doing} members", file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def edits_bar(edits: int) -> Iterator[Callable[[int], None]]:
    """A function to call with how many further edits are tried, with a bar for the rest of so many."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=edits, label="trying edits", file=sys.stderr) as bar:
        yield bar.update


def rows_told() -> Callable[[int], None]:
    """A function to call with how many further rows were looked at; says how many, every other second."""
    if not sys.stderr.isatty():
        return lambda _: None
    done, said = 0, time.monotonic()

    def told(rows: int) -> None:
        nonlocal done, said
        done += rows
        if time.monotonic() - said > _SILENCE:
            said = time.monotonic()
            say(f"looked at {done:,} rows", err=True)

    return told


def steps_as_they_begin(plan: Plan, ranges: int = 1) -> Callable[[Step], None]:
    """A function that names each step of the plan that is computed once for several others.

    Args:
        plan: The plan.
        ranges: In how many ranges members are taken, each with all steps.
    """
    if not sys.stderr.isatty():
        return lambda _: None
    shared = [step.name for step in plan.steps if step.is_shared]
    begun, times = time.monotonic(), Counter[str]()

    def said(step: Step) -> None:
        number = times[step.name] * len(shared) + shared.index(step.name) + 1
        times[step.name] += 1
        seconds = time.monotonic() - begun
        say(f"{seconds:6.1f} s  step {number} of {ranges * len(shared)}: {step.comment}", err=True)

    return said


_SILENCE = 2
"""The most seconds without a word."""


def now_and_then() -> Callable[[str], None]:
    """A function that says how far it is, not more often than needed, on a terminal only."""
    if not sys.stderr.isatty():
        return lambda _: None
    last = time.monotonic()

    def said(text: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _SILENCE:
            last = time.monotonic()
            say(text, err=True)

    return said
