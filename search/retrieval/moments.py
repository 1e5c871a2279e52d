"""The best moments of each result, highlighted."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from search.query.concepts import ExpandedQuery, Variant
from search.query.english import is_derived
from search.query.tokenizer import tokenize
from search.retrieval.expressions import Parameters, any_of, passage_holds, passage_score
from search.retrieval.highlight import Span, highlight, text_fragment
from search.retrieval.results import MatchingMoment
from search.retrieval.similarity import ABOUT, FLOOR, MOMENT_WEIGHT, similar_passages

MOMENTS = 3  # shown of each episode
MAX_LENGTH = 2000  # characters of a passage that are read
CUE_PASSAGE = 0.4  # what a passage of a transcript counts against a topic

QUERY = """
WITH passages AS MATERIALIZED (  -- by episode alone: the index of words has far more to read
    SELECT passage.episode_id, source, seconds, text, vector,
           coalesce(similarity, 0) AS similarity
    FROM search_passage AS passage
    LEFT JOIN ({similar}) AS similar_passage ON passage_id = passage.id
    WHERE passage.episode_id = ANY (%(episodes)s) AND source NOT IN ('title', 'stack')
), scored AS (
    SELECT episode_id, source, seconds, text, vector, ts_rank(vector, %(any)s) AS rank,
           ({score}) * CASE source WHEN 'cue' THEN {cue_passage} ELSE 1 END
           + {weight} * similarity AS score,
           bit_or({held}) OVER (PARTITION BY episode_id) AS held
    FROM passages WHERE vector @@ %(any)s OR similarity >= {floor}
), placed AS (
    SELECT *, count(*) OVER (PARTITION BY episode_id) AS count,
           row_number() OVER (
               PARTITION BY episode_id
               ORDER BY score DESC, (source = 'topic') DESC, seconds IS NULL, rank DESC, seconds
           ) AS place
    FROM scored
)
SELECT episode_id, source, seconds, left(text, {length}), search_stems(left(text, {length})),
       count, held, {about}
FROM placed WHERE place <= {moments} + 1 ORDER BY episode_id, place
"""
# Ids of sections in templates/parts/episode_links.html.
FRAGMENTS = {"library": "#libraries", "link": "#references"}


@dataclass(slots=True)
class EpisodeMoments:
    best: list[MatchingMoment] = field(default_factory=list)
    more: int = 0  # that match as well
    held: int = 0  # the concepts in any of them, as bits
    next: MatchingMoment | None = None  # the first of these
    synonyms: dict[int, str] = field(default_factory=dict)  # in place of concepts, by their index
    about: tuple[str, ...] = ()  # words of the best one, if it holds none of the query's


def best_moments(query: ExpandedQuery, episodes: Sequence[int]) -> dict[int, EpisodeMoments]:
    """The moments of these episodes, by key. One query."""
    if not query.concepts or not episodes:
        return {}
    parameters = Parameters(any=any_of(query.concepts), episodes=list(episodes))
    score = passage_score(query, parameters)
    total_weight = sum(concept.weight for concept in query.concepts) or 1
    sql = QUERY.format(
        score=score,
        held=passage_holds(query, parameters),
        similar=similar_passages(query.meant, parameters),
        about=ABOUT if query.meant else "NULL",
        weight=MOMENT_WEIGHT * total_weight,
        floor=FLOOR,
        cue_passage=CUE_PASSAGE,
        moments=MOMENTS,
        length=MAX_LENGTH,
    )
    typed = [token.text for clause in query.query.clauses for token in clause.tokens]
    has_derived = any(map(is_derived, typed))
    found: dict[int, EpisodeMoments] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for episode, source, seconds, text, stems, count, held, about in cursor:
            moments = found.setdefault(episode, EpisodeMoments(held=held))
            tokens = tokenize(text)
            # Python and PostgreSQL may know letters of different Unicode versions.
            stems = stems if len(stems) == len(tokens) else []
            spans: list[Span] = []
            for index, concept in enumerate(query.concepts):
                exact = list(_spans(concept.exact, stems))
                synonyms = list(_spans(concept.synonyms, stems))
                spans += exact or synonyms
                if synonyms and not exact and len(moments.best) < MOMENTS:
                    first, last = synonyms[0]
                    moments.synonyms[index] = text[tokens[first].start : tokens[last].end]
            spans = [each for each in spans if has_derived or not is_derived(tokens[each[0]].text)]
            fragment = FRAGMENTS.get(source) or text_fragment(text, tokens, spans)
            html = highlight(text, tokens, spans)
            moment = MatchingMoment(seconds, text, html, source, fragment)
            if about and not moments.best:
                said = [tokens[stems.index(stem)] for stem in about if stem in stems]
                moments.about = tuple(text[token.start : token.end] for token in said)
            if len(moments.best) < MOMENTS:
                moments.best.append(moment)
            else:
                moments.next = moment
            moments.more = count - len(moments.best)
    return found


def _spans(variants: Iterable[Variant], stems: Sequence[str]) -> Iterator[Span]:
    """Where the stems hold one of these variants."""
    for variant in variants:
        length = len(variant.stems)
        for start in range(len(stems) - length + 1):
            if tuple(stems[start : start + length]) == variant.stems:
                yield start, start + length - 1
