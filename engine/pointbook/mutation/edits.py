"""Every slip that is tried: one value of one file, nudged.

Source: rules/README.md, "Would the scenarios notice a slip?".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.model.amounts import Rounding
from pointbook.model.windows import Resets
from pointbook.model.wording import written
from pointbook.mutation.activity_edits import in_activity, in_caps
from pointbook.mutation.conditions import nudged_condition
from pointbook.mutation.nudges import LEFT_AS_IT_IS, LEFT_OUT, Nudge, next_of, nudged_day, nudged_number
from pointbook.mutation.parts import in_defaults, is_new, is_removed, numbers, rules_in
from pointbook.mutation.replacing import with_value
from pointbook.mutation.wording import subject_of
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum

    from pointbook.diagnostics import Span
    from pointbook.loading import Loaded, ProgramDocuments
    from pointbook.loading.loaded import LoadedVersion
    from pointbook.lower.resolution import VersionDocument
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

_UTC, _ELSEWHERE = "UTC", "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class Edit:
    """A slip of the pen.

    Attributes:
        span: Where the value stands.
        version: Id of the version whose file it is in; None for program.yaml.
        path: Where the value is in the file's document.
        value: What stands there instead; None where it is left out.
        subject: What the value is, in words.
        was: It as written.
        now: What became of it, in words.
    """

    span: Span
    version: str | None
    path: Path
    value: Node | None
    subject: str
    was: str
    now: str

    @property
    def address(self) -> str:
        """What the place is called: the path with slashes."""
        return "/".join(map(str, self.path))

    @property
    def activity(self) -> str | None:
        """The activity that it is about, if it is about one."""
        return str(self.path[1]) if self.path[0] == "activities" else None

    @property
    def rule(self) -> str:
        """The id of the rule that it is about, or the section where there is one only."""
        return str(self.path[1 if len(self.path) > 1 and self.path[0] != "life_cycle" else 0])

    @property
    def is_of_levels(self) -> bool:
        """Whether it is about levels and what they bring."""
        return self.path[0] in ("levels", "benefits") or self.path == ("life_cycle", "demotion")

    @property
    def topic(self) -> str:
        """What it is about, for one member of a scenario: levels and what hangs on them are one topic."""
        return "levels" if self.path[0] in ("levels", "benefits", "life_cycle") else self.rule

    def applied(self, documents: ProgramDocuments) -> ProgramDocuments:
        """The program's documents with the slip in them."""
        if self.version is None:
            assert documents.program is not None
            return replace(documents, program=with_value(documents.program, self.path, self.value))
        versions = tuple(
            (file, with_value(node, self.path, self.value) if file == self.span.file else node)
            for file, node in documents.versions
        )
        return replace(documents, versions=versions)


def edits_of(loaded: Loaded) -> tuple[Edit, ...]:
    """Every slip that is tried, by file and place.

    Args:
        loaded: The program; it has no errors.
    """
    assert loaded.documents.program is not None
    found = list(_edits(loaded.documents.program, None, _in_program(loaded.documents.program, loaded)))
    for part in loaded.versions:
        found += _edits(part.document.written, part.document.id, _in_version(part, loaded))
    return tuple(sorted(found, key=lambda edit: (edit.span, edit.address)))


def _edits(document: Node, version: str | None, nudges: Iterator[tuple[Path, Nudge]]) -> Iterator[Edit]:
    for path, nudge in nudges:
        node = document.at(path) or document.get("id")  # which is the first day, where no other is written
        assert node is not None
        span = document.key_span(path) if node.is_mapping else node.span
        value = None if nudge.content is None else Node(nudge.content, node.span, nudge.keys or {})
        was = nudge.was or written(node.content)
        yield Edit(span, version, path, value, subject_of(path, version), was, nudge.now)


