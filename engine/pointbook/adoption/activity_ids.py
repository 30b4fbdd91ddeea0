"""Ids for activities, made from what a log calls them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pointbook.likeness import difference

if TYPE_CHECKING:
    from collections.abc import Iterable

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 90


def activity_ids(values: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By value, its id and a doubt about it: small letters with dots, unless the value is such an id itself.

    Args:
        values: The most frequent first: of those that differ in letter case or spaces only, it gives the id.

    >>> activity_ids(["Answered a question", "qa_vote", "PostCreated", "answered a question "])["PostCreated"]
    ('post.created', '')
    """
    values = list(values)
    ids = {value: (value, "") for value in values if _ID.fullmatch(value)}
    owner = {value: value for value in ids}
    for value in values:
        if value in ids:
            continue
        made = _made(value)
        if made in owner and (words := difference(value, owner[made])):
            doubt = f"decide: it differs from {owner[made]!r} only in {words}; is it the same?"
            ids[value] = (made, doubt)
            continue
        free, number = made, 2
        while free in owner:
            free, number = f"{made}.{number}", number + 1
        owner[free] = value
        ids[value] = (free, "" if free == made else f"decide: {owner[made]!r} has the id `{made}`")
    return {value: ids[value] for value in values}


def _made(value: str) -> str:
    plain = unicodedata.normalize("NFKD", value.replace("ß", "ss")).encode("ascii", "ignore").decode()
    words = re.split(r"[^A-Za-z0-9]+", _CAMEL.sub(".", plain))
    return ".".join(filter(None, words)).lower()[:_LONGEST].strip(".") or "activity"
