"""`survivors.yaml`: slips that may go unnoticed, each with the reason. One that fits nothing is an error.

Source: rules/README.md, "Would the scenarios notice a slip?".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import Finding, suggestion
from pointbook.model.wording import written
from pointbook.mutation.judging import Fate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.loading import ReadDocument
    from pointbook.mutation.edits import Edit
    from pointbook.mutation.judging import Judged
    from pointbook.source.document import Node

CODE = "survivor-unused"


class Reviewed(NamedTuple):
    """What the list says of the slips that no scenario notices.

    Attributes:
        reasons: Why a slip may live, by its place among all.
        findings: Entries that fit no slip that lives.
    """

    reasons: dict[int, str]
    findings: tuple[Finding, ...]


def reviewed(document: ReadDocument | None, edits: Sequence[Edit], fates: Sequence[Judged]) -> Reviewed:
    """Which slips may live, by a list that fits its schema; None where there is no list."""
    reasons: dict[int, str] = {}
    findings = []
    for entry in () if document is None or document.node is None else document.node.listed("survivors"):
        near = [
            index
            for index, edit in enumerate(edits)
            if edit.version == entry.value("version") and edit.address == entry.value("address")
        ]
        meant = [index for index in near if _is_meant(entry, edits[index])]
        living = [index for index in meant if fates[index].fate is Fate.SURVIVES]
        if living:
            reasons |= dict.fromkeys(living, str(entry.value("reason")))
        else:
            findings.append(_unused(entry, edits, near, meant))
    return Reviewed(reasons, tuple(findings))


def _is_meant(entry: Node, edit: Edit) -> bool:
    now = entry.get("now")
    return now is None or written(now.content).replace(",", "") == edit.now.replace(",", "")


def _unused(entry: Node, edits: Sequence[Edit], near: list[int], meant: list[int]) -> Finding:
    """An entry that lets nothing live."""
    address, now = entry.content["address"], entry.get("now")
    if meant:
        message = f"a scenario notices this edit of `{address.content}`, or it changes nothing"
        return Finding(entry.span, CODE, message, "delete the entry")
    if near and now is not None:
        message = f"`{address.content}` is not tried with `{written(now.content)}`"
        tried = " or ".join(f"`{edits[index].now}`" for index in near)
        return Finding(now.span, CODE, message, f"it is tried with {tried}")
    known = [edit.address for edit in edits if edit.version == entry.value("version")]
    message = f"no value is tried at `{address.content}`"
    hint = suggestion(str(address.content), known) if known else "name a version that the program has"
    return Finding(address.span, CODE, message, hint)
