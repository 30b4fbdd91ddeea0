"""JSON Merge Patch, RFC 7396, on documents that know where their values were written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pointbook.diagnostics import Span
from pointbook.source.patch import merged
from pointbook.source.yaml_reader import read_yaml

if TYPE_CHECKING:
    from pointbook.source.document import Node


def document(file: str, value: Any) -> Node:
    text = value if isinstance(value, str) and file.endswith(".yaml") else json.dumps(value)
    node, findings = read_yaml(file, text.encode())
    assert not findings
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("original", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_every_case_of_the_rfcs_appendix(original: Any, patch: Any, result: Any) -> None:
    assert merged(document("old", original), document("new", patch)).plain() == result


def test_the_example_of_the_rfcs_third_section() -> None:
    original = {
        "title": "Goodbye!",
        "author": {"givenName": "John", "familyName": "Doe"},
        "tags": ["example", "sample"],
        "content": "This will be unchanged",
    }
    patch = {
        "title": "Hello!",
        "phoneNumber": "+01-123-456-7890",
        "author": {"familyName": None},
        "tags": ["example"],
    }
    assert merged(document("old", original), document("new", patch)).plain() == {
        "title": "Hello!",
        "author": {"givenName": "John"},
        "tags": ["example"],
        "content": "This will be unchanged",
        "phoneNumber": "+01-123-456-7890",
    }


def test_values_keep_their_places_through_a_chain_of_three() -> None:
    first = document("1.yaml", "levels:\n  silver: {threshold: 100}\n  gold: {threshold: 500, title: Gold}\n")
    second = document("2.yaml", "levels:\n  gold:\n    threshold: 400\n  top:\n    threshold: 900\n")
    third = document("3.yaml", "\n\nlevels:\n  silver: null\n  top: {title: Top}\n")
    whole = merged(merged(first, second), third)
    assert whole.plain() == {
        "levels": {"gold": {"threshold": 400, "title": "Gold"}, "top": {"threshold": 900, "title": "Top"}}
    }
    places = whole.positions()
    assert places["levels", "gold"] == Span("1.yaml", 3, 3, 4)
    assert places["levels", "gold", "title"] == Span("1.yaml", 3, 33, 4)
    assert places["levels", "gold", "threshold"] == Span("2.yaml", 3, 16, 3)
    assert places["levels", "top"] == Span("2.yaml", 4, 3, 3)
    assert places["levels", "top", "threshold"] == Span("2.yaml", 5, 16, 3)
    assert places["levels", "top", "title"] == Span("3.yaml", 5, 16, 3)
    assert whole.key_span(("levels", "gold", "threshold")) == Span("2.yaml", 3, 5, 9)


def test_a_list_is_replaced_whole_and_stands_in_the_patch() -> None:
    whole = merged(
        document("1.yaml", "caps: [{times: 1}, {times: 2}]\n"), document("2.yaml", "caps: [{times: 3}]\n")
    )
    assert whole.plain() == {"caps": [{"times": 3}]}
    assert {node.span.file for path, node in whole.walk() if path} == {"2.yaml"}


def test_keys_keep_their_order_and_new_ones_follow() -> None:
    whole = merged(document("1.yaml", "b: 1\na: 2\n"), document("2.yaml", "z: 3\na: 4\nc: 5\n"))
    assert list(whole.content) == ["b", "a", "z", "c"]


def test_merging_changes_neither_document() -> None:
    old, new = document("1.yaml", "a: {b: 1}\n"), document("2.yaml", "a: {b: null, c: 2}\n")
    merged(old, new)
    assert (old.plain(), new.plain()) == ({"a": {"b": 1}}, {"a": {"b": None, "c": 2}})
