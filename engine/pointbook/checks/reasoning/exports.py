"""What several checks of log.yaml need to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.log import EVENT_COLUMNS, MEMBER_COLUMNS, POINTS, VALID_FROM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.checks.reasoning.subject import CheckSubject
    from pointbook.source.document import Node


class Form(NamedTuple):
    """How rows of one kind are exported, as log.yaml writes it.

    Attributes:
        kind: `events` or `members`.
        node: What is written.
        files: The pattern of the files that it is about; empty for all others.
    """

    kind: str
    node: Node
    files: str = ""


def forms_in(subject: CheckSubject) -> Iterator[Form]:
    """Every one, in the order of the file; none where there is no log.yaml."""
    if subject.log is None:
        return
    for kind in ("events", "members"):
        if (node := subject.log.get(kind)) is not None:
            yield Form(kind, node)
    for source in subject.log.listed("sources"):
        for kind in ("events", "members"):
            if (node := source.get(kind)) is not None:
                yield Form(kind, node, source.value("files"))


def our_columns(subject: CheckSubject, kind: str) -> tuple[str, ...]:
    """The columns that rows of a kind can have."""
    if kind == "events":
        return (*EVENT_COLUMNS, POINTS, *sorted(subject.program.event_attributes))
    return (*MEMBER_COLUMNS, VALID_FROM, *sorted(subject.program.member_attributes))


def knows_every_activity(subject: CheckSubject) -> bool:
    """Whether all activities and their attributes could be read."""
    return subject.has_every_version and not any(
        version.lacks("activities") for version in subject.program.versions
    )
