"""What answers a question the host keeps: moments that say what its query says, to the word.

Strictly: no word is dropped, taken for another or said in other words. Whoever keeps a question
knows how it is answered on this show, and writes `disaster or "went wrong"` where both occur.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from search.models import Question
from search.query.parse import Part, parse_query
from search.retrieval.filters import narrow
from search.retrieval.latest_moments import (
    Condition,
    Count,
    Heard,
    counts,
    episodes,
    newest_moments,
)

SAID = """
WITH said AS MATERIALIZED (
    SELECT search_vector(text) AS vector FROM unnest(%(texts)s::text[]) AS text
)
"""
ANSWERED = "SELECT {place} WHERE EXISTS (SELECT FROM said WHERE vector @@ ({says}))"
NOTHING = Condition("''::tsquery")


def answers(
    query: str, zone: ZoneInfo, *, limit: int, offset: int = 0
) -> tuple[list[Heard], Count]:
    """The moments from `offset` on, newest first, and their count. Years are those of the zone.

    One query, and two more where the query names technologies or guests as filters.
    """
    return newest_moments(_condition(query, zone), limit=limit, offset=offset)


def answering(query: str, zone: ZoneInfo, *, limit: int) -> list[int]:
    """The keys of the newest episodes in which it is answered; as few queries."""
    return episodes(_condition(query, zone), limit=limit)


def with_counts(questions: Iterable[Question], zone: ZoneInfo) -> list[tuple[Question, Count]]:
    """The questions, each with how many moments of how many episodes answer; as few queries."""
    rows = list(questions)
    several = [_condition(row.query, zone, f"q{place}_") for place, row in enumerate(rows)]
    return list(zip(rows, counts(several), strict=True))


def answered_by(
    questions: Iterable[Question], texts: Sequence[str], zone: ZoneInfo
) -> list[Question]:
    """Those questions that one of these texts answers, as topics of a draft may. One query, and
    two for each question that names technologies or guests: which these are isn't looked at."""
    rows = list(questions)
    if not rows:
        return []
    parameters: dict[str, Any] = {"texts": list(texts)}
    parts = []
    for place, row in enumerate(rows):
        condition = _condition(row.query, zone, f"q{place}_")
        parameters |= condition.parameters
        says = condition.says.format(match="phraseto_tsquery")
        parts.append(ANSWERED.format(place=place, says=says))
    with connection.cursor() as cursor:
        cursor.execute(SAID + " UNION ALL ".join(parts), parameters)
        return [rows[place] for (place,) in cursor.fetchall()]


def _condition(query: str, zone: ZoneInfo, prefix: str = "") -> Condition:
    read = parse_query(query)
    narrowed = narrow(read.filters, zone, prefix)
    if not read.parts or narrowed.unknown:
        return NOTHING
    parameters: dict[str, Any] = {}

    def words_of(part: Part) -> str:
        name = f"{prefix}word{len(parameters)}"
        parameters[name] = part.spelt
        return f"{{match}}('search_words', %({name})s)"

    says = ""
    for part in read.parts:
        # “a b or c” is a and one of b and c, as in any search here.
        between = (" || " if part.either else ") && (") if says else "("
        says += between + words_of(part)
    document = narrowed.condition
    for part in read.excluded:
        phrase = words_of(part).format(match="phraseto_tsquery")
        document += (
            " AND NOT EXISTS (SELECT FROM search_content AS content "
            f"WHERE content.episode_id = document.episode_id AND content.said @@ {phrase})"
        )
    return Condition(f"{says})", document=document, parameters=parameters | narrowed.parameters)
