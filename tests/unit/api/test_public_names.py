from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import pointbook

ROOT = Path(__file__).parents[3]


def _example() -> str:
    """The code in the package's docstring."""
    assert pointbook.__doc__ is not None
    lines = pointbook.__doc__.splitlines()
    return textwrap.dedent("\n".join(line for line in lines if line.startswith("    ")))


def test_the_example_of_the_package_runs(tmp_path: Path) -> None:
    (tmp_path / "rules").symlink_to(ROOT / "rules")
    (tmp_path / "members.csv").write_text("member_id,signed_up_on\nann,2024-03-20\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text(
        "event_id,member_id,activity,occurred_at,points\ne1,ann,blog.published,2024-04-01,800\n",
        encoding="utf-8",
    )
    code = _example()
    assert len(code.splitlines()) <= 10
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Standing(member_id='ann', as_of=datetime.date(2024, 4, 1), period=1")
    assert "points=800, level='advocate'" in done.stdout


def test_every_public_name_is_there() -> None:
    for name in pointbook.__all__:
        assert getattr(pointbook, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'pointbook' has no attribute 'evaluat'"):
        pointbook.evaluat  # noqa: B018 - reading it is the test


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("yaml", "jsonschema", "click", "zoneinfo")
    code = f"import sys, pointbook; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout == "[]\n"


def test_rules_that_cannot_be_used_raise_with_all_findings(tmp_path: Path) -> None:
    (tmp_path / "program.yaml").write_text("id: x\n", encoding="utf-8")
    with pytest.raises(pointbook.RulesError) as caught:
        pointbook.load_program(tmp_path)
    assert {finding.code for finding in caught.value.findings} == {"missing-key", "no-versions"}
    assert "program.yaml:1:1: " in str(caught.value)


def test_a_missing_program_raises_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(pointbook.InputError, match="there is no such folder"):
        pointbook.load_program(tmp_path / "nowhere")


def test_evaluate_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    program = pointbook.load_program(ROOT / "rules/dataminer-devops")
    members, events = tmp_path / "m.csv", tmp_path / "e.csv"
    members.write_text("member_id,signed_up_on\n", encoding="utf-8")
    events.write_text("event_id,member_id,activity,occurred_at\n", encoding="utf-8")
    log = pointbook.read_log(program, members=[members], events=[events])
    with pytest.raises(ValueError, match="as-of date must be given"):
        pointbook.evaluate(program, log)
    members.write_text("member_id,signed_up_on\nann,2024-03-20\n", encoding="utf-8")
    log = pointbook.read_log(program, members=[members], events=[events])
    with pytest.raises(LookupError):
        list(pointbook.evaluate(program, log, version="2042"))
    with pytest.raises(ValueError, match="most"):
        pointbook.evaluate(program, log, assume="most")
