"""Saved questions: moments that match exactly, since the host knows the answers."""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from django.db import connection

from search.models import Question
from search.query.parse import Clause, parse_query
from search.retrieval.expressions import Parameters
from search.retrieval.filters import filter_condition, tag_of
from search.retrieval.latest_moments import (
    LatestMoment,
    MomentCondition,
    MomentCount,
    latest_episodes,
    latest_moments,
)
from stack.models import Technology

TEXTS = """
WITH texts AS MATERIALIZED (
    SELECT text, search_vector(text) AS vector FROM unnest(%(texts)s::text[]) AS text
)
"""
ANSWERED = "SELECT {index}, text FROM texts WHERE vector @@ ({tsquery})"
TOPICS = """
SELECT episode_id, seconds, text, array_remove(ARRAY[{matches}]::int[], NULL)
FROM search_passage AS passage JOIN search_document AS document USING (episode_id)
WHERE source = 'topic' AND episode_id = ANY (%(episodes)s)
ORDER BY document.published_at DESC, episode_id DESC, seconds, passage.id
"""
EXCLUDED = (
    " AND NOT EXISTS (SELECT FROM search_content AS content "
    "WHERE content.episode_id = document.episode_id AND content.said @@ {phrase})"
)


def answering_episodes(query: str, zone: ZoneInfo, *, limit: int) -> list[int]:
    """The keys of the newest episodes with such a moment; as few queries."""
    return latest_episodes(_condition(query, zone, Parameters()), limit=limit)


def with_answers(
    questions: Iterable[Question],
    zone: ZoneInfo,
    *,
    limit: int = 1,
    offset: int = 0,
    stack: Iterable[Technology] = (),
) -> list[tuple[Question, MomentCount, list[LatestMoment]]]:
    """Each question with how many moments answer it, and a page of them, the latest first; with a
    `stack`, of episodes that use all of it. Three queries at most.
    """
    rows = list(questions)
    parameters = Parameters()
    conditions = [_condition(row.query, zone, parameters, stack) for row in rows]
    found = latest_moments(conditions, limit=limit, offset=offset)
    return [(row, count, moments) for row, (moments, count) in zip(rows, found, strict=True)]


def answered_by(
    questions: Iterable[Question], texts: Sequence[str], zone: ZoneInfo
) -> list[tuple[Question, str]]:
    """Each question with each of these texts that answers it, whatever its filters say."""
    rows = list(questions)
    if not rows:
        return []
    parameters = Parameters(texts=list(texts))
    selects = [
        ANSWERED.format(index=index, tsquery=_condition(row.query, zone, parameters).tsquery)
        for index, row in enumerate(rows)
    ]
    with connection.cursor() as cursor:
        cursor.execute(TEXTS + " UNION ALL ".join(selects), parameters)
        return [(rows[index], text) for index, text in cursor.fetchall()]


def topics_with_questions(
    episodes: Iterable[int], questions: Sequence[Question], zone: ZoneInfo
) -> list[tuple[int, int, str, list[Question]]]:
    """Key, second and words of each topic of these episodes, the newest episode's first, with the
    questions that it answers, whatever their filters say. As many queries as `answered_by`.
    """
    parameters = Parameters(episodes=list(episodes))
    conditions = [_condition(row.query, zone, parameters) for row in questions]
    matches = ", ".join(
        f"CASE WHEN passage.vector @@ ({condition.tsquery}) THEN {index} END"
        for index, condition in enumerate(conditions)
    )
    with connection.cursor() as cursor:
        cursor.execute(TOPICS.format(matches=matches), parameters)
        return [
            (key, seconds, text, [questions[index] for index in indexes])
            for key, seconds, text, indexes in cursor.fetchall()
        ]


def _condition(
    text: str, zone: ZoneInfo, parameters: Parameters, stack: Iterable[Technology] = ()
) -> MomentCondition:
    query = parse_query(text)
    filters = filter_condition(query.filters, zone, parameters)
    run = (f" AND document.vector @@ {parameters.add(tag_of(each))}" for each in stack)
    if not query.clauses or filters.unknown:
        return MomentCondition("''::tsquery", parameters=parameters)

    def tsquery(clause: Clause) -> str:
        return f"phraseto_tsquery('search_words', {parameters.add(clause.normalized)})"

    all_clauses = ""
    for clause in query.clauses:
        # “a b or c” is a, and b or c, as in any search.
        operator = " || " if clause.is_alternative else ") && ("
        all_clauses += (operator if all_clauses else "(") + tsquery(clause)
    excluded = (EXCLUDED.format(phrase=tsquery(clause)) for clause in query.excluded)
    document = filters.sql + "".join((*run, *excluded))
    return MomentCondition(f"{all_clauses})", "TRUE", document, parameters)
