"""The interpreter: the definition of what rules mean, as a fold over a member's events.

`Interpreter.step` is one pure step `(state, event) → (state, entry)`. Read in this order:
`conditions` and `valuation` say what an event asks for, `limits` what is let through, `levels`
which level that holds, `interpreter` puts them in order, `evaluation` runs a whole log.
"""

from pointbook.interpret.evaluation import Evaluation, MemberResult, evaluation_of
from pointbook.interpret.interpreter import Interpreter
from pointbook.interpret.state import MemberState, OutOfOrderError

__all__ = ["Evaluation", "Interpreter", "MemberResult", "MemberState", "OutOfOrderError", "evaluation_of"]
