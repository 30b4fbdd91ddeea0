"""Whatever bytes stand in a file, reading gives a document or findings, and never breaks."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pointbook.loading import load
from pointbook.scenarios import scenario_files, scenario_from
from pointbook.scenarios.running import differences
from pointbook.source.yaml_reader import read_yaml

PROGRAM = Path(__file__).parents[2] / "rules/dataminer-devops"
FILES = (
    "program.yaml",
    "versions/2022-11-24.yaml",
    "versions/2024-03-13.yaml",
    "scenarios/kata-deadline.yaml",
)
TEXTS = {name: (PROGRAM / name).read_bytes() for name in FILES}
SECONDS = 20
SIGNS = "-:?{}[],&*!|>'\"%@`# \t\n\r~<=.0a\x00\x07\x85\u2028\ufeff\ud7ff\U0001f600"
PIECES = (
    "<<: ",
    "&a ",
    "*a ",
    "!!x ",
    "---\n",
    "...\n",
    "? ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "|\n",
    ">\n",
    "null",
    "1e9",
    "\t",
)


@st.composite
def mutated(draw: st.DrawFn, data: bytes) -> bytes:
    """A file after a few slips: stretches deleted, repeated, moved, or other signs put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(0, len(data) - 1)))
        end = draw(st.integers(start, min(len(data), start + 200)))
        kind = draw(st.sampled_from(("delete", "repeat", "insert", "bytes", "swap")))
        if kind == "delete":
            data = data[:start] + data[end:]
        elif kind == "repeat":
            data = data[:end] + data[start:end] + data[end:]
        elif kind == "insert":
            data = data[:start] + draw(st.sampled_from(PIECES)).encode() + data[start:]
        elif kind == "bytes":
            data = data[:start] + draw(st.binary(max_size=4)) + data[start:]
        else:
            data = data[end:] + data[:end]
    return data


def _check(data: bytes) -> None:
    started = time.monotonic()
    node, findings = read_yaml("f.yaml", data)
    assert time.monotonic() - started < SECONDS
    assert node is not None or findings
    lines = data.decode("utf-8-sig", "replace").splitlines() or [""]
    for finding in findings:
        assert finding.message
        assert finding.hint
        assert finding.span.line >= 1
        assert finding.span.column >= 1
        # One more line for what is missing at the end of the file.
        assert finding.span.line <= len(lines) + 1
    if node is not None:
        for path, part in node.walk():
            assert part.span.line <= len(lines) + 1
            assert node.at(path) is part


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(str.encode),
        st.text(SIGNS, max_size=40).map(str.encode),
    )
)
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\xef\xbb\xbfa: 1")
@example(b"\xff\xfea\x00")
@example(b"\x00")
@example(b"%YAML 1.1\n---\na: 1")
@example(b"%YAML 9.9\n---\na: 1")
@example(b"%TAG ! tag:x,2000:\n---\na: !b 1")
@example(b"--- >\n")
@example(b"? |\n")
@example(b'a: "\\ud800"')
@example(b'a: "\\U00110000"')
@example(b"a: " + b"9" * 5000)
@example(b"a: 0x" + b"f" * 5000)
@example(b"a: " + b"x" * 2000 + b": 1")
@example(b"- " * 70 + b"1")
def test_any_bytes_give_a_document_or_findings(data: bytes) -> None:
    _check(data)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FILES).flatmap(lambda name: mutated(TEXTS[name])))
def test_a_file_with_slips_gives_a_document_or_findings(data: bytes) -> None:
    _check(data)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(FILES).flatmap(
        lambda name: st.tuples(st.just(name), st.one_of(mutated(TEXTS[name]), st.binary(max_size=40)))
    )
)
def test_a_program_with_slips_loads_or_says_what_is_wrong(slip: tuple[str, bytes]) -> None:
    name, data = slip
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "program"
        passed_over = shutil.ignore_patterns("examples", "versions.lock", "[a-jl-z]*.yaml")
        shutil.copytree(PROGRAM, folder, ignore=passed_over)
        for file, text in TEXTS.items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(text)
        (folder / "versions/2023-10-10.yaml").write_bytes((PROGRAM / "versions/2023-10-10.yaml").read_bytes())
        (folder / name).write_bytes(data)
        started = time.monotonic()
        loaded = load(folder)
        assert loaded.program is not None or loaded.findings
        for scenario in scenario_files(folder):
            runnable, findings = scenario_from(scenario, loaded)
            assert runnable is not None or findings or loaded.program is None
            if runnable is not None:
                differences(runnable)
        assert time.monotonic() - started < SECONDS
