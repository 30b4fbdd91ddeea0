"""What the names of columns say: words that exports use for our columns, in several languages.

>>> name_score("occurred_at", "CreationDate"), name_score("occurred_at", "Datum"), name_score("points", "City")
(7, 4, 0)
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_EXACT = 10
_JOINED_ID = re.compile(r"(.{3,})id")

_ACTOR = (
    "user member customer account contact learner student person client employee participant player actor author"
    " owner subscriber username userid memberid studentid customerid email mail login buyer attendee volunteer"
    " benutzer nutzer mitglied kunde teilnehmer autor schuler mitarbeiter utilisateur membre usuario cliente"
)
_ID = "id uuid guid nr no number nummer num key kennung ref sid pk hash"
_EVENT = (
    "event transaction order activity action log entry row record message delivery receipt request post history"
    " ereignis vorgang buchung bestellung bestell beleg auftrag lfd"
)

_WORDS: Mapping[str, Mapping[str, int]] = {
    "event_id": {
        **dict.fromkeys(_ID.split(), 3),
        **dict.fromkeys(_EVENT.split(), 2),
        **dict.fromkeys(
            "eventid transactionid orderid bestellnummer bestellnr belegnummer auftragsnummer".split(), 5
        ),
        **dict.fromkeys(_ACTOR.split(), -3),
        **dict.fromkeys("parent date time name type".split(), -3),
    },
    "member_id": {
        **dict.fromkeys(_ACTOR.split(), 4),
        **dict.fromkeys("kundennummer kundennr mitgliedsnummer matrikelnummer personalnummer".split(), 6),
        **dict.fromkeys("who by created recipient".split(), 1),
        **dict.fromkeys(_ID.split(), 1),
        **dict.fromkeys("name first last full display agent country city group type".split(), -2),
        **dict.fromkeys("last updated modified editor assigned parent accepted".split(), -3),
    },
    "activity": {
        **dict.fromkeys("activity action aktivitat aktion verb accion actividad activite".split(), 6),
        **dict.fromkeys("type event kind typ ereignis eventtype vorgang tipo".split(), 4),
        **dict.fromkeys("art reason grund component category kategorie status state topic badge task".split(), 2),
        **dict.fromkeys("name title description course product item produkt artikel kurs".split(), 2),
        **dict.fromkeys("id country city user member browser language device context origin".split(), -3),
        **dict.fromkeys("role plan segment tier currency channel source".split(), -2),
    },
    "occurred_at": {
        **dict.fromkeys("occurred zeitpunkt zeitstempel timestamp ts datetime".split(), 6),
        **dict.fromkeys("date time datum zeit when fecha heure hora".split(), 4),
        **dict.fromkeys("created creation erstellt event ordered order posted received completed".split(), 3),
        **dict.fromkeys("completion close closed done paid bestelldatum buchungsdatum day at on".split(), 2),
        **dict.fromkeys("last updated update modified edited changed birth geburtsdatum geandert".split(), -5),
        **dict.fromkeys("expires due deleted shipped end started start".split(), -2),
    },
    "points": {
        **dict.fromkeys("points point punkte punkt puntos pts xp".split(), 6),
        **dict.fromkeys("score karma reputation credits kudos".split(), 4),
        **dict.fromkeys("stars coins rep delta grade".split(), 2),
        **dict.fromkeys("id count total balance year month".split(), -3),
    },
    "signed_up_on": {
        **dict.fromkeys("signed signup joined join registered registration enrolled enrolment since".split(), 6),
        **dict.fromkeys("beitritt beitrittsdatum eintritt registriert angemeldet anmeldung seit".split(), 6),
        **dict.fromkeys("created creation erstellt createdat".split(), 4),
        **dict.fromkeys("date datum day on at".split(), 2),
        **dict.fromkeys("last birth updated modified seen login expires".split(), -5),
    },
}  # fmt: skip


@lru_cache(maxsize=10_000)
def name_score(role: str, name: str) -> int:
    """How much a column's name speaks for a role: more than 0 for it, less than 0 against it."""
    if plain_name(name) == role:
        return _EXACT
    words = words_of(name)
    return sum(_WORDS[role].get(word, 0) for word in dict.fromkeys(words))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters without accents.

    >>> words_of("OwnerUserId"), words_of("Ereignis-Nr."), words_of("Größe"), words_of("userid")
    (('owner', 'user', 'id'), ('ereignis', 'nr'), ('grosse',), ('user', 'id'))
    """
    spaced = _CAMEL.sub(" ", _plain(name))
    words = re.split(r"[^a-z0-9]+", spaced.casefold())
    found: list[str] = []
    for word in filter(None, words):
        joined = _JOINED_ID.fullmatch(word)
        known = joined is not None and any(joined[1] in words for words in _WORDS.values())
        found += [joined[1], "id"] if joined is not None and known else [word]
    return tuple(found)


def plain_name(name: str) -> str:
    """A name as that of an attribute: letters, digits and `_`, beginning with a letter.

    >>> plain_name("Order Total (€)"), plain_name("2nd"), plain_name("日本")
    ('order_total', 'column_2nd', 'column')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", _CAMEL.sub("_", _plain(name))).strip("_").lower()
    return plain if plain[:1].isalpha() else f"column_{plain}".strip("_")


def _plain(name: str) -> str:
    name = name.replace("ß", "ss")
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
