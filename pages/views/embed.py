"""An episode's player for the pages of others, and oEmbed, by which their programs find it.

The protocol: oembed.com.
"""

from xml.sax.saxutils import escape

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from caching.http import conditional_get
from episodes.models import Episode, EpisodeQuerySet
from pages.addresses import absolute
from pages.metadata import episode_picture, metadata
from pages.moments import asked_moment, topic_lines
from pages.redirects import elsewhere
from pages.rendering import page
from pages.sharing import HEIGHT, WIDTH, asked_episode, at, iframe
from show.models import Show
from text.markup import ILLEGAL_XML

Answer = dict[str, str | int]


@conditional_get
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A published episode's player with its chapters; with `?t=` at that moment."""
    found = _embeddable().filter(slug=slug).prefetch_related("topics").first()
    if found is None:
        return elsewhere(request)
    return _framed(request, found)


@xframe_options_exempt
def _framed(request: HttpRequest, found: Episode) -> HttpResponse:
    """The one page that any other may show in a frame."""
    show = Show.objects.current()
    topics = list(found.topics.all())
    moment = asked_moment(request.GET.get("t", ""), topics, found.seconds)
    path = found.get_absolute_url()
    response = page(
        request,
        "pages/embed.html",
        show=show,
        metadata=metadata(show, found.title, path, robots="noindex"),
        episode=found,
        moment=moment,
        lines=topic_lines(topics, moment),
        page=absolute(path),
        link=absolute(path) + at(moment.seconds if moment else None),
    )
    response.headers["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": "*"})
    return response


@conditional_get
def oembed(request: HttpRequest) -> HttpResponse:
    """The player of the episode that `url` names, as code for a page: sections 2.2 to 2.3."""
    kind = request.GET.get("format", "json")
    if kind not in ("json", "xml"):
        return _refusal(501, f"This answers in json and xml, not in {kind[:40]}.")
    url = request.GET.get("url", "")
    if not url:
        return _refusal(400, "Which page? Say so by url=…")
    asked = asked_episode(url)
    found = asked and _embeddable().filter(slug=asked[0]).first()
    if not found or not asked:
        return _refusal(404, "This is no address of an episode that can be heard here.")
    try:
        width, height = (_limit(request, name) for name in ("maxwidth", "maxheight"))
    except ValueError:
        return _refusal(400, "maxwidth and maxheight are numbers of pixels.")
    answer = _answer(found, asked[1], width, height)
    response = JsonResponse(answer) if kind == "json" else _xml(answer)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _answer(found: Episode, start: int | None, most_wide: int, most_high: int) -> Answer:
    """The parameters of section 2.3.4; a picture only within the limits, which it says holds."""
    show = Show.objects.current()
    width, height = min(WIDTH, most_wide), min(HEIGHT, most_high)
    picture = episode_picture(show, found)
    answer: Answer = {
        "version": "1.0",
        "type": "rich",
        "title": found.title,
        "provider_name": show.title,
        "provider_url": absolute(reverse("home")),
        "html": iframe(found, start, width, height),
        "width": width,
        "height": height,
    }
    if picture is None or not picture.width or not picture.height:
        return answer
    if picture.width > most_wide or picture.height > most_high:
        return answer
    return answer | {
        "thumbnail_url": absolute(picture.address),
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }


def _embeddable() -> EpisodeQuerySet:
    """Published episodes that there is something to hear of, with their guests."""
    heard = Episode.objects.published().podcast().filter(enclosure__isnull=False)
    return heard.select_related("enclosure").with_guests()


def _limit(request: HttpRequest, name: str) -> int:
    """How many pixels the asking page has room for. Raises ValueError."""
    value = request.GET.get(name) or "100000"
    if not value.isascii() or not value.isdigit() or not 1 <= len(value) <= 6 or not int(value):
        raise ValueError(name)
    return int(value)


def _xml(answer: Answer) -> HttpResponse:
    legal = {name: escape(ILLEGAL_XML.sub("", str(value))) for name, value in answer.items()}
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in legal.items())
    document = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{fields}</oembed>'
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def _refusal(status: int, words: str) -> HttpResponse:
    return HttpResponse(f"{words}\n", content_type="text/plain; charset=utf-8", status=status)
