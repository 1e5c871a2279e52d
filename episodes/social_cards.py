"""The card of an episode or technology: the picture by which its page is shared.

Its address is a hash of its words, so that it may be kept for ever: who renames anything brings
about another address. The hash ends in whose card it is. So it takes one row to tell what to draw,
and nobody has words drawn here that aren't the site's.
"""

import re
import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.text import get_text_list

from episodes.counts import technologies_in_use
from episodes.models import DrawnCard, Episode
from media.social_card import Card, card, draw
from show.models import Show
from stack.models import Technology

Owner = Episode | Technology

# Hexadecimal digits too, so that a key is nothing else.
LETTERS: dict[type[Owner], str] = {Episode: "e", Technology: "c"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
KEY = re.compile(r"[0-9a-f]{32}([ec])([1-9][0-9]{0,17})", re.ASCII)
# Of each page, so many cards are kept: who shared it earlier shows an earlier one.
CARDS_PER_PAGE = 4


def card_of(show: Show, owner: Owner) -> Card | None:
    """What the card says, from rows read with their guests; None if it can't be set."""
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
    """The picture under this key, if it is stored and visitors may see what it is of.

    One query. Raises OSError when the storage can't be read.
    """
    row = DrawnCard.objects.public().filter(key=key).first()
    return _read(row) if row else None


def named_card(key: str) -> tuple[Owner, Card] | None:
    """Whose card this is and what it says, if a public page names it today. Up to three queries."""
    match = KEY.fullmatch(key)
    owner = _public(KINDS[match[1]], int(match[2])) if match else None
    of = card_of(Show.objects.current(), owner) if owner else None
    return (owner, of) if owner and of and key_of(owner, of) == key else None


def drawn_card(owner: Owner, of: Card) -> bytes | None:
    """The picture, drawn and stored unless it is by now; None while somebody else is at it.

    The lock is the database's: it holds for all machines of an installation, and ends with the
    transaction of whoever dies. Raises OSError when it can't be stored.
    """
    key = key_of(owner, of)
    with transaction.atomic():
        if not _is_ours(of):
            return None
        row = DrawnCard.objects.filter(key=key).first()
        kept = _read(row) if row else None
        if kept:
            return kept
        picture = draw(of)
        _store(owner, key, picture)
        return picture


def draw_after_commit(owner: Owner) -> None:
    """Have the card drawn once this is saved, so that who is the first to share needn't wait.

    Only if visitors may see it then. A failure is logged and leaves the card to its first visitor.
    """

    def draw_ahead() -> None:
        saved = _public(type(owner), owner.pk)
        of = card_of(Show.objects.current(), saved) if saved else None
        if saved and of:
            drawn_card(saved, of)

    transaction.on_commit(draw_ahead, robust=True)


def _public(kind: type[Owner], pk: int) -> Owner | None:
    """The episode, with its guests, or technology, as far as visitors may see it."""
    if kind is Technology:
        return technologies_in_use().filter(pk=pk).first()
    return Episode.objects.published().with_guests().filter(pk=pk).first()


def _read(row: DrawnCard) -> bytes | None:
    """Its bytes; None if they are gone from the storage."""
    try:
        with default_storage.open(row.file) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _is_ours(of: Card) -> bool:
    """Whether it is us who draw this card, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(of.digest[:15], 16)])
        return cursor.fetchone()[0]


def _store(owner: Owner, key: str, picture: bytes) -> None:
    """Keep it, under a name that nobody can guess, and let go of the owner's oldest ones."""
    file = f"cards/{secrets.token_hex(16)}.png"
    DrawnCard.objects.filter(key=key).delete()
    owner.cards.create(key=key, file=file)
    kept = owner.cards.order_by("-pk").values("pk")[:CARDS_PER_PAGE]
    owner.cards.exclude(pk__in=kept).delete()
    default_storage.save(file, ContentFile(picture))
