"""Standings asked for alone come from a plan of their own, and are those of the interpreter."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("ibis", reason="the extra `duckdb` is not installed")

from differential_rulesets import Case, cases
from hypothesis import HealthCheck, assume, given, settings
from relational_evaluators import interpreted_tables

from pointbook.relational import UnsupportedRulesError, evaluate_relational
from pointbook.relational.evaluation import RelationalEvaluation
from pointbook.relational.plan import plan_of
