"""Every slip that is tried: one value of one file, nudged.

Source: rules/README.md, "Would the scenarios notice a slip?".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pointbook.lower.implied import REMOVED
from pointbook.model.amounts import Rounding
from pointbook.model.rules import Demotion, LeapDay
from pointbook.model.windows import Per, Resets
from pointbook.model.wording import written
from pointbook.mutation.conditions import nudged_condition
from pointbook.mutation.nudges import Nudge, next_of, nudged_day, nudged_number, other_of
from pointbook.mutation.replacing import items_of, with_value
from pointbook.mutation.wording import subject_of
from pointbook.source.document import Node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.diagnostics import Span
    from pointbook.loading import Loaded, ProgramDocuments
    from pointbook.loading.loaded import LoadedVersion
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
        """Whether it can change levels and what they bring, and nothing else."""
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
    found = list(_edits(loaded.documents.program, None, _in_program(loaded.documents.program)))
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


def _in_program(document: Node) -> Iterator[tuple[Path, Nudge]]:
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
            yield from _numbers(balance, path, key)
        if isinstance(rounds := balance.value("round"), str):
            yield (*path, "round"), next_of(rounds, tuple(one.value for one in Rounding))
        for resets in Resets:
            if resets != balance.value("resets"):
                yield (*path, "resets"), Nudge(resets.value, resets.value)
    if (declared := document.get("member_attributes")) is not None:
        yield from _defaults(declared, ("member_attributes",))


def _defaults(holder: Node, path: Path) -> Iterator[tuple[Path, Nudge]]:
    """Of attributes that are declared under a path, what stands for no value."""
    for name, attribute in holder.content.items() if holder.is_mapping else ():
        if attribute.is_mapping and (default := attribute.value("default")) is not None:
            yield from (((*path, name, "default"), nudge) for nudge in other_of(default, ()))


def _in_version(part: LoadedVersion, loaded: Loaded) -> Iterator[tuple[Path, Nudge]]:
    document, version, program = part.document.written, part.version, loaded.usable()
    assert version is not None
    for nudge in nudged_day(document.value("effective_from") or document.value("id")):
        yield ("effective_from",), nudge
    yield from _removals(document)
    if (shared := document.get("attributes")) is not None:
        yield from _defaults(shared, ("attributes",))
    for key, level in _rules(document, "levels"):
        yield from _numbers(level, ("levels", key), "threshold")
        yield from _in_minimums(level.get("requires"), ("levels", key, "requires"))
        yield from _in_minimums(level.get("keep"), ("levels", key, "keep"))
    for key, benefit in _rules(document, "benefits"):
        if isinstance(level_id := benefit.value("from_level"), str) and len(version.levels) > 1:
            yield ("benefits", key, "from_level"), next_of(level_id, tuple(version.levels))
    cycle = document.get("life_cycle")
    for key, words in (("demotion", Demotion), ("leap_day", LeapDay)):
        if cycle is not None and isinstance(word := cycle.value(key), str):
            yield ("life_cycle", key), next_of(word, tuple(one.value for one in words))
    yield from _shared(part, loaded)
    for key, activity in _rules(document, "activities"):
        yield from _in_activity(activity, ("activities", key), part, tuple(program.balances), loaded)


def _removals(document: Node) -> Iterator[tuple[Path, Nudge]]:
    for section in ("levels", "activities"):
        for key, rule in _rules(document, section):
            if rule.get(REMOVED) is not None:
                yield (section, key), Nudge(None, "left as it is", "removed")


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
    for key, group in _rules(document, "groups"):
        yield from _in_caps(group, ("groups", key))
    paths: list[Path] = [("eligible_if",)]
    declared = document.get("conditions")
    paths += [("conditions", name) for name in (declared.content if declared is not None else ())]
    paths += [("groups", key, "eligible_if") for key, _ in _rules(document, "groups")]
    paths += [("benefits", key, "if") for key, _ in _rules(document, "benefits")]
    for path in paths:
        node = document.at(path)
        if node is not None and node.is_mapping:
            whole = None if part.document.resolved is None else part.document.resolved.at(path)
            yield from nudged_condition(node, path, loaded, whole)


def _rules(document: Node, section: str) -> Iterator[tuple[str, Node]]:
    whole = document.get(section)
    if whole is not None and whole.is_mapping:
        yield from ((key, rule) for key, rule in whole.content.items() if rule.is_mapping)


def _in_activity(
    rule: Node, path: Path, part: LoadedVersion, balances: tuple[str, ...], loaded: Loaded
) -> Iterator[tuple[Path, Nudge]]:
    if isinstance(balance := rule.value("balance"), str) and len(balances) > 1:
        yield (*path, "balance"), next_of(balance, balances)
    yield from _in_form(rule.get("points"), (*path, "points"))
    if (declared := rule.get("attributes")) is not None:
        yield from _defaults(declared, (*path, "attributes"))
    if isinstance(rule.value("split_among"), str):
        yield (*path, "split_among"), Nudge(None, "left out")
    yield from _in_caps(rule, path)
    for index, group in enumerate(items_of(rule, "groups")):
        yield (*path, "groups", index), Nudge(None, "left out", str(group.content))
    conditions: list[Path] = [("eligible_if",)] if rule.get("eligible_if") is not None else []
    for index, bonus in enumerate(items_of(rule, "bonuses")):
        yield from _numbers(bonus, (*path, "bonuses", index), "points")
        yield from _in_form(bonus.get("percent"), (*path, "bonuses", index, "percent"))
        conditions.append(("bonuses", index, "if"))
    for where in conditions:
        node = rule.at(where)
        if node is None or not node.is_mapping:
            continue
        here = (*path, *where)
        whole = None if part.document.resolved is None else part.document.resolved.at(here)
        yield from nudged_condition(node, here, loaded, whole)


def _in_form(form: Node | None, path: Path) -> Iterator[tuple[Path, Nudge]]:
    """Every number of a form of points, of a rate or of a percentage."""
    if form is None:
        return
    if not form.is_mapping:
        yield from ((path, nudge) for nudge in nudged_number(form.content))
        return
    yield from _numbers(form, path, "up_to")
    for index, end in enumerate(items_of(form, "range")):
        yield from (((*path, "range", index), nudge) for nudge in nudged_number(end.content))
    if (per := form.get("per")) is not None and per.is_mapping:
        yield from _in_form(per.get("points"), (*path, "per", "points"))
        yield from _numbers(per, (*path, "per"), "every")
        ends = {key: per.content[key] for key in ("range", "up_to") if key in per.content}
        yield from _in_form(Node(ends, per.span, per.keys), (*path, "per"))
    if (table := form.get("by")) is not None and table.is_mapping:
        yield from _in_values(table.get("values"), (*path, "by", "values"))
        yield from _in_form(table.get("else"), (*path, "by", "else"))


def _in_values(values: Node | None, path: Path) -> Iterator[tuple[Path, Nudge]]:
    for key, value in values.content.items() if values is not None and values.is_mapping else ():
        yield from (((*path, key), nudge) for nudge in nudged_number(value.content))
        yield from _in_values(value, (*path, key))


def _in_caps(rule: Node, path: Path) -> Iterator[tuple[Path, Nudge]]:
    for index, cap in enumerate(items_of(rule, "caps")):
        here = (*path, "caps", index)
        for key in ("points", "times"):
            yield from _numbers(cap, here, key)
        yield (*here, "per"), next_of(str(cap.value("per")), tuple(one.value for one in Per))


def _numbers(rule: Node, path: Path, key: str) -> Iterator[tuple[Path, Nudge]]:
    number = rule.value(key) if rule.is_mapping else None
    for nudge in nudged_number(number):
        yield (*path, key), nudge
