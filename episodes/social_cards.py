"""Stores social cards, which represent episodes and technologies in shared links.

A card's key is a hash of its words and its owner's key: it may be cached for ever, and nobody can
have other words drawn.
"""

import re
import secrets
from collections.abc import Callable, Iterator

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.text import get_text_list

from episodes.counts import technologies_in_use
from episodes.models import Episode, SocialCard
from media.draw_social_card import Card, card, draw
from show.models import Show
from stack.models import Technology

Owner = Episode | Technology

LETTERS: dict[type[Owner], str] = {Episode: "e", Technology: "c"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
KEY = re.compile(r"[0-9a-f]{32}([ec])([1-9][0-9]{0,17})", re.ASCII)
# Earlier shares still show the card with the former words.
CARDS_PER_PAGE = 4


def card_of(show: Show, owner: Owner) -> Card | None:
    """The card of a row fetched with its guests; None if the typeface lacks letters."""
    if isinstance(owner, Technology):
        return card(show=show.title, label="Technology", title=owner.heading)
    label = "Interview" if owner.is_interview else "Episode"
    guests = [appearance.guest.name for appearance in owner.appearances.all()]
    return card(
        show=show.title,
        label=label if owner.number is None else f"{label} {owner.number}",
        title=owner.title,
        people=f"with {get_text_list(guests, 'and')}" if guests else "",
    )


def key_of(owner: Owner, of: Card) -> str:
    """The card's name in addresses."""
    return f"{of.digest}{LETTERS[type(owner)]}{owner.pk}"


def stored_card(key: str) -> bytes | None:
    """The stored image of this key, if its owner is public. One query. Raises OSError."""
    row = SocialCard.objects.public().filter(key=key).first()
    return _read(row) if row else None


def named_card(key: str) -> tuple[Owner, Card] | None:
    """Owner and card of a key that a public page names today. Up to three queries."""
    match = KEY.fullmatch(key)
    owner = _public(KINDS[match[1]], int(match[2])) if match else None
    of = card_of(Show.objects.current(), owner) if owner else None
    return (owner, of) if owner and of and key_of(owner, of) == key else None


def drawn_card(owner: Owner, of: Card) -> bytes | None:
    """The image, drawn and stored unless it already is. Raises OSError.

    None while another process draws it: an advisory lock holds for all machines. In a transaction
    that may only read it is drawn and not stored.
    """
    key = key_of(owner, of)
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


def draw_missing(on_card: Callable[[int, int], object]) -> int:
    """Draw and store every public page's card that isn't stored yet; how many were missing.

    `on_card` is called after each with the number so far and the number of all. Raises OSError.
    """
    cards = {key_of(owner, of): (owner, of) for owner, of in _public_cards()}
    for key in SocialCard.objects.filter(key__in=cards).values_list("key", flat=True):
        del cards[key]
    for count, (owner, of) in enumerate(cards.values(), 1):
        drawn_card(owner, of)
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


def _public_cards() -> Iterator[tuple[Owner, Card]]:
    """Each public episode and technology with its card, if it has one. Four queries."""
    show = Show.objects.current()
    for owner in (*Episode.objects.published().with_guests(), *technologies_in_use()):
        of = card_of(show, owner)
        if of:
            yield owner, of


def _public(kind: type[Owner], pk: int) -> Owner | None:
    """The episode with its guests, or the technology, if it is public."""
    if kind is Technology:
        return technologies_in_use().filter(pk=pk).first()
    return Episode.objects.published().with_guests().filter(pk=pk).first()


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


def _store(owner: Owner, key: str, picture: bytes) -> None:
    """Store the image under an unguessable name and delete the owner's oldest ones."""
    file = f"cards/{secrets.token_hex(16)}.png"
    SocialCard.objects.filter(key=key).delete()
    owner.cards.create(key=key, file=file)
    newest = owner.cards.order_by("-pk").values("pk")[:CARDS_PER_PAGE]
    owner.cards.exclude(pk__in=newest).delete()
    default_storage.save(file, ContentFile(picture))
