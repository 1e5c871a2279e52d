"""Search: which episodes, and which moments of them, answer a few words.

Reads the rows as they are; the page and whoever else asks see the dataclasses only.
"""

from dataclasses import dataclass

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, Model, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from episodes.models import Appearance, Episode, EpisodeQuerySet, Use
from topics.models import Topic

CONFIG = "english"
MAX_LENGTH = 200  # characters of a query that count
MOMENTS = 3  # per episode


@dataclass(frozen=True, slots=True)
class Moment:
    """A second of an episode and what is talked about from there on, as plain text."""

    seconds: int
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """An episode that answers, as lists show it, with its best moments in their order."""

    episode: Episode
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What was searched for and found, best first. `capped`: there are more than `count`."""

    query: str
    results: tuple[Result, ...] = ()
    count: int = 0
    capped: bool = False


def search(query: str, *, limit: int = 50) -> Results:
    """Published episodes and interviews that hold every word; at most five queries.

    Where the words as such are found nowhere, episodes that hold the text as typed.
    """
    query = " ".join(query.replace("\0", " ").split())[:MAX_LENGTH]
    if not query:
        return Results("")
    episodes = list(_by_words(query)[: limit + 1]) or list(_by_text(query)[: limit + 1])
    shown = episodes[:limit]
    moments = _best_moments(query, shown)
    results = tuple(Result(episode, moments.get(episode.pk, ())) for episode in shown)
    return Results(query, results, len(shown), len(episodes) > limit)


def _by_words(query: str) -> EpisodeQuerySet:
    """Full text over all an episode says, with every name of its guests and technologies."""
    names = _joined(Use, "technology__names__name")
    guests = _joined(Appearance, "guest__name")
    document = (
        SearchVector("title", names, guests, config=CONFIG, weight="A")
        + SearchVector("summary", config=CONFIG, weight="B")
        + SearchVector(_joined(Topic, "plain"), config=CONFIG, weight="C")
        + SearchVector("introduction", config=CONFIG, weight="D")
    )
    words = SearchQuery(query, config=CONFIG, search_type="websearch")
    found = Episode.objects.published().alias(document=document).filter(document=words)
    rank = SearchRank(F("document"), words)
    return found.alias(rank=rank).order_by("-rank", "-published_at", "-pk").for_cards()


def _by_text(query: str) -> EpisodeQuerySet:
    """Parts of words and what full text leaves out (“C++”), in titles, names and topics."""
    joins = (
        Use.objects.filter(technology__names__name__icontains=query),
        Appearance.objects.filter(guest__name__icontains=query),
        Topic.objects.filter(plain__icontains=query),
    )
    matching = Q(title__icontains=query)
    for join in joins:
        matching |= Q(pk__in=join.values("episode"))
    return Episode.objects.published().filter(matching).newest_first().for_cards()


def _best_moments(query: str, episodes: list[Episode]) -> dict[int, tuple[Moment, ...]]:
    """For each episode the topics that hold most of the words, in the order they are heard."""
    any_word = SearchQuery(" or ".join(query.split()), config=CONFIG, search_type="websearch")
    vector = SearchVector("plain", config=CONFIG)
    topics = (
        Topic.objects.filter(episode__in=episodes)
        .annotate(vector=vector, rank=SearchRank(vector, any_word))
        .filter(Q(vector=any_word) | Q(plain__icontains=query))
        .order_by("-rank", "seconds")
        .values_list("episode", "seconds", "plain")
    )
    found: dict[int, list[Moment]] = {}
    for episode, seconds, text in topics:
        best = found.setdefault(episode, [])
        if len(best) < MOMENTS:
            best.append(Moment(seconds, text))
    return {
        episode: tuple(sorted(best, key=lambda moment: moment.seconds))
        for episode, best in found.items()
    }


def _joined(model: type[Model], field: str) -> Coalesce:
    """All values of a field of what hangs on the episode, as one text."""
    rows = model._default_manager.filter(episode=OuterRef("pk")).order_by()
    texts = rows.values("episode").annotate(text=StringAgg(field, " ")).values("text")
    return Coalesce(Subquery(texts, output_field=TextField()), Value(""), output_field=TextField())
