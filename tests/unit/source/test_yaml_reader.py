from __future__ import annotations

import subprocess
import sys
import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pointbook.diagnostics import Finding, Span
from pointbook.source import yaml_reader
from pointbook.source.nesting import MAX_DEPTH
from pointbook.source.yaml_reader import MAX_BYTES, read_yaml

if TYPE_CHECKING:
    from pointbook.source.document import Node


def read(text: str | bytes) -> Node:
    node, findings = read_yaml("f.yaml", text.encode() if isinstance(text, str) else text)
    assert not findings
    assert node is not None
    return node


def refused(text: str | bytes) -> Finding:
    """The only finding of a text."""
    _, findings = read_yaml("f.yaml", text.encode() if isinstance(text, str) else text)
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("null", None),
        ("~", None),
        ("Null", None),
        ("NULL", None),
        ("", None),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1.5", Decimal("1.5")),
        ("-.5", Decimal("-0.5")),
        ("1.", Decimal(1)),
        ("1.50", Decimal("1.50")),
    ],
)
def test_scalars_are_those_of_the_yaml_1_2_core_schema(written: str, value: Any) -> None:
    node = read(f"key: {written}\n").at(("key",))
    assert node is not None
    assert node.content == value
    assert type(node.content) is type(value)


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "no",
        "Yes",
        "on",
        "off",
        "y",
        "n",
        "1:30",
        "12:30:45",
        "2024-02-30",
        "2024-01-01",
        "2024-01-01T10:00:00Z",
        "1_000",
        "0b11",
        "tRUE",
        "nULL",
        "0X1F",
        "1.2.3",
        "=",
        "1,000",
        "- 1",
        "٣",
    ],
)
def test_what_other_yaml_versions_take_for_something_else_is_text(written: str) -> None:
    text = written if written != "- 1" else '"- 1"'
    node = read(f"key: {text}\n").at(("key",))
    assert node is not None
    assert node.content == written


@pytest.mark.parametrize("written", ['"1"', "'true'", '"null"', "''", '"0x1F"', "|-\n  1", ">-\n  1"])
def test_quoted_and_block_scalars_are_always_text(written: str) -> None:
    node = read(f"key: {written}\n").at(("key",))
    assert node is not None
    assert isinstance(node.content, str)


def test_every_value_and_key_knows_its_line_column_and_length() -> None:
    node = read("name: Ann\nlevels:\n  gold:\n    threshold: 100\n  list: [1, {a: 22}]\n")
    assert node.span == Span("f.yaml", 1, 1, 1)
    assert node.keys["name"] == Span("f.yaml", 1, 1, 4)
    assert node.content["name"].span == Span("f.yaml", 1, 7, 3)
    assert node.key_span(("levels", "gold", "threshold")) == Span("f.yaml", 4, 5, 9)
    found = {path: (part.span.line, part.span.column, part.span.length) for path, part in node.walk()}
    assert found["levels", "gold"] == (4, 5, 1)
    assert found["levels", "gold", "threshold"] == (4, 16, 3)
    assert found["levels", "list"] == (5, 9, 1)
    assert found["levels", "list", 0] == (5, 10, 1)
    assert found["levels", "list", 1, "a"] == (5, 17, 2)


def test_columns_count_characters_not_bytes() -> None:
    node = read('{"é日𝄞": 1, b: 22}\n')
    assert node.keys["é日𝄞"] == Span("f.yaml", 1, 2, 5)
    assert node.content["é日𝄞"].span == Span("f.yaml", 1, 9, 1)
    assert node.content["b"].span == Span("f.yaml", 1, 15, 2)


