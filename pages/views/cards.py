"""Social cards of episodes, topics, technologies, questions and lists."""

import logging

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from episodes.addresses import absolute_url
from episodes.social_cards import drawn_card, named_card, stored_card
from media.cross_origin import allow_any_origin
from media.storages import IMMUTABLE
from pages.page_cards import named_page_card
from pages.topic_cards import drawn_topic_card, named_topic_card
from show.models import Show

logger = logging.getLogger(__name__)


@allow_any_origin
@require_safe
def card(request: HttpRequest, key: str) -> HttpResponse:
    """The card, drawn on the first request; 404 unless a page names it.

    While another request draws it, and if the storage fails, the show's artwork.
    """
    try:
        image = stored_card(key) or _draw(key)
    except OSError:
        logger.exception("The storage has no answer for card %s", key)
        image = None
    if image is None:
        return _artwork()
    return HttpResponse(image, "image/png", headers={"Cache-Control": IMMUTABLE})


def _draw(key: str) -> bytes | None:
    """Raises Http404 for a card that no page names today, and OSError."""
    if topic := named_topic_card(key):
        return drawn_topic_card(key, *topic)
    if page := named_page_card(key):
        return drawn_card(None, page, key)
    named = named_card(key)
    if named is None:
        raise Http404("No page names such a card.")
    return drawn_card(*named)


def _artwork() -> HttpResponse:
    artwork = Show.objects.current().artwork_address
    address = absolute_url(artwork or staticfiles_storage.url("img/icon-180.png"))
    return HttpResponseRedirect(address, headers={"Cache-Control": "no-store"})
