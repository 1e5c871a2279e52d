"""What search engines read: robots.txt and the sitemap."""

from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from episodes.freshness import public_page
from pages.addresses import absolute
from pages.sitemaps import SECTIONS
from pages.views.moved import elsewhere

ROBOTS = """User-agent: *
Disallow: /health
Disallow: /admin/
Disallow: /search

Sitemap: {sitemap}
"""


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    text = ROBOTS.format(sitemap=absolute(reverse("sitemap")))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sections, and further pages of those beyond 50,000 addresses."""
    addresses = []
    for name, section in SECTIONS.items():
        address = absolute(reverse("sitemap_section", args=[name]))
        pages = section().paginator.num_pages
        addresses += [address, *(f"{address}?p={number}" for number in range(2, pages + 1))]
    return render(
        request, "pages/sitemap_index.xml", {"addresses": addresses}, content_type="application/xml"
    )


@public_page
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    if section not in SECTIONS:
        return elsewhere(request)
    return sitemap(request, {**SECTIONS}, section=section)
