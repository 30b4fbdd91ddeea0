"""What the outcomes of events mean, for people."""

from __future__ import annotations

OUTCOME_WORDS = {
    "awarded": "count in full",
    "reduced": "cut by a limit, the rest counts",
    "capped": "cut to nothing by a limit",
    "unvalued": "assessed value is missing",
    "out_of_range": "value lies outside what the rule allows",
    "missing_attribute": "an attribute that the rule needs is missing",
    "not_eligible": "the rule's condition does not hold",
    "no_such_activity": "the version in force has no such activity",
    "before_sign_up": "before the member signed up",
    "no_version_in_force": "before the first version took effect",
}
"""By outcome, in the order in which reports list them."""
