"""What each check finds and why it matters, as its own docstring says it."""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass

from pointbook.checks import CHECKS
from pointbook.diagnostics import Severity

_WARNING = " (a warning)"


@dataclass(frozen=True, slots=True)
class CheckDocument:
    """The documentation of a check.

    Attributes:
        code: The code of its findings.
        title: What it finds, in one sentence.
        text: What must hold and why, with a failing and a fixed example; Markdown.
        severity: Of its findings; where it has both kinds, an error.
    """

    code: str
    title: str
    text: str
    severity: Severity


def check_documents() -> tuple[CheckDocument, ...]:
    """One for each check, in the order in which they run."""
    documents = []
    for check in CHECKS:
        module = sys.modules[check.__module__]
        title, _, text = (inspect.getdoc(module) or "").partition("\n\n")
        severity = Severity.WARNING if _WARNING in title else Severity.ERROR
        documents.append(
            CheckDocument(vars(module)["CODE"], title.replace(_WARNING, ""), text.strip(), severity)
        )
    return tuple(documents)
