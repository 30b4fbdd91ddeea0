"""The digest of what decides figures: words never change it, and every figure does."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pointbook.published import form_1

sys.path.insert(0, str(Path(__file__).parent))  # test folders are not packages
from strategies import loaded_of, pooled_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from strategies import Plain, Rules

_HEADER = ("id", "title", "effective_from", "announced_on", "based_on", "source", "note", "removes")
_PLAIN_WORDS = {"title": "Another", "note": "Because.", "source": {"document": "Page", "section": "A"}}


def _digests(rules: Rules, versions: tuple[Plain, ...]) -> list[str]:
    """The digest of each version after the whole pipeline."""
    loaded = loaded_of(rules.program, versions)
    resolved = [part.document.resolved for part in loaded.versions]
    return [form_1.digest(node.plain()) for node in resolved if node is not None]


@settings(deadline=None, max_examples=12)
@given(pooled_rules(least=2))
def test_a_patch_and_the_whole_version_have_the_same(rules: Rules) -> None:
    assert _digests(rules, rules.written) == _digests(rules, rules.complete)


def _reordered(value: Any) -> Any:
    """A copy with the keys the other way round, in which no two places are the same record."""
    if isinstance(value, dict):
        return {key: _reordered(value[key]) for key in reversed(value)}
    return [_reordered(item) for item in value] if isinstance(value, list) else value


def _places_of_words(version: Plain) -> Iterator[Plain]:
    """Every mapping that may have a title, a note and a source."""
    yield version
    for section in ("levels", "benefits", "groups", "activities"):
        for rule in version.get(section, {}).values():
            yield rule
            for key in ("caps", "bonuses"):
                yield from rule.get(key, ())
            yield from rule.get("attributes", {}).values()


@settings(deadline=None, max_examples=12)
@given(pooled_rules(), st.randoms(use_true_random=False))
def test_words_and_order_never_change_it(rules: Rules, dice: Any) -> None:
    for version in rules.complete:
        other = _reordered(version)
        for place in _places_of_words(other):
            for key, words in _PLAIN_WORDS.items():
                if dice.random() < 0.5:
                    place[key] = words
                elif dice.random() < 0.5:
                    place.pop(key, None)
        other["life_cycle"]["note"] = "Because."
        other["announced_on"] = "2000-01-01"
        other.setdefault("benefits", {})
        assert form_1.text_of(other) == form_1.text_of(version)


def _figures(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every scalar stands that is no word."""
    if isinstance(value, dict):
        for key, part in value.items():
            is_rule = len(path) in {2, 4} and not isinstance(path[-1], str)
            is_word = key in _PLAIN_WORDS and (len(path) == 2 or is_rule or path[-2:-1] == ("attributes",))
            if not (is_word or (not path and key in _HEADER) or (path[-1:] == ("per",) and key == "unit")):
                yield from _figures(part, (*path, key))
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _figures(part, (*path, index))
    else:
        yield path


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return f"{value}x" if isinstance(value, str) else value + 1


@settings(deadline=None, max_examples=12)
@given(pooled_rules())
def test_every_other_figure_and_everything_that_goes_changes_it(rules: Rules) -> None:
    version = rules.complete[-1]
    seen = {form_1.digest(version)}
    paths = list(_figures(version))
    assert len(paths) > 10
    for path in paths:
        for is_gone in (False, True):
            other = _reordered(version)
            *above, last = path
            place: Any = other
            for step in above:
                place = place[step]
            if is_gone:
                del place[last]
            else:
                place[last] = _other(place[last])
            digest = form_1.digest(other)
            assert digest not in seen, path
            if not is_gone:
                seen.add(digest)


def test_the_same_number_has_one_spelling_and_kinds_of_values_stay_apart() -> None:
    def of(value: Any) -> str:
        return form_1.digest(
            {"activities": {"a": {"points": 1, "eligible_if": {"attribute": "b", "is": value}}}}
        )

    same = [2, Decimal(2), Decimal("2.0"), Decimal("2.00")]
    assert len({of(value) for value in same}) == 1
    assert len({of(value) for value in (Decimal("2.5"), Decimal("2.50"))}) == 1
    assert len({of(value) for value in (0, Decimal("-0.0"), Decimal("0.00"))}) == 1
    assert len({of(value) for value in (1, True, "1", "true", Decimal("1.1"), Decimal(100), "é", "e")}) == 8


def test_an_activity_may_be_called_like_a_key_of_words() -> None:
    plain = {
        "activities": {"title": {"points": 1}, "note": {"points": 2}},
        "levels": {"source": {"threshold": 3}},
    }
    wanted = '{"activities":{"note":{"points":2},"title":{"points":1}},"levels":{"source":{"threshold":3}}}'
    assert form_1.text_of(plain) == wanted


def test_words_of_entries_never_change_it_and_their_figures_do() -> None:
    def text(entry: Plain, spend: Plain) -> str:
        return form_1.text_of(
            {"activities": {"stay": {"earns": {"nights": entry}, "spends": {"points": spend}}}}
        )

    per = {"attribute": "nights", "points": 2}
    entry = {"points": {"per": per}, "caps": [{"times": 1, "per": "day"}], "bonuses": [{"points": 1}]}
    worded = {
        **_PLAIN_WORDS,
        "points": {"per": {**per, "unit": "night"}},
        "caps": [{"times": 1, "per": "day", **_PLAIN_WORDS}],
        "bonuses": [{"points": 1, **_PLAIN_WORDS}],
    }
    plain = text(entry, {"per": per})
    assert text(worded, {"per": {**per, "unit": "night"}}) == plain
    assert text({**entry, "if": "partner"}, {"per": per}) != plain
    assert text({**entry, "points": 2}, {"per": per}) != plain
    assert text(entry, {"per": {**per, "points": 3}}) != plain
    # As written since form 1 is; what it says of such a program must stay.
    assert plain == (
        '{"activities":{"stay":{"earns":{"nights":{"bonuses":[{"points":1}],"caps":[{"per":"day","times":1}],'
        '"points":{"per":{"attribute":"nights","points":2}}}},'
        '"spends":{"points":{"per":{"attribute":"nights","points":2}}}}}}'
    )
