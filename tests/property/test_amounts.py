"""What an amount is, by a second reading: straight from the documents, in fractions, on random programs.

Tables by several attributes with `else`, rates with steps, tables and ranges, percentages, defaults,
balances with decimals that round either way: all of them together.
"""

from __future__ import annotations

import random
import sys
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor, trunc
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from pointbook.interpret import Interpreter
from pointbook.model.ledger import Assume, Outcome

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import Rules, cases
from test_fast_fold import assert_equal_up_to_every_event, laws, own_events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from strategies import Case

    from pointbook.model.log import Event

    Plain = dict[str, Any]
    Pick = Callable[[Sequence[Any]], Any]

LEVELS = {"top": {"threshold": 100}}
SIZES = ("small", "large", "refund", "nil", "other")
DECLARED = {
    "units": {"type": "integer"},
    "hours": {"type": "decimal"},
    "size": {"type": "text"},
    "first": {"type": "boolean"},
    "sharers": {"type": "integer"},
}
DEFAULTS = {
    "units": (0, 2),
    "hours": (1, Decimal("2.25")),
    "size": ("small", "large"),
    "first": (True, False),
}


def table(pick: Pick, amounts: Sequence[Any], others: Sequence[Any]) -> Plain:
    if pick((True, False, False)):
        values: Plain = {size: {"true": pick(amounts), "false": pick(amounts)} for size in ("small", "large")}
        by: Plain = {"attributes": ["size", "first"], "values": values}
    else:
        by = {"attribute": "size", "values": {"small": pick(amounts), "large": pick(amounts)}}
    if (otherwise := pick((None, *others))) is not None:
        by["else"] = otherwise
    return {"by": by}


def points(pick: Pick, depth: int = 0) -> Any:
    rates = (3, Decimal("0.35"), -2)
    quantity = {"attribute": pick(("units", "hours"))}
    if pick((True, False)):
        quantity["every"] = pick((1, 2, Decimal("1.5")))
    forms = (
        *(30, -15, {"range": [10, 75]}, {"up_to": 60}),
        {"per": {**quantity, "points": pick(rates)}},
        {"per": quantity},
        {"per": {**quantity, "points": table(pick, rates, (1, Decimal("1.25")))}},
        {"per": {**quantity, "range": [5, Decimal("12.5")]}},
        {"per": {**quantity, "up_to": 20}},
    )
    return pick((*forms, table(pick, (5, 90, -7), () if depth else (points(pick, 1),))))


def bonus(pick: Pick) -> Plain:
    found: Plain = {"percent": pick((10, Decimal("-12.5"), table(pick, (0, 25), (5,))))}
    if pick((True, False)):
        found["points"] = pick((3, -1))
    if pick((True, False)):
        found["if"] = pick(({"attribute": "first", "is": True}, {"attribute": "units", "at_least": 2}))
    return found


def activity(pick: Pick) -> Plain:
    found: Plain = {"points": points(pick), "balance": pick(("score", "credits")), "attributes": {}}
    found["bonuses"] = [bonus(pick) for _ in range(pick((0, 0, 1, 2)))]
    if pick((True, False, False)):
        found["split_among"] = "sharers"
    text = str(found)
    for name, one in DECLARED.items():
        if f"'{name}'" in text:
            default = pick((None, None, *DEFAULTS.get(name, ())))
            found["attributes"][name] = one if default is None else {**one, "default": default}
    return found


@cache
def program(seed: int) -> Rules:
    pick = random.Random(seed).choice  # noqa: S311 - not for secrets
    balances = {
        name: {"resets": "never", "decimals": pick((0, 0, 1, 2)), "round": pick(("half_up", "down"))}
        for name in ("score", "credits")
    }
    whole = {"id": "random", "title": "R", "timezone": "UTC", "level_balance": "score", "balances": balances}
    version = {
        "id": "v1",
        "effective_from": "2015-01-01",
        "levels": LEVELS,
        "life_cycle": {"demotion": "to_earned", "leap_day": "feb_28"},
        "activities": {name: activity(pick) for name in ("talk", "write", "help", "visit")},
    }
    # Every attribute of a log is known, so that no row is rejected for a column.
    version["activities"]["gift"] = {"points": 1, "attributes": {"released_on": {"type": "date"}, **DECLARED}}
    return Rules(whole, (version,), (version,))


class NoAmountError(Exception):
    """Why there is none."""


def usable(rules: Rules) -> bool:
    """Whether no check refuses the rules: a default of a table that does not list it."""
    return rules.loaded.program is not None


POOL = st.sampled_from([one for one in map(program, range(400)) if usable(one)])


