"""Moments that name an entity (technology, library or guest), in any episode, tagged or not."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, F, Func, IntegerField, Model, Value
from django.utils import timezone

from episodes.models import EpisodeQuerySet
from search.query.english import AMBIGUOUS_NAMES
from search.query.tokenizer import tokenize
from search.retrieval.filters import keys_of
from search.retrieval.latest_moments import (
    LatestMoment,
    MomentCondition,
    MomentCount,
    latest_moments,
)

# A word before it that ends no sentence, or a bracket or slash.
WITHIN_SENTENCE = r"(?:[^\s.!?:–—-]\s+[\"'“‘(]*|[(/])"
WORD_START, WORD_END = "(?:^|[^[:alnum:]])", "(?![[:alnum:]+#])"
NEVER = "(?!)"  # a pattern that matches no text
# The same condition as in latest_entity_moments(), for each of many rows, and counted up to `most`.
# With OFFSET 0 the planner doesn't walk all passages in the hope of meeting a few soon.
COUNT = r"""(
    SELECT count(*) FROM (
        SELECT FROM (SELECT %(expressions)s) AS asked (id, now)
        CROSS JOIN LATERAL (
            SELECT string_agg(nullif(query::text, ''), ' | ')::tsquery
            FROM (SELECT name FROM {names} = asked.id) AS called,
                 phraseto_tsquery('search_words', search_normalize(name)) AS query
        ) AS any_name (query)
        CROSS JOIN LATERAL (
            SELECT episode_id, text FROM search_passage
            WHERE vector @@ any_name.query AND seconds IS NOT NULL OFFSET 0
        ) AS passage
        JOIN search_document AS document USING (episode_id)
        WHERE document.published_at <= asked.now AND EXISTS (
            SELECT FROM (SELECT name FROM {names} = asked.id) AS called
            CROSS JOIN LATERAL (SELECT search_normalize(name), regexp_replace(
                name, '([^[:alnum:][:space:]])', '\\\1', 'g') || '{word_end}'
            ) AS spelled (normalized, exact)
            WHERE normalized <> '' AND
            CASE WHEN normalized = ANY ('{{{ambiguous}}}') OR normalized ~ '^[[:alpha:]]{{1,2}}$'
            THEN passage.text ~ ('{word_start}' || exact) AND (
                passage.episode_id IN (SELECT episode_id FROM {tagged} = asked.id)
                OR (name ~ '^[[:upper:]]' AND passage.text ~ ('{within_sentence}' || exact)))
            ELSE strpos(
                ' ' || search_normalize(passage.text) || ' ', ' ' || normalized || ' ') > 0 END
        )
        LIMIT {most}
    ) AS named
)"""
# By table: where the names of a row are, and the episodes that are tagged with it.
ROWS = {
    "stack_technology": (
        "stack_technologyname WHERE technology_id",
        "episodes_use WHERE technology_id",
    ),
    "stack_library": ("stack_library WHERE id", "episodes_libraryuse WHERE library_id"),
    "guests_guest": ("guests_guestname WHERE guest_id", "episodes_appearance WHERE guest_id"),
}


def latest_entity_moments(
    names: Iterable[str], tagged: EpisodeQuerySet, *, limit: int, offset: int = 0
) -> tuple[list[LatestMoment], MomentCount]:
    """A page of the latest moments that hold one of the names, and how many there are. One query.

    Names aren't stemmed: “Go” isn't “going”, and C isn't C#. Ambiguous ones count only with exact
    spelling and capitals, within a sentence or in one of the `tagged` episodes.
    """
    normalized = {name: " ".join(token.text for token in tokenize(name)) for name in names}
    ambiguous = [name for name, text in normalized.items() if _is_ambiguous(text)]
    clear = sorted({text for name, text in normalized.items() if text and name not in ambiguous})
    if not (ambiguous or clear):
        return [], MomentCount()
    tagged_sql, parameters = keys_of(tagged, "tagged")
    parameters |= {f"clear{index}": text for index, text in enumerate(clear)}
    parameters |= {f"ambiguous{index}": normalized[name] for index, name in enumerate(ambiguous)}
    clear_query = _any_of("clear", len(clear))
    # Passages are compared literally, too: “go” is the stem of many other words.
    conditions = []
    if ambiguous:
        capitalized = [name for name in ambiguous if name[0].isupper()]
        parameters["exact"] = _exactly(ambiguous, after=WORD_START)
        parameters["within_sentence"] = _exactly(capitalized, after=WITHIN_SENTENCE)
        conditions.append(
            "passage.text ~ %(exact)s AND "
            f"(passage.text ~ %(within_sentence)s OR passage.episode_id IN ({tagged_sql}))"
        )
    if clear:
        parameters["normalized"] = f" (?:{'|'.join(map(re.escape, clear))}) "
        conditions.append(
            f"passage.vector @@ ({clear_query}) "
            "AND ' ' || search_normalize(passage.text) || ' ' ~ %(normalized)s"
        )
    condition = MomentCondition(
        " || ".join(filter(None, (clear_query, _any_of("ambiguous", len(ambiguous))))),
        passage=f"({' OR '.join(f'({each})' for each in conditions)})",
        parameters=parameters,
    )
    return latest_moments(condition, limit=limit, offset=offset)


class _PerRow(Func):
    """Groups by the row's key: by the count itself, it would be computed for every join."""

    def get_group_by_cols(self) -> list[Any]:
        return self.get_source_expressions()[0].get_group_by_cols()


def entity_moment_count(model: type[Model], *, most: int) -> Func:
    """An expression: how many moments, up to `most`, name each technology, library or guest."""
    names, tagged = ROWS[model._meta.db_table]
    template = COUNT.format(
        names=names,
        tagged=tagged,
        ambiguous=",".join(sorted(AMBIGUOUS_NAMES)),
        within_sentence=WITHIN_SENTENCE.replace("'", "''"),
        word_start=WORD_START,
        word_end=WORD_END,
        most=most,
    )
    now = Value(timezone.now(), output_field=DateTimeField())
    return _PerRow(F("pk"), now, template=template, output_field=IntegerField())


def _any_of(name: str, count: int) -> str:
    return " || ".join(
        f"phraseto_tsquery('search_words', %({name}{index})s)" for index in range(count)
    )


def _is_ambiguous(normalized: str) -> bool:
    return normalized in AMBIGUOUS_NAMES or (len(normalized) <= 2 and normalized.isalpha())


def _exactly(names: Iterable[str], after: str) -> str:
    """A pattern for any of the names as they are written."""
    alternatives = "|".join(sorted(map(re.escape, names)))
    return f"{after}(?:{alternatives}){WORD_END}" if alternatives else NEVER
