"""The interpreter: the definition of what rules mean, one member's events at a time.

`Interpreter.step` is one pure step `(state, event) → (state, entries)`, and the place to begin. It is
put together from `passing_time` (what happens between events), `entries` (what one event comes to in each
balance), `valuation` and `conditions` (what it requests), `limits` (what caps and floors leave of that) and
`levels`. `fast_fold` repeats it for many events, and is what `evaluation` runs a whole log with.
"""

from pointbook.interpret.evaluation import Evaluation, MemberFold, MemberResult
from pointbook.interpret.interpreter import Interpreter
from pointbook.interpret.state import MemberState, OutOfOrderError

__all__ = ["Evaluation", "Interpreter", "MemberFold", "MemberResult", "MemberState", "OutOfOrderError"]
