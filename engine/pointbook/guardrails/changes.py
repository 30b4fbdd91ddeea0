"""Changes of guardrails: what a loosened one would have stopped can pass, and nobody has decided that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Change, ChangedValue
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT
from pointbook.diagnostics import Span
from pointbook.guardrails.guardrail import limit_text
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.changes.directions import Judgement
    from pointbook.guardrails.guardrail import Guardrail


def guardrail_changes(
    old: Sequence[Guardrail], new: Sequence[Guardrail], files: tuple[str, str]
) -> Iterator[Change]:
    """Guardrails loosened and tightened, those that came and went among them.

    Args:
        old: As they were.
        new: As they are.
        files: Where the ones and the others are written, or would be.
    """
    before, after = ({rule.id: rule for rule in side} for side in (old, new))
    for key in sorted({*before, *after}):
        pair = before.get(key), after.get(key)
        kind = _kind(*pair)
        if kind is not None:
            yield _change(key, kind, pair, files)


def _kind(old: Guardrail | None, new: Guardrail | None) -> Kind | None:
    if new is None:
        return Kind.GUARDRAIL_LOOSENED
    if old is None:
        return Kind.GUARDRAIL_TIGHTENED
    if (old.measure, old.level) != (new.measure, new.level):
        return Kind.GUARDRAIL_CHANGED
    limits = [(rule.at_most, rule.at_most_percent, rule.at_least) for rule in (old, new)]
    if limits[0] == limits[1]:
        return None
    for before, after, more_is_looser in zip(*limits, (True, True, False), strict=True):
        if before is not None and after is not None:
            looser = after > before if more_is_looser else after < before
            return Kind.GUARDRAIL_LOOSENED if looser else Kind.GUARDRAIL_TIGHTENED
    return Kind.GUARDRAIL_CHANGED


def _change(
    key: str, kind: Kind, pair: tuple[Guardrail | None, Guardrail | None], files: tuple[str, str]
) -> Change:
    title = next(rule.title for rule in reversed(pair) if rule is not None)
    judgement: Judgement = kind.direction_rule(None)  # type: ignore[arg-type]  # it is the same for all
    old, new = (
        ChangedValue(
            path=(Section.GUARDRAILS.value, key) if rule is not None else (Section.GUARDRAILS.value,),
            value=ABSENT if rule is None else rule_text(rule),
            span=Span(file) if rule is None else rule.span,
        )
        for rule, file in zip(pair, files, strict=True)
    )
    return Change(
        kind=kind,
        section=Section.GUARDRAILS,
        rule_id=key,
        address=f"guardrails/{key}",
        subject=title,
        sentence=f"{title}: {_sentence(*pair)}",
        direction=judgement.direction,
        reason=judgement.reason,
        old=old,
        new=new,
    )


def _sentence(old: Guardrail | None, new: Guardrail | None) -> str:
    if new is None:
        assert old is not None
        return f"guardrail removed, was {rule_text(old)}"
    if old is None:
        return f"guardrail added, {rule_text(new)}"
    return f"{rule_text(old)} → {rule_text(new)}"


def rule_text(rule: Guardrail) -> str:
    """What it limits, and to what."""
    level = "" if rule.level is None else f" of {rule.level}"
    return f"{rule.measure}{level} {limit_text(rule)}"
