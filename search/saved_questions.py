"""Saved questions: moments that match exactly, since the host knows the answers."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from search.models import Question
from search.query.parse import Clause, parse_query
from search.retrieval.filters import filter_condition
from search.retrieval.latest_moments import (
    LatestMoment,
    MomentCondition,
    MomentCount,
    count_moments,
    latest_episodes,
    latest_moments,
    latest_of_each,
)

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
NO_MOMENT = MomentCondition("''::tsquery")
EXCLUDED = (
    " AND NOT EXISTS (SELECT FROM search_content AS content "
    "WHERE content.episode_id = document.episode_id AND content.said @@ {phrase})"
)


def answers(
    query: str, zone: ZoneInfo, *, limit: int, offset: int = 0
) -> tuple[list[LatestMoment], MomentCount]:
    """A page of the latest moments that match, and how many there are. Three queries at most."""
    return latest_moments(_condition(query, zone), limit=limit, offset=offset)


def answering_episodes(query: str, zone: ZoneInfo, *, limit: int) -> list[int]:
    """The keys of the newest episodes with such a moment; as few queries."""
    return latest_episodes(_condition(query, zone), limit=limit)


def with_counts(
    questions: Iterable[Question], zone: ZoneInfo
) -> list[tuple[Question, MomentCount]]:
    """Each question with how many moments answer it; as few queries."""
    rows = list(questions)
    conditions = [_condition(row.query, zone, f"q{index}_") for index, row in enumerate(rows)]
    return list(zip(rows, count_moments(conditions), strict=True))


def with_answers(
    questions: Iterable[Question], zone: ZoneInfo, *, limit: int
) -> list[tuple[Question, MomentCount, list[LatestMoment]]]:
    """Each question with how many moments answer it, and the latest of them; as few queries."""
    rows = list(questions)
    conditions = [_condition(row.query, zone, f"q{index}_") for index, row in enumerate(rows)]
    found = latest_of_each(conditions, limit=limit)
    return [(row, count, moments) for row, (moments, count) in zip(rows, found, strict=True)]


def answered_by(
    questions: Iterable[Question], texts: Sequence[str], zone: ZoneInfo
) -> list[tuple[Question, str]]:
    """Each question with each of these texts that answers it, whatever its filters say. One query,
    and two for each question that filters by technologies or guests.
    """
    rows = list(questions)
    if not rows:
        return []
    conditions = [_condition(row.query, zone, f"q{index}_") for index, row in enumerate(rows)]
    parameters: dict[str, Any] = {"texts": list(texts)}
    for condition in conditions:
        parameters |= condition.parameters
    selects = [
        ANSWERED.format(index=index, tsquery=condition.tsquery)
        for index, condition in enumerate(conditions)
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
    parameters: dict[str, Any] = {"episodes": list(episodes)}
    matches = []
    for index, row in enumerate(questions):
        condition = _condition(row.query, zone, f"q{index}_")
        parameters |= condition.parameters
        matches.append(f"CASE WHEN passage.vector @@ ({condition.tsquery}) THEN {index} END")
    with connection.cursor() as cursor:
        cursor.execute(TOPICS.format(matches=", ".join(matches)), parameters)
        return [
            (key, seconds, text, [questions[index] for index in indexes])
            for key, seconds, text, indexes in cursor.fetchall()
        ]


def _condition(text: str, zone: ZoneInfo, prefix: str = "") -> MomentCondition:
    query = parse_query(text)
    filters = filter_condition(query.filters, zone, prefix)
    if not query.clauses or filters.unknown:
        return NO_MOMENT
    parameters: dict[str, Any] = {}

    def tsquery(clause: Clause) -> str:
        name = f"{prefix}word{len(parameters)}"
        parameters[name] = clause.normalized
        return f"phraseto_tsquery('search_words', %({name})s)"

    all_clauses = ""
    for clause in query.clauses:
        # “a b or c” is a, and b or c, as in any search.
        operator = " || " if clause.is_alternative else ") && ("
        all_clauses += (operator if all_clauses else "(") + tsquery(clause)
    document = filters.sql + "".join(
        EXCLUDED.format(phrase=tsquery(clause)) for clause in query.excluded
    )
    return MomentCondition(
        f"{all_clauses})", document=document, parameters=parameters | filters.parameters
    )
