"""Moments that name something or answer a saved question, newest first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.utils import timezone

from episodes.models import Enclosure, Episode
from guests.models import Guest
from search.retrieval.results import MAX_COUNT
from text.timecode import format_timecode
from topics.credits import credited
from topics.models import Transcript

# Up to MAX_COUNT moments are all read from the index and sorted. Of more, the newest are soon met
# by walking documents from the newest on; the inner LIMIT makes the planner walk. With OFFSET 0 it
# reads passages only until there are enough.
NEWEST = """
WITH found AS MATERIALIZED (
    SELECT passage.id, passage.episode_id, passage.seconds, passage.text, document.published_at
    FROM search_passage AS passage CROSS JOIN LATERAL (
        SELECT published_at FROM search_document AS document
        WHERE document.episode_id = passage.episode_id AND {document} OFFSET 0
    ) AS document
    WHERE {passage} LIMIT %(most)s + 1
), counted AS MATERIALIZED (
    SELECT count(*) AS moments, count(DISTINCT episode_id) AS episodes FROM found
), newest AS (
    (
        SELECT * FROM found WHERE (SELECT moments FROM counted) <= %(most)s
        ORDER BY published_at DESC, episode_id DESC, seconds, id LIMIT %(limit)s OFFSET %(offset)s
    ) UNION ALL (
        SELECT moment.*, document.published_at
        FROM search_document AS document CROSS JOIN LATERAL (
            SELECT passage.id, passage.episode_id, passage.seconds, passage.text
            FROM search_passage AS passage
            WHERE passage.episode_id = document.episode_id AND {passage}
            ORDER BY passage.seconds, passage.id LIMIT %(last)s
        ) AS moment
        WHERE (SELECT moments FROM counted) > %(most)s
          AND {document}
        ORDER BY document.published_at DESC, document.episode_id DESC, moment.seconds, moment.id
        LIMIT %(limit)s OFFSET %(offset)s
    )
)
SELECT episode.kind, episode.slug, episode.title, episode.number, episode.published_at,
       episode.image, episode.image_url, newest.seconds, text,
       (SELECT min(topic.seconds) FROM topics_topic AS topic
        WHERE topic.episode_id = episode.id AND topic.seconds > newest.seconds),
       (SELECT json_agg(json_build_object('name', guest.name, 'slug', guest.slug,
                   'avatar', guest.avatar, 'renditions', guest.renditions
               ) ORDER BY appearance.position)::text
        FROM episodes_appearance AS appearance
        JOIN guests_guest AS guest ON guest.id = appearance.guest_id
        WHERE appearance.episode_id = episode.id),
       enclosure.name, enclosure.seconds, transcript.id, counted.*
FROM newest JOIN episodes_episode AS episode ON episode.id = newest.episode_id
LEFT JOIN episodes_enclosure AS enclosure ON enclosure.episode_id = episode.id
LEFT JOIN topics_transcript AS transcript ON transcript.episode_id = episode.id, counted
ORDER BY newest.published_at DESC, newest.episode_id DESC, newest.seconds, newest.id
"""
NEWEST_OF_EACH = "SELECT {place}, row_number() OVER (), page.* FROM ({newest}) AS page"
EPISODES = """
SELECT document.episode_id FROM search_document AS document
WHERE {document} AND document.episode_id IN (
    SELECT passage.episode_id FROM search_passage AS passage WHERE {passage})