def test_a_byte_order_mark_and_crlf_move_nothing() -> None:
    plain = read("a: 1\nb:\n  c: x\n")
    saved_by_an_editor = read(b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: x\r\n")
    assert [(path, node.span) for path, node in saved_by_an_editor.walk()] == [
        (path, node.span) for path, node in plain.walk()
    ]
    assert saved_by_an_editor.plain() == {"a": 1, "b": {"c": "x"}}


def test_block_scalars_keep_their_text_and_stand_where_their_sign_is() -> None:
    node = read("literal: |\n  one\n  two\nfolded: >-\n  one\n  two\nlast: 1\n")
    assert node.plain() == {"literal": "one\ntwo\n", "folded": "one two", "last": 1}
    assert node.content["literal"].span == Span("f.yaml", 1, 10, 1)
    assert node.content["last"].span == Span("f.yaml", 7, 7, 1)


def test_a_value_over_several_lines_is_marked_on_its_first() -> None:
    node = read('a: "one\n  two"\nb: plain\n  more\n')
    assert node.plain() == {"a": "one two", "b": "plain more"}
    assert node.content["a"].span == Span("f.yaml", 1, 4, 4)
    assert node.content["b"].span == Span("f.yaml", 3, 4, 5)


def test_numbers_that_are_keys_stay_text() -> None:
    assert read("1: a\ntrue: b\nnull: c\n").plain() == {"1": "a", "true": "b", "null": "c"}


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", (3, 1, 1), "the key `a` is given twice"),
        ("a: &x 1\n", "anchor", (1, 4, 4), "the anchor `&x` is not allowed"),
        ("a: *x\n", "alias", (1, 4, 2), "the alias `*x` is not allowed"),
        ("a:\n  <<: {b: 1}\n", "merge-key", (2, 3, 2), "the merge key `<<` is not allowed"),
        ("a: !!int 3\n", "tag", (1, 4, 7), "the tag `tag:yaml.org,2002:int` is not allowed"),
        ("a: !secret x\n", "tag", (1, 4, 9), "the tag `!secret` is not allowed"),
        ("a: !!python/object/apply:os.system [ls]\n", "tag", (1, 4, 1), "is not allowed"),
        ("a: 1\n---\nb: 2\n", "several-documents", (2, 1, 3), "a second document begins here"),
        ("? [a, b]\n: 1\n", "bad-key", (1, 3, 1), "a mapping or list cannot be a key"),
        ('a:\n  "": 1\n', "bad-key", (2, 3, 2), "a key is empty"),
        ("a: 12345678901234567890\n", "bad-number", (1, 4, 20), "has too many digits"),
        ("a: 0xfffffffffffffffff\n", "bad-number", (1, 4, 19), "has too many digits"),
        pytest.param(f"a: 0x{'f' * 5000}\n", "bad-number", (1, 4, 5002), "has too many digits", id="0xfff"),
        ("a: 1e3\n", "bad-number", (1, 4, 3), "`1e3` is not a number that rules can use"),
        ("a: .inf\n", "bad-number", (1, 4, 4), "`.inf` is not a number that rules can use"),
        ("a: .NaN\n", "bad-number", (1, 4, 4), "`.NaN` is not a number that rules can use"),
        ("", "empty-file", (1, 1, 1), "the file is empty"),
        ("# only a comment\n", "empty-file", (1, 1, 1), "the file is empty"),
        ("a: 1\n\tb: 2\n", "yaml-syntax", (2, 1, 1), ""),
        ("a: b: c\n", "yaml-syntax", (1, 5, 1), "mapping values are not allowed"),
        ("a: [1, 2\n", "yaml-syntax", (2, 1, 1), "expected ',' or ']'"),
        ('a: "x\n', "yaml-syntax", (2, 1, 1), "unexpected end of stream"),
        ("a: @x\n", "yaml-syntax", (1, 4, 1), "cannot start any token"),
        ("a: x\x07y\n", "yaml-syntax", (1, 5, 1), "character U+0007 is not allowed in YAML"),
        ("é: 日\x07\n", "yaml-syntax", (1, 5, 1), "character U+0007 is not allowed in YAML"),
        ("a: 1\rb: \x07\n", "yaml-syntax", (2, 4, 1), "character U+0007 is not allowed in YAML"),
        ("a: &x 1\n" + "#" * 40_000 + "\nb: \x9f\n", "yaml-syntax", (3, 4, 1), "character U+009F"),
        (b"a: 1\nb: \xe9\n", "not-utf-8", (2, 4, 1), "byte 0xe9 is not UTF-8 text"),
        (b"\xff\xfea\x00", "not-utf-8", (1, 1, 1), "byte 0xff is not UTF-8 text"),
    ],
)
def test_what_is_refused_is_a_finding_with_its_place(
    text: str | bytes, code: str, place: tuple[int, int, int], words: str
) -> None:
    finding = refused(text)
    assert finding.code == code
    assert (finding.span.line, finding.span.column, finding.span.length) == place
    assert words in finding.message
    assert finding.hint