class Reading:
    """The second reading of one event under one activity, straight from its document."""

    def __init__(self, rule: Plain, balance: Plain, event: Event) -> None:
        self.rule, self.balance = rule, balance
        self.given = {
            name: one["default"] for name, one in rule["attributes"].items() if "default" in one
        } | dict(event.attributes)
        self.value = event.points

    def attribute(self, name: str) -> Any:
        if self.given.get(name) is None:
            raise NoAmountError(Outcome.MISSING_ATTRIBUTE)
        return self.given[name]

    def looked_up(self, by: Plain) -> Any:
        names = by.get("attributes") or [by["attribute"]]
        found: Any = by["values"]
        values = [self.attribute(name) for name in names]
        for value in values:
            key = str(value).lower() if isinstance(value, bool) else str(value)
            found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            found = by.get("else")
        if found is None:
            raise NoAmountError(Outcome.OUT_OF_RANGE)
        return found

    def number(self, written: Any) -> Fraction:
        while isinstance(written, dict):
            written = self.looked_up(written["by"])
        return Fraction(written)

    def steps(self, per: Plain) -> Fraction:
        quantity = Fraction(self.attribute(per["attribute"]))
        if quantity < 0:
            raise NoAmountError(Outcome.OUT_OF_RANGE)
        return quantity if "every" not in per else Fraction(floor(quantity / Fraction(per["every"])))

    def assessed(self, low: Fraction, high: Fraction) -> Fraction:
        if self.value is None:
            raise NoAmountError(Outcome.UNVALUED)
        value, unit = Fraction(self.value), 10 ** self.balance["decimals"]
        if not low <= value <= high or (value * unit).denominator != 1:
            raise NoAmountError(Outcome.OUT_OF_RANGE)
        return value

    def base(self, written: Any) -> Fraction:
        if not isinstance(written, dict):
            return Fraction(written)
        if "by" in written:
            return self.base(self.looked_up(written["by"]))
        if "range" in written or "up_to" in written:
            return self.assessed(*self.ends(written))
        per = written["per"]
        if "range" in per or "up_to" in per:
            steps = self.steps(per)
            low, high = self.ends(per)
            return self.assessed(low * steps, high * steps)
        both: list[Fraction] = []
        failed: list[Outcome] = []
        for part in (lambda: self.number(per.get("points", 1)), lambda: self.steps(per)):
            try:
                both.append(part())
            except NoAmountError as error:
                failed.append(error.args[0])
        if failed:
            is_missing = Outcome.MISSING_ATTRIBUTE in failed
            raise NoAmountError(Outcome.MISSING_ATTRIBUTE if is_missing else failed[0])
        return both[0] * both[1]

    @staticmethod
    def ends(written: Plain) -> tuple[Fraction, Fraction]:
        low, high = written.get("range") or (1, written["up_to"])
        return Fraction(low), Fraction(high)

    def holds(self, condition: Plain | None) -> bool:
        if condition is None:
            return True
        value = self.attribute(condition["attribute"])
        return bool(value == condition["is"] if "is" in condition else value >= condition["at_least"])

    def requested(self) -> tuple[Fraction, Outcome | None]:
        found: list[Any] = []
        reasons: list[Outcome] = []

        def attempt(part: Callable[[], Any]) -> None:
            try:
                found.append(part())
            except NoAmountError as error:
                reasons.append(error.args[0])

        attempt(lambda: self.base(self.rule["points"]))
        for one in self.rule["bonuses"]:
            attempt(
                lambda one=one: (
                    (self.number(one["percent"]), Fraction(one.get("points", 0)))
                    if self.holds(one.get("if"))
                    else (Fraction(0), Fraction(0))
                )
            )
        attempt(lambda: self.attribute(self.rule["split_among"]) if "split_among" in self.rule else 1)
        if Outcome.MISSING_ATTRIBUTE in reasons:
            return Fraction(0), Outcome.MISSING_ATTRIBUTE
        if reasons:
            return Fraction(0), reasons[0]
        base, *bonuses, sharers = found
        if sharers < 1:
            return Fraction(0), Outcome.OUT_OF_RANGE
        percent = max(Fraction(-100), sum((one for one, _ in bonuses), Fraction(0)))
        whole = (base * (100 + percent) / 100 + sum(more for _, more in bonuses)) / sharers
        unit = 10 ** self.balance["decimals"]
        rounds = trunc if self.balance["round"] == "down" else lambda one: floor(one + Fraction(1, 2))
        return Fraction(rounds(whole * unit), unit), None


@laws
@given(cases(POOL, fixed=False))
def test_every_amount_is_that_of_a_second_reading(case: Case) -> None:
    plain = case.rules.complete[0]["activities"]
    balances = case.rules.program["balances"]
    interpreter = Interpreter(case.rules.ready, None, Assume.NONE)
    for member, events in own_events(case):
        state, _ = interpreter.opened(member)
        for event in events:
            state, (entry,) = interpreter.step(state, event)
            if event.activity not in plain or entry.outcome is Outcome.BEFORE_SIGN_UP:
                continue
            rule = {"bonuses": [], "balance": "score", **plain[event.activity]}
            requested, reason = Reading(rule, balances[rule["balance"]], event).requested()
            assert (Fraction(entry.requested), entry.outcome) == (requested, reason or Outcome.AWARDED)
            places = balances[rule["balance"]]["decimals"]
            assert len(str(entry.requested).partition(".")[2]) == places


@laws
@given(cases(POOL))
def test_the_fast_fold_is_the_plain_step_for_all_that_an_amount_can_be(case: Case) -> None:
    assert_equal_up_to_every_event(case)


def test_most_random_programs_have_nothing_wrong() -> None:
    assert sum(map(usable, map(program, range(400)))) > 200
