"""What a whole evaluation comes to in counts, and that nothing was lost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pointbook.diagnostics import closest
from pointbook.likeness import Lookalikes
from pointbook.model.attributes import MEMBER_PREFIX
from pointbook.model.ledger import Outcome
from pointbook.reasoning.unstated import unstated_life_cycles
from pointbook.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from pointbook.log import LogFacts
    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program
    from pointbook.model.tally import NearText, Tally
    from pointbook.views.evaluated import Evaluated


_MOST_SEARCHES = 100
"""Looking for what was meant takes a while; a log with more unknown activities is of another program."""
_MOST_NEAR_TEXTS = 10


def summary_of(  # noqa: PLR0913 - a summary names every choice that the result depends on
    tally: Tally,
    program: Program,
    log: LogFacts,
    *,
    as_of: date,
    as_of_given: bool,
    version: str | None,
    assume: Assume,
    evaluated: Evaluated,
    read_by: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> dict[str, Any]:
    """The summary as values that JSON has.

    Args:
        tally: The results in counts.
        program: The rules.
        log: What is known of the log.
        as_of: The last day that counts.
        as_of_given: Whether somebody asked for that day.
        version: The only version in force, None for each event's own.
        assume: What a missing assessed value is taken to be.
        evaluated: How it was evaluated.
        read_by: Where there is a log.yaml: of `events` and `members` the files by the place in it that says
            how they are exported, empty for files that have our columns.

    Raises:
        AssertionError: Rows were lost: ledger, rejects and later events are not all that was read.
    """
    in_ledger = tally.events
    assert log.events_read == in_ledger + len(log.rejects) + tally.after_as_of, "rows were lost"
    counts = {
        "events_read": log.events_read,
        "events_in_ledger": in_ledger,
        "ledger": tally.outcomes.total(),
        "rejects": len(log.rejects),
        "after_as_of": tally.after_as_of,
        **{outcome.value: tally.outcomes[outcome] for outcome in Outcome},
        "assumed": tally.assumed,
        "points_ignored": tally.ignored.total(),
        "members_read": log.members_read,
        "member_rejects": len(log.member_rejects),
        "blank_rows": log.blank,
    }
    used = [
        known
        for known in program.versions
        if known.id == version or (version is None and known.effective_from <= as_of)
    ]
    unstated = {known.id: known.life_cycle.follows for known in used if not known.life_cycle.is_stated}
    reasons = log.rejects.reasons + log.member_rejects.reasons
    return {
        "program": program.id,
        "program_sha256": program.sha256,
        "engine_version": __version__,
        "evaluated": evaluated.keys(),
        "as_of": as_of.isoformat(),
        "as_of_source": "given" if as_of_given else "last event" if log.latest else "last sign-up",
        "version": version,
        "assume": assume.value,
        "members": log.members,
        **({} if read_by is None else {"read_by": _read_by(read_by)}),
        **(
            {"life_cycle_not_stated": unstated, "notes": list(unstated_life_cycles(used))} if unstated else {}
        ),
        "counts": counts,
        "reject_reasons": dict(sorted(reasons.items())),
        "unknown_activities": _unknown_activities(tally, program),
        "near_texts": _near_texts(tally, program),
        "levels": {level or "": tally.levels[level] for level in _level_order(tally, program)},
        "versions": [
            {"id": known.id, "effective_from": known.effective_from.isoformat(), "sha256": known.sha256}
            for known in program.versions
        ],
    }


def _read_by(found: Mapping[str, Mapping[str, Sequence[str]]]) -> list[dict[str, Any]]:
    return [
        {"kind": kind, "log_yaml": place or None, "files": list(names)}
        for kind, by_place in found.items()
        for place, names in by_place.items()
    ]


def _unknown_activities(tally: Tally, program: Program) -> dict[str, dict[str, Any]]:
    """What the version in force did not have: how often, which versions have it, or what was meant."""
    known = {name for version in program.versions for name in version.activities}
    # Of equal numbers the first by name: counters remember who came first, which differs from way to way.
    by_frequency = sorted(tally.unknown_activities.items(), key=lambda one: (-one[1], one[0]))
    frequent = {name for name, _ in by_frequency[:_MOST_SEARCHES]}
    alike = Lookalikes(known)
    words = program.exports.activity_words
    alike_words = Lookalikes(words)
    found = {}
    for name, events in sorted(tally.unknown_activities.items()):
        in_versions = [version.id for version in program.versions if name in version.activities]
        about: dict[str, Any] = {"events": events, "in_versions": in_versions, "did_you_mean": None}
        found[name] = about
        if name in known:
            continue
        meant, differs_in = alike.of(name)
        if meant:
            about |= {"did_you_mean": meant[0], "differs_in": differs_in}
        elif (word := alike_words.of(name))[0]:
            ours, place = words[word[0][0]]
            about |= {"did_you_mean": ours, "differs_in": word[1], "word": word[0][0], "log_yaml": place}
        elif name in frequent:
            about["did_you_mean"] = closest(name, known)
            if about["did_you_mean"] is None and (titled := _titled(name, program)):
                about |= {"did_you_mean": titled, "is_its_title": True}
    return found


def _titled(title: str, program: Program) -> str | None:
    """The activity that has a title, or nearly so, in the newest version that has one of that title."""
    for version in reversed(program.versions):
        titles = {activity.title: name for name, activity in version.activities.items() if activity.title}
        if alike := [title] if title in titles else Lookalikes(titles).of(title)[0]:
            return titles[alike[0]]
    return None


def _near_texts(tally: Tally, program: Program) -> list[dict[str, Any]]:
    """The most frequent texts that nearly are what a rule names, each with the first place that names it."""
    versions = {version.id: (number, version) for number, version in enumerate(program.versions)}

    def order(near: NearText) -> tuple[int, int]:
        number, version = versions[near.version]
        return number, list(version.activities).index(str(near.path[1]))

    numbers: Counter[tuple[str, str, str, str]] = Counter()
    places: dict[tuple[str, str, str, str], NearText] = {}
    for near in sorted(tally.near_texts, key=order):
        key = near.attribute, near.value, near.named, near.differs_in
        numbers[key] += tally.near_texts[near]
        places.setdefault(key, near)
    ranked = sorted(numbers, key=lambda key: (-numbers[key], key))[:_MOST_NEAR_TEXTS]
    spans = {key: versions[places[key].version][1].span(*places[key].path) for key in ranked}
    return [
        {
            "attribute": key[0],
            "value": key[1],
            "named": key[2],
            "differs_in": key[3],
            "members" if key[0].startswith(MEMBER_PREFIX) else "events": numbers[key],
            "rule": f"{spans[key].file}:{spans[key].line}",
        }
        for key in ranked
    ]


def _level_order(tally: Tally, program: Program) -> list[str | None]:
    """No level, then levels from the lowest of the latest version that has them."""
    by_threshold = not any(level.requires for one in program.versions for level in one.levels.values())
    thresholds = {
        level.id: level.threshold if by_threshold else rank
        for version in program.versions
        for rank, level in enumerate(version.levels.values())
    }
    held = [level for level in tally.levels if level is not None]
    return [None, *sorted(held, key=lambda level: (thresholds[level], level))]
