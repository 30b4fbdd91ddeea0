"""The forms in which exports write times, and what proves them.

>>> found = form_of({"03/13/2024": 1, "04/05/2024": 1})
>>> found.forms, found.proof
((<TimeForm.MONTH_FIRST: 'month_first'>,), '03/13/2024')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.log.typed.clock import clock_in
from pointbook.log.typed.time_forms import in_our_form
from pointbook.model.exports import TimeForm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_ZONED = re.compile(r"(?:Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)$", re.IGNORECASE)
_TIME_BEGINS = len("1/2/2024 ")
_PLAUSIBLE = range(1990, 2051)
_FORMS: tuple[TimeForm | None, ...] = (None, *TimeForm)
_NAMED = (TimeForm.DAY_FIRST, TimeForm.MONTH_FIRST)
_UNIX = (TimeForm.UNIX_SECONDS, TimeForm.UNIX_MILLISECONDS)
NUMBERS = (*_UNIX, TimeForm.SPREADSHEET_DAYS)
"""Forms that any number could have."""


@dataclass(frozen=True, slots=True)
class FoundForm:
    """The form of a column's times.

    Attributes:
        forms: The form that fits most values, None for ours; two where nothing tells which of them is
            meant; none where there are no times.
        fitting: How many cells have it, or are written as ours.
        proof: A value that proves it, empty where none is needed, or none does.
        others: Values that do not have it, the most frequent first.
        zoned: Cells that carry an offset from UTC, or need none.
        with_time: Cells with a time of day.
    """

    forms: tuple[TimeForm | None, ...]
    fitting: int
    proof: str
    others: tuple[str, ...]
    zoned: int
    with_time: int


def form_of(counts: Mapping[str, int]) -> FoundForm:
    """The form that most cells have, by how often each text comes."""
    values = sorted(counts, key=lambda value: (-counts[value], value))
    reads = {form: {value for value in values if moment_in(form, value) is not None} for form in _FORMS}
    weights = {form: sum(counts[value] for value in found) for form, found in reads.items()}
    best = max(_FORMS, key=lambda form: weights[form])  # the first of several
    if not weights[best]:
        return FoundForm((), 0, "", tuple(values), 0, 0)
    forms: tuple[TimeForm | None, ...] = (best,)
    proof = ""
    if best in _NAMED:
        other = reads[_NAMED[1 - _NAMED.index(best)]]
        proof = min(reads[best] - other, default="")
        forms = forms if proof else _NAMED
    fitting = reads[best]
    return FoundForm(
        forms,
        weights[best],
        proof,
        tuple(value for value in values if value not in fitting),
        sum(counts[value] for value in fitting if _is_moment(best, value)),
        sum(counts[value] for value in fitting if _has_time(best, value)),
    )


def moment_in(form: TimeForm | None, text: str) -> datetime | None:
    """The time that a text writes in this form or in ours, None where it does neither.

    Local times, and days, are taken for those of UTC: what is asked here is their form and their order.
    """
    written = text if form is None else in_our_form(text, form)
    try:
        moment = clock_in("UTC").moment(text if written is None else written)[0]
    except ValueError:
        return None
    return None if form in NUMBERS and written is not None and moment.year not in _PLAUSIBLE else moment


def _is_moment(form: TimeForm | None, text: str) -> bool:
    return form in _UNIX or (_has_time(form, text) and bool(_ZONED.search(text.strip()[_TIME_BEGINS:])))


def _has_time(form: TimeForm | None, text: str) -> bool:
    return form in _UNIX or ":" in text or (form is TimeForm.SPREADSHEET_DAYS and not text.isdecimal())
