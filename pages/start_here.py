"""“Start here” on the home page: episodes and moments for somebody who is new to the show.

The host's picks, then proposals until there are enough; for episodes and moments apart.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from episodes.models import Episode, Use
from pages.cached_counts import AnsweredQuestion
from pages.redirects import resolve_redirect
from pages.sharing import PAGE
from search.retrieval.latest_moments import LatestMoment
from show.models import Highlight
from topics.credits import credited

EPISODES, MOMENTS = 5, 5
Place = tuple[str, int | None]  # an episode's slug, and where one of its topics begins


@dataclass(frozen=True, slots=True)
class StartHere:
    episodes: list[Any]
    moments: list[LatestMoment]


def start_here(
    answered: Sequence[AnsweredQuestion],
    recent: Sequence[Episode] = (),
    quoted: Iterable[LatestMoment] = (),
) -> StartHere:
    """What the home page shows beside its `recent` episodes, the newest first, and the answers
    that it quotes: it proposes none of these, and shows no pick twice.

    Four queries, and up to four more with picks.
    """
    found = resolve(list(Highlight.objects.values_list("path", flat=True))).values()
    picks = {place_of(each): each for each in reversed(found)}  # of two of one topic, the first
    episodes = [each for each in reversed(picks.values()) if isinstance(each, Episode)]
    moments = [each for each in reversed(picks.values()) if isinstance(each, LatestMoment)]
    episodes = [each for each in episodes if each not in recent[:1]][:EPISODES]
    if len(episodes) < EPISODES:
        episodes += proposed_episodes(recent, picks, EPISODES - len(episodes))
    shown = {*picks, *map(place_of, quoted)}
    moments += proposed_moments(answered, shown, moments)
    return StartHere(episodes, moments[:MOMENTS])


def place_of(found: Episode | LatestMoment) -> Place:
    """What one address stands for, with every other moment of the same topic."""
    if isinstance(found, Episode):
        return found.slug, None
    return found.episode.slug, topic_start(found)


def topic_start(moment: LatestMoment) -> int:
    """Where the topic of a resolved or proposed moment begins; itself before the first topic."""
    starts = [each for each in moment.episode.topic_starts if each <= moment.seconds]
    return max(starts, default=moment.seconds)


def resolve(paths: Sequence[str]) -> dict[str, Episode | LatestMoment]:
    """The published episode or moment at each path that still leads to one; none past an episode's
    end. Four queries, and more for episodes that have moved; none without paths.
    """
    matches = {path: match for path in paths if (match := PAGE.fullmatch(path))}
    if not matches:
        return {}
    slugs = {match[1] for match in matches.values()}
    rows = _by_slug(slugs)
    for slug in slugs - rows.keys():
        moved = PAGE.fullmatch(resolve_redirect(f"/podcast/{slug}") or "")
        if moved and (row := _by_slug({moved[1]}).get(moved[1])):
            rows[slug] = row
    found: dict[str, Episode | LatestMoment] = {}
    for path, match in matches.items():
        row = rows.get(match[1])
        if row and not match[2]:
            found[path] = row
        elif row and (row.seconds is None or int(match[2]) <= row.seconds):
            found[path] = _moment(row, int(match[2]))
    return found


def proposed_episodes(
    shown: Sequence[Episode], picked: Container[Place] = (), limit: int = EPISODES
) -> list[Any]:
    """Different worlds: the newest episode with each of the most frequent main technologies.

    Neither what the page shows elsewhere nor what is picked.
    """
    keys = [each.pk for each in shown]
    published = Episode.objects.published().podcast().exclude(pk__in=keys)
    uses = Use.objects.filter(position=0, episode__in=published)
    by_main: dict[int, list[tuple[int, str]]] = {}
    for technology, episode, slug in uses.order_by(
        "-episode__published_at", "-episode"
    ).values_list("technology", "episode", "episode__slug"):
        by_main.setdefault(technology, []).append((episode, slug))
    most_frequent = sorted(by_main.values(), key=len, reverse=True)
    first = [episodes[0] for episodes in most_frequent]
    keys = [key for key, slug in first if (slug, None) not in picked][:limit]
    rows = {row.pk: row for row in published.filter(pk__in=keys).for_cards()}
    return [rows[key] for key in keys if key in rows]


def proposed_moments(
    answered: Sequence[AnsweredQuestion],
    shown: Container[Place] = (),
    picked: Iterable[LatestMoment] = (),
) -> list[LatestMoment]:
    """An answer to each question, then another to each: of other guests than those of what is
    picked, one of each, and none whose topic is shown elsewhere.
    """
    guests, found = set(map(_voices, picked)), []
    for answer in chain(*zip_longest(*(each.answers for each in answered))):
        if answer and _voices(answer) not in guests and place_of(answer) not in shown:
            guests.add(_voices(answer))
            found.append(answer)
    return found[:MOMENTS]


def _voices(moment: LatestMoment) -> tuple[str, ...]:
    return tuple(each.name for each in moment.people)


def _by_slug(slugs: set[str]) -> dict[str, Any]:
    rows = Episode.objects.published().podcast().filter(slug__in=slugs)
    return {row.slug: row for row in rows.for_cards().prefetch_related("topics")}


def _moment(episode: Any, seconds: int) -> LatestMoment:
    """The moment with the words of its topic; without a topic, the episode's title."""
    topics = list(episode.topics.all())
    words = next((each.plain for each in reversed(topics) if each.seconds <= seconds), "")
    until = next((each.seconds for each in topics if each.seconds > seconds), None)
    words = words or episode.title
    people = tuple(each.guest for each in episode.appearances.all())
    guests = credited(words, [each.name for each in people])
    return LatestMoment(episode, seconds, words, until, guests, people)
