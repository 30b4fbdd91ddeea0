"""Whatever stands in the files, loading says what is wrong with it and never breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pointbook.diagnostics import has_errors
from pointbook.loading import loaded_from
from pointbook.loading.documents import documents_in
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.diagnostics import Finding

PROGRAM: dict[str, Any] = {
    "id": "demo",
    "title": "Demo",
    "timezone": "Europe/Brussels",
    "level_balance": "club_points",
    "balances": {"club_points": {"resets": "membership_year"}, "credits": {"resets": "never", "floor": 0}},
    "member_attributes": {"partner": {"type": "boolean"}, "joined": {"type": "date"}},
}
VERSION: dict[str, Any] = {
    "id": "a",
    "effective_from": "2024-01-01",
    "source": {"document": "Program page"},
    "levels": {"silver": {"threshold": 500}, "gold": {"threshold": 5000}},
    "benefits": {"support": {"from_level": "gold"}, "content": {"level_not_stated": True}},
    "life_cycle": {"demotion": "to_earned", "leap_day": "feb_28"},
    "groups": {"social": {"caps": [{"points": 100, "per": "week"}, {"times": 3, "per": "day"}]}},
    "activities": {
        "blog": {
            "points": {"range": [500, 1000]},
            "attributes": {"authors": {"type": "integer"}, "out": {"type": "date"}},
            "split_among": "authors",
            "eligible_if": {
                "all": [
                    {"attribute": "member.partner", "is": True},
                    {"any": [{"attribute": "authors", "at_least": 1, "at_most": 5}]},
                ]
            },
        },
        "training": {
            "points": {"per": {"attribute": "days", "points": 250, "unit": "day"}},
            "attributes": {"days": {"type": "decimal"}},
            "caps": [{"points": 500, "per": "calendar_month"}, {"times": 2, "per": "calendar_month"}],
        },
        "talk": {
            "points": {"by": {"attribute": "audience", "values": {"small": 100, "large": 500}}},
            "attributes": {"audience": {"type": "text"}, "out": {"type": "date"}},
            "bonuses": [
                {
                    "points": 75,
                    "if": {"not": {"attribute": "occurred_on", "within": {"days": 7, "after": "out"}}},
                }
            ],
            "groups": ["social"],
        },
        "spent": {"points": {"range": [-100, -1]}, "balance": "credits"},
        "post": {"points": 50, "groups": ["social"], "caps": [{"times": 1, "per": "lifetime"}]},
    },
}
PATCH: dict[str, Any] = {
    "id": "b",
    "based_on": "a",
    "effective_from": "2025-01-01",
    "levels": {"gold": {"threshold": 4000}, "silver": None},
    "groups": {"social": None},
    "activities": {"post": {"points": 60, "caps": None}, "talk": None, "blog": {"attributes": {"out": None}}},
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.sampled_from(
        (
            "",
            "a",
            "b",
            "c",
            "gold",
            "social",
            "talk",
            "member.partner",
            "member.x",
            "occurred_on",
            "date",
            "integer",
        )
    ),
    st.sampled_from(
        ("2024-02-30", "2024-06-01", "day", "lifetime", "never", "1.5", "points", "times", "within")
    ),
    st.text(max_size=8),
    st.floats(-1000, 1000).map(lambda number: round(number, 2)),
)
KEYS = st.one_of(
    st.sampled_from(
        tuple(
            sorted(
                {
                    *PROGRAM,
                    *VERSION,
                    *PATCH,
                    *VERSION["activities"],
                    *VERSION["activities"]["blog"],
                    "is",
                    "in",
                    "not",
                }
            )
        )
    ),
    st.text(max_size=5),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)


class Memory(dict[str, bytes]):
    """A tree of files that stand in no folder."""

    def shown(self, path: str) -> str:
        return path or "demo"

    def entries(self, folder: str) -> dict[str, bool]:
        return {path.removeprefix(f"{folder}/"): False for path in self if path.startswith(f"{folder}/")}

    def read(self, path: str) -> bytes:
        return self[path]


def findings_of(program: Any, *versions: Any) -> tuple[Finding, ...]:
    """What loading says of documents, which are written as JSON, a part of YAML."""
    names = ("program.yaml", "versions/1.yaml", "versions/2.yaml", "versions/3.yaml")
    tree = Memory(
        {
            name: json.dumps(value, indent=1).encode()
            for name, value in zip(names, (program, *versions), strict=False)
        }
    )
    loaded = loaded_from(documents_in(tree))
    assert (loaded.program is None) == has_errors(loaded.findings)
    return loaded.findings


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a document but the top."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in inside for found in ((*path, key), *paths_of(part, (*path, key)))]


@st.composite
def damaged(draw: st.DrawFn, whole: dict[str, Any]) -> Any:
    """The document with some of its values replaced, deleted or added to."""
    document = json.loads(json.dumps(whole))
    for _ in range(draw(st.integers(1, 3))):
        paths = paths_of(document)
        if not paths:
            break
        *parents, last = draw(st.sampled_from(paths))
        parent = document
        for step in parents:
            parent = parent[step]
        action = draw(st.sampled_from(("replace", "delete", "move", "add")))
        if action == "replace":
            parent[last] = draw(ANYTHING)
        elif action == "delete":
            del parent[last]
        elif action == "move" and isinstance(parent, dict):
            parent[draw(KEYS)] = parent.pop(last)
        elif isinstance(parent, dict):
            parent[draw(KEYS)] = draw(ANYTHING)
    return document


def all_are_in_order(findings: tuple[Finding, ...]) -> bool:
    return all(finding.message and finding.hint and finding.span.line >= 1 for finding in findings)


def test_the_undamaged_documents_have_only_the_faults_they_are_given():
    codes = {finding.code for finding in findings_of(PROGRAM, VERSION)}
    assert codes == {"cap-never-binds", "missing-source", "unused-attribute"}


@settings(deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_any_document_can_stand_in_place_of_a_version(one: Any, two: Any, three: Any):
    assert all_are_in_order(findings_of(PROGRAM, one, two, three))


@settings(deadline=None)
@given(st.dictionaries(KEYS, ANYTHING, max_size=6), st.dictionaries(KEYS, ANYTHING, max_size=6))
def test_any_mapping_can_stand_in_place_of_a_patch(one: dict[str, Any], two: dict[str, Any]):
    patches = ({**one, "id": "b", "based_on": "a"}, {**two, "id": "c", "based_on": "b"})
    assert all_are_in_order(findings_of(PROGRAM, VERSION, *patches))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damage_anywhere_is_said_and_never_breaks_loading(data: st.DataObject):
    program = data.draw(st.one_of(st.just(PROGRAM), damaged(PROGRAM)))
    version = data.draw(st.one_of(st.just(VERSION), damaged(VERSION)))
    patch = data.draw(st.one_of(st.just(PATCH), damaged(PATCH)))
    other = {
        **PATCH,
        "id": "c",
        "based_on": data.draw(st.sampled_from(("a", "b", "c"))),
        "effective_from": "2026-01-01",
    }
    assert all_are_in_order(findings_of(program, version, patch, other))


@settings(deadline=None)
@given(st.binary(max_size=200))
@example(b"\xc3\x80\x00")
def test_any_bytes_can_be_read(data: bytes):
    node, findings = read_yaml("file.yaml", data)
    assert node is not None or findings
    assert all_are_in_order(findings)


@settings(deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!<>|'\"#?,\n \t0", max_size=60))
def test_any_text_that_looks_like_yaml_can_be_read(text: str):
    node, findings = read_yaml("file.yaml", text.encode())
    assert node is not None or findings
    assert all_are_in_order(findings)
