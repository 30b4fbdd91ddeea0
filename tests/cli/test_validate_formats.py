"""What `pointbook validate` writes for other programs: GitHub, code scanning, CI servers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from pointbook.checks import CHECKS
from pointbook.diagnostics import Finding, Severity, Span
from pointbook_cli.reporters.findings.github import hidden_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from club_shell import Shell


@pytest.fixture
def broken(shell: Shell) -> Shell:
    """One error, in line 6 of the patch, beside the 8 warnings that the rules have anyway."""
    shell.edit("club/versions/2025.yaml", "threshold: 250", "treshold: 250")
    return shell


def sarif(shell: Shell) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(shell.run("validate", "club", "--format", "sarif").out)
    return log


def results(shell: Shell) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif(shell)["runs"][0]["results"]
    return found


def suite(shell: Shell, *arguments: str) -> ET.Element:
    done = shell.run("validate", "club", "--format", "junit", *arguments)
    return ET.fromstring(done.out)  # noqa: S314 - our own output


def test_github_gets_the_errors_first_each_at_its_place(broken: Shell) -> None:
    done = broken.run("validate", "club", "--format", "github")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0] == (
        "::error file=club/versions/2025.yaml,line=6,endLine=6,col=12,endColumn=19,title=unknown-key::"
        "`treshold` is not a key of level `silver`; did you mean `threshold`?"
    )
    assert len(lines) == 9
    assert all(line.startswith("::warning file=club/versions/2024.yaml,line=") for line in lines[1:])
    assert done.err == "4 files checked: 1 error, 8 warnings\n"


def test_github_sees_no_separators_of_its_own_in_names_and_words(broken: Shell) -> None:
    (broken.folder / "club/versions/2025.yaml").rename(broken.folder / "club/versions/a,b%c.yaml")
    broken.edit("club/versions/a,b%c.yaml", "treshold: 250", '"100%\\n::error::": 250')
    line = broken.run("validate", "club", "--format", "github").out.splitlines()[0]
    assert line.startswith("::error file=club/versions/a%2Cb%25c.yaml,line=6,")
    assert "::`100%25\\u000a::error::` is not a key" in line


def test_github_gets_the_other_places_of_a_finding_too(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", "threshold: 250, threshold: 260")
    line = shell.run("validate", "club", "--format", "github").out.splitlines()[0]
    assert line.endswith("%0Aclub/versions/2025.yaml:6:12: `threshold` is given here first")


def test_what_github_does_not_show_is_told() -> None:
    errors = [Finding(Span("a.yaml", line), "bad-date", "m", "h") for line in range(1, 14)]
    warnings = [
        Finding(Span("a.yaml", line), "unused-group", "m", "h", Severity.WARNING) for line in range(1, 11)
    ]
    assert hidden_text([*errors, *warnings]) == (
        "GitHub shows 10 of each kind beside their lines; not shown there: 3 of 13 errors\n"
    )
    assert hidden_text([*errors[:10], *warnings]) == ""


def test_github_gets_nothing_where_nothing_is_found(repository: Shell) -> None:
    done = repository.run("validate", "rules", "--format", "github")
    assert not done.out
    assert done.err.endswith("files checked: 0 errors, 0 warnings\n")


def test_a_sarif_log_has_what_code_scanning_reads(broken: Shell) -> None:
    log = sarif(broken)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", driver["semanticVersion"])
    assert run["columnKind"] == "unicodeCodePoints"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert len(run["results"]) == 9
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        for place in places(result):
            assert place["artifactLocation"]["uri"]
            region = place["region"]
            assert region["startLine"] >= 1
            assert 1 <= region["startColumn"] < region["endColumn"]
        assert all(result["partialFingerprints"].values())


def places(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for location in (*result["locations"], *result.get("relatedLocations", ())):
        yield location["physicalLocation"]


def test_a_sarif_result_is_at_the_place_of_the_finding(broken: Shell) -> None:
    [error] = [result for result in results(broken) if result["level"] == "error"]
    assert error["ruleId"] == "unknown-key"
    assert error["message"]["text"] == "`treshold` is not a key of level `silver`; did you mean `threshold`?"
    assert error["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "club/versions/2025.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 6, "startColumn": 12, "endColumn": 20},
            }
        }
    ]


def test_related_places_come_with_a_sarif_result(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", "threshold: 250, threshold: 260")
    [error] = [result for result in results(shell) if result["level"] == "error"]
    [related] = error["relatedLocations"]
    assert related["message"]["text"] == "`threshold` is given here first"
    assert related["physicalLocation"]["region"] == {"startLine": 6, "startColumn": 12, "endColumn": 21}


def test_a_sarif_log_explains_every_check(broken: Shell) -> None:
    rules = {rule["id"]: rule for rule in sarif(broken)["runs"][0]["tool"]["driver"]["rules"]}
    for check in CHECKS:
        rule = rules[check.__name__.replace("_", "-")]
        assert "**Why.**" in rule["help"]["markdown"]
        assert "Fixed:" in rule["help"]["text"]
    assert rules["missing-source"]["defaultConfiguration"] == {"level": "warning"}
    assert rules["missing-source"]["shortDescription"] == {
        "text": "A rule that does not say where it is published."
    }
    assert rules["unknown-group"]["defaultConfiguration"] == {"level": "error"}


def test_names_of_files_are_relative_and_escaped_in_a_sarif_log(broken: Shell) -> None:
    (broken.folder / "club/versions/2025.yaml").rename(broken.folder / "club/versions/né 5%.yaml")
    uris = {place["artifactLocation"]["uri"] for result in results(broken) for place in places(result)}
    assert uris == {"club/versions/n%C3%A9%205%25.yaml", "club/versions/2024.yaml"}


def test_fingerprints_stay_when_lines_move(broken: Shell) -> None:
    def seen() -> list[tuple[str, int]]:
        return [
            (
                result["partialFingerprints"]["pointbookFinding/v1"],
                result["locations"][0]["physicalLocation"]["region"]["startLine"],
            )
            for result in results(broken)
        ]

    before = seen()
    for name in ("2024", "2025"):
        text = (broken.folder / f"club/versions/{name}.yaml").read_text(encoding="utf-8")
        broken.write(f"club/versions/{name}.yaml", f"# a remark\n\n{text}")
    assert seen() == [(fingerprint, line + 2) for fingerprint, line in before]
    assert len({fingerprint for fingerprint, _ in before}) == len(before)


def test_findings_that_read_the_same_have_different_fingerprints(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", "threshold: 250, <<: 1, <<: 2")
    merge_keys = [result for result in results(shell) if result["ruleId"] == "merge-key"]
    assert len({result["message"]["text"] for result in merge_keys}) == 1
    assert len({result["partialFingerprints"]["pointbookFinding/v1"] for result in merge_keys}) == 2


def test_junit_has_a_test_for_each_file_and_kind_of_fault(broken: Shell) -> None:
    [only] = suite(broken)
    tests = [(test.get("classname"), test.get("name"), [part.tag for part in test]) for test in only]
    assert tests == [
        ("club/program.yaml", "nothing found", []),
        ("club/scenarios/visits.yaml", "nothing found", []),
        ("club/versions/2024.yaml", "missing-source", ["system-out"]),
        ("club/versions/2025.yaml", "unknown-key", ["failure"]),
    ]
    assert (only.get("tests"), only.get("failures"), only.get("errors")) == ("4", "1", "0")


def test_a_junit_failure_shows_the_line_at_fault(broken: Shell) -> None:
    [failure] = suite(broken).iter("failure")
    assert failure.get("type") == "error"
    assert failure.get("message") == (
        "club/versions/2025.yaml:6:12: `treshold` is not a key of level `silver`"
    )
    assert "6 |   silver: {treshold: 250}\n" in (failure.text or "")
    assert "help: did you mean `threshold`?" in (failure.text or "")


def test_warnings_are_junit_failures_only_with_fail_on_warning(broken: Shell) -> None:
    [error, *warnings] = sorted(
        suite(broken, "--fail-on", "warning").iter("failure"), key=lambda failure: failure.get("type") or ""
    )
    assert error.get("type") == "error"
    [warning] = warnings
    assert (warning.get("message") or "").endswith("(and 7 more)")
    assert (warning.text or "").count("warning[missing-source]") == 8


def test_control_characters_do_not_break_junit(shell: Shell) -> None:
    shell.edit("club/versions/2025.yaml", "threshold: 250", '"thres\\e[31m\\uFFFEhold": 250')
    [failure] = suite(shell).iter("failure")
    assert "`thres\\u001b[31m\\ufffehold`" in (failure.get("message") or "")


@pytest.mark.parametrize("output_format", ["github", "sarif", "junit"])
def test_the_exit_code_does_not_depend_on_the_format(broken: Shell, output_format: str) -> None:
    assert broken.run("validate", "club", "--format", output_format).code == 1
    assert broken.run("validate", "club/versions/2024.yaml", "--format", output_format).code == 0
