"""Why an event has no rule: before the sign-up, before the first version, or not in the version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.diagnostics import closest, suggestion
from pointbook.likeness import Lookalikes
from pointbook.model.ledger import Outcome
from pointbook.model.sections import Section
from pointbook.views.explanation.explained import ExplainedStep

if TYPE_CHECKING:
    from pointbook.model.exports import Exports
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Member
    from pointbook.model.program import Program, Version


def why_without_rule(program: Program, member: Member, entry: Entry, *, is_fixed: bool) -> ExplainedStep:
    """Why no rule values the event; `is_fixed` where one version is taken to have always been in force."""
    text, span = f"before the sign-up on {member.signed_up_on}: does not count", None
    if entry.outcome is Outcome.NO_VERSION_IN_FORCE:
        first = program.versions[0]
        text = f"no version is in force yet; the first, {first.id}, takes effect on {first.effective_from}"
        span = first.span("effective_from")
    version = program.version(entry.version or "")
    if entry.outcome is Outcome.NO_SUCH_ACTIVITY and version is not None:
        return _not_in(program, version, entry.activity, is_fixed=is_fixed)
    return ExplainedStep(text, span, gist=text)


def _not_in(program: Program, version: Version, activity_id: str, *, is_fixed: bool) -> ExplainedStep:
    """Why the version does not have the activity: it went, it comes later, or it is called otherwise."""
    text = f"version {version.id} has no activity `{activity_id}`"
    other = program.activities_by_any_id(version).get(activity_id)
    if other is not None:
        text += f"; it has `{other.id}` in its place, which the log must name from its day on"
        return ExplainedStep(text, version.span("activities", other.id), gist=text)
    with_it = [one for one in program.versions if activity_id in one.activities]
    if not with_it:
        other_version = _of_another_version(activity_id, program, version)
        text += f"; {other_version or _meant(activity_id, version, program.exports)}"
        return ExplainedStep(text, version.span("id"), gist=text)
    before = [one for one in with_it if one.effective_from < version.effective_from]
    if not before:
        first = with_it[0]
        text, gist = f"counts only from {first.effective_from} on", ""
        if is_fixed:
            text = f"version {version.id} does not have it yet; version {first.id} does"
            gist = f"only from version {first.id} on"
        return ExplainedStep(text, first.span("activities", activity_id), gist=gist or text)
    gone = program.versions[program.versions.index(before[-1]) + 1]
    removal = gone.removes.get(Section.ACTIVITIES, {}).get(activity_id)
    text = f"counted until {gone.effective_from}, when version {gone.id} took it out"
    text += f": {removal.note}" if removal is not None else ""
    again = next((one for one in with_it if one.effective_from > version.effective_from), None)
    text += f" (it counts again from {again.effective_from} on)" if again is not None else ""
    place = ("removes", "activities", activity_id) if removal is not None else ("id",)
    return ExplainedStep(text, gone.span(*place), gist=text)


def _of_another_version(activity_id: str, program: Program, version: Version) -> str:
    """Which activity of another version was meant, where this one has none like it; empty for none."""
    others = {name: one.id for one in program.versions for name in one.activities}
    name = closest(activity_id, others)
    if name is None or name in version.activities or closest(activity_id, version.activities) is not None:
        return ""
    return f"did you mean `{name}`, which version {others[name]} has and this one does not?"


def _meant(activity_id: str, version: Version, exports: Exports) -> str:
    """Which activity was meant: by what nobody sees, a word of log.yaml, its title, or its letters."""
    alike, difference = Lookalikes(version.activities).of(activity_id)
    if alike:
        return f"did you mean `{alike[0]}`? The two differ in {difference}"
    words = exports.activity_words
    alike, difference = Lookalikes(words).of(activity_id)
    if alike:
        ours, place = words[alike[0]]
        return f"did you mean `{alike[0]}`, which {place} reads as `{ours}`? The two differ in {difference}"
    titles = {activity.title: activity.id for activity in version.activities.values() if activity.title}
    titled = activity_id if activity_id in titles else None
    titled = titled or next(iter(Lookalikes(titles).of(activity_id)[0]), None)
    if titled is None and closest(activity_id, version.activities) is None:
        titled = closest(activity_id, titles)
    if titled is not None:
        return f"did you mean `{titles[titled]}`, whose title is {titled}?"
    return suggestion(activity_id, version.activities)
