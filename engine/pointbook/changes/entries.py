"""What two versions of an activity give and take, entry by entry.

The same balance makes two entries the same, and so does that both are all that is written in the short
form. An entry that both versions have in the short form has the addresses of its activity; all others
have their own, `activities/stay/earns/nights`, whichever way they are written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pointbook.changes.subject import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pointbook.changes.subject import Subject
    from pointbook.model.activities import Activity, EntryRule


def entries_of(activity: Subject) -> Iterator[Subject]:
    """Each entry that either version of an activity has, in the order of an event."""
    before, after = map(_by_balance, activity.values)
    shorts = [next((key for key, one in side.items() if not one.path), None) for side in (before, after)]
    if None not in shorts and shorts[0] not in after and shorts[1] not in before:
        after[shorts[0]] = after.pop(shorts[1])  # type: ignore[index,arg-type]  # both are there
    for key in dict.fromkeys((*after, *before)):
        yield _entry(activity, before.get(key, ABSENT), after.get(key, ABSENT))


def _by_balance(activity: Activity | object) -> dict[tuple[bool, str], EntryRule]:
    """Its entries by whether they spend, and by balance; of an activity that is not there, none."""
    entries: tuple[EntryRule, ...] = getattr(activity, "spends_first", ())
    return {(entry.is_spend, entry.balance): entry for entry in entries}


def _entry(activity: Subject, old: Any, new: Any) -> Subject:
    present: EntryRule = old if new is ABSENT else new
    if old is not ABSENT and new is not ABSENT and not old.path and not new.path:
        return activity._replace(values=(old, new), whole=activity)
    own = ("spends" if present.is_spend else "earns", present.balance)
    return activity._replace(
        title=f"{activity.title}, {'spends ' if present.is_spend else ''}{present.balance}",
        address=f"{activity.address}/{'/'.join(own)}",
        old=(*activity.old, *own),
        new=(*activity.new, *own),
        values=(old, new),
        whole=activity,
    )


def points_of(entry: Subject) -> Subject:
    """How the points of an entry are found; a spend is nothing else."""
    if not entry.present.is_spend:
        return entry.at("points")
    return entry._replace(values=tuple(side.points for side in entry.values), whole=entry)


def under(subject: Subject, entry: Subject) -> Subject:
    """The subject, which is about an activity or a part of it, as far as it concerns one of its entries."""
    if subject.whole is None:
        return entry
    return subject._replace(whole=under(subject.whole, entry))
