"""The address of an episode's audio, which never changes, and where the audio lies now."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from episodes.models import Enclosure, Episode
from text.urls import bare_host

NOT_HERE = "We don't have this file yet.\n"


@require_safe
@cache_control(public=True, max_age=60)
def audio(request: HttpRequest, name: str) -> HttpResponse:
    """One redirect to the audio of a published episode.

    Drafts, scheduled and withdrawn episodes have none (404). Audio that was imported from the
    address at which we now serve is missing until it is uploaded, which the 404 says.
    """
    published = Enclosure.objects.filter(episode__in=Episode.objects.published())
    return recording(get_object_or_404(published, name=name))


def recording(enclosure: Enclosure) -> HttpResponse:
    """One redirect to where the audio lies now, or 404 with the reason why it lies nowhere."""
    if enclosure.file:
        return HttpResponseRedirect(enclosure.file.url)
    if is_ours(enclosure.url):
        return HttpResponse(NOT_HERE, status=404, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(enclosure.url)


def is_ours(url: str) -> bool:
    """Whether an address is on this site, so that redirecting there would never end."""
    return bare_host(url) == bare_host(settings.SITE_URL)
