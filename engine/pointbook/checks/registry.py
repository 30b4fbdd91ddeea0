"""The checks in the order in which they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.checks.absence_costs_event import absence_costs_event
from pointbook.checks.activity_never_awards import activity_never_awards
from pointbook.checks.activity_word_taken import activity_word_taken
from pointbook.checks.announced_after_effective import announced_after_effective
from pointbook.checks.attribute_type_conflict import attribute_type_conflict
from pointbook.checks.balance_name_taken import balance_name_taken
from pointbook.checks.cap_below_award import cap_below_award
from pointbook.checks.cap_never_binds import cap_never_binds
from pointbook.checks.cap_of_unfed_balance import cap_of_unfed_balance
from pointbook.checks.cap_without_balance import cap_without_balance
from pointbook.checks.column_mapped_twice import column_mapped_twice
from pointbook.checks.condition_never_holds import condition_never_holds
from pointbook.checks.condition_type_mismatch import condition_type_mismatch
from pointbook.checks.deduction_in_capped_group import deduction_in_capped_group
from pointbook.checks.default_refused import default_refused
from pointbook.checks.doubtful_text import doubtful_text
from pointbook.checks.duplicate_cap import duplicate_cap
from pointbook.checks.duplicate_version_id import duplicate_version_id
from pointbook.checks.emptied_by_patch import emptied_by_patch
from pointbook.checks.empty_word_taken import empty_word_taken
from pointbook.checks.floor_above_start import floor_above_start
from pointbook.checks.id_disappears import id_disappears
from pointbook.checks.lookalike_id import lookalike_id
from pointbook.checks.lookalike_value import lookalike_value
from pointbook.checks.misdated_id import misdated_id
from pointbook.checks.misplaced_level import misplaced_level
from pointbook.checks.missing_source import missing_source
from pointbook.checks.negative_spend import negative_spend
from pointbook.checks.nothing_to_copy import nothing_to_copy
from pointbook.checks.patch_changes_nothing import patch_changes_nothing
from pointbook.checks.patch_cycle import patch_cycle
from pointbook.checks.patch_removes_nothing import patch_removes_nothing
from pointbook.checks.percents_below_minus_100 import percents_below_minus_100
from pointbook.checks.program_changed_after_publishing import program_changed_after_publishing
from pointbook.checks.published_date_moved import published_date_moved
from pointbook.checks.published_version_changed import published_version_changed
from pointbook.checks.published_version_missing import published_version_missing
from pointbook.checks.range_upside_down import range_upside_down
from pointbook.checks.reasoning.places import with_versions_named
from pointbook.checks.reference_name_taken import reference_name_taken
from pointbook.checks.removed_twice import removed_twice
from pointbook.checks.requirement_out_of_reach import requirement_out_of_reach
from pointbook.checks.reserved_id import reserved_id
from pointbook.checks.same_effective_date import same_effective_date
from pointbook.checks.short_form_on_entries import short_form_on_entries
from pointbook.checks.source_never_fits import source_never_fits
from pointbook.checks.spend_never_covered import spend_never_covered
from pointbook.checks.spent_and_earned import spent_and_earned
from pointbook.checks.stale_acknowledgement import stale_acknowledgement
from pointbook.checks.table_without_none import table_without_none
from pointbook.checks.thresholds_not_ascending import thresholds_not_ascending
from pointbook.checks.timezone_of_no_place import timezone_of_no_place
from pointbook.checks.too_many_places import too_many_places
from pointbook.checks.two_assessed_entries import two_assessed_entries
from pointbook.checks.unevenly_nested_values import unevenly_nested_values
from pointbook.checks.unknown_activity import unknown_activity
from pointbook.checks.unknown_attribute import unknown_attribute
from pointbook.checks.unknown_balance import unknown_balance
from pointbook.checks.unknown_column import unknown_column
from pointbook.checks.unknown_condition import unknown_condition
from pointbook.checks.unknown_document import unknown_document
from pointbook.checks.unknown_group import unknown_group
from pointbook.checks.unknown_level import unknown_level
from pointbook.checks.unknown_member_attribute import unknown_member_attribute
from pointbook.checks.unknown_timezone import unknown_timezone
from pointbook.checks.unknown_version import unknown_version
from pointbook.checks.unreachable_level import unreachable_level
from pointbook.checks.unused_attribute import unused_attribute
from pointbook.checks.unused_condition import unused_condition
from pointbook.checks.unused_document import unused_document
from pointbook.checks.unused_group import unused_group
from pointbook.checks.version_before_published import version_before_published
from pointbook.checks.version_passed_over import version_passed_over
from pointbook.checks.wrong_replacement import wrong_replacement
from pointbook.checks.yearly_day import yearly_day
from pointbook.diagnostics import sorted_findings

if TYPE_CHECKING:
    from pointbook.checks.reasoning.subject import Check, CheckSubject
    from pointbook.diagnostics import Finding, Span

PUBLISHING: tuple[Check, ...] = (
    published_version_changed,
    published_date_moved,
    published_version_missing,
    version_before_published,
    program_changed_after_publishing,
)
"""What holds the rules against `versions.lock`."""
PUBLISHING_CODES = frozenset(check.__name__.replace("_", "-") for check in PUBLISHING)

CHECKS: tuple[Check, ...] = (
    # Versions among each other
    unknown_version,
    duplicate_version_id,
    same_effective_date,
    announced_after_effective,
    misdated_id,
    reserved_id,
    patch_cycle,
    patch_changes_nothing,
    patch_removes_nothing,
    removed_twice,
    short_form_on_entries,
    emptied_by_patch,
    version_passed_over,
    wrong_replacement,
    # Published versions
    *PUBLISHING,
    # Names
    balance_name_taken,
    unknown_timezone,
    timezone_of_no_place,
    unknown_document,
    unknown_balance,
    unknown_level,
    unknown_group,
    unknown_attribute,
    unknown_member_attribute,
    unknown_condition,
    # Types
    attribute_type_conflict,
    condition_type_mismatch,
    condition_never_holds,
    default_refused,
    yearly_day,
    # Amounts
    floor_above_start,
    range_upside_down,
    too_many_places,
    unevenly_nested_values,
    percents_below_minus_100,
    # Entries
    spent_and_earned,
    two_assessed_entries,
    nothing_to_copy,
    negative_spend,
    spend_never_covered,
    # Limits and levels
    activity_never_awards,
    duplicate_cap,
    cap_below_award,
    cap_never_binds,
    cap_without_balance,
    cap_of_unfed_balance,
    deduction_in_capped_group,
    thresholds_not_ascending,
    misplaced_level,
    unreachable_level,
    requirement_out_of_reach,
    table_without_none,
    # What is easily overlooked
    id_disappears,
    stale_acknowledgement,
    lookalike_id,
    lookalike_value,
    doubtful_text,
    absence_costs_event,
    unused_group,
    unused_attribute,
    unused_document,
    unused_condition,
    missing_source,
    # How logs are exported
    unknown_column,
    unknown_activity,
    column_mapped_twice,
    reference_name_taken,
    activity_word_taken,
    empty_word_taken,
    source_never_fits,
)


def check_findings(subject: CheckSubject) -> tuple[Finding, ...]:
    """What every check finds, sorted.

    A patch inherits the faults of its base, so a check finds the same fault in several versions. It
    is said once for each place, of the version that comes first.
    """
    first: dict[tuple[Span, str], Finding] = {}
    for check in CHECKS:
        for finding in with_versions_named(subject, check):
            first.setdefault((finding.span, finding.code), finding)
    return sorted_findings(first.values())
