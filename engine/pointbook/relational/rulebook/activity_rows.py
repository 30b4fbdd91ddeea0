"""Activities as rows: what an event of each requests in every dated edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from pointbook.model.amounts import whole
from pointbook.model.eligibility import with_eligibility
from pointbook.model.ledger import Outcome
from pointbook.model.points.forms import Assessed, Fixed, SameAs
from pointbook.model.points.lookup import Table
from pointbook.model.points.rates import AssessedPerUnit, PerUnit
from pointbook.reasoning.awards import never_negative
from pointbook.relational.rulebook.codes import CODES, NONE, OWN_TOTAL, Form
from pointbook.relational.rulebook.rows import BonusCells, RuleRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.conditions import Condition
    from pointbook.model.ledger import Assume
    from pointbook.model.points.forms import Points
    from pointbook.model.program import Program
    from pointbook.relational.rulebook.cap_rows import CapRows
    from pointbook.relational.rulebook.editions import DatedEdition, VersionSet
    from pointbook.relational.rulebook.rule_columns import RuleKey


def _entry(activity: Activity) -> EntryRule:
    """The one that an activity has: `unsupported` has refused all others."""
    (entry,) = activity.entries
    return entry


class ActivityRows:
    """The activities of every dated edition of every version set, and what their rows name by number.

    Attributes:
        rules: For each version set its rules, by index of the version in force and activity.
        amounts: What the rules' tables list: amount by value, by the rule's number.
        conditions: Each condition in use, by its number.
        attributes: Attributes that rows name by number.
        names: The activities' ids, by number.
        bonuses: The most bonuses an activity has.
        can_fall: Balances from which an activity can deduct.
    """

    def __init__(self, program: Program, sets: Sequence[VersionSet], assume: Assume, caps: CapRows) -> None:
        """Write them, with the caps that they name."""
        activities = [
            activity
            for one in sets
            for edition in one.editions
            for activity in edition.version.activities.values()
        ]
        self.can_fall = {_entry(activity).balance for activity in activities if not never_negative(activity)}
        self.bonuses = max((len(_entry(activity).bonuses) for activity in activities), default=0)
        self.conditions: list[Condition] = []
        self.attributes: list[str] = []
        self.amounts: dict[int, Mapping[str, int]] = {}
        self.names = sorted({name for one in sets for dated in one.dated for name in dated.rules})
        self._balances = list(program.balances)
        # Balances whose totals the level balance's running sum does not give: all others, and that one
        # too where its floor can be met.
        self._apart = {
            balance.id
            for balance in program.balances.values()
            if balance.id != program.level_balance
            or (balance.floor is not None and balance.id in self.can_fall)
        }
        self._assume = assume
        self._caps = caps
        self._rule_count = 0
        self.rules: list[dict[RuleKey, RuleRow]] = [
            {
                (dated.version_index, name): self._rule(
                    one, dated, activity, dated.references.get(name, activity)
                )
                for dated in one.dated
                for name, activity in dated.rules.items()
            }
            for one in sets
        ]

    def _rule(
        self, one: VersionSet, dated: DatedEdition, activity: Activity, given_under: Activity
    ) -> RuleRow:
        number = self._rule_count
        self._rule_count += 1
        activity = with_eligibility(dated.edition.version, activity)
        entry = _entry(activity)
        limits, caps = self._caps.references(one.number, dated.edition, activity)
        limits += OWN_TOTAL if entry.balance in self._apart else 0
        row = RuleRow(number, self._balances.index(entry.balance), limits)
        row = self._with_points(row, entry.points, _entry(given_under).points)
        condition, sharers = activity.eligible_if, entry.split_among
        bonuses = [
            BonusCells(_number(self.conditions, bonus.condition), whole(bonus.points))
            for bonus in entry.bonuses
        ]
        return row._replace(
            eligible_no=NONE if condition is None else _number(self.conditions, condition),
            sharers_no=NONE if sharers is None else _number(self.attributes, sharers),
            bonuses=(*bonuses, *[BonusCells()] * (self.bonuses - len(bonuses))),
            caps=caps,
        )

    def _with_points(self, row: RuleRow, points: Points, given_in: Points) -> RuleRow:
        match points:
            case Fixed(amount):
                return row._replace(amount=whole(amount))
            case PerUnit(int(amount), attribute):
                quantity_no = _number(self.attributes, attribute)
                return row._replace(form=Form.PER_UNIT, amount=amount, quantity_no=quantity_no)
            case Table((attribute,), values):
                self.amounts[row.rule_no] = values
                return row._replace(form=Form.TABLE, quantity_no=_number(self.attributes, attribute))
            case Assessed():
                return self._with_range(row._replace(is_assessed=True), points, given_in)
            case PerUnit() | AssessedPerUnit() | Table() | SameAs():
                raise AssertionError(points.words)  # `unsupported` has refused it
            case never:
                assert_never(never)

    def _with_range(self, row: RuleRow, points: Assessed, given_in: Points) -> RuleRow:
        is_comparable = points.compares_with(given_in)
        amount = points.assumed(self._assume)
        if amount is None:
            outcome = Outcome.UNVALUED if is_comparable else Outcome.NOT_COMPARABLE
            row = row._replace(amount_outcome=CODES[outcome])
        else:
            row = row._replace(amount=whole(amount), amount_assumed=True)
        row = row._replace(minimum=whole(points.minimum), spread=whole(points.maximum - points.minimum))
        if not is_comparable:
            return row
        assert isinstance(given_in, Assessed)
        return row._replace(
            form=Form.ASSESSED,
            lowest=whole(given_in.minimum),
            highest=whole(given_in.maximum),
            is_rescaled=given_in != points,
        )


def _number(known: list[Any], wanted: Any) -> int:
    """The number of `wanted` among `known`, where it is put if it is new."""
    if wanted not in known:
        known.append(wanted)
    return known.index(wanted)
