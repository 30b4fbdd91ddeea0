"""A value that is nearly one that other rules name (a warning).

**What.** Conditions and tables that ask for the same attribute should spell its values alike. Values that
stand together in one list or table are all meant, and are not held against one another.

**Why.** Texts are compared exactly: `cuorse` never equals `course`, so that a bonus is never given, or an
amount never found, without a word.

**Fix.** None: it may be another one.

Failing:

    activities:
      certification.obtained:
        attributes: {kind: {type: text}}
        points: {by: {attribute: kind, values: {course: 500, exam: 1000}}}
        bonuses:
          - {points: 100, if: {attribute: kind, is: cuorse}}

Fixed:

    activities:
      certification.obtained:
        attributes: {kind: {type: text}}
        points: {by: {attribute: kind, values: {course: 500, exam: 1000}}}
        bonuses:
          - {points: 100, if: {attribute: kind, is: course}}
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pointbook.checks.reasoning.texts import texts_of
from pointbook.diagnostics import Finding, Related, Severity, Spellings
from pointbook.slips import slip_fix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pointbook.checks.reasoning.subject import CheckSubject, Findings
    from pointbook.checks.reasoning.texts import Named
    from pointbook.model.program import Version
    from pointbook.model.rules import Path

CODE = "lookalike-value"
_LIKELY, _CLOSEST = 0.7, 20
_MOST_MEASURED = 100_000
"""Pairs of values of an attribute. So many are alike only where values are made by a pattern."""


def lookalike_value(subject: CheckSubject) -> Findings:
    """A finding for each value of an attribute that looks like one which rules name oftener or before."""
    for version in subject.program.versions:
        by_attribute: dict[str, list[Named]] = defaultdict(list)
        for activity in version.activities.values():
            for named in texts_of(activity):
                by_attribute[named.attribute].append(named)
        for attribute, lists in by_attribute.items():
            yield from _of_attribute(version, attribute, lists)


def _of_attribute(version: Version, attribute: str, lists: Sequence[Named]) -> Findings:
    counts = Counter(text for named in lists for text, _ in named.texts)
    if len(counts) == 1:
        return
    places: dict[str, Path] = {}
    together: dict[str, set[str]] = defaultdict(set)
    for named in lists:
        texts = {text for text, _ in named.texts}
        for text, path in named.texts:
            places.setdefault(text, path)
            together[text] |= texts
    order = {text: (-counts[text], place) for place, text in enumerate(counts)}
    folded = {text.casefold(): text for text in reversed(counts)}
    spellings, left = Spellings(folded), _MOST_MEASURED
    for text in counts:
        likely = spellings.likely(text.casefold(), _LIKELY)
        left -= len(likely)
        others = [folded[name] for _, name in likely[:_CLOSEST]]
        others = [one for one in others if one not in together[text] and order[one] < order[text]]
        place = version.span(*places[text])
        fix = slip_fix(place, text, others) if others and left >= 0 else ()
        if not fix:
            continue
        meant = str(fix[0].new)
        yield Finding(
            place,
            CODE,
            f"`{attribute}` is `{text}` here and `{meant}` elsewhere",
            f"did you mean `{meant}`? if it is another value, nothing needs doing",
            Severity.WARNING,
            related=(Related(version.span(*places[meant]), f"`{meant}` is here"),),
        )
