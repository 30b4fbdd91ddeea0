"""What `show` prints reads back as the same rules, whatever text and numbers they hold."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pointbook.loading import load_program
from pointbook.lower.resolution import resolved_versions
from pointbook.source.document import Node, sha256_of
from pointbook.source.yaml_reader import read_yaml
from pointbook.views.resolved import remarks_on, resolved_yaml

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text("#:-?{}[],&*!|>'\"%@` \t\n\r\\~=<.0123456789eExXoOtrufalsnyY_+\x85\u2028\ufeff\x7f", max_size=8),
    st.sampled_from(
        ("NO", "null", "~", "1:30", "010", "0o7", "1e3", "2024-01-01", "- a", "? a", "---", "...")
    ),
)
SCALARS = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.decimals(-1000, 1000, places=2).map(lambda number: abs(number) if number == 0 else number),
)
KEYS = TEXTS.filter(bool)
RULES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=12,
)
SECTIONS = st.dictionaries(
    st.sampled_from(("levels", "activities", "groups", "benefits", "note")),
    st.one_of(st.dictionaries(KEYS, RULES, max_size=3), SCALARS),
    max_size=4,
)


def node(file: str, value: Any) -> Node:
    """A document; each value stands on a line of its own file."""
    from pointbook.diagnostics import Span  # noqa: PLC0415 - only here

    span = Span(file, 7, 1)
    if isinstance(value, dict):
        return Node({key: node(file, part) for key, part in value.items()}, span, dict.fromkeys(value, span))
    if isinstance(value, list):
        return Node(tuple(node(file, part) for part in value), span)
    return Node(value, span)


@settings(max_examples=60, deadline=None)
@given(SECTIONS, SECTIONS)
def test_a_resolved_version_reads_back_as_the_same_rules(
    complete: dict[str, Any], patch: dict[str, Any]
) -> None:
    documents = [
        ("1.yaml", node("1.yaml", {"id": "a", **complete})),
        ("2.yaml", node("2.yaml", {"id": "b", "based_on": "a", **patch})),
    ]
    for version in resolved_versions(documents):
        assert version.resolved is not None
        text = resolved_yaml(version)
        read, findings = read_yaml("shown.yaml", text.encode())
        assert not findings, text
        assert read is not None
        assert read.plain() == version.resolved.plain(), text
        assert sha256_of(read) == sha256_of(version.resolved)
        types = [type(part.content) for _, part in read.walk()]
        assert types == [type(part.content) for _, part in _in_the_order_shown(version.resolved).walk()]


def _in_the_order_shown(resolved: Node) -> Node:
    header = [key for key in ("id", "note") if key in resolved.content]
    order = [*header, *(key for key in resolved.content if key not in header)]
    return Node({key: resolved.content[key] for key in order}, resolved.span, resolved.keys)


def shown(complete: str, patch: str) -> list[str]:
    documents = []
    for file, text in (("1.yaml", complete), ("2.yaml", patch)):
        read, findings = read_yaml(file, text.encode())
        assert not findings
        assert read is not None
        documents.append((file, read))
    return resolved_yaml(resolved_versions(documents)[1]).splitlines()


def test_a_changed_value_names_its_line_and_the_rest_does_not() -> None:
    assert shown(
        "id: a\nlevels:\n  gold: {threshold: 500, title: Gold}\n",
        "id: b\nbased_on: a\nlevels:\n  gold:\n    threshold: 400\n  top: {threshold: 900, title: Top}\n",
    ) == [
        "# b as it is in force, from 2.yaml",
        "# a comment names where a value comes from, if not from 1.yaml",
        "id: b",
        "levels:",
        "  gold:",
        "    threshold: 400  # 2.yaml:5",
        "    title: Gold",
        "  top:  # 2.yaml:6",
        "    threshold: 900",
        "    title: Top",
    ]


def test_a_list_that_a_patch_replaces_names_its_line_once() -> None:
    lines = shown(
        "id: a\nactivities:\n  visit:\n    points: 5\n    caps: [{times: 1, per: day}]\n",
        "id: b\nbased_on: a\nactivities:\n  visit:\n    caps: [{times: 2, per: day}]\n",
    )
    assert lines[3:] == [
        "activities:",
        "  visit:",
        "    points: 5",
        "    caps:  # 2.yaml:5",
        "      - times: 2",
        "        per: day",
    ]


def test_numbers_keep_their_decimals_and_text_its_quotes() -> None:
    complete = "id: a\nx: {a: 1.50, b: '1.50', c: true, d: 'true', e: [], f: {}, g: null}\n"
    lines = shown(complete, "id: b\nbased_on: a\n")
    assert lines[3:] == [
        "x:",
        "  a: 1.50",
        '  b: "1.50"',
        "  c: true",
        '  d: "true"',
        "  e: []",
        "  f: {}",
        "  g: null",
    ]
    read, _ = read_yaml("f", "\n".join(lines).encode())
    assert read is not None
    assert read.plain()["x"]["a"] == Decimal("1.50")
    assert json.dumps(read.plain()["x"]["b"]) == '"1.50"'


FEEDING = """\
id: v1
effective_from: 2024-01-01
source: {document: Terms}
attributes: {usd: {type: decimal}}
levels:
  silver: {title: Silver, threshold: 10}
  gold: {title: Gold, requires: {nights: 20, spend: 500}}
activities:
  plain: {balance: nights, points: 1, eligible_if: {attribute: level, at_least: silver}}
  stay:
    earns:
      nights: {points: 1}
      points: {points: {per: {attribute: usd, points: {by: {attribute: level, values: {none: 1, gold: 2}}}}}}
      spend: {points: {same_as: points}}
  lounge:
    earns:
      points: {points: 1}
      nights: {points: 1, if: {attribute: level, at_least: gold}}
  talk:
    eligible_if: {attribute: level, at_least: silver}
    earns:
      nights: {points: 1}
      points: {points: 1}
"""


def test_each_entry_that_feeds_the_levels_it_looks_at_is_remarked_on(tmp_path: Path) -> None:
    """Points lead to no level; what is the same as them leads to one, and looks at the level with them."""
    (tmp_path / "versions").mkdir()
    balances = ", ".join(f"{name}: {{resets: calendar_year}}" for name in ("nights", "points", "spend"))
    (tmp_path / "program.yaml").write_text(
        f"id: hotel\ntitle: Hotel\ntimezone: UTC\nlevel_balance: nights\nbalances: {{{balances}}}\n",
        encoding="utf-8",
    )
    (tmp_path / "versions" / "v1.yaml").write_text(FEEDING, encoding="utf-8")
    program = load_program(tmp_path)
    whose = [remark.split(":")[0] for remark in remarks_on(program.versions[0], program.level_balance)]
    assert whose == [
        "plain feeds itself",
        "stay feeds itself in spend",
        "lounge feeds itself in nights",
        "talk feeds itself in nights",
    ]
