"""robots.txt and the sitemap."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from episodes.addresses import absolute_url
from pages import sitemaps
from pages.redirects import redirect_or_404
from pages.robots_txt import robots_text
from show.models import Show

XML = "application/xml; charset=utf-8"
PART = re.compile(r"[1-9][0-9]{0,5}")


@conditional_get
def robots(request: HttpRequest) -> HttpResponse:
    show = Show.objects.current()
    text = robots_text(absolute_url(reverse("sitemap")), ai_crawlers=show.ai_crawlers)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@conditional_get
def sitemap_index(request: CacheableRequest) -> HttpResponse:
    return HttpResponse(
        per_content_version(request, "sitemap", sitemaps.index_xml), content_type=XML
    )


@conditional_get
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """A section of the sitemap; `?p=2` is its second part."""
    number = request.GET.get("p", "1")
    if section not in sitemaps.SECTIONS or not PART.fullmatch(number):
        return redirect_or_404(request)
    text = sitemaps.section_xml(section, int(number))
    return redirect_or_404(request) if text is None else HttpResponse(text, content_type=XML)
