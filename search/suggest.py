"""What the search box proposes while one types: a few technologies, guests, episodes, moments.

Each by an index. Of what many episodes say only the newest ones are looked at, so that a common
word costs no more than a rare one.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection, transaction
from django.db.models import F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.safestring import SafeString

from episodes.models import Appearance, Episode, Use
from guests.models import Guest
from search.models import Passage, Word
from search.query.parse import MAX_LENGTH, SAYS_NOTHING, episode_number
from search.query.tokenizer import words
from search.retrieval.highlight import marked
from search.retrieval.results import Direct, Moment, Suggestions
from stack.models import TechnologyName
from text.names import normalise_name

FEWEST_LETTERS = 2  # one letter begins too much
MOST_WORDS = 8
TECHNOLOGIES, GUESTS, EPISODES, MOMENTS = 3, 2, 3, 4
ENDINGS = 8  # words a beginning may become
# Read beyond what is shown, for there may be better ones, or several of one episode.
SPARE = 20

# What is said is looked for among the newest first; what few documents hold, in the index too.
NEWEST, MANY = 60, 100
FEW = 1000  # documents
TITLES = """
SELECT id FROM (
    SELECT id, published_at FROM {episodes}
    WHERE to_tsvector('search_words', search_normalize(title))
        @@ to_tsquery('search_words', %(query)s)
      AND status = 'published' AND deleted_at IS NULL AND published_at <= %(now)s
    LIMIT %(many)s
) AS found ORDER BY published_at DESC, id DESC LIMIT %(most)s
"""
ALL_EPISODES = "episodes_episode"
NEWEST_EPISODES = """(
    SELECT * FROM episodes_episode
    WHERE status = 'published' AND deleted_at IS NULL AND published_at <= %(now)s
    ORDER BY published_at DESC, number DESC, id DESC LIMIT %(newest)s
) AS newest"""
# Passages are read only of documents with the words; ordered as these are, so that it ends with
# the last moment that is wanted.
NEWEST_TOPICS = """
SELECT document.episode_id, topic.seconds, topic.text FROM (
    SELECT episode_id, published_at, vector FROM search_document WHERE published_at <= %(now)s
    ORDER BY published_at DESC, episode_id DESC LIMIT %(newest)s
) AS document CROSS JOIN LATERAL (
    SELECT seconds, text FROM (
        SELECT * FROM search_passage WHERE episode_id = document.episode_id OFFSET 0
    ) AS passage WHERE vector @@ to_tsquery('search_words', %(query)s) AND source = 'topic'
    ORDER BY seconds LIMIT 1
) AS topic
WHERE document.vector @@ to_tsquery('search_words', %(query)s)
ORDER BY document.published_at DESC, document.episode_id DESC LIMIT %(most)s
"""
ALL_TOPICS = """
SELECT episode_id, seconds, text FROM (
    SELECT DISTINCT ON (published_at, episode_id) * FROM (
        SELECT topic.*, (SELECT published_at FROM search_document AS document
                         WHERE document.episode_id = topic.episode_id) AS published_at
        FROM (
            SELECT episode_id, seconds, text FROM search_passage
            WHERE vector @@ to_tsquery('search_words', %(query)s) AND source = 'topic'
            LIMIT %(many)s
        ) AS topic
    ) AS dated
    WHERE published_at <= %(now)s ORDER BY published_at DESC, episode_id DESC, seconds
) AS first LIMIT %(most)s
"""

Topic = tuple[int, int, str]  # its episode's key, its second, its text


@dataclass(frozen=True, slots=True)
class Begun:
    """A tsquery of words, the last one begun, and at most how many documents hold it."""

    query: str
    documents: int

    @property
    def is_rare(self) -> bool:
        return self.documents <= FEW


def suggest(text: str) -> Suggestions:
    """What may be meant by a text that is still being typed. Ten queries at most."""
    text = " ".join(text.replace("\0", " ").split())[:MAX_LENGTH]
    typed = [word.text for word in words(text)][:MOST_WORDS]
    if len(text) < FEWEST_LETTERS or not typed:
        return Suggestions()
    with transaction.atomic(), connection.cursor() as cursor:
        # Of a word it has no statistics for, the planner thinks that reading on finds some soon.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        begun = _begun(typed)
        titled = _titled(begun) if begun else []
        topics = _topics(begun) if begun else []
        keys = {*titled, *(key for key, *_ in topics)}
        episodes = Episode.objects.published().in_bulk(keys) if keys else {}
        named = [*_numbered(text), *(_episode(episodes[key]) for key in titled if key in episodes)]
        return Suggestions(
            _technologies(text),
            _guests(typed),
            tuple(dict.fromkeys(named))[:EPISODES],
            tuple(
                (episodes[key], Moment(seconds, topic, _marked(topic, typed), Passage.Source.TOPIC))
                for key, seconds, topic in topics
                if key in episodes
            ),
        )


def _technologies(text: str) -> tuple[Direct, ...]:
    """By the beginning of any of their names: what is named so first, then what is said most."""
    key = normalise_name(text)
    if len(key) < FEWEST_LETTERS:
        return ()
    said = Word.objects.filter(word=OuterRef("normalised")).values("documents")
    names = (
        TechnologyName.objects.filter(normalised__startswith=key)
        .alias(public=_any_public(Use.objects.filter(technology=OuterRef("technology"))))
        .filter(public__isnull=False)
        .annotate(said=Coalesce(Subquery(said), 0))
        .order_by("-said", "normalised")
        .select_related("technology")
    )
    best = sorted(names[:SPARE], key=lambda name: name.normalised != key)
    found = list(dict.fromkeys(name.technology for name in best))[:TECHNOLOGIES]
    return tuple(Direct("technology", each.name, each.get_absolute_url()) for each in found)


def _guests(typed: list[str]) -> tuple[Direct, ...]:
    """Whose names have words that begin so."""
    query = SearchQuery(
        " & ".join(f"'{word}':*" for word in typed), config="simple", search_type="raw"
    )
    guests = (
        Guest.objects.alias(
            words=_words_of_name(),
            public=_any_public(Appearance.objects.filter(guest=OuterRef("pk"))),
        )
        .filter(words=query, public__isnull=False)
        .order_by()
    )
    best = sorted(
        guests[:SPARE],
        key=lambda guest: (not guest.name.lower().startswith(typed[0]), guest.name),
    )
    return tuple(Direct("guest", each.name, each.get_absolute_url()) for each in best[:GUESTS])


def _numbered(text: str) -> tuple[Direct, ...]:
    number = episode_number(text)
    if number is None:
        return ()
    rows = Episode.objects.published().filter(number=number).newest_first()
    return tuple(map(_episode, rows[:EPISODES]))


def _titled(begun: Begun) -> list[int]:
    """The keys of the newest episodes whose titles hold the words."""
    sql = TITLES.format(episodes=ALL_EPISODES if begun.is_rare else NEWEST_EPISODES)
    return [key for (key,) in _rows(sql, begun.query, EPISODES)]


def _topics(begun: Begun) -> list[Topic]:
    """Topics that hold the words, the newest first, one of each episode."""
    topics = _rows(NEWEST_TOPICS, begun.query, MOMENTS)
    if len(topics) < MOMENTS and begun.is_rare:
        topics = _rows(ALL_TOPICS, begun.query, MOMENTS)
    return topics


def _rows(sql: str, query: str, most: int) -> list[Any]:
    limits = {"newest": NEWEST, "many": MANY, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"query": query, "now": timezone.now(), **limits})
        return cursor.fetchall()


def _begun(typed: list[str]) -> Begun | None:
    """All words that tell something, the last one a beginning; None where nothing begins so."""
    *earlier, last = typed
    telling = [word for word in earlier if word not in SAYS_NOTHING]
    every = [f"'{word}'" for word in telling]
    known = Word.objects.filter(word__in=telling).values_list("documents", flat=True)
    documents = list(known) if telling else []
    if len(last) >= FEWEST_LETTERS:
        endings = _endings(last)
        if not endings:
            return None
        every.append("(" + " | ".join(f"'{word}'" for word in endings) + ")")
        documents.append(sum(endings.values()))
    if not every:
        return None
    return Begun(" & ".join(every), min(documents, default=0))


def _endings(start: str) -> dict[str, int]:
    """The most frequent words that begin so and tell something, with how many documents do."""
    known = Word.objects.filter(word__startswith=start, documents__gt=0)
    best = known.order_by("-documents", "word").values_list("word", "documents")
    telling = [row for row in best[: ENDINGS + SPARE] if row[0] not in SAYS_NOTHING]
    return dict(telling[:ENDINGS])


def _marked(text: str, typed: list[str]) -> SafeString:
    """The text with the words in <mark> that begin as one of those typed."""
    starts = tuple(
        word for word in typed if len(word) >= FEWEST_LETTERS and word not in SAYS_NOTHING
    )
    said = words(text)
    begun = [place for place, word in enumerate(said) if word.text.startswith(starts)]
    return marked(text, said, [(place, place) for place in begun])


def _any_public(joins: QuerySet[Any]) -> Subquery:
    """One of these uses or appearances whose episode is published, if there is one.

    Each is asked for its episode by a query of its own: joined, PostgreSQL may walk all episodes
    in the hope of meeting a rare one soon.
    """
    published = Episode.objects.published().filter(pk=OuterRef("episode")).order_by()
    public = joins.alias(public=Subquery(published.values("pk"))).filter(public__isnull=False)
    return Subquery(public.order_by().values("pk")[:1])


def _words_of_name() -> Func:
    """The expression of the index search_guest_name."""
    return Func(
        Value("simple"),
        Func(F("name"), function="search_normalize"),
        function="to_tsvector",
        output_field=SearchVectorField(),
    )


def _episode(episode: Episode) -> Direct:
    name = "Interview " if episode.is_interview else "#"
    number = f"{name}{episode.number} " if episode.number is not None else ""
    return Direct("episode", f"{number}{episode.title}", episode.get_absolute_url())
