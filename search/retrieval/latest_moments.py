"""Moments by themselves, newest first: where something is named, or a question answered.

Nothing is ranked, and nothing counted beyond MOST_COUNTED, so that what a hundred thousand
episodes say costs no more than what a thousand do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from episodes.models import Enclosure, Episode
from search.retrieval.results import MOST_COUNTED
from text.timecode import format_timecode
from topics.models import Transcript

# Up to MOST_COUNTED moments are all found by their index and sorted. Of more, the newest are
# met soon when documents are walked from the newest on; the inner LIMIT keeps them walked.
NEWEST = """
WITH found AS MATERIALIZED (
    SELECT passage.id, passage.episode_id, passage.seconds, passage.text, document.published_at
    FROM search_passage AS passage JOIN search_document AS document USING (episode_id)
    WHERE {passage} AND {document} LIMIT %(most)s + 1
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
          AND document.vector @@ ({words}) AND {document}
        ORDER BY document.published_at DESC, document.episode_id DESC, moment.seconds, moment.id
        LIMIT %(limit)s OFFSET %(offset)s
    )
)
SELECT episode.kind, episode.slug, episode.title, episode.number, episode.published_at,
       episode.image, episode.image_url, newest.seconds, text,
       (SELECT min(topic.seconds) FROM topics_topic AS topic
        WHERE topic.episode_id = episode.id AND topic.seconds > newest.seconds),
       (SELECT guest.name FROM episodes_appearance AS appearance
        JOIN guests_guest AS guest ON guest.id = appearance.guest_id
        WHERE appearance.episode_id = episode.id ORDER BY appearance.position LIMIT 1),
       enclosure.name, enclosure.seconds, transcript.id, counted.*
FROM newest JOIN episodes_episode AS episode ON episode.id = newest.episode_id
LEFT JOIN episodes_enclosure AS enclosure ON enclosure.episode_id = episode.id
LEFT JOIN topics_transcript AS transcript ON transcript.episode_id = episode.id, counted
ORDER BY newest.published_at DESC, newest.episode_id DESC, newest.seconds, newest.id
"""
COUNT = """
SELECT {place} AS place, count(*), count(DISTINCT episode_id) FROM (
    SELECT passage.episode_id FROM search_passage AS passage
    JOIN search_document AS document USING (episode_id)
    WHERE {passage} AND {document} LIMIT %(most)s + 1
) AS found
"""
EPISODES = """
SELECT document.episode_id FROM search_document AS document
WHERE {document} AND document.episode_id IN (
    SELECT passage.episode_id FROM search_passage AS passage WHERE {passage})
ORDER BY document.published_at DESC, document.episode_id DESC LIMIT %(limit)s
"""
# A topic that answers is heard for all that is said under it: where the transcript answers too,
# that's the same moment again. Some seconds of it make one passage, in which a topic may begin.
SAID_UNDER = """
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
class Condition:
    """What a moment must say, as SQL, with the values that its names in %(…)s stand for.

    `says` makes a tsquery with {match}, a function that reads a text as words. `passage` and
    `document` narrow further by rows of these names.
    """

    says: str
    passage: str = "TRUE"
    document: str = "TRUE"
    parameters: dict[str, Any] = field(default_factory=dict)

    def sql(self, template: str, place: int = 0) -> str:
        """A template of this module with the conditions in their places."""
        # Documents don't know where a word stands, so phrases are for passages.
        phrases = self.says.format(match="phraseto_tsquery")
        answers = f"passage.vector @@ ({phrases}) AND {self.passage}"
        under = SAID_UNDER.format(topic=answers.replace("passage.", "topic."))
        return template.format(
            place=place,
            words=self.says.format(match="plainto_tsquery"),
            passage=f"{answers} AND passage.seconds IS NOT NULL AND NOT ({under})",
            document=f"document.published_at <= %(now)s AND {self.document}",
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """A moment away from its episode's page, as lists show it: like a Topic, and whose it is."""

    episode: Episode  # with its title, number, address, date, picture, audio and transcript
    seconds: int
    plain: str
    until: int | None  # seconds at which the next topic begins, if there is one
    guest: str | None  # the first one's name

    @property
    def time(self) -> str:
        return format_timecode(self.seconds)

    def get_absolute_url(self) -> str:
        return f"{self.episode.get_absolute_url()}?t={self.seconds}"


@dataclass(frozen=True, slots=True)
class Count:
    """How many moments, in how many episodes. `capped`: there are more than these."""

    moments: int = 0
    episodes: int = 0
    capped: bool = False


def newest_moments(
    condition: Condition, *, limit: int, offset: int = 0
) -> tuple[list[Heard], Count]:
    """The moments from `offset` on, newest episode first and in order, and their count.

    The count is known only where there is a moment to show. One query.
    """
    page = {"limit": limit, "offset": offset, "last": limit + offset}
    rows = _rows(condition.sql(NEWEST), condition.parameters | page)
    heard = [_heard(*row[:-2]) for row in rows]
    return heard, _count(*rows[0][-2:]) if rows else Count()


def counts(several: Sequence[Condition]) -> list[Count]:
    """How much there is of each. Their parameters must have names of their own. One query."""
    if not several:
        return []
    sql = " UNION ALL ".join(each.sql(COUNT, place) for place, each in enumerate(several))
    parameters = {name: value for each in several for name, value in each.parameters.items()}
    return [_count(*row[1:]) for row in _rows(f"{sql} ORDER BY place", parameters)]


def episodes(condition: Condition, *, limit: int) -> list[int]:
    """The keys of the newest episodes with such a moment. One query."""
    return [
        key for (key,) in _rows(condition.sql(EPISODES), condition.parameters | {"limit": limit})
    ]


def _heard(*row: Any) -> Heard:
    """A row of NEWEST. What it says of an enclosure and a transcript is the episode's."""
    *fields, seconds, text, until, guest, audio, length, transcript = row
    names = ("kind", "slug", "title", "number", "published_at", "image", "image_url")
    episode = Episode(**dict(zip(names, fields, strict=True)))
    if audio:
        Enclosure(episode=episode, name=audio, seconds=length)
    if transcript:
        Transcript(pk=transcript, episode=episode)
    return Heard(episode, seconds, text, until, guest)


def _count(moments: int, episodes: int) -> Count:
    return Count(min(moments, MOST_COUNTED), min(episodes, MOST_COUNTED), moments > MOST_COUNTED)


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"now": timezone.now(), "most": MOST_COUNTED})
        return cursor.fetchall()
