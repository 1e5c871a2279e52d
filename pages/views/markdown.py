"""`/podcast/<slug>.md`: an episode or interview as Markdown."""

from django.http import HttpRequest, HttpResponse

from caching.http import conditional_get
from episodes.fetch import fetch_episode
from episodes.models import PUBLISHED, Episode
from pages.addresses import absolute
from pages.markdown import twin
from pages.redirects import elsewhere
from show.models import Show

MARKDOWN = "text/markdown; charset=utf-8"


@conditional_get
def episode(request: HttpRequest, slug: str) -> HttpResponse:
    return _document(request, Episode.Kind.PODCAST, slug)


@conditional_get
def interview(request: HttpRequest, slug: str) -> HttpResponse:
    return _document(request, Episode.Kind.INTERVIEW, slug)


def _document(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The twin names the page as the one to list. A withdrawn episode has none."""
    found = fetch_episode(PUBLISHED, kind=kind, slug=slug)
    if found is None:
        return elsewhere(request)
    response = HttpResponse(twin(Show.objects.current(), found), content_type=MARKDOWN)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Link"] = f'<{absolute(found.get_absolute_url())}>; rel="canonical"'
    return response
