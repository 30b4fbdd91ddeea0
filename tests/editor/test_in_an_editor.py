"""What editors complete, show and find in the files of a program, asked of the server that they run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from language_server import ROOT, LanguageServer, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPLETE = "rules/club/versions/2024.yaml"
PATCH = "rules/club/versions/2025.yml"
PROGRAM = "rules/club/program.yaml"
SCENARIO = "rules/club/scenarios/visits.yaml"
GUARDRAILS = "rules/club/guardrails.yaml"
APPROVALS = "rules/club/approvals.yaml"

HEAD = "id: '2024'\neffective_from: 2024-01-01\n"
CHANGES = f"{HEAD}based_on: '2023'\n"
SHIPPED = ROOT / "rules/dataminer-devops"
WINDOWS = [
    "day",
    "week",
    "calendar_month",
    "calendar_quarter",
    "calendar_year",
    "membership_year",
    "lifetime",
]
POINTS = ["range", "up_to", "per", "by"]
SCHEMA_LINE = re.compile(r"\A# yaml-language-server: [^\n]*\n")


@pytest.mark.parametrize("head", [HEAD, CHANGES], ids=["complete", "patch"])
@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("|", ["title", "announced_on", "levels", "activities", "life_cycle", "groups", "benefits"]),
        ("levels:\n  gold:\n    |", ["title", "threshold", "note", "source"]),
        ("levels:\n  gold:\n    threshold: 5\n    |", ["title", "note", "source"]),
        ("activities:\n  visit:\n    |", ["points", "caps", "bonuses", "eligible_if", "replaces"]),
        ("activities:\n  visit:\n    points:\n      |", POINTS),
        ("activities:\n  visit:\n    points:\n      per:\n        |", ["unit", "attribute", "points"]),
        ("activities:\n  visit:\n    eligible_if:\n      |", ["all", "any", "not", "attribute", "within"]),
        ("activities:\n  visit:\n    caps:\n      - |", ["points", "times", "per"]),
        ("activities:\n  visit:\n    bonuses:\n      - if:\n          all:\n            - |", ["any", "not"]),
    ],
)
def test_keys_are_offered(editor: LanguageServer, head: str, text: str, offered: list[str]) -> None:
    found = editor.completions(PATCH, f"{head}{text}\n")
    assert set(offered) <= set(found)


def test_what_makes_a_version_a_patch_is_offered(editor: LanguageServer) -> None:
    assert "based_on" in editor.completions(PATCH, f"{HEAD}|\n")
    assert "based_on" not in editor.completions(PATCH, f"{CHANGES}|\n")


@pytest.mark.parametrize(
    ("path", "text", "values"),
    [
        (COMPLETE, f"{HEAD}life_cycle:\n  demotion: |\n", ["to_earned", "one_level"]),
        (PATCH, f"{CHANGES}life_cycle:\n  demotion: |\n", ["to_earned", "one_level", "null"]),
        (PATCH, f"{CHANGES}life_cycle: {{leap_day: |}}\n", ["feb_28", "mar_1", "null"]),
        (COMPLETE, f"{HEAD}activities:\n  visit:\n    caps:\n      - per: |\n", WINDOWS),
        (PATCH, f"{CHANGES}activities:\n  visit:\n    caps:\n      - {{times: 1, per: |}}\n", WINDOWS),
        (
            PATCH,
            f"{CHANGES}activities:\n  visit:\n    attributes:\n      days: {{type: |}}\n",
            ["integer", "decimal", "date", "text", "boolean", "null"],
        ),
        (COMPLETE, f"{HEAD}benefits:\n  lounge:\n    level_not_stated: |\n", ["true"]),
        (PATCH, f"{CHANGES}benefits:\n  lounge:\n    level_not_stated: |\n", ["true", "null"]),
        (PROGRAM, "balances:\n  stars:\n    resets: |\n", ["membership_year", "calendar_year", "never"]),
        (SCENARIO, "assume: |\n", ["none", "low", "mid", "high"]),
        (
            SCENARIO,
            "events:\n  - activity: visit\n    expect: {outcome: |}\n",
            [
                *("awarded", "reduced", "capped", "unvalued", "not_comparable", "out_of_range"),
                *("missing_attribute", "not_eligible", "insufficient_balance", "no_such_activity"),
                *("before_sign_up", "no_version_in_force"),
            ],
        ),
        (
            GUARDRAILS,
            "guardrails:\n  one:\n    measure: |\n",
            [
                *("members_losing_level", "members_losing_points", "members_losing_benefits"),
                *("more_demotions", "total_points_change", "level_share", "notice_days", "rejected_rows"),
                "uncounted_events",
            ],
        ),
    ],
)
def test_the_values_of_an_enumeration_are_offered(
    editor: LanguageServer, path: str, text: str, values: list[str]
) -> None:
    assert editor.completions(path, text) == values


def test_keys_of_an_approval_are_offered(editor: LanguageServer) -> None:
    found = editor.completions(APPROVALS, "approvals:\n  one:\n    |\n")
    assert {"change", "guardrail", "by", "reason", "until"} <= set(found)


@pytest.mark.parametrize(
    ("path", "text", "at", "title", "words"),
    [
        (
            COMPLETE,
            "activities:\n  v:\n    caps:\n      - {times: 1, per: day}\n",
            "per",
            "Window",
            "ISO week",
        ),
        (PATCH, "levels:\n  gold: {threshold: 5}\n", "threshold", "Threshold", "exactly as many is enough"),
        (PATCH, "life_cycle: {demotion: one_level}\n", "demotion", "Demotion", "at lowest one level down"),
        (
            PATCH,
            "activities:\n  v:\n    points: {per: {unit: day}}\n",
            "unit",
            "Name of a unit",
            "for people",
        ),
    ],
)
def test_a_nested_key_shows_its_own_title_and_what_it_means(  # noqa: PLR0913, PLR0917 - columns of the table
    editor: LanguageServer, path: str, text: str, at: str, title: str, words: str
) -> None:
    shown = editor.hover(path, f"{CHANGES if path == PATCH else HEAD}{text}", at)
    assert shown.startswith(f"#### {title}\n")
    assert words in shown


@pytest.mark.parametrize(
    ("path", "like"),
    [
        ("program.yaml", PROGRAM),
        ("versions/2022-11-24.yaml", COMPLETE),
        ("versions/2023-10-10.yaml", PATCH),
        ("scenarios/several-levels-at-once.yaml", SCENARIO),
        ("guardrails.yaml", GUARDRAILS),
    ],
)
def test_every_key_of_a_shipped_file_shows_a_title_and_what_it_means(
    editor: LanguageServer, path: str, like: str
) -> None:
    text = _without_schema_line(SHIPPED / path)
    without = [
        (mark.line + 1, key)
        for key, mark in _keys(yaml.compose(text, Loader=yaml.SafeLoader))
        if not re.match(
            r"#### (?!Pointbook)[^\n]+\n\n\S", editor.hover_at(like, text, mark.line, mark.column)
        )
    ]
    assert without == []


SPLIT = "A number is no key: write whole numbers without a comma, such as 15000."
NO_DAY = "There is no such day. Write it as YYYY-MM-DD."
NOT_WHOLE, NOT_WHOLE_OR_NULL = (
    'Incorrect type. Expected "number".',
    "Incorrect type. Expected one of number, null.",
)
TWO_WAYS = "activities:\n  visit:\n    points:\n      range: [1, 2]\n      up_to: 5\n"
NOT_BESIDE = "Not beside `{}`, which takes its place: keep one."


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("announced_on: 2025-02-29\n", 4, NO_DAY),
        ("announced_on: 2024-04-31\n", 4, NO_DAY),
        ("announced_on: 2024-13-01\n", 4, NO_DAY),
        ("announced_on: 01/02/2024\n", 4, NO_DAY),
        ("levels:\n  gold:\n    threshold: 15,000\n", 6, NOT_WHOLE_OR_NULL),
        ("levels:\n  gold:\n    threshold: 15 000\n", 6, NOT_WHOLE_OR_NULL),
        ("levels:\n  gold:\n    threshold: 15_000\n", 6, NOT_WHOLE_OR_NULL),
        ("levels:\n  gold:\n    threshold: '15000'\n", 6, NOT_WHOLE_OR_NULL),
        ("levels:\n  gold: {threshold: 15,000}\n", 5, SPLIT),
        ("levels:\n  gold:\n    treshold: 15000\n", 6, "Property treshold is not allowed."),
        (
            "activities:\n  visit:\n    caps:\n      - {points: 1,000, per: day}\n",
            7,
            SPLIT,
        ),
        (TWO_WAYS, 8, NOT_BESIDE.format("range")),
        (f"{TWO_WAYS}      per: {{}}\n", 9, NOT_BESIDE.format("up_to")),
        (
            "benefits:\n  lounge:\n    from_level: gold\n    level_not_stated: true\n",
            7,
            NOT_BESIDE.format("from_level"),
        ),
        (
            "activities:\n  visit:\n    eligible_if:\n      all: []\n      attribute: days\n",
            8,
            NOT_BESIDE.format("all"),
        ),
    ],
)
def test_a_slip_in_a_patch_is_seen_while_typing(
    editor: LanguageServer, text: str, line: int, message: str
) -> None:
    assert Problem(line, message) in editor.problems(PATCH, f"{CHANGES}{text}")


@pytest.mark.parametrize(
    "text",
    [
        "activities:\n  visit:\n    points: {range: null, up_to: 5}\n",
        "activities:\n  visit:\n    points: {range: [1, 2], up_to: null, per: null, by: null}\n",
        "activities:\n  visit:\n    points: 5\n    caps: null\n",
        "activities:\n  visit:\n    eligible_if: {all: null, attribute: days, is: 1}\n",
        "benefits:\n  lounge: {level_not_stated: null, from_level: gold}\n",
        "life_cycle: {demotion: null}\nlevels: {gold: null}\ngroups: null\nannounced_on: 2024-02-29\n",
        "activities:\n  visit:\n    points: {by: {values: {a: null, b: 3}}}\n",
    ],
)
def test_what_a_patch_may_write_is_no_problem(editor: LanguageServer, text: str) -> None:
    assert editor.problems(PATCH, f"{CHANGES}{text}") == []


@pytest.mark.parametrize(
    ("path", "text", "line", "message"),
    [
        (COMPLETE, f"{HEAD}levels:\n  gold:\n    threshold: 15,000\n", 5, NOT_WHOLE),
        (COMPLETE, f"{HEAD}levels:\n  gold:\n    threshold: null\n", 5, NOT_WHOLE),
        (COMPLETE, f"{HEAD}{TWO_WAYS}", 6, "Object has more properties than limit of 1."),
        (COMPLETE, "id: a\neffective_from: 2025-02-29\n", 2, NO_DAY),
        (COMPLETE, HEAD, 1, 'Missing property "activities".'),
        (SCENARIO, "title: x\nmembers:\n  ann: {signed_up_on: 2100-02-29}\n", 3, NO_DAY),
        (APPROVALS, "approvals:\n  a:\n    until: 2025-02-29\n", 3, NO_DAY),
    ],
)
def test_a_slip_in_another_file_is_seen_while_typing(
    editor: LanguageServer, path: str, text: str, line: int, message: str
) -> None:
    assert Problem(line, message) in editor.problems(path, text)


def test_shipped_files_have_no_problem_with_the_settings(editor: LanguageServer) -> None:
    """Without the line that names the schema, so that the settings decide."""
    texts = {
        f"rules/{path.relative_to(SHIPPED.parent).as_posix()}": _without_schema_line(path)
        for path in sorted(SHIPPED.rglob("*.yaml"))
    }
    found = editor.problems_of(texts)
    assert len(found) > 20
    assert {place: problems for place, problems in found.items() if problems} == {}


def test_files_with_a_line_that_names_their_schema_have_no_problem() -> None:
    folders = (SHIPPED, ROOT / "tests/conformance")
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in sorted(folder.rglob("*.yaml"))
    }
    texts["rules/dataminer-devops/versions/new.yaml"] = _with_a_slip()
    with LanguageServer(ROOT, {}) as server:
        found = server.problems_of(texts)
    wrong = {
        place: [problem.message for problem in problems] for place, problems in found.items() if problems
    }
    assert wrong == {"rules/dataminer-devops/versions/new.yaml": ["Property treshold is not allowed."]}


def test_the_examples_of_the_guide_have_no_problem(editor: LanguageServer) -> None:
    text = (ROOT / "rules/README.md").read_text(encoding="utf-8")
    places = {
        "program": PROGRAM,
        "version": COMPLETE,
        "patch": PATCH,
        "fragment": PATCH,
        "scenario": SCENARIO,
        "guardrails": GUARDRAILS,
        "approvals": APPROVALS,
    }
    examples = re.findall(rf"<!-- ({'|'.join(places)}) -->\n```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) > 10
    for kind, example in examples:
        assert editor.problems(places[kind], f"{CHANGES if kind == 'fragment' else ''}{example}") == []


def test_the_line_of_the_guide_names_the_schema_that_the_recipe_writes(folder: Path) -> None:
    guide = (ROOT / "rules/README.md").read_text(encoding="utf-8")
    line = guide.split("<!-- first line -->\n```yaml\n")[1].split("```")[0]
    with LanguageServer(folder, {}) as server:
        assert server.problems("rules/my-program/versions/a.yaml", f"{line}{CHANGES}") == []
        found = server.problems("rules/my-program/versions/a.yaml", f"{line}{CHANGES}levls: {{}}\n")
    assert found == [Problem(5, "Property levls is not allowed.")]


def test_the_server_is_the_one_of_the_lock() -> None:
    """Nothing of the lock is fetched from elsewhere, or without a digest."""
    lock = json.loads((Path(__file__).parent / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages["node_modules/yaml-language-server"]["version"] == "2.0.0"
    assert all("integrity" in package for package in packages.values())


def _with_a_slip() -> str:
    text = (SHIPPED / "versions/2024-03-13.yaml").read_text(encoding="utf-8")
    return text.replace("threshold:", "treshold:", 1)


def _without_schema_line(path: Path) -> str:
    return SCHEMA_LINE.sub("", path.read_text(encoding="utf-8"))


def _keys(node: yaml.Node) -> Iterator[tuple[str, yaml.Mark]]:
    """Every key of a document with where it begins."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield key.value, key.start_mark
            yield from _keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys(item)
