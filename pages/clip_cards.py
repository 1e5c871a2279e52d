"""Social cards of clips. They aren't stored: an episode has millions of clips.

A key has the clip's times and a hash of the card's words: nobody can have other words drawn.
"""

import re
from time import monotonic

from django.db import connection, transaction
from django.urls import reverse

from episodes.models import Episode
from episodes.social_cards import card_of, key_of
from media.draw_social_card import HEIGHT, WIDTH, Card, card, draw
from pages.moments import Moment, parse_moment
from pages.social_image import SocialImage
from show.models import Show

KEY = re.compile(r"[0-9a-f]{32}e([1-9][0-9]{0,17})-([0-9]{1,6})-([0-9]{1,6})", re.ASCII)
LOCK = (0x636C6970, 1)  # “clip”: an advisory lock
REST = 1.0  # seconds between two drawings of a process: each takes a fifth of a second
MOST = 16  # cards that this process has at hand: a shared link is fetched by many at once
newest: dict[str, bytes] = {}  # by key
rested_at = 0.0  # when this process may draw again


def clip_image(show: Show, episode: Episode, moment: Moment | None) -> SocialImage | None:
    """The card of a clip of an episode fetched with its guests; None for a mere moment. No query.

    None also if the typeface lacks letters.
    """
    of = _card(show, episode, moment)
    if of is None or moment is None:
        return None
    address = reverse("card", args=[_key(episode, of, moment)])
    return SocialImage(address, of.alt, WIDTH, HEIGHT)


def named_clip_card(key: str) -> Card | None:
    """The card of a key that a clip's page names today. Up to five queries."""
    match = KEY.fullmatch(key)
    if match is None:
        return None
    episodes = Episode.objects.published().podcast().with_guests()
    episode = episodes.select_related("enclosure").filter(pk=int(match[1])).first()
    if episode is None:
        return None
    topics = list(episode.topics.all())
    moment = parse_moment(f"{match[2]},{match[3]}", topics, episode.seconds)
    of = _card(Show.objects.current(), episode, moment)
    return of if of and moment and _key(episode, of, moment) == key else None


def drawn_clip_card(key: str, of: Card) -> bytes | None:
    """The image; None while another clip's is drawn, or just was.

    An advisory lock holds for all machines.
    """
    global rested_at
    if key in newest or monotonic() < rested_at:
        return newest.get(key)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK)
        if not cursor.fetchone()[0]:
            return None
        image = draw(of)
        rested_at = monotonic() + REST
    newest[key] = image
    for oldest in list(newest)[:-MOST]:
        newest.pop(oldest, None)
    return image


def _card(show: Show, episode: Episode, moment: Moment | None) -> Card | None:
    of = card_of(show, episode)
    if of is None or moment is None or moment.end is None:
        return None
    topic = moment.topic
    return card(
        show=of.show,
        label=f"{of.label}, {moment.span}",
        title=topic.plain if topic else of.title,
        people=f"{of.title} {of.people}" if topic else of.people,
    )


def _key(episode: Episode, of: Card, moment: Moment) -> str:
    return f"{key_of(episode, of)}-{moment.seconds}-{moment.end}"
