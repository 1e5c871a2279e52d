"""The permanent address of an episode's audio, which redirects to the present file."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from episodes.models import Enclosure, Episode
from media.cross_origin import allow_any_origin
from text.urls import bare_host

NOT_HERE = "We don't have this file yet.\n"


@allow_any_origin
@require_safe
@cache_control(public=True, max_age=60)
def audio(request: HttpRequest, name: str) -> HttpResponse:
    """Redirect to the audio of a published episode; 404 for all others.

    Audio imported from the address at which this site now answers is missing until it is uploaded.
    """
    published = Enclosure.objects.filter(episode__in=Episode.objects.published())
    return redirect_to_audio(get_object_or_404(published, name=name))


def redirect_to_audio(enclosure: Enclosure) -> HttpResponse:
    """Redirect to the present file, or 404 with the reason."""
    if enclosure.file:
        return HttpResponseRedirect(enclosure.file.url)
    if is_on_this_site(enclosure.url):
        return HttpResponse(NOT_HERE, status=404, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(enclosure.url)


def is_on_this_site(url: str) -> bool:
    """Whether a URL is on this site: a redirect there would loop."""
    return bare_host(url) == bare_host(settings.SITE_URL)
