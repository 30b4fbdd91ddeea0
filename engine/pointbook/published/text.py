"""The text of `versions.lock`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.source.yaml_text import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pointbook.published.lock import Amendment, Facts, PublishedVersion

_HEADER = """\
# Written by `pointbook publish`: what decides figures in the published versions, so that `pointbook validate`
# sees when one is changed later. Keep it in git and do not edit it: `publish --amend` keeps what was.
"""


def lock_text(facts: Facts, facts_amended: Sequence[Amendment], entries: Sequence[PublishedVersion]) -> str:
    """The text of a lock: the program, then each version in the order in which it was published."""
    program: dict[str, Any] = {**plain_facts(facts), **_amended(facts_amended)}
    versions = [entry_values(entry) for entry in entries]
    return _HEADER + "\n".join(_lines({"program": program, "published": versions})) + "\n"


def plain_facts(facts: Facts) -> Facts:
    """The same as they are written: without what is not there."""
    balances = {
        key: {name: value for name, value in one.items() if value is not None}
        for key, one in facts["balances"].items()
    }
    defaults = {key: value for key, value in facts.get("member_defaults", {}).items() if value is not None}
    whole = {**facts, "balances": balances, "member_defaults": defaults}
    return {key: value for key, value in whole.items() if value != {} or key == "balances"}


def entry_values(entry: PublishedVersion) -> dict[str, Any]:
    """The values of a version's entry, by their keys."""
    withdrawn = {} if entry.withdrawn_on is None else {"withdrawn_on": str(entry.withdrawn_on)}
    return {
        "version": entry.id,
        "effective_from": str(entry.effective_from),
        "published_on": str(entry.published_on),
        **withdrawn,
        "engine": entry.engine,
        "form": entry.form,
        "digest": entry.digest,
        **_amended(entry.amended),
    }


def _amended(amendments: Sequence[Amendment]) -> dict[str, Any]:
    if not amendments:
        return {}
    return {
        "amended": [
            {"amended_on": str(one.amended_on), "reason": one.reason, "before": dict(one.before)}
            for one in amendments
        ]
    }


def _lines(value: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    for key, item in value.items():
        head = f"{indent}{scalar_text(key)}:"
        if isinstance(item, dict) and item:
            yield head
            yield from _lines(item, f"{indent}  ")
        elif isinstance(item, list):
            yield head
            for entry in item:
                first, *rest = _lines(entry, f"{indent}    ")
                yield f"{indent}  - {first.lstrip()}"
                yield from rest
        else:
            yield f"{head} {scalar_text(item) if isinstance(item, str) else {} if item == {} else item}"
