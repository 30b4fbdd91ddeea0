"""Every kind of fault has a failing program, and what is said of it is read in review."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pointbook
from pointbook.checks import CHECKS
from pointbook_cli.reporters.findings.text import findings_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pointbook.loading import Loaded

ENGINE = Path(pointbook.__file__).parent


def test_the_findings_of_a_case_read_as_expected(
    case: Path, loaded_case: Callable[[Path], Loaded], golden: Callable[[Path, str], None]
):
    loaded = loaded_case(case)
    golden(case / "expected.txt", findings_text(loaded.findings, loaded.documents.texts))


def test_a_case_has_the_code_it_is_named_after(case: Path, loaded_case: Callable[[Path], Loaded]):
    code, _, variant = case.name.partition(".")
    codes = {finding.code for finding in loaded_case(case).findings}
    assert (code in codes) is not variant.startswith("not-")


def test_every_finding_says_what_to_do(case: Path, loaded_case: Callable[[Path], Loaded]):
    for finding in loaded_case(case).findings:
        assert len(finding.hint) > len("write x")
        assert finding.message
        assert not finding.message.endswith(".")
        assert "\n" not in finding.message + finding.hint


def test_every_finding_points_at_text_that_exists(case: Path, loaded_case: Callable[[Path], Loaded]):
    loaded = loaded_case(case)
    for finding in loaded.findings:
        for span in (finding.span, *(related.span for related in finding.related)):
            text = loaded.documents.texts.get(span.file)  # none for a file that is not read
            if text:
                assert text.splitlines()[span.line - 1][span.column - 1 :].strip()


def test_every_code_has_a_case(cases: Path):
    with_case = {folder.name.partition(".")[0] for folder in cases.iterdir()}
    assert with_case == set(_codes())


def test_a_check_is_named_like_its_file_and_its_code():
    for check in CHECKS:
        module = sys.modules[check.__module__]
        assert check.__name__ == module.__name__.rpartition(".")[2]
        assert check.__name__ == module.CODE.replace("-", "_")


def test_the_folder_of_checks_lists_the_checks_and_their_order():
    listed = {file.stem for file in (ENGINE / "checks").glob("*.py")}
    assert listed == {check.__name__ for check in CHECKS} | {"__init__", "registry"}


def _codes() -> Iterator[str]:
    """Every code that the checks, the schemas' findings and the reading of files give."""
    yield from (sys.modules[check.__module__].CODE for check in CHECKS)
    for part in ("source", "structure", "published", "loading"):
        path = ENGINE / part
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            yield from _codes_in(ast.parse(file.read_text(encoding="utf-8")))


def _codes_in(module: ast.Module) -> Iterator[str]:
    """The second argument of every call that makes a finding."""
    makers = ("Finding", "_add", "_stop")
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            code = node.args[1]
            if name in makers and isinstance(code, ast.Constant):
                yield code.value
