"""Reads one YAML document, as the YAML 1.2 core schema, with a position for every value.

The parser's events are turned into nodes one by one, without a composer: nesting is counted as it
opens, so that no input can exhaust a stack, and anchors never expand. Refused, each with a
position: duplicate keys, anchors and aliases, merge keys, tags, several documents, keys that are
not text, nesting beyond 64 levels, files over 5 MB; and thousands set apart by a comma, which in
`{threshold: 15,000}` ends the value: YAML reads 15 and then a key `000`. All that is the same with
every release of libyaml and with PyYAML's own parser; only of plain faults of syntax the words are theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import yaml

from pointbook.diagnostics import Edit, Finding, Related, Span, sorted_findings
from pointbook.source.document import Node
from pointbook.source.nesting import MAX_DEPTH, deep_bracket
from pointbook.source.scalars import MAX_DIGITS, UnusableNumberError, plain_value
from pointbook.source.syntax_hints import syntax_hint
from pointbook.source.syntax_slips import slip_near

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 5_000_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_GROUP_OF_DIGITS = re.compile(r"[0-9]{3}")
_COMPARED = frozenset(("is", "at_least", "at_most"))
_NOT_ALLOWED = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_yaml(file: str, data: bytes) -> tuple[Node | None, tuple[Finding, ...]]:
    """The document in `data`, and everything that is wrong with it as YAML.

    Args:
        file: The name that positions carry.
        data: The file's bytes, UTF-8 with or without byte-order mark.

    Returns:
        The document, or None where it cannot be used as a whole, and findings, sorted. A document comes
        with findings where parts of it had to be left out, such as the second of two equal keys.
    """
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes; at most {MAX_BYTES:,} are read"
        hint = "split the rules into several versions"
        return None, (Finding(Span(file), "file-too-large", message, hint),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8 text"
        return None, (Finding(Span(file, line, column), "not-utf-8", message, "save the file as UTF-8"),)
    reader = _Reader(file, text)
    return reader.document(), sorted_findings(reader.findings)


class _Stop(Exception):  # noqa: N818 - control flow inside this module, never seen outside
    """Reading cannot go on; the finding is recorded."""


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled."""

    span: Span
    is_mapping: bool
    in_brackets: bool
    items: list[Node] = field(default_factory=list)
    content: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)
    key: str | None = None
    key_span: Span | None = None
    last_key: str | None = None
    split: dict[str, str] = field(default_factory=dict)
    """The numbers that commas split as they are written, by key."""

    @property
    def awaits_key(self) -> bool:
        return self.is_mapping and self.key_span is None


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.lines = text.splitlines() or [""]
        self.findings: list[Finding] = []
        self.stack: list[_Open] = []
        self.handed_over = 0
        """Up to here the parser's events have come."""

    def document(self) -> Node | None:
        try:
            return self._document()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            self._add_syntax_error(error)
            return None

    def _document(self) -> Node | None:
        self._refuse_characters()
        root: Node | None = None
        for event in self._events():
            complete: Node | None = None
            self.handed_over = event.end_mark.index
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self.stack.append(self._opened(event))
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                complete = self._closed(self.stack.pop())
            elif isinstance(event, yaml.ScalarEvent):
                complete = self._scalar_node(event)
            if complete is not None and self.stack:
                self._put(self.stack[-1], complete)
            elif complete is not None:
                root = complete
        if root is None:
            hint = "write the rules, or delete the file"
            self._add(Span(self.file), "empty-file", "the file is empty", hint)
        return root

    def _opened(self, event: Any) -> _Open:
        span = self._span(event)
        if len(self.stack) >= MAX_DEPTH:
            hint = "no rule needs that; look for a bracket that is not closed"
            self._stop(span, "too-deep", f"nested more than {MAX_DEPTH} levels deep", hint)
        self._refuse_decorations(event, span)
        if self.stack and self.stack[-1].awaits_key:
            self._stop(span, "bad-key", "a mapping or list cannot be a key", "use a plain name as the key")
        return _Open(span, isinstance(event, yaml.MappingStartEvent), event.flow_style is True)

    def _scalar_node(self, event: Any) -> Node | None:
        """The scalar as a node; None where it is a key, which is noted with its mapping."""
        span = self._span(event)
        self._refuse_decorations(event, span)
        if self.stack and self.stack[-1].awaits_key:
            self._open_key(self.stack[-1], event, span)
            return None
        try:
            return Node(plain_value(event.value) if event.implicit[0] else event.value, span)
        except UnusableNumberError as error:
            self._add(span, "bad-number", *error.args)
            return Node(0, span)

    def _events(self) -> Iterator[Any]:
        documents = 0
        for event in yaml.parse(self.text, Loader=_Loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    hint = "keep one document per file; delete the `---`"
                    self._stop(self._span(event), "several-documents", "a second document begins here", hint)
            if isinstance(event, yaml.AliasEvent):
                hint = "write the value out; rules are read by people"
                self._stop(self._span(event), "alias", f"the alias `*{event.anchor}` is not allowed", hint)
            yield event

    def _refuse_decorations(self, event: Any, span: Span) -> None:
        if event.anchor is not None:
            hint = "write the value out where it is needed; rules are read by people"
            self._add(span, "anchor", f"the anchor `&{event.anchor}` is not allowed", hint)
        if event.tag is not None and event.tag != "!":
            hint = "delete it; types follow from the value"
            self._add(span, "tag", f"the tag `{event.tag}` is not allowed", hint)

    def _open_key(self, mapping: _Open, event: Any, span: Span) -> None:
        key: str = event.value
        mapping.key_span = span
        mapping.key = key
        if key == "<<" and event.implicit[0]:
            hint = "write the keys out; a version that changes another uses `based_on`"
            self._add(span, "merge-key", "the merge key `<<` is not allowed", hint)
            mapping.key = None
        elif key == "":
            self._add(span, "bad-key", "a key is empty", "give it a name, or delete the colon")
            mapping.key = None

    def _put(self, parent: _Open, node: Node) -> None:
        if not parent.is_mapping:
            parent.items.append(node)
            return
        key, place = parent.key, parent.key_span
        parent.key = parent.key_span = None
        if key is None or place is None:
            return
        last = parent.last_key
        behind = self.lines[place.line - 1][place.column - 1 + place.length :]
        if last is not None and _continues(parent.content[last], key, place, node, behind):
            number = parent.content[last]
            parent.split[last] = f"{parent.split.get(last, number.content)},{key}"
            length = place.column + place.length - number.span.column
            parent.content[last] = Node(int(f"{number.content}{key}"), replace(number.span, length=length))
        elif key in parent.keys:
            self._refuse_second(key, place, parent.keys[key], is_same=_are_same(node, parent.content[key]))
            parent.last_key = None
        else:
            parent.content[key], parent.keys[key], parent.last_key = node, place, key

    def _closed(self, opened: _Open) -> Node:
        for key, text in opened.split.items():
            number = opened.content[key]
            message = f"`{key}` is read as {text.partition(',')[0]}: a comma ends the value"
            hint = f"write `{number.content}`, without a comma"
            is_compared = key in _COMPARED and "attribute" in opened.content  # with what may be a decimal
            can_be_decimal = is_compared or text.lstrip("-").startswith("0")
            fix = () if can_be_decimal else (Edit(number.span, text, number.content),)
            self.findings.append(Finding(number.span, "split-number", message, hint, fix=fix))
        if opened.is_mapping:
            return Node(opened.content, opened.span, opened.keys)
        return Node(tuple(opened.items), opened.span)

    def _refuse_second(self, key: str, place: Span, first: Span, *, is_same: bool) -> None:
        message = f"the key `{key}` is given twice"
        hint = f"keep one of the two; the first is in line {first.line}"
        related = (Related(first, f"`{key}` is given here first"),)
        fix = (Edit(place, key, None),) if is_same else ()
        self.findings.append(Finding(place, "duplicate-key", message, hint, related=related, fix=fix))

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            length = 1
        elif start.line == end.line:
            length = end.column - start.column
        else:
            line = self.lines[start.line] if start.line < len(self.lines) else ""
            length = len(line) - start.column
        return Span(self.file, start.line + 1, start.column + 1, max(1, length))

    def _add(self, span: Span, code: str, message: str, hint: str) -> None:
        self.findings.append(Finding(span, code, message, hint))

    def _stop(self, span: Span, code: str, message: str, hint: str) -> None:
        self._add(span, code, message, hint)
        raise _Stop

    def _refuse_characters(self) -> None:
        found = _NOT_ALLOWED.search(self.text)
        if found is not None:
            lines = f"{self.text[: found.start()]}.".splitlines()
            message = f"character U+{ord(found[0]):04X} is not allowed in YAML"
            hint = "delete it; it is invisible in most editors"
            self._stop(Span(self.file, len(lines), len(lines[-1])), "yaml-syntax", message, hint)

    def _add_syntax_error(self, error: yaml.MarkedYAMLError) -> None:
        """What the parser says, but nesting beyond the limit where that comes first."""
        mark = error.problem_mark or error.context_mark
        end = len(self.text) if mark is None else mark.index + 1
        brackets = sum(opened.in_brackets for opened in self.stack)
        blocks = len(self.stack) - brackets
        deep = deep_bracket(self.text, self.handed_over, end, blocks=blocks, brackets=brackets)
        if deep is not None and deep + 1 < len(self.text):
            # Without what follows, the parser hands over all that stands before.
            shorter = _Reader(self.file, self.text[: deep + 1])
            shorter.document()
            self.findings = shorter.findings
            return
        problem = error.problem or "this cannot be read"
        at, column = (len(self.lines), 0) if mark is None else (mark.line, mark.column)
        if slip := slip_near(self.lines, at, problem):
            place = Span(self.file, slip.line + 1, slip.column + 1, slip.length)
            self._add(place, "yaml-syntax", slip.message, slip.hint)
        else:
            line = self.lines[at] if at < len(self.lines) else ""
            hint = syntax_hint(problem, line, column + 1)
            self._add(Span(self.file, at + 1, column + 1), "yaml-syntax", problem, hint)


def _are_same(one: Node, other: Node) -> bool:
    """Whether two values are the same, in their types too: `true` is not 1."""
    return repr(one.plain()) == repr(other.plain())


def _continues(number: Node, key: str, place: Span, node: Node, behind: str) -> bool:
    """Whether an entry is only the rest of the whole number before it.

    It is three digits right behind the comma, without the space that people type between entries, and
    without a colon in what is `behind` it.
    """
    return (
        isinstance(number.content, int)
        and not isinstance(number.content, bool)
        and len(str(number.content)) < MAX_DIGITS
        and node.content is None
        and _GROUP_OF_DIGITS.fullmatch(key) is not None
        and number.span.is_just_before(place)
        and not behind.lstrip().startswith(":")
    )
