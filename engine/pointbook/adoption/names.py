"""What the names of columns say: words that exports use for our columns, in several languages.

>>> name_score("occurred_at", "CreationDate"), name_score("occurred_at", "Datum")
(7, 4)
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
_JOINED = re.compile(r"(.{3,})(id|nr|nummer|datum|zeit)")
_ALONE = 4
"""What it counts that a name is nothing but the word for an id."""


def _weights(*words_by_weight: tuple[int, str]) -> Mapping[str, int]:
    return {word: weight for weight, words in words_by_weight for word in words.split()}


_ACTOR = """
    user member customer account contact learner student person client employee participant player actor
    author owner subscriber username email mail login buyer attendee
    volunteer benutzer nutzer mitglied kunde teilnehmer autor schuler mitarbeiter utilisateur membre usuario
    cliente adherent utente socio membro lid gebruiker klant deelnemer assignee reporter requester uid mbr
    apprenant eleve alumno aluno estudiante empleado employe dipendente colaborador participante partecipante
"""
_ID = """
    id uuid guid nr no number nummer num key kennung ref sid pk hash identifier identifiant identificador
    identificativo reference referencia riferimento referentie numero
"""
_EVENT = """
    event transaction order activity action log entry row record message msg delivery receipt request post
    history evt txn ereignis vorgang buchung bestellung bestell beleg auftrag lfd
    evenement evento gebeurtenis commande pedido ordine bestelling ticket factura fattura facture
"""

_WORDS: Mapping[str, Mapping[str, int]] = {
    "event_id": _weights(
        (3, _ID),
        (2, _EVENT),
        (5, "eventid transactionid orderid"),
        (-3, _ACTOR),
        (-3, "parent target related date time name type"),
    ),
    "member_id": _weights(
        (1, _ID),
        (4, _ACTOR),
        (6, "matrikelnummer personalnummer"),
        (1, "who by created recipient"),
        (-1, "name first full display acting target"),
        (-4, "agent country city group type title role level last updated modified editor assigned parent"),
    ),
    "activity": _weights(
        (6, "activity action aktivitat aktion verb act accion actividad activite activiteit"),
        (6, "attivita atividade azione actie acao"),
        (4, "happened what type event kind typ ereignis eventtype vorgang tipo"),
        (2, "art reason grund component category kategorie status state topic badge task"),
        (2, "name title description course product item produkt artikel kurs"),
        (-1, "id"),
        (-3, _ACTOR),
        (-3, "country city browser language device context origin"),
        (-2, "role plan segment tier currency channel source"),
    ),
    "occurred_at": _weights(
        (6, "occurred zeitpunkt zeitstempel timestamp ts datetime"),
        (4, "date time datum zeit when fecha heure hora data tijd tijdstip momento moment horodatage"),
        (3, "created creation erstellt event ordered order posted received completed"),
        (2, "completion close closed done paid bestelldatum buchungsdatum day at on"),
        (-5, "last updated update modified edited changed birth geburtsdatum geandert"),
        (-2, "expires due deleted shipped end started start"),
    ),
    "points": _weights(
        (6, "points point punkte punkt punktzahl puntos punten punti pontos pts xp"),
        (4, "score karma reputation credits kudos punteggio puntuacion pontuacao"),
        (2, "stars coins rep delta grade"),
        (-3, "id count total balance year month"),
    ),
    "signed_up_on": _weights(
        (6, "signed signup joined join registered registration enrolled enrolment since"),
        (6, "beitritt beitrittsdatum eintritt registriert angemeldet anmeldung seit"),
        (6, "inscription inscrit adhesion inscripcion alta iscrizione inschrijving inscricao cadastro"),
        (4, "created creation erstellt createdat"),
        (2, "date datum day on at"),
        (-5, "last birth updated modified seen login expires"),
    ),
    "valid_from": _weights(
        (6, "valid effective gultig valable vigente valida valido geldig"),
        (2, "from since ab seit von desde dal vanaf depuis"),
        (-9, "to until till bis end expires"),
    ),
}


@lru_cache(maxsize=10_000)
def name_score(role: str, name: str) -> int:
    """How much a column's name speaks for a role: more than 0 for it, less than 0 against it."""
    if plain_name(name) == role:
        return _EXACT
    words = words_of(name)
    if role == "event_id" and len(words) == 1 and words[0] in _ID.split():
        return _WORDS[role][words[0]] + _ALONE
    return sum(_WORDS[role].get(word, 0) for word in dict.fromkeys(words))


def _is_known(word: str) -> bool:
    return any(word in words for words in _WORDS.values())


def names_an_id(name: str) -> bool:
    """Whether a name ends like that of an id.

    >>> names_an_id("ParentId"), names_an_id("Order Nr."), names_an_id("Idea"), names_an_id("Number of posts")
    (True, True, False, False)
    """
    words = words_of(name)
    return bool(words) and (words[-1] in _ID.split())


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in small letters without accents.

    >>> words_of("OwnerUserId"), words_of("Ereignis-Nr."), words_of("Größe"), words_of("userid")
    (('owner', 'user', 'id'), ('ereignis', 'nr'), ('grosse',), ('user', 'id'))
    >>> words_of("Mitgliedsnummer"), words_of("Erstellungsdatum"), words_of("valid")
    (('mitglied', 'nummer'), ('erstellung', 'datum'), ('valid',))
    """
    spaced = _CAMEL.sub(" ", _plain(name))
    words = re.split(r"[^a-z0-9]+", spaced.casefold())
    found: list[str] = []
    for word in filter(None, words):
        joined = _JOINED.fullmatch(word)
        if joined is None or _is_known(word) or (joined[2] == "id" and not _is_known(joined[1])):
            found.append(word)
        else:
            stem = joined[1]
            found += [stem if _is_known(stem) else stem.rstrip("sn"), joined[2]]
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
