"""How much a concept tells of the episodes that hold it: rare ones more."""

from math import log1p

from search.query.concepts import LIKE, Concept
from search.query.lexicon import Known

FLOOR = 0.5  # what even the most common word tells


def weigh(concept: Concept, known: Known) -> None:
    """Rare tells much. How common words of like meaning are says nothing of the one asked for."""
    said = sum(known.said(way.stems) for way in concept.ways)
    concept.documents = min(said, known.documents)
    own = _said_as_such(concept, known)
    # What nobody says tells no episode from another.
    concept.weight = tells(own, known.documents) if concept.documents else 0.0


def _said_as_such(concept: Concept, known: Known) -> float:
    """In how many documents a concept's own words stand, at most.

    Written together or apart, and with another word as a phrase, it tells the same: the parts of
    “whatsapp” stand in many documents, of which few hold them as one.
    """
    ways = [way for way in concept.ways if way.quality > LIKE]
    words = [way for way in ways if len(way.stems) == 1 and known.said(way.stems)]
    typed = [way for way in ways[:1] if known.said(way.stems)]
    return max(known.said(way.stems) * way.quality for way in words or typed or ways)


def tells(documents: float, of: int) -> float:
    """Robertson and Spärck Jones's weight, with a floor for what every document holds."""
    documents = max(1, min(documents, of))
    return FLOOR + log1p((of - documents + 0.5) / (documents + 0.5))
