"""Moments by themselves, newest first: where something is named, or a question answered.

Nothing is ranked: documents are walked from the newest on until there are enough moments, so
that what a hundred thousand episodes say costs no more than what few do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from episodes.models import Episode, EpisodeQuerySet
from text.timecode import format_timecode

MOST_COUNTED = 1000

# The inner LIMIT keeps the planner from finding all passages first and sorting them.
NEWEST = """
SELECT episode.kind, episode.slug, episode.title, episode.published_at,
       moment.seconds, moment.text,
       (SELECT guest.name FROM episodes_appearance AS appearance
        JOIN guests_guest AS guest ON guest.id = appearance.guest_id
        WHERE appearance.episode_id = episode.id ORDER BY appearance.position LIMIT 1) AS guest
FROM search_document AS document CROSS JOIN LATERAL (
    SELECT passage.id, passage.seconds, passage.text FROM search_passage AS passage
    WHERE passage.episode_id = document.episode_id AND {passage}
    ORDER BY passage.seconds, passage.id LIMIT %(last)s
) AS moment JOIN episodes_episode AS episode ON episode.id = document.episode_id
WHERE document.vector @@ ({words}) AND {document}
ORDER BY document.published_at DESC, document.episode_id DESC, moment.seconds, moment.id
LIMIT %(limit)s OFFSET %(offset)s
"""
COUNT = """
SELECT count(*), count(DISTINCT episode_id) FROM (
    SELECT passage.episode_id FROM search_passage AS passage
    JOIN search_document AS document USING (episode_id)
    WHERE {passage} AND {document} LIMIT %(most)s + 1
) AS found
"""
EPISODES = """
SELECT document.episode_id FROM search_document AS document
WHERE document.vector @@ ({words}) AND {document} AND EXISTS (
    SELECT FROM search_passage AS passage
    WHERE passage.episode_id = document.episode_id AND {passage})
ORDER BY document.published_at DESC, document.episode_id DESC LIMIT %(limit)s
"""
BESIDE = "SELECT * FROM ({newest}) AS newest, ({count}) AS counted"
PLACED = "SELECT {place} AS place, counted.* FROM ({count}) AS counted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a moment must say, as SQL, with the values that its names in %(…)s stand for.

    `says` makes a tsquery with {match}, a function that reads a text as words. `passage` and
    `document` narrow further by rows of these names.
    """

    says: str
    passage: str = "TRUE"
    document: str = "TRUE"
    parameters: dict[str, Any] = field(default_factory=dict)

    def sql(self, template: str) -> str:
        """A template of this module with the conditions in their places."""
        # Documents don't know where in a transcript a word stands, so phrases are for passages.
        phrases = self.says.format(match="phraseto_tsquery")
        return template.format(
            words=self.says.format(match="plainto_tsquery"),
            passage=f"passage.vector @@ ({phrases}) AND seconds IS NOT NULL AND {self.passage}",
            document=f"document.published_at <= %(now)s AND {self.document}",
        )


@dataclass(frozen=True, slots=True)
class Heard:
    """A moment away from its episode's page, as lists show it: like a Topic, and whose it is."""

    episode: Episode  # with its title, address and date, and nothing else
    seconds: int
    plain: str
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


def newest(wanted: Wanted, *, limit: int, offset: int = 0) -> tuple[list[Heard], Count]:
    """The moments from `offset` on, newest episode first and in order, and their count.

    The count is known only where there is a moment to show. One query.
    """
    sql = BESIDE.format(newest=wanted.sql(NEWEST), count=wanted.sql(COUNT))
    page = {"limit": limit, "offset": offset, "last": limit + offset}
    rows = _rows(sql, wanted.parameters | page)
    heard = [
        Heard(Episode(kind=kind, slug=slug, title=title, published_at=at), seconds, text, guest)
        for kind, slug, title, at, seconds, text, guest, *_ in rows
    ]
    return heard, _count(*rows[0][-2:]) if rows else Count()


def counts(several: Sequence[Wanted]) -> list[Count]:
    """How much there is of each. Their parameters must have names of their own. One query."""
    if not several:
        return []
    sql = " UNION ALL ".join(
        PLACED.format(place=place, count=wanted.sql(COUNT)) for place, wanted in enumerate(several)
    )
    parameters = {name: value for each in several for name, value in each.parameters.items()}
    return [_count(*row[1:]) for row in _rows(f"{sql} ORDER BY place", parameters)]


def episodes(wanted: Wanted, *, limit: int) -> list[int]:
    """The keys of the newest episodes with such a moment. One query."""
    return [key for (key,) in _rows(wanted.sql(EPISODES), wanted.parameters | {"limit": limit})]


def among(episodes: EpisodeQuerySet, prefix: str) -> tuple[str, dict[str, Any]]:
    """SQL of the keys of these episodes, for IN, with its values under names of that prefix."""
    try:
        sql, values = episodes.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows already that there are none
        return "NULL", {}
    parameters = {f"{prefix}{place}": value for place, value in enumerate(values)}
    return sql.replace("%s", "{}").format(*(f"%({name})s" for name in parameters)), parameters


def _count(moments: int, episodes: int) -> Count:
    return Count(min(moments, MOST_COUNTED), episodes, moments > MOST_COUNTED)


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"now": timezone.now(), "most": MOST_COUNTED})
        return cursor.fetchall()
