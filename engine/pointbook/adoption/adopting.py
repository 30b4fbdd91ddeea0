"""An unknown export, and perhaps a file of members, into what they probably are, and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.adoption.activity_ids import activity_ids
from pointbook.adoption.exports import opened_export
from pointbook.adoption.facts import facts_of
from pointbook.adoption.further import Use, further_columns
from pointbook.adoption.guesses import (
    Role,
    drafted_activities,
    guesses_of_events,
    guesses_of_members,
    overlap,
)
from pointbook.adoption.known_rules import NO_RULES, rules_of
from pointbook.adoption.log_draft import log_draft
from pointbook.adoption.profiles import profile_of
from pointbook.adoption.rules_draft import first_day, program_draft, version_draft
from pointbook.adoption.sheets import Sheet
from pointbook.model.log import EVENT_COLUMNS, MEMBER_COLUMNS, POINTS, VALID_FROM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pointbook.adoption.exports import ExportFile
    from pointbook.adoption.facts import RowFacts
    from pointbook.adoption.guesses import Guess
    from pointbook.adoption.profiles import Profile
    from pointbook.model.program import Program

DRAFTS = LOG_FILE, PROGRAM_FILE = "log.yaml", "program.yaml"
"""The files that are always drafted with rules; without them the first one."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What an export probably is.

    Attributes:
        events: The export.
        members: That of members, None without one.
        facts: What the rows of events say.
        ids: By value of the activity's column, the most frequent first: the id, and a doubt about it. Of
            very many values, and of long texts, not all are there.
    """

    events: Sheet
    members: Sheet | None
    facts: RowFacts
    ids: Mapping[str, tuple[str, str]]

    def files_for(self, program: Program | None) -> dict[str, str]:
        """The draft for a program that is there, or for none yet: its text by its path in the folder."""
        rules = NO_RULES if program is None else rules_of(program)
        return {LOG_FILE: log_draft(self.events, self.members, self.ids, rules)}

    def files_with_rules(self, program_id: str, title: str, timezone: str) -> dict[str, str]:
        """The drafts, with those of rules: texts by path in the program's folder, sorted."""
        texts = {
            LOG_FILE: log_draft(self.events, self.members, self.ids, None),
            PROGRAM_FILE: program_draft(program_id, title, timezone, self.members),
            f"versions/{first_day(self.facts)}.yaml": version_draft(self.events, self.facts, self.ids),
        }
        return dict(sorted(texts.items()))


def adopted(
    events: Path | str, members: Path | str | None, told: Callable[[int], None] = lambda _: None
) -> Adoption:
    """What an export of events probably is, and one of members.

    Args:
        events: A file of any shape, or `-` for standard input.
        members: Likewise; None without one.
        told: Called now and then with the number of rows that were read since.

    Raises:
        InputError: A file cannot be read, or has no rows.
    """
    with opened_export(events, told) as export:
        profile = profile_of(export)
        of_members = None if members is None else _members_sheet(members, profile, told)
        known = of_members.guesses.get(Role.MEMBER_ID) if of_members is not None else None
        ids_known = known.column if known is not None else None
        guesses = guesses_of_events(
            profile, ids_known, is_named=export.shape is None or export.shape.header > 0
        )
        sheet = _sheet(export, profile, guesses, (*EVENT_COLUMNS, POINTS), has_references=True)
        attributes = [one.column.place for one in sheet.further if one.use is Use.ATTRIBUTE]
        facts = facts_of(export, profile, guesses, attributes, ids_known)
    activity = guesses.get(Role.ACTIVITY)
    values = drafted_activities(activity.column) if activity is not None else ()
    return Adoption(sheet, of_members, facts, activity_ids(values))


def _members_sheet(members: Path | str, of_events: Profile, told: Callable[[int], None]) -> Sheet:
    with opened_export(members, told) as export:
        profile = profile_of(export)
    shares = {
        column.place: max((overlap(column, other) for other in of_events.columns), default=0)
        for column in profile.columns
    }
    guesses = guesses_of_members(profile, lambda column: shares[column.place])
    return _sheet(export, profile, guesses, (*MEMBER_COLUMNS, VALID_FROM), has_references=False)


def _sheet(
    export: ExportFile,
    profile: Profile,
    guesses: Mapping[Role, Guess],
    reserved: tuple[str, ...],
    *,
    has_references: bool,
) -> Sheet:
    taken = {guess.column.place for guess in guesses.values()}
    others = [column for column in profile.columns if column.place not in taken]
    unnamed = export.shape.blank if export.shape is not None else ()
    when = guesses.get(Role.OCCURRED_AT) or guesses.get(Role.SIGNED_UP_ON)
    forms = when.column.times.forms if when is not None else ()
    form = forms[0] if len(forms) == 1 else None
    further = further_columns(
        others, reserved, [place - 1 for place in unnamed], form, has_references=has_references
    )
    return Sheet(export, profile, guesses, further)
