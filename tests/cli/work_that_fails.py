"""What workers do in a test, in a module that a new process finds: the third piece of each fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook_cli.evaluation import fold_work

if TYPE_CHECKING:
    from collections.abc import Callable


def for_bytes(work: fold_work.FoldWork) -> Callable[[Any], fold_work.Written]:
    """As the real one, for two pieces."""
    written, seen = fold_work.for_bytes(work), list[int]()

    def failing(message: Any) -> fold_work.Written:
        seen.append(len(seen))
        if len(seen) > 2:
            raise ZeroDivisionError("the third piece")
        return written(message)

    return failing