def test_a_key_that_is_given_twice_names_the_first() -> None:
    finding = refused("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n")
    assert finding.span == Span("f.yaml", 5, 3, 1)
    assert [related.span for related in finding.related] == [Span("f.yaml", 3, 3, 1)]
    assert "the first is in line 3" in finding.hint


def test_the_first_of_two_equal_keys_is_kept() -> None:
    node, findings = read_yaml("f.yaml", b"a: 1\na: {b: [2]}\nc: 3\n")
    assert len(findings) == 1
    assert node is not None
    assert node.plain() == {"a": 1, "c": 3}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("{a: 15,000}", [("a", "15", 15000)]),
        ("{a: 1,250,000, b: 2}", [("a", "1", 1250000)]),
        ("{a: 1,000,000}", [("a", "1", 1000000)]),
        ("{a: 1,000, b: 2,000}", [("a", "1", 1000), ("b", "2", 2000)]),
        ("{a: -2,500}", [("a", "-2", -2500)]),
        ("{a: 15, 000}", []),  # two entries, as the space says
        ("{a: 15,000: }", []),  # and the colon
        ("{a: 15,000: 3}", []),
        ("{a: 15,00}", []),
        ("{a: x,000}", []),
        ("{a: true,000}", []),
        ("{a: 15}", []),
        ("[1,000]", []),
    ],
)
def test_a_number_that_a_comma_splits_is_refused_as_a_whole(
    text: str, numbers: list[tuple[str, str, int]]
) -> None:
    node, findings = read_yaml("f.yaml", text.encode())
    assert [(finding.code, finding.message, finding.hint) for finding in findings] == [
        (
            "split-number",
            f"`{key}` is read as {read}: a comma ends the value",
            f"write `{whole}`, without a comma",
        )
        for key, read, whole in numbers
    ]
    assert node is not None
    for key, _, whole in numbers:
        assert node.content[key].content == whole
        assert text[node.content[key].span.column - 1 :].startswith(f"{whole:,}")
        assert node.content[key].span.length == len(f"{whole:,}")


def test_a_comma_after_a_number_of_the_most_digits_does_not_make_it_longer() -> None:
    _, findings = read_yaml("f.yaml", f"{{a: {'9' * 18},999,999}}".encode())
    assert [finding.code for finding in findings] == ["duplicate-key"]


def test_every_fault_of_a_file_is_told_at_once() -> None:
    _, findings = read_yaml("f.yaml", b"a: &x 1\nb: !t 2\nb: 1e9\n")
    assert [finding.code for finding in findings] == ["anchor", "tag", "duplicate-key", "bad-number"]


def test_nesting_up_to_the_limit_is_read_and_one_more_is_refused() -> None:
    node = read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert sum(1 for _ in node.walk()) == MAX_DEPTH
    finding = refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert finding.code == "too-deep"
    assert finding.span == Span("f.yaml", 1, MAX_DEPTH + 1, 1)


@pytest.fixture(params=["libyaml", "python"])
def _each_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(yaml_reader, "_Loader", yaml.SafeLoader)
    elif not yaml.__with_libyaml__:
        pytest.skip("this PyYAML was built without libyaml")