def _in_program(document: Node, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    zone = document.value("timezone")
    other = _ELSEWHERE if zone == _UTC else _UTC
    yield ("timezone",), Nudge(other, other)
    balances = document.entries("balances")
    decides = document.value("level_balance")
    if len(balances) > 1 and isinstance(decides, str):
        yield ("level_balance",), next_of(decides, tuple(balances))
    for name, balance in balances.items():
        path = ("balances", name)
        for key in ("start", "floor", "decimals"):
            yield from numbers(balance, path, key)
        if isinstance(rounds := balance.value("round"), str):
            yield (*path, "round"), next_of(rounds, tuple(one.value for one in Rounding))
        for resets in Resets:
            if resets != balance.value("resets"):
                yield (*path, "resets"), Nudge(resets.value, resets.value)
    yield from in_defaults(document, ("member_attributes",), loaded)


def _in_version(part: LoadedVersion, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    document, version = part.document.written, part.version
    assert version is not None
    for nudge in nudged_day(document.value("effective_from") or document.value("id")):
        yield ("effective_from",), nudge
    yield from _removals(part.document)
    yield from in_defaults(document, ("attributes",), loaded)
    for key, level in rules_in(document, "levels"):
        yield from _base(level, key)
        yield from numbers(level, ("levels", key), "threshold")
        yield from _in_minimums(level.get("requires"), ("levels", key, "requires"))
        yield from _in_minimums(level.get("keep"), ("levels", key, "keep"))
    for key, benefit in rules_in(document, "benefits"):
        path = ("benefits", key)
        if is_new(part.document, path) and benefit.get("from_level") is not None:
            yield path, LEFT_OUT
        if isinstance(level_id := benefit.value("from_level"), str) and len(version.levels) > 1:
            yield (*path, "from_level"), next_of(level_id, tuple(version.levels))
        if benefit.get("if") is not None:
            yield (*path, "if"), LEFT_OUT
    yield from _in_life_cycle(document.get("life_cycle"), version)
    yield from _shared(part, loaded)
    for key, activity in rules_in(document, "activities"):
        yield from in_activity(activity, version.activities.get(key), part.document, loaded)


def _removals(document: VersionDocument) -> Iterator[tuple[Path, Nudge]]:
    """What is removed stays; not a benefit without a level, which no standing shows."""
    for section in ("levels", "benefits", "groups", "conditions", "activities"):
        for key, rule in document.written.entries(section).items():
            base = None if document.base is None else document.base.at((section, key))
            is_seen = section != "benefits" or (base is not None and base.get("from_level") is not None)
            if is_removed(rule) and is_seen:
                yield (section, key), LEFT_AS_IT_IS


def _base(level: Node, key: str) -> Iterator[tuple[Path, Nudge]]:
    """The base level is one that a point reaches."""
    if level.value("base") is True:
        content = {name: part for name, part in level.content.items() if name != "base"}
        content["threshold"] = Node(1, level.span)
        places = {**level.keys, "threshold": level.keys["base"]}
        yield ("levels", key), Nudge(content, "reached by 1 point", "the base level", places)


def _in_life_cycle(cycle: Node | None, version: Version) -> Iterator[tuple[Path, Nudge]]:
    """Other words; where it is not stated, one that differs from that which decides."""
    decides: dict[str, StrEnum] = {
        "demotion": version.life_cycle.demotion,
        "leap_day": version.life_cycle.leap_day,
    }
    if cycle is None:
        return
    for key, word in decides.items():
        words = tuple(one.value for one in type(word))
        if isinstance(written_word := cycle.value(key), str):
            yield ("life_cycle", key), next_of(written_word, words)
        elif cycle.value("not_stated") is True:
            nudged = {
                **{name: one.value for name, one in decides.items()},
                key: next_of(word.value, words).now,
            }
            content = {name: Node(one, cycle.span) for name, one in nudged.items()}
            now = f"`{key}: {nudged[key]}`"
            yield ("life_cycle",), Nudge(content, now, "not stated", dict.fromkeys(content, cycle.span))


def _in_minimums(asked: Node | None, path: Path) -> Iterator[tuple[Path, Nudge]]:
    """Every minimum of a requirement, however it is written."""
    if asked is None:
        return
    if asked.is_mapping:
        for name in asked.content:
            yield from _in_minimums(asked.content[name], (*path, name))
    elif asked.is_list:
        for index, one in enumerate(asked.content):
            yield from _in_minimums(one, (*path, index))
    else:
        yield from ((path, nudge) for nudge in nudged_number(asked.content))


def _shared(part: LoadedVersion, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    """Caps of groups, and conditions that are of no single activity."""
    document = part.document.written
    assert part.version is not None
    for key, group in rules_in(document, "groups"):
        fed = {one: None for activity in part.version.activities_in(key) for one in activity.balances}
        yield from in_caps(group, ("groups", key), tuple(fed))
    paths: list[Path] = [("eligible_if",)]
    paths += [("conditions", name) for name, _ in rules_in(document, "conditions")]
    paths += [("groups", key, "eligible_if") for key, _ in rules_in(document, "groups")]
    paths += [("benefits", key, "if") for key, _ in rules_in(document, "benefits")]
    for path in paths:
        node = document.at(path)
        if node is not None and node.is_mapping:
            whole = None if part.document.resolved is None else part.document.resolved.at(path)
            yield from nudged_condition(node, path, loaded, whole)
