"""Scenario files: their documents checked, and the rows in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pointbook.diagnostics import Finding, Related, Severity, sorted_findings
from pointbook.loading import (
    SCENARIOS_FOLDER,
    SURVIVORS_FILE,
    document_from,
    document_in,
    loaded_with,
    read_document,
    yaml_files,
)
from pointbook.model.ledger import Assume
from pointbook.scenarios.rows import row_of, rows_of_member
from pointbook.scenarios.unknown_names import unknown_names, unknown_version
from pointbook.source import files
from pointbook.structure.date_text import DateError, date_from
from pointbook.structure.schema_findings import schema_findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from pointbook.loading import Loaded, ReadDocument, Tree
    from pointbook.log import RawRow
    from pointbook.model.program import Program
    from pointbook.source.document import Node


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that can be run.

    Attributes:
        title: What it shows.
        program: The rules, with the scenario's own changes.
        version: The version that is taken to have always been in force, or None.
        is_pinned: Whether it says itself which rules it is about, so that a new version cannot change it.
        assume: What a missing assessed value is taken to be.
        as_of: The last day that counts, if given.
        document: The document, which holds what is expected.
    """

    title: str
    program: Program
    version: str | None
    is_pinned: bool
    assume: Assume
    as_of: date | None
    document: Node

    @property
    def members(self) -> tuple[RawRow, ...]:
        """Rows of the members file."""
        return tuple(row for row, _ in self.member_rows)

    @property
    def member_rows(self) -> Iterator[tuple[RawRow, Node]]:
        """The same, each with its node."""
        for name, member in self.document.entries("members").items():
            rows = rows_of_member(member)
            signed_up_on = rows[0].value("signed_up_on")
            implied = {} if signed_up_on is None else {"signed_up_on": str(signed_up_on)}
            for row in rows:
                yield row_of(row, {"member_id": name, **implied}), row

    @property
    def events(self) -> tuple[RawRow, ...]:
        """Rows of the log, in the order of the document."""
        of_member = {} if self.only_member is None else {"member_id": self.only_member}
        events = enumerate(self.document.listed("events"), start=1)
        return tuple(row_of(event, {"event_id": f"event-{index:03}", **of_member}) for index, event in events)

    @property
    def only_member(self) -> str | None:
        """The member, where there is just one."""
        names = list(self.document.entries("members"))
        return names[0] if len(names) == 1 else None


def scenario_files(folder: Path | str) -> tuple[ReadDocument, ...]:
    """The scenarios of the program in `folder`, by file name, checked by their schema."""
    return scenarios_in(files.Folder(Path(folder)))


def scenarios_in(tree: Tree) -> tuple[ReadDocument, ...]:
    """The scenarios of the program at the top of a tree, by file name, checked by their schema."""
    paths, _ = yaml_files(tree, SCENARIOS_FOLDER)
    return tuple(_checked(document_from(tree.shown(path), tree.read(path))) for path in paths)


def scenario_file(path: Path) -> ReadDocument:
    """The scenario at `path`, checked by its schema."""
    return _checked(read_document(path))


def _checked(read: ReadDocument) -> ReadDocument:
    if read.node is None:
        return read
    return replace(read, findings=sorted_findings((*read.findings, *schema_findings(read.node, "scenario"))))


def survivors_document(tree: Tree) -> ReadDocument | None:
    """The list of edits that no scenario need notice, checked by its schema; None where there is none."""
    read = document_in(tree, SURVIVORS_FILE, "survivors")
    if read is None or read.node is None:
        return read
    return replace(read, findings=sorted_findings((*read.findings, *schema_findings(read.node, "survivors"))))