@pytest.mark.parametrize("behind", ["", "@", '"not closed'])
@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 1001])
@pytest.mark.parametrize(
    ("before", "opening", "place"),
    [
        ("", "[", (1, 65)),
        ("", "[ ", (1, 129)),
        ("", "{a: ", (1, 257)),
        ("", "[{a: ", (1, 161)),
        ("", "[\n", (65, 1)),
        ("", "- ", (1, 129)),
        ("a: ", "[", (1, 67)),
        ("a: 1\r\né:\r\n  ", "[", (3, 66)),
        ("'it''s': [it's, \"[[\", 𝄞, ", "[", (1, 88)),
        ("a: it is [[[[\nb: # [[[[\n  # [[[[\n  ", "[", (4, 66)),
        ("[" + "[], " * 400, "[", (1, 1665)),
        ("[" * 40 + "]" * 30 + ", ", "[", (1, 127)),
        ("".join(f"{' ' * depth}a:\n" for depth in range(40)) + " " * 41, "[", (41, 66)),
        ("- " * 30 + "x:\n" + " " * 61 + "y: ", "[", (2, 97)),
    ],
)
@pytest.mark.usefixtures("_each_parser")
def test_brackets_nested_too_deep_are_found_by_our_own_count(
    before: str, opening: str, place: tuple[int, int], levels: int, behind: str
) -> None:
    """Whatever stands behind them, and whether or not the parser has a limit of its own."""
    finding = refused(before + opening * levels + behind)
    assert finding.code == "too-deep"
    assert finding.span == Span("f.yaml", *place, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: b: c\nd: " + "[" * 1100, (1, 5)),
        ("{a: 1 b: 2, c: " + "[" * 1100, (1, 8)),
        ("[a, [b], [c] " + "[" * 1100, (1, 14)),
        ("[" * MAX_DEPTH + "@" + "[" * 1100, (1, 65)),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH + "]" + "[" * 1100, (1, 129)),
    ],
)
@pytest.mark.usefixtures("_each_parser")
def test_of_a_fault_of_syntax_and_brackets_nested_too_deep_the_first_is_told(
    text: str, place: tuple[int, int]
) -> None:
    finding = refused(text)
    assert finding.code == "yaml-syntax"
    assert finding.span == Span("f.yaml", *place, 1)


@pytest.mark.usefixtures("_each_parser")
def test_findings_before_brackets_nested_too_deep_are_told_too() -> None:
    _, findings = read_yaml("f.yaml", b"a: &x 1\nb: [&y 2, " + b"[" * 1100)
    assert [finding.code for finding in findings] == ["anchor", "anchor", "too-deep"]


@pytest.mark.usefixtures("_each_parser")
def test_brackets_in_texts_and_comments_and_beside_one_another_are_not_nested() -> None:
    assert read("a: ['" + "[" * 2000 + "', " + "[]," * 2000 + "] # " + "[" * 2000).at(("a",)) is not None


@pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "- \ta: 1\n", "a:\n  b: 1\n\tc: 2\n", "? a\n:\tb: 1\n"])
@pytest.mark.usefixtures("_each_parser")
def test_the_hint_for_a_tab_is_the_same_for_each_parser(text: str) -> None:
    assert refused(text).hint == "indent with spaces; YAML does not allow tabs"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: ", "a:\n"])
def test_200_000_nested_brackets_are_refused_at_once(opening: str) -> None:
    """In a process of its own, because a composer would end it with a segmentation fault."""
    script = (
        "import sys; from pointbook.source.yaml_reader import read_yaml\n"
        "node, findings = read_yaml('f.yaml', sys.stdin.buffer.read())\n"
        "print(node, [finding.code for finding in findings])"
    )
    text = opening * 200_000 if opening != "a:\n" else "".join(" " * depth + "a:\n" for depth in range(3000))
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], input=text.encode(), capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().strip() in {f"None ['{code}']" for code in ("too-deep", "bad-key")}
    assert time.monotonic() - started < 30


def test_a_billion_laughs_are_not_laughed() -> None:
    lines = ['a0: &a0 ["lol", "lol"]']
    lines += [f"a{step}: &a{step} [{', '.join([f'*a{step - 1}'] * 9)}]" for step in range(1, 10)]
    started = time.monotonic()
    node, findings = read_yaml("f.yaml", "\n".join(lines).encode())
    assert node is None
    assert [finding.code for finding in findings] == ["anchor", "anchor", "alias"]
    assert time.monotonic() - started < 5


def test_a_file_over_the_limit_is_refused_before_it_is_read() -> None:
    node, findings = read_yaml("f.yaml", b"#" * (MAX_BYTES + 1))
    assert node is None
    assert [finding.code for finding in findings] == ["file-too-large"]
    assert "5,000,001 bytes" in findings[0].message


def test_a_file_of_the_limits_size_is_read() -> None:
    data = b"a: 1\n" + b"#" * (MAX_BYTES - 5)
    assert read(data).plain() == {"a": 1}
