"""What search is measured against: every match ranked by ts_rank, by our own formula; tantivy."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db import connection
from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber

from bench import search_peers
from bench.search_mixed import Mixed
from episodes.models import Episode, Use
from search.engine import PAGE, search
from search.models import Passage
from search.query.english import STOP_WORDS
from search.retrieval import ranking
from search.retrieval.moments import MOMENTS

TOP = 20
EVERYTHING = 10**9

# As in PostgreSQL's manual: the same vectors in a table of their own, with default storage.
DROP_ORDINARY = "DROP TABLE IF EXISTS bench_ordinary"
ORDINARY = f"""
{DROP_ORDINARY};
CREATE TABLE bench_ordinary AS SELECT episode_id, said AS vector FROM search_content;
CREATE INDEX ON bench_ordinary USING gin (vector);
ANALYZE bench_ordinary;
"""
EVERY_MATCH = """
SELECT episode_id FROM bench_ordinary WHERE vector @@ %(query)s::tsquery {filtered}
ORDER BY ts_rank(vector, %(query)s::tsquery) DESC LIMIT 20
"""
FILTERED = """AND episode_id IN (
    SELECT episode_id FROM episodes_use AS use JOIN stack_technology AS technology
    ON technology.id = use.technology_id WHERE technology.slug = 'django')"""

# The fields of search_peers.Document.
DOCUMENTS = """
SELECT episode.id::text, episode.title,
       array_to_string(ARRAY(
           SELECT guest.name FROM episodes_appearance AS appearance
           JOIN guests_guest AS guest ON guest.id = appearance.guest_id
           WHERE appearance.episode_id = episode.id), ' '),
       array_to_string(ARRAY(
           SELECT technology.name FROM episodes_use AS use
           JOIN stack_technology AS technology ON technology.id = use.technology_id
           WHERE use.episode_id = episode.id), ' '),
       '',
       array_to_string(ARRAY(
           SELECT text FROM search_passage AS passage
           WHERE passage.episode_id = episode.id), E'\n'),
       ''
FROM search_document AS document JOIN episodes_episode AS episode ON episode.id = episode_id
"""


@contextmanager
def ordinary_table() -> Iterator[None]:
    """Creates the table that every_match() reads."""
    with connection.cursor() as cursor:
        cursor.execute(ORDINARY)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(DROP_ORDINARY)


def every_match(queries: Sequence[Mixed], operator: str) -> Callable[[Mixed], Any]:
    """Ranks documents with every word (&) or any word (|); the tsqueries are made beforehand."""
    tsqueries = {each: _tsquery(each).replace("&", operator) for each in queries}

    def rank(each: Mixed) -> list[Any]:
        sql = EVERY_MATCH.format(filtered=FILTERED if each.is_filtered else "")
        with connection.cursor() as cursor:
            cursor.execute(sql, {"query": tsqueries[each]})
            return cursor.fetchall()

    return rank


def plain_page(queries: Sequence[Mixed], operator: str) -> Callable[[Mixed], Any]:
    """What our page shows, ranked by SearchRank of an episode's best topic: the count, ten episodes
    as cards, three topics of each with highlights.
    """
    tsqueries = {
        each: SearchQuery(_tsquery(each).replace("&", operator), config="simple", search_type="raw")
        for each in queries
    }

    def page(each: Mixed) -> tuple[int, dict[int, Episode], list[Passage]]:
        query = tsqueries[each]
        topics = Passage.objects.filter(source=Passage.Source.TOPIC, vector=query)
        if each.is_filtered:
            using = Use.objects.filter(technology__slug="django")
            topics = topics.filter(episode__in=using.values("episode"))
        topics = topics.annotate(rank=SearchRank(F("vector"), query))
        episodes = topics.filter(episode__in=Episode.objects.published()).values("episode")
        best = episodes.annotate(best=Max("rank")).order_by("-best", "-episode__published_at")
        keys = [row["episode"] for row in best[:PAGE]]
        marked = topics.annotate(
            place=Window(RowNumber(), partition_by="episode", order_by=F("rank").desc()),
            marked=SearchHeadline("text", query, config="search_words"),
        )
        shown = marked.filter(episode__in=keys, place__lte=MOMENTS)
        cards = Episode.objects.published().for_cards().in_bulk(keys)
        return episodes.distinct().count(), cards, list(shown)

    return page


def _tsquery(each: Mixed) -> str:
    """Without stop words."""
    words = [word for word in each.text.split() if word.lower() not in STOP_WORDS]
    function = "phraseto_tsquery" if each.kind == "phrase" else "plainto_tsquery"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}('search_words', search_normalize(%s))::text",
            [" ".join(words) or each.text],
        )
        return str(cursor.fetchone()[0])


def in_tantivy() -> Callable[[Mixed], Any] | None:
    """The same documents in tantivy; None where it isn't installed."""
    if not search_peers.tantivy:
        return None
    with connection.chunked_cursor() as cursor:
        cursor.execute(DOCUMENTS)
        ask = search_peers.tantivy_index(search_peers.Document(*row) for row in cursor)
    return lambda each: ask(each.text)


def precision(query: str) -> float:
    """The share of our first 20 that are as good as the 20th when every match is compared."""
    shown = [
        result.episode.pk
        for page in range(1, 1 + TOP // 10)
        for result in search(query, page=page).results
    ]
    scores = exhaustive(query)
    best = sorted(scores.values(), reverse=True)[:TOP]
    if not best:
        return 1.0
    right = [key for key in shown if scores.get(key, -1.0) >= best[-1]]
    return min(1.0, len(right) / len(best))


def exhaustive(query: str) -> dict[int, float]:
    """The score of every matching episode, by key; without a shortlist."""
    asked: list[tuple[str, dict[str, Any]]] = []

    def take(sql: str, parameters: dict[str, Any]) -> ranking.Ranking:
        asked.append((sql, parameters))
        return ranking.Ranking()

    with (
        patch("search.retrieval.ranking.MAX_COUNT", EVERYTHING),
        patch("search.retrieval.ranking.COMPARED", EVERYTHING),
        patch("search.retrieval.ranking._execute", take),
    ):
        search(query)
    # If nothing is found, the query is asked again without its discriminating concepts.
    return next(filter(None, (_scores(*each) for each in asked)), {})


def _scores(sql: str, parameters: dict[str, Any]) -> dict[int, float]:
    score = ranking.BEST_FIRST.removesuffix(" DESC,")
    listed = "SELECT episode_id, held, exact, count, found FROM"
    if listed not in sql:
        raise RuntimeError(f"search.retrieval.ranking no longer says {listed!r}")
    sql = sql.replace(listed, f"SELECT episode_id, {score} FROM")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"limit": EVERYTHING, "offset": 0})
        return {key: float(value) for key, value in cursor}
