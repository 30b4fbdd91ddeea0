"""A text that no log is likely to have as it is written (a warning).

**What.** Texts that conditions compare with, that tables list or that are defaults do not begin or end with
a blank or with curly quotation marks.

**Why.** Texts are compared exactly. Blanks and “such marks” come from copying out of a document; with them
the text never equals what the log has, without a word.

**Fix.** None: the log may really have it.

Failing:

    activities:
      talk.given:
        attributes: {kind: {type: text}}
        points: 50
        eligible_if: {attribute: kind, is: “public”}

Fixed:

    activities:
      talk.given:
        attributes: {kind: {type: text}}
        points: 50
        eligible_if: {attribute: kind, is: public}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.reasoning.places import declaration_of
from pointbook.checks.reasoning.texts import texts_compared, texts_of
from pointbook.diagnostics import Finding, Severity
from pointbook.model.conditions import Comparison
from pointbook.reasoning.conditions import conditions_under, shared_conditions_of

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.diagnostics import Span

CODE = "doubtful-text"
_CURLY = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb"


def doubtful_text(subject: CheckSubject) -> Findings:
    """A finding for each text with marks around it that are hardly meant."""
    for version in subject.program.versions:
        for path, condition in shared_conditions_of(version):
            for place, one in conditions_under(condition, path):
                for text, where in texts_compared(place, one) if isinstance(one, Comparison) else ():
                    yield from _of(text, version.span(*where))
    for version, activity in subject.program.activities:
        for named in texts_of(activity):
            for text, path in named.texts:
                yield from _of(text, version.span(*path))
        for name, attribute in activity.attributes.items():
            if isinstance(attribute.default, str):
                path = declaration_of(version, activity, name)
                yield from _of(attribute.default, version.span(*path, "default"))


def _of(text: str, place: Span) -> Findings:
    bare = text.strip()
    if bare[:1] in _CURLY and bare[-1:] in _CURLY:  # at one end alone it can be an apostrophe
        bare = bare.strip(_CURLY).strip()
    if bare in {text, ""}:
        return
    has = "quotation marks in it" if set(text) & set(_CURLY) else "a blank at its beginning or end"
    message = f"the text `{text}` has {has}, so that it does not equal `{bare}`"
    hint = f"write `{bare}`; if the log has it with them, nothing needs doing"
    yield Finding(place, CODE, message, hint, Severity.WARNING)