ORDER BY document.published_at DESC, document.episode_id DESC LIMIT %(limit)s
"""
# A matching topic hides the transcript below it, which would be the same moment again.
# A passage of transcript lasts some seconds, within which a topic may begin.
UNDER_TOPIC = """
passage.source = 'cue' AND EXISTS (
    SELECT FROM (
        SELECT * FROM search_passage AS topic
        WHERE topic.episode_id = passage.episode_id AND topic.source = 'topic'
        AND topic.seconds <= passage.seconds + 20
        ORDER BY topic.seconds DESC FETCH FIRST ROW WITH TIES
    ) AS topic WHERE {topic}
)
"""


@dataclass(frozen=True, slots=True)
class MomentCondition:
    """SQL of what a moment must match, with its parameters."""

    tsquery: str  # an expression
    passage: str = "TRUE"  # a condition on `passage`
    document: str = "TRUE"  # a condition on `document`
    parameters: dict[str, Any] = field(default_factory=dict)

    def sql(self, template: str) -> str:
        """A template of this module with the conditions filled in."""
        matches = f"passage.vector @@ ({self.tsquery}) AND {self.passage}"
        under_topic = UNDER_TOPIC.format(topic=matches.replace("passage.", "topic."))
        return template.format(
            passage=f"{matches} AND passage.seconds IS NOT NULL AND NOT ({under_topic})",
            document=f"document.published_at <= %(now)s AND {self.document}",
        )


@dataclass(frozen=True, slots=True)
class LatestMoment:
    """A moment for lists, with the attributes of a Topic that they read."""

    episode: Episode  # with what lists show of it
    seconds: int
    plain: str
    until: int | None  # seconds at which the next topic begins
    guests: tuple[str, ...]  # the names of those who say it
    people: tuple[Guest, ...] = ()  # all guests of the episode, with what pictures need

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)

    @property
    def lasts(self) -> int | None:
        """How many seconds it plays, until the next topic or the end; None if that is unknown.

        0 without audio.
        """
        if not hasattr(self.episode, "enclosure"):
            return 0
        end = self.until or self.episode.enclosure.seconds
        return max(0, end - self.seconds) if end else None

    def get_absolute_url(self) -> str:
        return f"{self.episode.get_absolute_url()}?t={self.seconds}"


@dataclass(frozen=True, slots=True)
class MomentCount:
    """How many moments, in how many episodes. `capped`: there are more.

    `seconds`: how long they play; None unless all of them were read and each one's end is known.
    """

    moments: int = 0
    episodes: int = 0
    capped: bool = False
    seconds: int | None = field(default=None, compare=False)

    @property
    def play_label(self) -> str:
        """What the button says that plays them."""
        return f"Play {self.moments}{'+' * self.capped} moment{'s' * (self.moments != 1)}"


def latest_moments(
    conditions: Sequence[MomentCondition], *, limit: int, offset: int = 0
) -> list[tuple[list[LatestMoment], MomentCount]]:
    """Of each condition, a page of moments, newest episode first, and the count of all, 0 for an
    empty page. The conditions share their parameters. One query.
    """
    found: list[tuple[list[LatestMoment], MomentCount]] = [([], MomentCount()) for _ in conditions]
    if not conditions:
        return found
    sql = " UNION ALL ".join(
        NEWEST_OF_EACH.format(place=place, newest=each.sql(NEWEST))
        for place, each in enumerate(conditions)
    )
    page = {"limit": limit, "offset": offset, "last": limit + offset}
    rows = _rows(f"{sql} ORDER BY 1, 2", conditions[0].parameters | page)
    for place, _, *moment, moments, episodes in rows:
        count = MomentCount(min(moments, MAX_COUNT), min(episodes, MAX_COUNT), moments > MAX_COUNT)
        found[place] = [*found[place][0], _moment(*moment)], count
    return [(moments, replace(count, seconds=_sum(moments, count))) for moments, count in found]


def latest_episodes(condition: MomentCondition, *, limit: int) -> list[int]:
    """The keys of the newest episodes with such a moment. One query."""
    rows = _rows(condition.sql(EPISODES), condition.parameters | {"limit": limit})
    return [key for (key,) in rows]


def _moment(*row: Any) -> LatestMoment:
    *fields, seconds, text, until, guests, audio, length, transcript = row
    names = ("kind", "slug", "title", "number", "published_at", "image", "image_url")
    episode = Episode(**dict(zip(names, fields, strict=True)))
    if audio:
        Enclosure(episode=episode, name=audio, seconds=length)
    if transcript:
        Transcript(pk=transcript, episode=episode)
    people = tuple(Guest(**each) for each in json.loads(guests or "[]"))
    said_by = credited(text, [guest.name for guest in people])
    return LatestMoment(episode, seconds, text, until, said_by, people)


def _sum(moments: list[LatestMoment], count: MomentCount) -> int | None:
    lengths = [each.lasts for each in moments]
    if count.capped or len(moments) < count.moments or None in lengths:
        return None
    return sum(filter(None, lengths))


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"now": timezone.now(), "most": MAX_COUNT})
        return cursor.fetchall()
