"""Changes of guardrails: what a loosened one would have stopped can pass, and nobody has decided that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from pointbook.changes.change import Change, ChangedValue
from pointbook.changes.choosing import kind_by_presence
from pointbook.changes.kinds import Kind
from pointbook.changes.subject import ABSENT
from pointbook.diagnostics import Span
from pointbook.guardrails.approval import ChangeApproval, GuardrailApproval
from pointbook.guardrails.guardrail import limit_text
from pointbook.model.sections import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

    from pointbook.changes.directions import Judgement
    from pointbook.guardrails.approval import Approval
    from pointbook.guardrails.guardrail import Guardrail


class _Placed(Protocol):
    """Something that is written somewhere."""

    @property
    def span(self) -> Span:
        """Where."""


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
            title = next(rule.title for rule in reversed(pair) if rule is not None)
            texts = [None if rule is None else rule_text(rule) for rule in pair]
            sides = sides_of(("guardrails", key), texts, pair, files)
            yield change_beside(kind, title, _sentence("guardrail", *texts), sides)


def limits_named(limits: Sequence[Guardrail], names: Mapping[str, str]) -> tuple[Guardrail, ...]:
    """The same, renamed balances called as they are now."""
    return tuple(
        one if one.balance is None else replace(one, balance=names.get(one.balance, one.balance))
        for one in limits
    )


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


def _sentence(what: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"{what} removed, was {old}"
    return f"{what} added, {new}" if old is None else f"{old} → {new}"


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
        sides = sides_of(("approvals", key), texts, pair, files)
        yield change_beside(kind, key, _sentence("approval", *texts), sides)


def sides_of(
    path: tuple[str, str],
    texts: Sequence[str | None],
    pair: Sequence[_Placed | None],
    files: tuple[str, str],
) -> list[ChangedValue]:
    """Both sides of what stands at `path`; where it is absent, the place is the file that would have it."""
    return [
        ChangedValue(path[:1], ABSENT, Span(file)) if one is None else ChangedValue(path, text, one.span)
        for one, text, file in zip(pair, texts, files, strict=True)
    ]


def change_beside(kind: Kind, subject: str, sentence: str, sides: Sequence[ChangedValue]) -> Change:
    """A change of a file beside the rules, whose direction is that of its kind."""
    judgement: Judgement = kind.direction_rule(None)  # type: ignore[arg-type]  # it is the same for all
    old, new = sides
    path = [str(key) for key in max(old.path, new.path, key=len)]
    return Change(
        kind=kind,
        section=Section.GUARDRAILS,
        rule_id=path[-1],
        address="/".join(path),
        subject=subject,
        sentence=f"{subject}: {sentence}",
        direction=judgement.direction,
        reason=judgement.reason,
        old=old,
        new=new,
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
