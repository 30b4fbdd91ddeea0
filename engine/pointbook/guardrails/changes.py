"""Changes of guardrails: what a loosened one would have stopped can pass, and nobody has decided that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.changes.change import Change, ChangedValue
from pointbook.changes.kinds import Kind, kind_by_presence
from pointbook.changes.subject import ABSENT
from pointbook.diagnostics import Span
from pointbook.guardrails.approval import ChangeApproval, GuardrailApproval
from pointbook.guardrails.guardrail import limit_text
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from pointbook.changes.directions import Judgement
    from pointbook.guardrails.approval import Approval
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
    if old.measure is not new.measure:
        return Kind.GUARDRAIL_CHANGED
    scopes = (old.level, new.level), (old.balance, new.balance)
    limits = (
        (old.at_most, new.at_most),
        (old.at_most_percent, new.at_most_percent),
        (new.at_least, old.at_least),
    )
    moves = {_scope_move(*pair) for pair in scopes if pair[0] != pair[1]}
    moves |= {_limit_move(*pair) for pair in limits if pair[0] != pair[1]}
    if not moves:
        return None
    return moves.pop() if len(moves) == 1 else Kind.GUARDRAIL_CHANGED


def _scope_move(old: str | None, new: str | None) -> Kind:
    """From each of them to one, back, or to another."""
    if old is None:
        return Kind.GUARDRAIL_LOOSENED
    return Kind.GUARDRAIL_TIGHTENED if new is None else Kind.GUARDRAIL_CHANGED


def _limit_move(old: Fraction | int | None, new: Fraction | int | None) -> Kind:
    if old is None or new is None:
        return Kind.GUARDRAIL_CHANGED
    return Kind.GUARDRAIL_LOOSENED if new > old else Kind.GUARDRAIL_TIGHTENED


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
    balance = "" if rule.balance is None else f" in {rule.balance}"
    return f"{rule.measure}{level}{balance} {limit_text(rule)}"


def approval_changes(
    old: Sequence[Approval], new: Sequence[Approval], files: tuple[str, str]
) -> Iterator[Change]:
    """Approvals that came, went, or are others; the arguments are those of `guardrail_changes`."""
    before, after = ({one.id: one for one in side} for side in (old, new))
    for key in sorted({*before, *after}):
        pair = before.get(key), after.get(key)
        texts = [None if one is None else approval_words(one) for one in pair]
        if texts[0] == texts[1]:
            continue
        kind = kind_by_presence(
            (pair[0], pair[1]), Kind.APPROVAL_ADDED, Kind.APPROVAL_REMOVED, Kind.APPROVAL_CHANGED
        )
        judgement: Judgement = kind.direction_rule(None)  # type: ignore[arg-type]  # it is the same for all
        values = [
            ChangedValue(
                path=("approvals",) if one is None else ("approvals", key),
                value=ABSENT if one is None else text,
                span=Span(file) if one is None else one.span,
            )
            for one, text, file in zip(pair, texts, files, strict=True)
        ]
        words = {
            Kind.APPROVAL_ADDED: f"approval added, {texts[1]}",
            Kind.APPROVAL_REMOVED: f"approval removed, was {texts[0]}",
        }
        yield Change(
            kind=kind,
            section=Section.GUARDRAILS,
            rule_id=key,
            address=f"approvals/{key}",
            subject=key,
            sentence=f"{key}: {words.get(kind, f'{texts[0]} → {texts[1]}')}",
            direction=judgement.direction,
            reason=judgement.reason,
            old=values[0],
            new=values[1],
        )


def approval_words(approval: Approval) -> str:
    """What it lets pass, and by whose word until when."""
    match approval:
        case ChangeApproval():
            what = f"change {approval.fingerprint} at {approval.address}"
        case GuardrailApproval():
            version = "" if approval.version is None else f" for version {approval.version}"
            what = f"guardrail {approval.guardrail} {limit_text(approval)}{version}"
        case _:
            raise AssertionError(approval)
    return f"{what}, by {approval.by} until {approval.until}: {approval.reason}"
