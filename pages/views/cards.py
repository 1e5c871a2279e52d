"""The pictures by which episodes and technologies are shared."""

import logging

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from episodes.social_cards import drawn_card, named_card, stored_card
from media.storages import IMMUTABLE
from pages.addresses import absolute
from show.models import Show

logger = logging.getLogger(__name__)


@require_safe
def card(request: HttpRequest, key: str) -> HttpResponse:
    """The card of this name: as stored, else drawn, if a page names it; 404 otherwise.

    Who comes while it is drawn, or finds the storage out of reach, gets the show's artwork.
    """
    try:
        picture = stored_card(key) or _drawn(key)
    except OSError:
        logger.exception("The storage has no answer for card %s", key)
        picture = None
    if picture is None:
        return _artwork()
    return HttpResponse(picture, "image/png", headers={"Cache-Control": IMMUTABLE})


def _drawn(key: str) -> bytes | None:
    """Raises Http404 for a card that no page names today, and OSError."""
    named = named_card(key)
    if named is None:
        raise Http404("No page names such a card.")
    return drawn_card(*named)


def _artwork() -> HttpResponse:
    """In the card's place, and not to be kept there."""
    artwork = Show.objects.current().artwork_address
    address = absolute(artwork or staticfiles_storage.url("img/icon-180.png"))
    return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})
