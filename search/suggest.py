"""What the search box proposes while one types: a few technologies, guests, episodes, moments.

A handful of queries, each by an index: the rare ones are cheap, and those that match much stop
at the first they find.
"""

import re

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Exists, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from episodes.models import Appearance, Episode, Use
from guests.models import Guest
from search.answers import Direct, Moment, Suggestions
from search.marks import marked
from search.models import Passage, Word
from search.query import MAX_LENGTH, SAYS_NOTHING
from search.words import words
from stack.models import TechnologyName
from text.names import normalise_name

FEWEST_LETTERS = 2  # one letter begins too much
MOST_WORDS = 8
TECHNOLOGIES, GUESTS, EPISODES, MOMENTS = 3, 2, 3, 4
ENDINGS = 8  # words a beginning may become
# Read beyond what is shown, for there may be better ones, or several of one episode.
SPARE = 20
NUMBER = re.compile(r"(?:#|ep(?:isode)?\.? ?)?([0-9]{1,6})", re.IGNORECASE)


def suggest(text: str) -> Suggestions:
    """What may be meant by a text that is still being typed. Six queries at most."""
    text = " ".join(text.replace("\0", " ").split())[:MAX_LENGTH]
    typed = [word.text for word in words(text)][:MOST_WORDS]
    if len(text) < FEWEST_LETTERS or not typed:
        return Suggestions()
    query = _query(typed)
    return Suggestions(
        _technologies(text),
        _guests(typed),
        tuple(dict.fromkeys(_numbered(text) + _titled(query)))[:EPISODES],
        _moments(query, typed),
    )


def _technologies(text: str) -> tuple[Direct, ...]:
    """By the beginning of any of their names: what is named so first, then what is said most."""
    key = normalise_name(text)
    if len(key) < FEWEST_LETTERS:
        return ()
    said = Word.objects.filter(word=OuterRef("normalised")).values("documents")
    public = Use.objects.filter(
        technology=OuterRef("technology"), episode__in=Episode.objects.published()
    )
    names = (
        TechnologyName.objects.filter(Exists(public), normalised__startswith=key)
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
    public = Appearance.objects.filter(
        guest=OuterRef("pk"), episode__in=Episode.objects.published()
    )
    guests = Guest.objects.alias(words=_vector("simple", "name")).filter(
        Exists(public), words=query
    )
    best = sorted(
        guests.order_by()[:SPARE],
        key=lambda guest: (not guest.name.lower().startswith(typed[0]), guest.name),
    )
    return tuple(Direct("guest", each.name, each.get_absolute_url()) for each in best[:GUESTS])


def _numbered(text: str) -> tuple[Direct, ...]:
    match = NUMBER.fullmatch(text)
    if not match:
        return ()
    rows = Episode.objects.published().filter(number=int(match[1])).newest_first()
    return tuple(map(_episode, rows[:EPISODES]))


def _titled(query: SearchQuery | None) -> tuple[Direct, ...]:
    if query is None:
        return ()
    rows = Episode.objects.published().alias(words=_vector("search_words", "title"))
    return tuple(map(_episode, rows.filter(words=query).newest_first()[:EPISODES]))


def _moments(query: SearchQuery | None, typed: list[str]) -> tuple[tuple[Episode, Moment], ...]:
    """Topics that hold the words, the newest first, one of each episode."""
    if query is None:
        return ()
    rows = (
        Passage.objects.filter(
            source=Passage.Source.TOPIC, vector=query, episode__in=Episode.objects.published()
        )
        .select_related("episode")
        .order_by("-episode__published_at", "-episode__number", "-episode", "seconds")
    )
    of_episode: dict[int, Passage] = {}
    for row in rows[:SPARE]:
        of_episode.setdefault(row.episode_id, row)
    return tuple(
        (row.episode, Moment(row.seconds, row.text, _marked(row.text, typed), row.source))
        for row in list(of_episode.values())[:MOMENTS]
    )


def _query(typed: list[str]) -> SearchQuery | None:
    """All words that tell something, the last one a beginning; None where nothing begins so."""
    *earlier, last = typed
    every = [f"'{word}'" for word in earlier if word not in SAYS_NOTHING]
    if len(last) >= FEWEST_LETTERS:
        endings = _endings(last)
        if not endings:
            return None
        every.append("(" + " | ".join(f"'{word}'" for word in endings) + ")")
    if not every:
        return None
    return SearchQuery(" & ".join(every), config="search_words", search_type="raw")


def _endings(start: str) -> list[str]:
    """The most frequent words that begin so, and tell something."""
    known = Word.objects.filter(word__startswith=start, documents__gt=0)
    best = known.order_by("-documents", "word").values_list("word", flat=True)
    return [word for word in best[: ENDINGS + SPARE] if word not in SAYS_NOTHING][:ENDINGS]


def _marked(text: str, typed: list[str]) -> SafeString:
    """The text with the words in <mark> that begin as one of those typed."""
    starts = tuple(
        word for word in typed if len(word) >= FEWEST_LETTERS and word not in SAYS_NOTHING
    )
    said = words(text)
    begun = [place for place, word in enumerate(said) if word.text.startswith(starts)]
    return marked(text, said, [(place, place) for place in begun])


def _vector(config: str, field: str) -> Func:
    """As the indexes of migration 0003 have it."""
    return Func(
        Value(config),
        Func(F(field), function="search_plain"),
        function="to_tsvector",
        output_field=SearchVectorField(),
    )


def _episode(episode: Episode) -> Direct:
    name = "Interview " if episode.is_interview else "#"
    number = f"{name}{episode.number} " if episode.number is not None else ""
    return Direct("episode", f"{number}{episode.title}", episode.get_absolute_url())
