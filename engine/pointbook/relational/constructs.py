"""What a construct is that the plan has not, and the error that names it; `unsupported` has all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pointbook.diagnostics import InputError, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pointbook.model.program import Program, Version


class Found(NamedTuple):
    """A construct in the rules.

    Attributes:
        at: Where it is written.
        what: What it is there: "300 levels".
    """

    at: Span
    what: str


@dataclass(frozen=True, slots=True)
class Construct:
    """Something that rules or a log can have, and the plan has not.

    Attributes:
        name: As messages and docs/large-logs.md have it.
        reason: Why the plan has it not.
        find: Where the rules of a version set have it, None where they have not; is None itself where
            the rules do not say.
        found: How it is found: where the rules do not say, while an engine runs, which then stops with an
            overflow, or from the log.
    """

    name: str
    reason: str
    find: Callable[[Program, Sequence[Version]], Found | None] | None = None
    found: str = "from the rules"


class UnsupportedError(InputError):
    """The rules, or a log, hold a construct that only the fold can evaluate.

    Attributes:
        construct: Which.
    """

    def __init__(self, construct: Construct, where: str, what: str | None = None) -> None:
        """Say what it is, and where."""
        shown = construct.name if what is None else f"{construct.name} ({what})"
        hint = "`pointbook evaluate` takes the fold instead, unless `--via plan` is given"
        super().__init__(where, f"the plan cannot evaluate {shown}: {construct.reason}", hint)
        self.construct = construct


BEYOND_64_BITS = Construct(
    "amounts or totals beyond 64 bits",
    "engines compute with integers of up to 9,223,372,036,854,775,807",
    found="while an engine runs",
)