def scenario_from(scenario: ReadDocument, loaded: Loaded) -> tuple[Scenario | None, tuple[Finding, ...]]:
    """The scenario on the rules of `loaded`, and everything that is wrong with it.

    The rules' own findings are not repeated: the scenario is None without a finding where the rules
    cannot be used and the scenario is not to blame.
    """
    node = scenario.node
    if node is None or scenario.findings:
        return None, scenario.findings
    # Whatever it is about: rules that are not those which were published are not looked at.
    program, findings = (None, ()) if loaded.breaks_lock else _program(node, loaded)
    if program is None:
        return None, findings
    findings = sorted_findings((*findings, *unknown_names(node, program)))
    if findings:
        return None, findings
    if not _expects_anything(node):
        hint = "add `expect` to an event, or `standings`, `history` or `summary`"
        message = "the scenario expects nothing, so it cannot fail"
        return None, (Finding(node.span, "expects-nothing", message, hint),)
    plain = node.plain()
    return Scenario(
        title=plain["title"],
        program=program,
        version=plain.get("version"),
        is_pinned=not {"version", "rules"}.isdisjoint(plain),
        assume=Assume(plain.get("assume", "none")),
        as_of=date_from(plain["as_of"]) if "as_of" in plain else None,
        document=node,
    ), ()


def _expects_anything(node: Node) -> bool:
    return not {"standings", "history", "summary"}.isdisjoint(node.content) or any(
        event.get("expect") is not None for event in node.listed("events")
    )


def _program(node: Node, loaded: Loaded) -> tuple[Program | None, tuple[Finding, ...]]:
    """The rules with the scenario's own changes; findings only where these are at fault."""
    patch, versions = node.get("program"), node.listed("versions")
    last, later = _until(node), frozenset[str]()
    if last is not None:
        if unknown := unknown_version(last, [version.document.id for version in loaded.versions]):
            return None, (unknown,)
        later = _later_than(str(last.content), loaded)
        ids = [each.document.id for each in loaded.versions if each.document.file in later]
        if beyond := _beyond(node, last, ids):
            return None, (beyond,)
    if patch is None and "versions" not in node.content and (loaded.program is not None or not later):
        return _without(
            loaded.program, later
        ), ()  # nothing of it is the scenario's own: it is checked already
    nameless = [version for version in versions if not isinstance(version.value("id"), str)]
    if nameless:
        message = "an inline version has no `id`"
        hint = "give it an `id`, so that `version` or others can name it"
        return None, tuple(Finding(version.span, "missing-key", message, hint) for version in nameless)
    changed = loaded_with(loaded, patch, versions, without=later)
    found = [finding for finding in changed.findings if finding.severity is Severity.ERROR]
    own = [finding for finding in found if node.span.file in finding.files]
    if own or loaded.program is None or (patch is None and not versions):
        return changed.program, tuple(own)
    changes = "versions" if patch is None else "program"
    note = Related(node.keys[changes], "this scenario changes the rules here")
    return changed.program, tuple(replace(finding, related=(*finding.related, note)) for finding in found)


def _without(program: Program | None, later: frozenset[str]) -> Program | None:
    """The program without the versions in these files."""
    if program is None:
        return None
    kept = (version for version in program.versions if version.span("id").file not in later)
    return replace(program, versions=tuple(kept))


def _until(node: Node) -> Node | None:
    """Where the scenario names the last version that it is about."""
    rules = node.get("rules")
    return None if rules is None else rules.get("until")


def _later_than(last: str, loaded: Loaded) -> frozenset[str]:
    """Files of versions that take effect after the one with this id; none where days cannot be read."""
    days = {version.document.file: _effective_from(version.document.resolved) for version in loaded.versions}
    own = next(version.document.file for version in loaded.versions if version.document.id == last)
    end = days[own]
    return frozenset(file for file, day in days.items() if end is not None and day is not None and day > end)


def _effective_from(version: Node | None) -> date | None:
    if version is None:
        return None
    try:
        return date_from(str(version.value("effective_from")))
    except DateError:
        return None


def _beyond(node: Node, last: Node, later: Sequence[str]) -> Finding | None:
    """A finding where the scenario asks for a version that it leaves out itself."""
    version = node.get("version")
    if version is None or version.content not in later:
        return None
    end = f"`{last.content}`, the last one that the scenario is about"
    message = f"version `{version.content}` takes effect after {end}"
    hint = "leave out `rules`, or name a later version there"
    return Finding(version.span, "unknown-version", message, hint)
