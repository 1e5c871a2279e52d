"""How much passages mean what a query asks, from 0 to 1, whatever their words.

The mean of two cosines: of the query and the passage, and of each word and the closest there.
"""

from collections.abc import Sequence

from search.retrieval.expressions import Parameters

FLOOR = 0.4  # below it, a passage has nothing to do with a query
FOUND = 20  # episodes that are results by similarity alone
WEIGHT = 1.5  # of an episode's most similar passage, against its words
MOMENT_WEIGHT = 1  # of a passage's similarity, against its words
COMPARED = 100  # passages whose words are compared, those of the greatest first cosine
SIMILAR_WORD = 0.35  # cosine of two words at least
# One of so many stems has a word for each question sooner than a short one.
LONG, LENGTH = 20, 0.3

PASSAGES = f"""
WITH asked AS MATERIALIZED (
    SELECT stem, vector, l2_norm(vector) AS weight FROM search_vectors.words
    WHERE stem = ANY (%(meant)s)
), nearest AS MATERIALIZED (
    SELECT passage_id, episode_id,
           -(vectors.vector <#> (SELECT l2_normalize(avg(vector)) FROM asked)) AS cosine
    FROM search_vectors.passages AS vectors {{allowed}}
    ORDER BY cosine DESC LIMIT {COMPARED}
), said AS MATERIALIZED (
    SELECT passage_id, stem, length(passage.vector) AS length
    FROM nearest JOIN search_passage AS passage ON passage.id = passage_id
    CROSS JOIN unnest(tsvector_to_array(passage.vector)) AS stem
), alike AS MATERIALIZED (
    SELECT asked.stem AS asked, word.stem, weight * (1 - (asked.vector <=> word.vector)) AS cosine
    FROM search_vectors.words AS word CROSS JOIN asked
    WHERE word.stem IN (SELECT stem FROM said)
    AND (asked.vector <=> word.vector) <= 1 - {SIMILAR_WORD}
), by_word AS (
    SELECT passage_id, length, max(cosine) AS cosine FROM said JOIN alike USING (stem)
    GROUP BY passage_id, length, asked
), by_words AS (
    SELECT passage_id, sum(cosine) / (SELECT sum(weight) FROM asked)
           * LEAST(1, power({LONG}::float / length, {LENGTH})) AS cosine
    FROM by_word GROUP BY passage_id, length
)
SELECT passage_id, episode_id,
       (nearest.cosine + coalesce(by_words.cosine, 0)) / 2 AS similarity
FROM nearest LEFT JOIN by_words USING (passage_id)
"""  # noqa: S608 - of constants
EPISODES = f"""
SELECT episode_id, similarity, similarity >= {FLOOR}
       AND row_number() OVER (ORDER BY similarity DESC) <= {FOUND} AS is_similar
FROM (
    SELECT episode_id, max(similarity) AS similarity FROM ({PASSAGES}) AS passages
    GROUP BY episode_id
) AS best
"""  # noqa: S608 - of constants
# What a passage without the query's words is about: its own most similar words.
ABOUT = """
CASE WHEN NOT vector @@ %(any)s THEN ARRAY(
    SELECT stem FROM unnest(tsvector_to_array(placed.vector)) AS stem
    JOIN search_vectors.words USING (stem) ORDER BY words.vector <#> (
        SELECT avg(words.vector) FROM search_vectors.words WHERE stem = ANY (%(meant)s))
    LIMIT 2) END
"""
NO_PASSAGES = "SELECT NULL::bigint AS passage_id, 0 AS similarity LIMIT 0"
NO_EPISODES = "SELECT NULL::bigint AS episode_id, 0 AS similarity, FALSE AS is_similar LIMIT 0"


def similar_episodes(meant: Sequence[str], allowed: str, parameters: Parameters) -> str:
    """SQL: the episodes with a similar passage. `allowed`: about search_document AS document."""
    if not meant:
        return NO_EPISODES
    parameters["meant"] = list(meant)
    return EPISODES.format(
        allowed=f"JOIN search_document AS document USING (episode_id) WHERE {allowed}"
    )


def similar_passages(meant: Sequence[str], parameters: Parameters) -> str:
    """SQL: the similar passages of %(episodes)s."""
    if not meant:
        return NO_PASSAGES
    parameters["meant"] = list(meant)
    return PASSAGES.format(allowed="WHERE episode_id = ANY (%(episodes)s)")
