"""An episode's player for other sites, and oEmbed (oembed.com), by which they discover it."""

from xml.sax.saxutils import escape

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt

from caching.http import conditional_get
from episodes.addresses import absolute_url
from episodes.models import Episode, EpisodeQuerySet
from media.cross_origin import allow_any_origin
from pages.metadata import metadata
from pages.moments import moment_query, parse_moment, redirect_to_spelling, topic_lines
from pages.redirects import redirect_or_404
from pages.rendering import render_page
from pages.sharing import HEIGHT, WIDTH, iframe, parse_episode_url
from pages.social_image import episode_image
from show.models import Show
from text.markup import ILLEGAL_XML

OEmbed = dict[str, str | int]


@conditional_get
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """A published episode's player with its chapters; `?t=` starts it at that moment."""
    found = _embeddable().filter(slug=slug).prefetch_related("topics").first()
    if found is None:
        return redirect_or_404(request)
    return _player(request, found)


@xframe_options_exempt
def _player(request: HttpRequest, found: Episode) -> HttpResponse:
    """The only page that other sites may show in a frame."""
    show = Show.objects.current()
    topics = list(found.topics.all())
    moment = parse_moment(request.GET.get("t", ""), topics, found.seconds)
    if redirect := redirect_to_spelling(request, moment):
        return redirect
    path = found.get_absolute_url()
    url = absolute_url(path)
    response = render_page(
        request,
        "pages/embed.html",
        metadata(show, found.title, path, robots="noindex"),
        episode=found,
        moment=moment,
        lines=topic_lines(topics, moment),
        page=url,
        link=url + moment_query(moment),
    )
    response.headers["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": "*"})
    return response


@allow_any_origin
@conditional_get
def oembed(request: HttpRequest) -> HttpResponse:
    """The embed code of the episode at `url`: sections 2.2 to 2.3."""
    output = request.GET.get("format", "json")
    if output not in ("json", "xml"):
        return _error(501, f"The format is json or xml, not {output[:40]}.")
    url = request.GET.get("url", "")
    if not url:
        return _error(400, "Missing parameter: url.")
    parsed = parse_episode_url(url)
    found = parsed and _embeddable().filter(slug=parsed[0]).first()
    if not found or not parsed:
        return _error(404, "No episode with audio has this address.")
    try:
        width, height = (_limit(request, name) for name in ("maxwidth", "maxheight"))
    except ValueError:
        return _error(400, "maxwidth and maxheight are numbers of pixels.")
    content = _oembed(found, parsed[1], width, height)
    response = JsonResponse(content) if output == "json" else _xml(content)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _oembed(found: Episode, moment: str, max_width: int, max_height: int) -> OEmbed:
    """The parameters of section 2.3.4; a thumbnail only within the limits, as it requires."""
    show = Show.objects.current()
    width, height = min(WIDTH, max_width), min(HEIGHT, max_height)
    image = episode_image(show, found)
    content: OEmbed = {
        "version": "1.0",
        "type": "rich",
        "title": found.title,
        "provider_name": show.title,
        "provider_url": absolute_url(reverse("home")),
        "html": iframe(found, moment, width, height),
        "width": width,
        "height": height,
    }
    if image is None or not image.width or not image.height:
        return content
    if image.width > max_width or image.height > max_height:
        return content
    return content | {
        "thumbnail_url": absolute_url(image.address),
        "thumbnail_width": image.width,
        "thumbnail_height": image.height,
    }


def _embeddable() -> EpisodeQuerySet:
    """Published episodes with audio, with their guests."""
    episodes = Episode.objects.published().podcast().filter(enclosure__isnull=False)
    return episodes.select_related("enclosure").with_guests().with_topic_starts()


def _limit(request: HttpRequest, name: str) -> int:
    """The largest size that the consumer accepts, in pixels. Raises ValueError."""
    value = request.GET.get(name) or "100000"
    if not value.isascii() or not value.isdigit() or not 1 <= len(value) <= 6 or not int(value):
        raise ValueError(name)
    return int(value)


def _xml(content: OEmbed) -> HttpResponse:
    legal = {name: escape(ILLEGAL_XML.sub("", str(value))) for name, value in content.items()}
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in legal.items())
    document = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{fields}</oembed>'
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def _error(status: int, message: str) -> HttpResponse:
    return HttpResponse(f"{message}\n", content_type="text/plain; charset=utf-8", status=status)
