"""The order in which caps are computed: each in one pass over the events that meet it.

A cap can be computed once every cap that its events meet before it is. So caps are put into
stages: a cap's stage is above those of all caps that come before it in any activity's chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pointbook.relational.unsupported import CAPS_IN_A_CIRCLE, UnsupportedRulesError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.model.program import Version
    from pointbook.model.rules import Activity, Cap
    from pointbook.model.windows import CapKind, Per


class CapKey(NamedTuple):
    """What a cap's usage belongs to, whatever the version."""

    scope: str
    owner: str
    kind: CapKind
    per: Per


def chain_of(activity: Activity, version: Version) -> dict[CapKey, Cap]:
    """The caps that events of the activity go through, in order."""
    groups = ((group, version.groups[group].caps) for group in activity.groups)
    return {
        CapKey(scope, owner, cap.kind, cap.per): cap
        for scope, owner, caps in (
            ("activity", activity.id, activity.caps),
            *(("group", *group) for group in groups),
        )
        for cap in caps
    }


def stages_of(chains: Iterable[Sequence[CapKey]]) -> Mapping[CapKey, int]:
    """The stage of each cap, from 0.

    Raises:
        UnsupportedRulesError: Two caps each come before the other.
    """
    before: dict[CapKey, set[CapKey]] = {}
    for chain in chains:
        for index, key in enumerate(chain):
            before.setdefault(key, set()).update(chain[:index])
    stages: dict[CapKey, int] = {}
    while len(stages) < len(before):
        ready = [key for key, earlier in before.items() if key not in stages and earlier <= stages.keys()]
        if not ready:
            raise _circle(sorted(before.keys() - stages.keys()))
        stages.update({key: max((stages[one] + 1 for one in before[key]), default=0) for key in ready})
    return stages


def _circle(keys: Sequence[CapKey]) -> UnsupportedRulesError:
    names = (f"{key.kind} per {key.per} of {key.scope} {key.owner}" for key in keys)
    return UnsupportedRulesError(CAPS_IN_A_CIRCLE, ", ".join(names))
