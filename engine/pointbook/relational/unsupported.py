"""What the relational evaluator refuses. Nothing is ever approximated.

| refused | why |
|---|---|
| caps in a circle: one activity meets cap G before H, another H before G | usages depend on each other |
| amounts or totals beyond 64 bits, 9.2 × 10^18 points | engines stop with an overflow error |

In a circle each cap's usage depends on the other's, event by event: no order of passes over the log
settles it. Such rules are refused before any work, with a message that names the caps.
"""

from __future__ import annotations

from pointbook.diagnostics import InputError


class UnsupportedRulesError(InputError):
    """The rules hold a construct that only the interpreter can evaluate; raised before any work."""
