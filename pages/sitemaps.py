"""The sitemap's sections. Each lists what has a page of its own, with when it last changed."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from episodes.counts import libraries_in_use, public_guests, technologies_in_use
from episodes.models import Episode
from search.models import Question
from show.models import Page


class OwnSitemap(Sitemap):
    """Addresses begin with SITE_URL, whatever host the request named."""

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Indexes(OwnSitemap):
    """The home page and the lists."""

    def items(self) -> list[str]:
        return "home episodes interviews stack stack_mine libraries questions guests follow".split()

    def location(self, item: str) -> str:
        return reverse(item)


class Episodes(OwnSitemap):
    """Published episodes and interviews."""

    def items(self) -> QuerySet[Episode]:
        return Episode.objects.published().newest_first()

    def lastmod(self, item: Episode) -> datetime | None:
        return item.updated_on or item.published_at


class LastHeard(OwnSitemap):
    """Pages that change with the newest episode they list."""

    def lastmod(self, item: Any) -> datetime:
        return item.last_heard


class Technologies(LastHeard):
    def items(self) -> QuerySet:
        return technologies_in_use()


class Libraries(LastHeard):
    def items(self) -> QuerySet:
        return libraries_in_use()


class Guests(LastHeard):
    def items(self) -> QuerySet:
        return public_guests()


class Questions(OwnSitemap):
    """The questions the host keeps."""

    def items(self) -> QuerySet[Question]:
        return Question.objects.all()


class HostPages(OwnSitemap):
    """What the host writes and lets search engines list."""

    def items(self) -> QuerySet[Page]:
        return Page.objects.published().filter(indexed=True).order_by("slug")

    def lastmod(self, item: Page) -> datetime:
        return item.updated_at


SECTIONS: dict[str, type[OwnSitemap]] = {
    "indexes": Indexes,
    "episodes": Episodes,
    "technologies": Technologies,
    "libraries": Libraries,
    "guests": Guests,
    "questions": Questions,
    "pages": HostPages,
}
