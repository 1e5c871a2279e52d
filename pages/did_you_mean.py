"""“Did you mean”: names close to one that doesn't exist.

The words of an unknown name are corrected by the index of search, so that only the few names with
such words are compared, however many episodes there are.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode
from guests.models import Guest
from search.query.english import STOP_WORDS
from search.query.tokenizer import tokenize
from search.retrieval.results import DirectHit
from search.retrieval.sound_alikes import guests_begun
from search.retrieval.spelling import corrections_of
from stack.models import Technology
from text.names import normalise_name

LIMIT = 5
CUTOFF = 0.6
WORD_LENGTH = 60  # of a name, in characters: comparing is slow
MAX_WORDS = 6
CANDIDATES = 40  # names that are compared, of each kind
PREFIX = 3  # letters by which names are found whose words are written as one
WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    label: str
    path: str
    technology: Technology | None = None


def technologies() -> QuerySet[Any]:
    return technologies_in_use().prefetch_related("names")


def guests() -> QuerySet[Any]:
    return public_guests().prefetch_related("names")


def episodes() -> QuerySet[Any]:
    return Episode.objects.published()


SECTIONS = {
    "stack": technologies,
    "guests": guests,
    "libraries": libraries_in_use,
    "podcast": episodes,
    "interviews": episodes,
}


def closest_pages(path: str) -> list[Suggestion]:
    """Pages that a path without one may have meant."""
    section, _, rest = path.strip("/").partition("/")
    if section in SECTIONS and rest:
        return closest_names(rest.split("/")[0], SECTIONS[section]())
    return closest_names(section, technologies(), guests())


def closest_names(word: str, *kinds: QuerySet[Any]) -> list[Suggestion]:
    """The rows whose names sound like the word or are most like it, closest first. Four queries,
    two for each kind.

    `kinds`: rows that have pages.
    """
    word = word[:WORD_LENGTH]
    by_sound: Sequence[DirectHit] = ()
    if all(rows.model is Guest for rows in kinds):
        by_sound = guests_begun([token.text for token in tokenize(word)])
    near = _near_words(word)
    by_key: dict[str, Suggestion] = {}
    for rows in kinds:
        for name, suggestion in _named(_candidates(rows, word, near)):
            by_key.setdefault(normalise_name(name), suggestion)
    keys = difflib.get_close_matches(normalise_name(word), by_key, n=2 * LIMIT, cutoff=CUTOFF)
    found = [
        *(Suggestion(each.label, each.path) for each in by_sound),
        *(by_key[key] for key in keys),
    ]
    return list(dict.fromkeys(found))[:LIMIT]


def _near_words(text: str) -> set[str]:
    """The words of the text, and indexed ones that they may have meant."""
    typed = WORD.findall(text.lower())[:MAX_WORDS]
    corrections = corrections_of(typed)
    corrected = (each.word for word in typed for each in corrections[word])
    return {*typed, *corrected} - STOP_WORDS


def _candidates(rows: QuerySet[Any], word: str, near: set[str]) -> QuerySet[Any]:
    """The rows with most of these words, or that begin like the word."""
    begins = Q(slug__startswith=word[:PREFIX].lower())
    if hasattr(rows.model, "names"):
        begins |= Q(names__normalised__startswith=normalise_name(word)[:PREFIX])
    conditions = [begins, *(Q(slug__contains=each) for each in near)]
    points = (
        Case(When(each, then=1), default=0, output_field=IntegerField()) for each in conditions
    )
    scored = rows.model.objects.annotate(score=sum(points, start=Value(0))).filter(score__gt=0)
    keys = scored.order_by("-score", "-pk").values_list("pk", flat=True)[:CANDIDATES]
    return rows.filter(pk__in=list(keys))


def _named(rows: QuerySet[Any]) -> Iterator[tuple[str, Suggestion]]:
    """Each row under its name or title and slug, and under the other names it has."""
    for row in rows:
        label = getattr(row, "title", None) or row.name
        technology = row if isinstance(row, Technology) else None
        suggestion = Suggestion(label, row.get_absolute_url(), technology)
        others = [other.name for other in row.names.all()] if hasattr(row, "names") else []
        yield from ((name, suggestion) for name in (label, row.slug, *others))
