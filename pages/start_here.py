"""“Start here” on the home page: episodes and moments for somebody who is new to the show.

The host's picks, and proposals until there are any; for episodes and moments apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from episodes.models import Episode, Use
from pages.cached_counts import AnsweredQuestion
from pages.redirects import resolve_redirect
from pages.sharing import PAGE
from search.retrieval.latest_moments import LatestMoment
from show.models import Highlight
from topics.credits import credited

EPISODES, MOMENTS = 5, 5


@dataclass(frozen=True, slots=True)
class StartHere:
    episodes: list[Any]
    moments: list[LatestMoment]


def start_here(answered: Sequence[AnsweredQuestion], newest: Episode | None) -> StartHere:
    """What the home page shows below its `newest` episode. Five queries, and four without picks."""
    paths = list(Highlight.objects.values_list("path", flat=True))
    picks = resolve(paths).values()
    episodes = [each for each in picks if isinstance(each, Episode)]
    moments = [each for each in picks if isinstance(each, LatestMoment)]
    return StartHere(
        episodes[:EPISODES] or proposed_episodes(newest),
        moments[:MOMENTS] or proposed_moments(answered),
    )


def resolve(paths: Sequence[str]) -> dict[str, Episode | LatestMoment]:
    """The published episode or moment at each path that still leads to one. Four queries, and more
    for episodes that have moved; none without paths.
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
        if row := rows.get(match[1]):
            found[path] = _moment(row, int(match[2])) if match[2] else row
    return found


def proposed_episodes(newest: Episode | None = None, limit: int = EPISODES) -> list[Any]:
    """Different worlds: the newest episode with each of the most frequent main technologies."""
    published = Episode.objects.published().podcast().exclude(pk=newest and newest.pk)
    uses = Use.objects.filter(position=0, episode__in=published)
    by_main: dict[int, list[int]] = {}
    for technology, episode in uses.order_by("-episode__published_at", "-episode").values_list(
        "technology", "episode"
    ):
        by_main.setdefault(technology, []).append(episode)
    most_frequent = sorted(by_main.values(), key=len, reverse=True)
    keys = [episodes[0] for episodes in most_frequent[:limit]]
    rows = {row.pk: row for row in published.filter(pk__in=keys).for_cards()}
    return [rows[key] for key in keys if key in rows]


def proposed_moments(
    answered: Sequence[AnsweredQuestion], limit: int = MOMENTS
) -> list[LatestMoment]:
    """Answers to the host's first question, one of each guest: the best tips of this show."""
    return list(answered[0].answers[:limit]) if answered else []


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
