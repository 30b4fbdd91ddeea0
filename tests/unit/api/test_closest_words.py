from __future__ import annotations

import random
from difflib import get_close_matches

from pointbook.diagnostics import Spellings, closest, most_alike
from pointbook.slips import ClosestWords


def test_the_closest_word_is_the_one_that_difflib_finds():
    chance = random.Random(7)  # noqa: S311 - no secret
    found = 0
    for _ in range(300):
        # Few letters, so that many words have the same ones in another order, and are equally alike.
        known = {"".join(chance.choices("abc12", k=chance.randint(3, 8))) for _ in range(20)}
        word = "".join(chance.choices("abc12", k=chance.randint(3, 8)))
        matches = get_close_matches(word, known, n=1)
        if word not in known and matches:
            assert closest(word, known) == matches[0]
            found += 1
    assert found > 100


def test_the_three_most_alike_are_those_that_difflib_finds():
    chance = random.Random(8)  # noqa: S311 - no secret
    found = 0
    for _ in range(300):
        known = sorted({"".join(chance.choices("ab", k=chance.randint(6, 9))) for _ in range(20)})
        word = "".join(chance.choices("ab", k=chance.randint(6, 9)))
        matches = get_close_matches(word, known, n=3, cutoff=0.85)
        assert most_alike(word, Spellings(known).likely(word, 0.85), 0.85, number=3) == matches
        found += len(matches) > 1
    assert found > 10


def test_many_unknown_words_among_many_are_not_looked_for_without_end():
    known = [f"known.{number:04}" for number in range(1000)]
    words = ClosestWords()
    found = [words.closest(f"knwon.{number:04}", known) for number in range(300)]
    # 200,000 comparisons among 1,000 words are 200 searches.
    assert found == [*known[:200], *[None] * 100]
    assert words.closest("knwon.0007", known) == "known.0007"
    assert words.closest("glod", ["gold", "silver"]) == "gold"
    assert words.suggestion("knwon.0299", known[:21], "declare it").startswith("declare it, or use one that")
