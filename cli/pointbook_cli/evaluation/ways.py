"""Which way a log is evaluated: by the plan where it can, else by the fold."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from pointbook.views.evaluated import Way
from pointbook_cli.evaluation.by_fold import evaluated_by_fold
from pointbook_cli.evaluation.memory import with_the_plan
from pointbook_cli.reporters.escaping import printable
from pointbook_cli.terminal import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from pointbook.relational.constructs import UnsupportedError
    from pointbook_cli.evaluation.log_in_session import LogInSession
    from pointbook_cli.evaluation.request import EvaluationFacts, Request
    from pointbook_cli.output_files import OutputFolder

_Done = TypeVar("_Done")


def evaluated(
    request: Request,
    output: OutputFolder,
    finish: Callable[[EvaluationFacts], _Done],
    log: LogInSession | None = None,
) -> _Done:
    """Write the tables of an evaluation, by the way that was asked for, else by the plan where it can.

    A plan that meets what it has not while an engine runs gives way to the fold: of the log that was
    read, since standard input is gone. What it has begun to write is forgotten.

    Args:
        request: What is asked for.
        output: Where files are written.
        finish: Is called when the results are there, once more where the way has changed since; it has
            tables of a database written. Its result is returned.
        log: The log, if it has been read.

    Raises:
        UnsupportedError: The plan was asked for, and has not what it would need.
        InputError: The log cannot be read, the engine not be reached, or it lacks something.
    """
    if _takes_the_fold(request):
        with evaluated_by_fold(request, output, log) as found:
            return finish(found)
    from pointbook.relational.constructs import UnsupportedError  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.by_plan import evaluated_by_plan  # noqa: PLC0415 - an extra
    from pointbook_cli.evaluation.log_in_session import log_in_session  # noqa: PLC0415 - an extra

    memory_limit = with_the_plan(request.memory_limit)
    with log_in_session(request, output, memory_limit) if log is None else nullcontext(log) as read:
        try:
            with evaluated_by_plan(request, output, read) as found:
                return finish(found)
        except UnsupportedError as error:
            _give_way(request, error)
        output.begin_anew()
        with evaluated_by_fold(request, output, read) as found:
            return finish(found)


def _takes_the_fold(request: Request) -> bool:
    """Whether it does from the start: it was asked for, or the plan has not what the rules need."""
    if request.backend.kind == "python" or request.via is Way.FOLD:
        return True
    from pointbook.relational.constructs import UnsupportedError  # noqa: PLC0415 - an extra
    from pointbook.relational.rulebook.editions import version_sets  # noqa: PLC0415 - an extra
    from pointbook.relational.unsupported import refuse_unsupported  # noqa: PLC0415 - an extra

    try:
        refuse_unsupported(request.program, version_sets(request.program, (request.version,)))
    except UnsupportedError as error:
        _give_way(request, error)
        return True
    return False


def _give_way(request: Request, error: UnsupportedError) -> None:
    """Say why the fold takes over, unless the plan was asked for."""
    if request.via is Way.PLAN:
        raise error
    say(printable(f"evaluated by the fold: {error.where}: {error.message}"), err=True)
