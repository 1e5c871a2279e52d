"""Moments that name an entity (technology, library or guest), in any episode, tagged or not."""

from collections.abc import Iterable
from typing import Any

from django.db.models import DateTimeField, F, Func, IntegerField, Model, Value
from django.utils import timezone

from episodes.models import EpisodeQuerySet
from search.query.english import AMBIGUOUS_NAMES
from search.query.tokenizer import tokenize
from search.retrieval.expressions import Parameters
from search.retrieval.filters import keys_of
from search.retrieval.latest_moments import (
    LatestMoment,
    MomentCondition,
    MomentCount,
    latest_moments,
)

# A word before it that ends no sentence, or a bracket or slash.
WITHIN_SENTENCE = r"(?:[^\s.!?:–—-]\s+[\"''“‘(]*|[(/])"
AMBIGUOUS = ",".join(sorted(AMBIGUOUS_NAMES))
# `called`: rows of names as written and normalized. `tagged`: the keys of the entity's episodes.
ANY_NAME = """
SELECT string_agg(nullif(query::text, ''), ' | ')::tsquery
FROM ({called}) AS called, phraseto_tsquery('search_words', normalized) AS query
"""
NAMES_IT = rf"""
EXISTS (
    SELECT FROM ({{called}}) AS called CROSS JOIN LATERAL (SELECT regexp_replace(
        name, '([^[:alnum:][:space:]])', '\\\1', 'g') || '(?![[:alnum:]+#])') AS spelled (exact)
    WHERE normalized <> '' AND
    CASE WHEN normalized = ANY ('{{{{{AMBIGUOUS}}}}}') OR normalized ~ '^[[:alpha:]]{{{{1,2}}}}$'
    THEN passage.text ~ ('(?:^|[^[:alnum:]])' || exact) AND (
        passage.episode_id IN ({{tagged}})
        OR (name ~ '^[[:upper:]]' AND passage.text ~ ('{WITHIN_SENTENCE}' || exact)))
    ELSE strpos(
        ' ' || search_normalize(passage.text) || ' ', ' ' || normalized || ' ') > 0 END
)
"""
# In which episodes, as a condition on `document`.
ANYWHERE = "TRUE"
IN_TAGGED = "document.episode_id IN ({tagged})"
IN_OTHERS = "(document.episode_id IN ({tagged})) IS NOT TRUE"
# For each of many rows, counted up to `most`. With OFFSET 0 the planner doesn't walk all passages
# in the hope of meeting a few soon.
COUNT = """(
    SELECT count(*) FROM (
        SELECT FROM (SELECT %(expressions)s) AS asked (id, now)
        CROSS JOIN LATERAL ({any_name}) AS any_name (query)
        CROSS JOIN LATERAL (
            SELECT episode_id, text FROM search_passage
            WHERE vector @@ any_name.query AND seconds IS NOT NULL OFFSET 0
        ) AS passage
        JOIN search_document AS document USING (episode_id)
        WHERE document.published_at <= asked.now AND {names_it}
        LIMIT {most}
    ) AS named
)"""
# By table: what `called` and `tagged` are of a row.
CALLED = "SELECT name, search_normalize(name) AS normalized FROM {} = asked.id"
TAGGED = "SELECT episode_id FROM {} = asked.id"
ROWS = {
    "stack_technology": (
        "stack_technologyname WHERE technology_id",
        "episodes_use WHERE technology_id",
    ),
    "stack_library": ("stack_library WHERE id", "episodes_libraryuse WHERE library_id"),
    "guests_guest": ("guests_guestname WHERE guest_id", "episodes_appearance WHERE guest_id"),
}


def latest_entity_moments(
    names: Iterable[str], tagged: EpisodeQuerySet, *, where: str = ANYWHERE, **page: int
) -> tuple[list[LatestMoment], MomentCount]:
    """A page, by limit and offset, of the latest moments that hold one of the names, and how many
    there are. One query.

    Names aren't stemmed: “Go” isn't “going”, and C isn't C#. Ambiguous ones count only with exact
    spelling and capitals, within a sentence or in one of the `tagged` episodes.
    """
    (found,) = entity_moments_of_each(names, tagged, [where], **page)
    return found


def entity_moments_of_each(
    names: Iterable[str], tagged: EpisodeQuerySet, places: Iterable[str], **page: int
) -> list[tuple[list[LatestMoment], MomentCount]]:
    """The same in each of these places. One query."""
    normalized = {name: " ".join(token.text for token in tokenize(name)) for name in names}
    parameters = Parameters(names=list(normalized), normalized=list(normalized.values()))
    called = (
        "SELECT * FROM unnest(%(names)s::text[], %(normalized)s::text[]) AS row (name, normalized)"
    )
    keys = keys_of(tagged, parameters)
    conditions = [
        MomentCondition(
            ANY_NAME.format(called=called),
            passage=NAMES_IT.format(called=called, tagged=keys),
            document=document.format(tagged=keys),
            parameters=parameters,
        )
        for document in places
    ]
    return latest_moments(conditions, **page)


class _PerRow(Func):
    """Groups by the row's key: by the count itself, it would be computed for every join."""

    def get_group_by_cols(self) -> list[Any]:
        return self.get_source_expressions()[0].get_group_by_cols()


def entity_moment_count(model: type[Model], *, most: int) -> Func:
    """An expression: how many moments, up to `most`, name each technology, library or guest."""
    names, tagged = ROWS[model._meta.db_table]
    called = CALLED.format(names)
    template = COUNT.format(
        any_name=ANY_NAME.format(called=called),
        names_it=NAMES_IT.format(called=called, tagged=TAGGED.format(tagged)),
        most=most,
    )
    now = Value(timezone.now(), output_field=DateTimeField())
    return _PerRow(F("pk"), now, template=template, output_field=IntegerField())
