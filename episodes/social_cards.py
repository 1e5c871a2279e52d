"""Stores social cards, which represent pages in shared links.

A card's key is a hash of what it shows and its owner's key: it may be cached for ever, and nobody
can have other words drawn. The cards of lists and questions have no owner (pages.page_cards).
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.text import get_text_list

from episodes.counts import UsageYear, technologies_in_use, usage_by_year
from episodes.models import Episode, EpisodeQuerySet, SocialCard
from media.draw_social_card import PICTURE, Card, card, draw
from show.models import Show
from stack.models import Technology
from text.timecode import end_of

Owner = Episode | Technology
NamedCard = tuple[str, Owner | None, Card]  # with its key

LETTERS: dict[type[Owner], str] = {Episode: "e", Technology: "c"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
KEY = re.compile(r"[0-9a-f]{32}([ec])([1-9][0-9]{0,17})", re.ASCII)
# Earlier shares still show the card with the former words.
CARDS_PER_PAGE = 4
TOPIC_CARDS = 100  # of an episode
CARDS_OF_LISTS = 200
FEWEST_TOPICS = 3  # as in the page's own strip
YEARS = 12  # the newest


def card_of(show: Show, owner: Owner, years: Sequence[UsageYear] | None = None) -> Card | None:
    """The card of an episode fetched for cards, or of a technology; None if letters lack.

    `years`: the technology's use by year; without them two queries read it.
    """
    if isinstance(owner, Technology):
        if years is None:
            years = usage_by_year([owner], show.zone)
        bars = tuple((each.number, _share(each, owner)) for each in years[-YEARS:])
        episodes = sum(each.used[owner.pk] for each in years)
        return card(
            show=show.title,
            label="Technology",
            title=owner.heading,
            subtitle=f"{episodes} episode{'s' * (episodes != 1)}" if episodes else "",
            bars=bars if len(bars) > 1 else (),
        )
    label = "Interview" if owner.is_interview else "Episode"
    guests = [appearance.guest for appearance in owner.appearances.all()]
    faces = tuple(guest.picture_on_cards(PICTURE) for guest in guests if guest.avatar)
    return card(
        show=show.title,
        label=label if owner.number is None else f"{label} {owner.number}",
        title=owner.title,
        subtitle=with_people([guest.name for guest in guests]),
        pictures=faces or artwork_pictures(show),
        is_face=bool(faces),
        strip=_strip(owner),
    )


def with_people(names: Sequence[str]) -> str:
    return f"with {get_text_list(list(names), 'and')}" if names else ""


def artwork_pictures(show: Show) -> tuple[str, ...]:
    """The show's stored artwork, if it has any, as a card's pictures."""
    return (show.picture_on_cards(PICTURE),) if show.artwork else ()


def _share(year: UsageYear, technology: Technology) -> float:
    return round(year.used[technology.pk] / year.episodes, 3) if year.episodes else 0.0


def _strip(episode: Episode) -> tuple[int, ...]:
    """Where its topics begin, then where the last one ends; in seconds."""
    starts = episode.topic_starts
    if len(starts) < FEWEST_TOPICS:
        return ()
    return (*starts, end_of(starts[-1], episode.seconds))


def key_of(owner: Owner, of: Card) -> str:
    """The card's name in addresses."""
    return f"{of.digest}{LETTERS[type(owner)]}{owner.pk}"


def stored_card(key: str) -> bytes | None:
    """The stored image of this key, if its owner is public. One query. Raises OSError."""
    row = SocialCard.objects.public().filter(key=key).first()
    return _read(row) if row else None


def named_card(key: str) -> tuple[Owner, Card] | None:
    """Owner and card of a key that a public page names today. Up to five queries."""
    match = KEY.fullmatch(key)
    owner = _public(KINDS[match[1]], int(match[2])) if match else None
    of = card_of(Show.objects.current(), owner) if owner else None
    return (owner, of) if owner and of and key_of(owner, of) == key else None


def drawn_card(owner: Owner | None, of: Card, key: str = "") -> bytes | None:
    """The image, drawn and stored unless it already is. Raises OSError.

    None while another process draws it: an advisory lock holds for all machines. In a transaction
    that may only read, a frozen copy's, it is drawn and not stored. `key`: its name, if it isn't
    its owner's only card.
    """
    key = key or key_of(cast(Owner, owner), of)
    with transaction.atomic():
        if _is_read_only():
            return draw(of)
        if not _try_lock(of):
            return None
        row = SocialCard.objects.filter(key=key).first()
        stored = _read(row) if row else None
        if stored:
            return stored
        picture = draw(of)
        _store(owner, key, picture)
        return picture


def draw_unstored(
    named: Iterable[NamedCard], on_card: Callable[[int, int], object], most: int | None
) -> int:
    """Draw and store these cards, at most `most`, unless they are; how many were missing.

    `on_card` is called after each with the number so far and the number of all. Raises OSError.
    """
    cards = {key: (owner, of) for key, owner, of in named}
    for key in SocialCard.objects.filter(key__in=cards).values_list("key", flat=True):
        del cards[key]
    for count, (key, (owner, of)) in enumerate(list(cards.items())[:most], 1):
        drawn_card(owner, of, key)
        on_card(count, len(cards))
    return len(cards)


def draw_after_commit(owner: Owner) -> None:
    """Draw a public page's card after the commit; if that fails, the first visitor has it drawn."""

    def draw_ahead() -> None:
        saved = _public(type(owner), owner.pk)
        of = card_of(Show.objects.current(), saved) if saved else None
        if saved and of:
            drawn_card(saved, of)

    transaction.on_commit(draw_ahead, robust=True)


def public_cards() -> Iterator[NamedCard]:
    """Each public episode and technology with its card, if it has one. Six queries."""
    show = Show.objects.current()
    technologies = list(technologies_in_use())
    years = usage_by_year(technologies, show.zone)
    for owner in (*_episodes(), *technologies):
        of = card_of(show, owner, years)
        if of:
            yield key_of(owner, of), owner, of


def _episodes() -> EpisodeQuerySet:
    return Episode.objects.published().with_guests().with_topic_starts()


def _public(kind: type[Owner], pk: int) -> Owner | None:
    """The episode with its guests, or the technology, if it is public."""
    if kind is Technology:
        return technologies_in_use().filter(pk=pk).first()
    return _episodes().filter(pk=pk).first()


def _read(row: SocialCard) -> bytes | None:
    """Its bytes; None if they are gone from the storage."""
    try:
        with default_storage.open(row.file) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _is_read_only() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone()[0] == "on"


def _try_lock(of: Card) -> bool:
    """Whether this transaction may draw the card."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(of.digest[:15], 16)])
        return cursor.fetchone()[0]


def _store(owner: Owner | None, key: str, picture: bytes) -> None:
    """Store the image under an unguessable name and delete the oldest ones of its kind."""
    file = f"cards/{secrets.token_hex(16)}.png"
    SocialCard.objects.filter(key=key).delete()
    if owner is None:
        SocialCard.objects.create(key=key, file=file)
        _prune(SocialCard.objects.filter(episode=None, technology=None), CARDS_OF_LISTS)
    else:
        owner.cards.create(key=key, file=file)
        _prune(owner.cards.filter(key__contains="-"), TOPIC_CARDS)
        _prune(owner.cards.exclude(key__contains="-"), CARDS_PER_PAGE)
    default_storage.save(file, ContentFile(picture))


def _prune(cards: QuerySet[SocialCard], most: int) -> None:
    newest = cards.order_by("-pk").values("pk")[:most]
    cards.exclude(pk__in=newest).delete()
