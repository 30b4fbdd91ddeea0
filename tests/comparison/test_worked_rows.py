"""What docstrings of a comparison and its guardrails work out is what comes out."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import pointbook.comparison
import pointbook.guardrails

MODULES = [
    module.name
    for room in (pointbook.comparison, pointbook.guardrails)
    for module in walk_packages(room.__path__, f"{room.__name__}.")
]


@pytest.mark.parametrize("name", [*MODULES, "pointbook_cli.reporters.comparison.wording"])
def test_worked_rows_are_right(name):
    assert doctest.testmod(import_module(name)).failed == 0
