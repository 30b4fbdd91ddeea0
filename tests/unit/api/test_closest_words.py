from __future__ import annotations

import random
from difflib import get_close_matches

from pointbook.diagnostics import closest


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
