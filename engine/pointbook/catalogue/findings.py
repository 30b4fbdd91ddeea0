"""The codes of findings, each with its text."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from pointbook.checks import CHECKS
from pointbook.source import files

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEVERITY = re.compile(r" \(a (warning|note)\)")
_PART = re.compile(r"^\*\*(What|Why|Fix)\.\*\* (.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^(Failing|Fixed):\n\n(.*?)(?=\n\n\S|\Z)", re.MULTILINE | re.DOTALL)


class Area(Enum):
    """Where findings come from: a heading, and the codes in the order in which they are told."""

    YAML = (
        "Reading a file",
        *("file-too-large", "not-utf-8", "empty-file", "yaml-syntax", "several-documents", "too-deep"),
        *(
            "alias",
            "anchor",
            "merge-key",
            "tag",
            "bad-key",
            "duplicate-key",
            "bad-number",
            "split-number",
            "cut-text",
        ),
    )
    SCHEMAS = (
        "The form of a file",
        *("unknown-key", "missing-key", "wrong-type", "unknown-value", "bad-name", "bad-date"),
        *("out-of-bounds", "empty", "duplicate-item", "wrong-form"),
    )
    FOLDER = ("The files of a program", "no-program", "no-versions", "misnamed", "unread-file")
    CHECKS = ("The rules", *(vars(sys.modules[check.__module__])["CODE"] for check in CHECKS))
    LOCK = ("What is published", "merge-conflict", "newer-lock", "published-twice", "late-notice")
    SCENARIOS = ("Scenarios", "unknown-member", "expects-nothing", "expectation-failed", "survivor-unused")
    GUARDRAILS = (
        "Guardrails and approvals",
        *("unknown-guardrail", "approval-expired", "approval-unused", "approval-outgrown"),
        *("no-guardrails", "guardrail-broken", "guardrail-not-checked", "guardrail-approved", "unanswered"),
    )

    @property
    def heading(self) -> str:
        """What it is called."""
        return str(self.value[0])

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its findings."""
        return tuple(map(str, self.value[1:]))


@dataclass(frozen=True, slots=True)
class FindingRule:
    """What a code of findings means.

    Attributes:
        code: The code.
        area: Where its findings come from.
        title: What is found, a sentence.
        severity: `error`, `warning` or `note`.
        what: What must be so, in sentences.
        why: Why it must.
        fix: What `validate --fix` does about it, or why it does nothing.
        failing: An example that has it, indented text of YAML files; empty where none can be shown.
        fixed: The same without it.
        text: All but the title, as Markdown.
    """

    code: str
    area: Area
    title: str
    severity: str
    what: str
    why: str
    fix: str
    failing: str
    fixed: str
    text: str

    @property
    def can_be_fixed(self) -> bool:
        """Whether `validate --fix` mends it where there is one certain answer."""
        return not self.fix.startswith("None")


def finding_rules() -> Iterator[FindingRule]:
    """Every code, by area."""
    texts = _texts()
    for area in Area:
        for code in area.codes:
            yield _rule(code, area, texts[code])


def finding_rule(code: str) -> FindingRule | None:
    """What a code means; None where there is no such code."""
    return next((rule for rule in finding_rules() if rule.code == code), None)


@cache
def _texts() -> dict[str, str]:
    texts = files.catalogue_texts()
    written = {name.removesuffix(".md"): text for name, text in texts.items() if name.endswith(".md")}
    modules = [sys.modules[check.__module__] for check in CHECKS]
    of_checks = {vars(module)["CODE"]: str(module.__doc__) for module in modules}
    return {**written, **of_checks}


def _rule(code: str, area: Area, text: str) -> FindingRule:
    title = " ".join(text.partition("\n\n")[0].split())
    severity = _SEVERITY.search(title)
    parts = {name: " ".join(part.split()) for name, part in _PART.findall(text)}
    examples = {name: example.rstrip("\n") for name, example in _EXAMPLE.findall(text)}
    return FindingRule(
        code=code,
        area=area,
        title=_SEVERITY.sub("", title),
        severity=severity[1] if severity else "error",
        what=parts["What"],
        why=parts["Why"],
        fix=parts["Fix"],
        failing=examples.get("Failing", ""),
        fixed=examples.get("Fixed", ""),
        text=text.partition("\n\n")[2].strip(),
    )
