"""What `diff`, `compare` and `validate` write for code scanning and for GitHub, from wherever they run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from command import pointbook
from jsonschema import Draft4Validator, Draft202012Validator

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

PUBLISHED = Path(__file__).parents[2] / "build/sarif/sarif-2.1.0-rtm.5.json"
LOG = ("--events", "events.csv", "--members", "members.csv")
APPROVED = """\
approvals:
  cy:
    guardrail: nobody-drops
    at_most: 9
    by: Ann
    reason: told them
    until: 2099-01-01
"""


def _closed(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": properties,
    }


TEXT = _closed(("text",), text={"type": "string", "minLength": 1}, markdown={"type": "string"})
PLACE = _closed(
    ("artifactLocation", "region"),
    artifactLocation=_closed(
        ("uri",), uri={"type": "string", "format": "uri-reference"}, uriBaseId={"const": "%SRCROOT%"}
    ),
    region=_closed(
        ("startLine", "startColumn", "endColumn"),
        startLine={"type": "integer", "minimum": 1},
        startColumn={"type": "integer", "minimum": 1},
        endColumn={"type": "integer", "minimum": 2},
    ),
)
_ENDS = ("startLine", "startColumn", "endLine", "endColumn")
DELETED = _closed(_ENDS, **{key: {"type": "integer", "minimum": 1} for key in _ENDS})
REPLACEMENT = _closed(
    ("deletedRegion",),
    deletedRegion=DELETED,
    insertedContent=_closed(("text",), text={"type": "string", "minLength": 1}),
)
FIX = _closed(
    ("artifactChanges",),
    description=TEXT,
    artifactChanges={
        "type": "array",
        "minItems": 1,
        "items": _closed(
            ("artifactLocation", "replacements"),
            artifactLocation=PLACE["properties"]["artifactLocation"],
            replacements={"type": "array", "minItems": 1, "items": REPLACEMENT},
        ),
    },
)
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF = _closed(
    ("version", "runs"),
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "minItems": 1,
        "items": _closed(
            ("tool", "results"),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            tool=_closed(
                ("driver",),
                driver=_closed(
                    ("name",),
                    name={"type": "string"},
                    version={"type": "string"},
                    semanticVersion={"type": "string"},
                    rules={
                        "type": "array",
                        "uniqueItems": True,
                        "items": _closed(
                            ("id",),
                            id={"type": "string"},
                            shortDescription=TEXT,
                            fullDescription=TEXT,
                            help=TEXT,
                            defaultConfiguration=_closed((), level=LEVEL),
                        ),
                    },
                ),
            ),
            results={
                "type": "array",
                "items": _closed(
                    ("message", "ruleId", "locations"),
                    ruleId={"type": "string"},
                    ruleIndex={"type": "integer", "minimum": 0},
                    level=LEVEL,
                    message=TEXT,
                    locations={
                        "type": "array",
                        "minItems": 1,
                        "items": _closed(("physicalLocation",), physicalLocation=PLACE),
                    },
                    relatedLocations={
                        "type": "array",
                        "uniqueItems": True,
                        "items": _closed(
                            ("physicalLocation", "message", "id"),
                            id={"type": "integer", "minimum": 0},
                            physicalLocation=PLACE,
                            message=TEXT,
                        ),
                    },
                    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
                    fixes={"type": "array", "minItems": 1, "items": FIX},
                ),
            },
        ),
    },
)
"""The part of SARIF that is written here, and nothing more; the published schema, which allows any key in
most places, is asked in a test of its own.

