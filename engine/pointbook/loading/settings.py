"""A version with another value at one place: what would be if the threshold were 15,000, or 18,000?

    setting = setting_in(loaded, version, "levels/catalyst/threshold")
    version_with(loaded, setting, value_from("18000"))

A place is called as changes are, `levels/catalyst/threshold`, or by its path in the version's file.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import RulesError, Span
from pointbook.loading.documents import ReadDocument
from pointbook.loading.operands import external_version
from pointbook.lower.implied import without_excluded
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import PerUnit
from pointbook.model.sections import Section
from pointbook.model.wording import condition_text, written
from pointbook.reasoning.conditions import canonical_condition
from pointbook.source.document import Node
from pointbook.source.scalars import UnusableNumberError, plain_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from pointbook.loading.loaded import Loaded
    from pointbook.loading.operands import Operand
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.points.forms import Points
    from pointbook.model.program import Version
    from pointbook.model.rules import Cap, Path

    Scalar = bool | int | Decimal | str | None

MOST_VALUES = 50

_FILE = "--set"
_SECTIONS = (Section.LEVELS, Section.BENEFITS, Section.LIFE_CYCLE, Section.GROUPS, Section.ACTIVITIES)
_WORDS = frozenset(("title", "note", "source", "unit"))
_NEAR = 3
_QUOTES = ("'", '"')


class UnknownAddressError(LookupError):
    """A version has no value there; the message says what is there instead, or near it."""


class UnusableValueError(ValueError):
    """A value that cannot stand where it is put; the message says why."""


class Setting(NamedTuple):
    """A place in a version at which other values are tried.

    Attributes:
        version: The version.
        document: Its document, resolved.
        address: What the place is called.
        path: Where it is in the document.
    """

    version: Version
    document: Node
    address: str
    path: Path

    @property
    def now(self) -> str:
        """What stands there now, as it would be typed; empty where nothing does, or a part of the rules."""
        node = self.document.at(self.path)
        if node is None or node.is_mapping or node.is_list:
            return ""
        return written(node.content)

    def is_now(self, value: Scalar) -> bool:
        """Whether the version has the value already."""
        node = self.document.at(self.path)
        return node is not None and type(node.content) is type(value) and node.content == value


def setting_in(loaded: Loaded, version: Version, address: str) -> Setting:
    """The place that an address means in a version that the program in its folder has.

    Raises:
        UnknownAddressError: There is none.
    """
    documents = (part.document for part in loaded.versions if part.version is version)
    found = next(documents)
    assert found.resolved is not None
    # Of a patch the whole, in the patch's own file.
    document = Node(found.resolved.content, found.written.span, found.resolved.keys)
    known = dict(_addresses(document, version))

    def setting_of(name: str) -> Setting:
        return Setting(version, document, name, known[name])

    if address not in known:
        raise UnknownAddressError(_instead(address, known, setting_of))
    return setting_of(address)


def value_from(text: str) -> Scalar:
    """The value that a text on the command line stands for, as it would in a version's file.

    >>> value_from("15000"), value_from("one_level"), value_from("'12'")
    (15000, 'one_level', '12')

    Raises:
        UnusableValueError: It is empty, or a number that rules cannot use.
    """
    text = text.strip()
    if not text:
        raise UnusableValueError("it is empty; write a value between the commas")
    if text[0] in _QUOTES and text[-1] == text[0] and len(text) > 1:
        return text[1:-1]
    try:
        return plain_value(text)
    except UnusableNumberError as error:
        message, hint = error.args
        raise UnusableValueError(f"{message}; {hint}") from error


def version_with(loaded: Loaded, setting: Setting, value: Scalar) -> Operand:
    """The version with the value at that place, as if its file had it.

    Raises:
        UnusableValueError: The schema or a check refuses it.
    """
    document = replaced(setting.document, setting.path, Node(value, Span(_FILE)))
    document = without_excluded(document, setting.path)
    file = setting.document.span.file
    read = ReadDocument(file, document, (), loaded.documents.texts[file])
    try:
        return external_version(loaded, setting.version.id, read)
    except RulesError as error:
        # What points at the value itself says most; elsewhere it says what the value breaks.
        first = min(error.errors, key=lambda finding: finding.span.file != _FILE)
        place = "" if first.span.file == _FILE else f" at {first.span}"
        raise UnusableValueError(f"{first.message}{place}; {first.hint}") from error


def replaced(node: Node, path: Path, value: Node) -> Node:
    """The document with another value at a path that it has, or could have."""
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(node.content)
        items[step] = replaced(items[step], rest, value)
        return Node(tuple(items), node.span, node.keys)
    content = dict(node.content) if node.is_mapping else {}
    content[step] = replaced(content.get(step, Node({}, value.span)), rest, value)
    return Node(content, node.span, {step: value.span, **node.keys})


def _addresses(document: Node, version: Version) -> Iterator[tuple[str, Path]]:
    """Every place at which one value can stand, by what it is called."""
    for section in _SECTIONS:
        whole = document.get(section.value)
        if whole is None:
            continue
        for path, node in whole.walk((section.value,)):
            if not (node.is_mapping or node.is_list or _WORDS.intersection(path[-2:])):
                yield _named(path)
    yield from (_named((Section.LIFE_CYCLE.value, key)) for key in ("demotion", "leap_day"))
    yield from (_named((Section.BENEFITS.value, key, "from_level")) for key in version.benefits)
    for key, rule in version.activities.items():
        yield from _addresses_of_activity((Section.ACTIVITIES.value, key), rule)
    for key, group in version.groups.items():
        yield from _addresses_of_caps((Section.GROUPS.value, key), group.caps)


def _addresses_of_activity(path: tuple[str, str], rule: Activity) -> Iterator[tuple[str, Path]]:
    """Places that changes call otherwise than a file does."""
    # What may be left out, and a number in place of another form of points.
    if rule.is_short:
        yield from (_named((*path, key)) for key in ("balance", "split_among", "points"))
    for entry in rule.entries:
        yield from _addresses_of_entry(path, entry)
    yield from _addresses_of_caps(path, rule.caps)


def _addresses_of_entry(path: tuple[str, str], entry: EntryRule) -> Iterator[tuple[str, Path]]:
    points: Path = (*path, *entry.at("points"))
    if entry.path:
        yield _named(points)
    if entry.path and not entry.is_spend:
        yield _named((*path, *entry.at("split_among")))
    yield from _addresses_of_points(points, entry.points)
    for index, bonus in enumerate(entry.bonuses):
        own: Path = (*path, *entry.at("bonuses"))
        name = f"{_called(own)}/{condition_text(canonical_condition(bonus.condition))}"
        yield f"{name}/points", (*own, index, "points")
        if bonus.percent != 0 and not isinstance(bonus.percent, Table):
            yield f"{name}/percent", (*own, index, "percent")
    if entry.path:
        yield from _addresses_of_caps((*path, *entry.path), entry.caps)


def _addresses_of_points(points: Path, form: Points) -> Iterator[tuple[str, Path]]:
    match form:
        case PerUnit(rate):
            if not isinstance(rate, Table):
                yield f"{_called(points)}/points", (*points, "per", "points")
            yield f"{_called(points)}/attribute", (*points, "per", "attribute")
            yield f"{_called(points)}/every", (*points, "per", "every")
        case Table(attributes):
            if len(attributes) == 1:
                yield f"{_called(points)}/attribute", (*points, "by", "attribute")
            for keys, _ in form.leaves:
                yield f"{_called(points)}/values/{'/'.join(keys)}", (*points, "by", "values", *keys)


def _addresses_of_caps(path: Path, caps: tuple[Cap, ...]) -> Iterator[tuple[str, Path]]:
    for index, cap in enumerate(caps):
        name = f"{_called(path)}/caps/{cap.name}"
        yield f"{name}/limit", (*path, "caps", index, cap.kind.value)
        yield f"{name}/per", (*path, "caps", index, "per")


def _called(path: Path) -> str:
    return "/".join(map(str, path))


def _named(path: Path) -> tuple[str, Path]:
    return _called(path), path


def _instead(address: str, known: Mapping[str, Path], setting_of: Callable[[str], Setting]) -> str:
    """What to write instead of an address that is none."""
    if address.partition("/")[0] == Section.VERSION:
        return f"`{address}` moves no figure; `--from DAY` asks what a version does from another day on"
    inside = sorted(name for name in known if name.startswith(f"{address}/"))
    if inside:
        return f"`{address}` is more than one value; there are {_shown(inside, setting_of)}"
    beside = [name for name in known if name.startswith(f"{address.rpartition('/')[0]}/")]
    near = get_close_matches(address, beside, _NEAR) or get_close_matches(address, known, _NEAR)
    if near:
        return f"there is no value `{address}`; did you mean {_shown(near, setting_of)}?"
    sections = ", ".join(sorted({f"`{name.partition('/')[0]}/`" for name in known}))
    return f"there is no value `{address}`; addresses begin with {sections}, as `diff --format json` has them"


def _shown(addresses: Sequence[str], setting_of: Callable[[str], Setting]) -> str:
    """The first addresses, each with what is there."""
    found = []
    for address in addresses[:_NEAR]:
        now = setting_of(address).now
        found.append(f"`{address}`{f' ({now})' if now else ''}")
    more = f" and {len(addresses) - _NEAR} more" if len(addresses) > _NEAR else ""
    return ", ".join(found) + more
