"""Social cards of topics, which stand for their moments and clips too.

A key has the topic's time and a hash of what the card shows: nobody can have other words drawn.
"""

import re
from time import monotonic

from django.db import connection, transaction

from episodes.models import Episode
from episodes.social_cards import artwork_pictures, card_of, drawn_card, key_of, with_people
from media.draw_social_card import PICTURE, Card, card
from pages.moments import Moment
from pages.social_image import SocialImage, image_of
from show.models import Show
from text.timecode import format_span
from topics.credits import credited
from topics.models import Topic

KEY = re.compile(r"[0-9a-f]{32}e([1-9][0-9]{0,17})-(0|[1-9][0-9]{0,5})", re.ASCII)
LOCK = (0x636C6970, 1)  # “clip”: an advisory lock
REST = 1.0  # seconds between two drawings of a process: each takes a third of a second
rested_at = 0.0  # when this process may draw again


def topic_image(show: Show, episode: Episode, moment: Moment | None) -> SocialImage | None:
    """The card of a moment's topic; None before the first topic. No query.

    None also if the typeface lacks letters.
    """
    topic = moment.topic if moment else None
    of = _card(show, episode, topic) if topic else None
    return image_of(of, _key(episode, of, topic)) if of and topic else None


def named_topic_card(key: str) -> tuple[Episode, Card] | None:
    """Episode and card of a key that a moment's page names today. Up to five queries."""
    match = KEY.fullmatch(key)
    if match is None:
        return None
    episodes = Episode.objects.published().podcast().with_guests().with_topic_starts()
    episode = episodes.select_related("enclosure").filter(pk=int(match[1])).first()
    topic = episode.topics.filter(seconds=int(match[2])).first() if episode else None
    if episode is None or topic is None:
        return None
    of = _card(Show.objects.current(), episode, topic)
    return (episode, of) if of and _key(episode, of, topic) == key else None


def drawn_topic_card(key: str, episode: Episode, of: Card) -> bytes | None:
    """The image, stored from then on; None while another topic's is drawn, or just was.

    An advisory lock holds for all machines.
    """
    global rested_at
    if monotonic() < rested_at:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK)
        if not cursor.fetchone()[0]:
            return None
        image = drawn_card(episode, of, key)
        rested_at = monotonic() + REST
    return image


def _card(show: Show, episode: Episode, topic: Topic) -> Card | None:
    of = card_of(show, episode)
    if of is None:
        return None
    guests = {each.guest.name: each.guest for each in episode.appearances.all()}
    said_by = credited(topic.plain, guests)
    until = _end_of(episode, topic)
    # The face of somebody else would be worse than none.
    faces = [guests[name].picture_on_cards(PICTURE) for name in said_by if guests[name].avatar]
    has_faces = bool(faces) and len(faces) == len(said_by)
    return card(
        show=of.show,
        label=f"{of.label}, {format_span(topic.seconds, until)}",
        title=topic.plain,
        subtitle=f"{of.title} {with_people(said_by)}",
        pictures=tuple(faces) if has_faces else artwork_pictures(show),
        is_face=has_faces,
        strip=of.strip,
        seconds=topic.seconds,
        until=until,
    )


def _end_of(episode: Episode, topic: Topic) -> int | None:
    """The second at which the topic ends, so that the card is true of each moment in it."""
    following = (each for each in episode.topic_starts if each > topic.seconds)
    return next(following, episode.seconds)


def _key(episode: Episode, of: Card, topic: Topic) -> str:
    return f"{key_of(episode, of)}-{topic.seconds}"