Source: OASIS, sarif-schema-2.1.0.json (errata 01), definitions `run`, `tool`, `toolComponent`,
`reportingDescriptor`, `result`, `location`, `physicalLocation`, `region`, `artifactLocation`, `message`,
`fix`, `artifactChange`, `replacement`, `artifactContent`.
"""


def _results(text: str) -> list[dict[str, Any]]:
    log = json.loads(text)
    Draft202012Validator(SARIF).validate(log)
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def _places(result: dict[str, Any], kind: str = "locations") -> list[tuple[str, int]]:
    places = (location["physicalLocation"] for location in result.get(kind, ()))
    return [(place["artifactLocation"]["uri"], place["region"]["startLine"]) for place in places]


def test_a_broken_guardrail_is_at_its_line_and_at_each_change_that_breaks_it(repository: Path) -> None:
    done = pointbook("compare", "club", "2024", "2025", *LOG, "--format", "sarif", folder=repository)
    assert done.returncode == 1
    broken = [result for result in _results(done.stdout) if result["ruleId"] == "guardrail-broken"]
    assert broken
    assert _places(broken[0]) == [("club/guardrails.yaml", 2)]
    assert broken[0]["level"] == "error"
    related = _places(broken[0], "relatedLocations")
    assert related
    assert {file for file, _ in related} == {"club/versions/2025.yaml"}
    done = pointbook("compare", "club", "2024", "2025", *LOG, "--format", "github", folder=repository)
    assert done.returncode == 1
    first, second, *_ = done.stdout.splitlines()
    assert first.startswith("::error file=club/guardrails.yaml,line=2,")
    assert second.startswith(f"::warning file=club/versions/2025.yaml,line={related[0][1]},")
    assert "title=guardrail-broken::" in second
    assert ", which breaks guardrail `nobody-drops`" in second


def test_a_comparison_is_annotated_the_same_from_a_folder_below(repository: Path) -> None:
    above = pointbook("compare", "club", "2024", "2025", *LOG, "--format", "sarif", folder=repository)
    log = [f"../{part}" if part.endswith(".csv") else part for part in LOG]
    below = pointbook("compare", ".", "2024", "2025", *log, "--format", "sarif", folder=repository / "club")
    assert below.stdout == above.stdout


def test_an_unchecked_guardrail_is_an_error_and_what_the_log_cannot_answer_a_note(repository: Path) -> None:
    (repository / "events.csv").write_text("event_id,member_id,activity,occurred_at,points\n")
    done = pointbook("compare", "club", "2024", "2025", *LOG, "--format", "sarif", folder=repository)
    assert done.returncode == 1
    results = _results(done.stdout)
    levels = {(result["ruleId"], result["level"]) for result in results}
    assert ("guardrail-not-checked", "error") in levels
    assert ("unanswered", "note") in levels
    [gap] = [result for result in results if result["ruleId"] == "unanswered"]
    assert _places(gap) == [("club/versions/2025.yaml", 3)]


def test_of_rejected_rows_it_says_where_they_are(repository: Path) -> None:
    row = "e1,ann,visit,2024-02-01,\n"  # twice the same, so that no figure could be another one
    text = f"event_id,member_id,activity,occurred_at,points\n{row}{row}"
    (repository / "events.csv").write_text(text, encoding="utf-8")
    done = pointbook("compare", "club", "2024", "2025", *LOG, "--format", "github", folder=repository)
    [said] = [line for line in done.stdout.splitlines() if "Rejected, and counted on neither side" in line]
    assert said.endswith("; `pointbook evaluate` lists them, each with its reason")


def test_required_guardrails_that_are_not_there_are_an_error(repository: Path) -> None:
    (repository / "club/guardrails.yaml").unlink()
    options = ("--format", "github", "--require", "guardrails")
    done = pointbook("compare", "club", "2024", "2025", *LOG, *options, folder=repository)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=club/versions/2025.yaml,")
    assert "title=no-guardrails::Nothing was limited" in done.stdout


def test_an_approved_breach_is_a_note(repository: Path) -> None:
    (repository / "club/approvals.yaml").write_text(APPROVED)
    done = pointbook("compare", "club", "2024", "2025", *LOG, "--format", "github", folder=repository)
    assert "::notice file=club/guardrails.yaml,line=2," in done.stdout
    assert "title=guardrail-approved::" in done.stdout


def test_a_file_that_ends_with_sarif_is_one(repository: Path) -> None:
    pointbook("compare", "club", "2024", "2025", *LOG, "--out", "found.sarif", folder=repository)
    assert _results((repository / "found.sarif").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "arguments", [("diff", "club", "2024", "2025"), ("validate", "club")], ids=["diff", "validate"]
)
def test_other_findings_have_the_form_too_and_the_same_places_from_below(
    repository: Path, arguments: tuple[str, ...]
) -> None:
    path = repository / "club/versions/2025.yaml"
    if arguments[0] == "validate":
        path.write_text(
            path.read_text(encoding="utf-8").replace("threshold", "treshold", 1), encoding="utf-8"
        )
    above = pointbook(*arguments, "--format", "sarif", folder=repository)
    assert _results(above.stdout)
    command, _, *others = arguments
    below = pointbook(command, ".", *others, "--format", "sarif", folder=repository / "club")
    assert below.stdout == above.stdout


@pytest.mark.skipif(not PUBLISHED.exists(), reason="there is no schema of SARIF; `.ci/machine` fetches it")
@pytest.mark.parametrize(
    "arguments",
    [("diff", "club", "2024", "2025"), ("compare", "club", "2024", "2025", *LOG), ("validate", "club")],
    ids=["diff", "compare", "validate"],
)
def test_every_log_fits_the_published_schema(repository: Path, arguments: tuple[str, ...]) -> None:
    if arguments[0] == "validate":
        path = repository / "club/versions/2025.yaml"
        text = path.read_text(encoding="utf-8").replace("threshold", "treshold", 1)
        path.write_text(f"{text}id: twice\n", encoding="utf-8")
    published = Draft4Validator(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    log = json.loads(pointbook(*arguments, "--format", "sarif", folder=repository).stdout)
    assert log["runs"][0]["results"]
    published.validate(log)
    log["runs"][0]["results"][0]["level"] = "grave"
    assert not published.is_valid(log)


@pytest.mark.parametrize("kind", ["junit", "github", "sarif"])
def test_no_format_for_machines_depends_on_the_folder_of_the_run(repository: Path, kind: str) -> None:
    """All places of a finding are named from the root: its own, related ones, and those shown in a text."""
    path = repository / "club/versions/2025.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "effective_from: 2025-01-01\n", encoding="utf-8")
    above = pointbook("validate", "club", "--format", kind, folder=repository)
    below = pointbook("validate", ".", "--format", kind, folder=repository / "club")
    assert below.stdout == above.stdout
    assert "club/versions/2025.yaml" in above.stdout
    if kind == "junit":
        assert 'classname="club/versions/2025.yaml"' in above.stdout
        assert ">club/versions/2025.yaml:10:1: error[duplicate-key]" in above.stdout
    if kind == "github":
        assert "%0Aclub/versions/2025.yaml:3:1: `effective_from` is given here first" in above.stdout


@pytest.mark.parametrize(
    "arguments", [("diff", "club", "2024", "2025"), ("compare", "club", "2024", "2025", *LOG)]
)
def test_fingerprints_of_changes_and_guardrails_stay_when_lines_move(
    repository: Path, arguments: tuple[str, ...]
) -> None:
    def seen() -> list[tuple[str, list[tuple[str, int]]]]:
        found = _results(pointbook(*arguments, "--format", "sarif", folder=repository).stdout)
        return [(result["partialFingerprints"]["pointbookFinding/v1"], _places(result)) for result in found]

    before = seen()
    for path in sorted((repository / "club").rglob("*.yaml")):
        path.write_text(f"# a remark\n\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert seen() == [(name, [(file, line + 2) for file, line in places]) for name, places in before]
    assert len({name for name, _ in before}) == len(before) > 1
