"""What this site itself runs, told as episodes tell it of others, with numbers of this moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from platform import python_version
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from caching.http import CacheableRequest, conditional_get, per_content_version
from caching.page_cache import is_cached_by_nginx
from episodes.counts import libraries_in_use, technologies_in_use, totals
from pages.metadata import metadata
from pages.rendering import page
from pages.structured import breadcrumbs
from show.models import Show
from stack.models import Technology
from text.urls import url_key

# A library of ours, what it does here and where it lives.
LIBRARIES = (
    ("gunicorn", "runs it", "https://gunicorn.org"),
    ("psycopg2-binary", "speaks to the database", "https://www.psycopg.org"),
    ("whitenoise", "serves styles and scripts", "https://whitenoise.readthedocs.io"),
    ("markdown-it-py", "reads show notes", "https://github.com/executablebooks/markdown-it-py"),
    ("nh3", "lets only harmless HTML through", "https://github.com/messense/nh3"),
    ("django-csp", "forbids foreign scripts", "https://github.com/mozilla/django-csp"),
    ("pillow", "draws the cards of shared links", "https://python-pillow.github.io"),
    ("prometheus-client", "counts", "https://github.com/prometheus/client_python"),
)
NUMBERS = """
SELECT pg_database_size(current_database()),
       (SELECT number FROM show_contentversion),
       (SELECT changed_at FROM show_contentversion),
       (SELECT count(*) FROM notes_revision)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """Something that runs here. `path`: its page of this site, or its own."""

    name: str
    role: str
    version: str
    path: str

    @property
    def is_ours(self) -> bool:
        return self.path.startswith("/")


@conditional_get
def colophon(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    used = list(technologies(request))
    # As the page: once for each state of the content. The database grows by itself.
    size, edits, changed_at, revisions = per_content_version(request, "numbers", numbers)
    return page(
        request,
        "pages/colophon.html",
        show=show,
        metadata=metadata(
            show,
            "Colophon",
            request.path,
            description=f"What the site of {show.title} runs, and how it is.",
            structured=[breadcrumbs((show.title, reverse("home")), ("Colophon", request.path))],
        ),
        technologies=used,
        libraries=list(libraries()),
        totals=per_content_version(request, "totals", totals),
        size=size,
        edits=edits or 0,
        changed_at=changed_at,
        revisions=revisions,
    )


def numbers() -> tuple[int, int | None, datetime | None, int]:
    """Bytes of the database, edits, when the last one was, and saved versions of show notes."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS)
        return cursor.fetchone()


def technologies(request: HttpRequest) -> Iterator[Part]:
    """Those that this installation really uses; two queries."""
    running = dict(running_here(request))
    known = Technology.objects.by_name(running)
    slugs = {row.slug for row in technologies_in_use()}
    for name, (role, number, homepage) in running.items():
        row = known.get(name)
        own = row.get_absolute_url() if row and row.slug in slugs else homepage
        yield Part(name, role, number, own)


def running_here(request: HttpRequest) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Name, then what it does, its version and its homepage."""
    yield "Django", ("the framework", django.get_version(), "https://www.djangoproject.com")
    yield "Python", ("the language", python_version(), "https://www.python.org")
    # The version that the connection was told when it began.
    major = str(connection.pg_version // 10_000)  # type: ignore[attr-defined]
    told = "the only database: rows, search, and word of every edit"
    yield "PostgreSQL", (told, major, "https://www.postgresql.org")
    if is_cached_by_nginx(request):  # else this process caches the page, for everyone
        yield "nginx", ("the reverse proxy, caches pages until an edit", "", "https://nginx.org")
    if settings.S3_BUCKET:
        yield "S3", ("holds recordings and pictures", "", "https://aws.amazon.com/s3/")
    if settings.SENTRY_DSN:
        yield "Sentry", ("is told of errors, never of people", "", "https://sentry.io")
    if settings.METRICS_TOKEN:
        yield "Prometheus", ("reads the figures", "", "https://prometheus.io")


def libraries() -> Iterator[Part]:
    """Each under its page here, if a guest named it too; one query."""
    named: dict[str, Any] = {url_key(row.url): row for row in libraries_in_use()}
    for name, role, homepage in LIBRARIES:
        row = named.get(url_key(homepage))
        yield Part(name, role, version(name), row.get_absolute_url() if row else homepage)
