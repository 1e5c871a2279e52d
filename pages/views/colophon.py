"""The site's own stack, listed like an episode's, with its present figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from platform import python_version

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from caching.http import CacheableRequest, conditional_get, per_content_version
from caching.page_cache import is_cached_by_nginx
from episodes.counts import libraries_in_use, technologies_in_use
from pages.cached_counts import site_totals
from pages.json_ld.site import breadcrumbs
from pages.metadata import metadata
from pages.rendering import render_page
from show.models import Show
from stack.models import Technology
from text.urls import url_key

# Package, what it does here, homepage.
LIBRARIES = (
    ("gunicorn", "serves the site", "https://gunicorn.org"),
    ("psycopg2-binary", "connects to the database", "https://www.psycopg.org"),
    ("whitenoise", "serves styles and scripts", "https://whitenoise.readthedocs.io"),
    ("markdown-it-py", "parses Markdown", "https://github.com/executablebooks/markdown-it-py"),
    ("nh3", "sanitises HTML", "https://github.com/messense/nh3"),
    ("django-csp", "keeps foreign scripts out", "https://github.com/mozilla/django-csp"),
    ("pillow", "draws the cards of shared links", "https://python-pillow.github.io"),
    ("prometheus-client", "counts requests", "https://github.com/prometheus/client_python"),
)
FIGURES = """
SELECT pg_database_size(current_database()),
       (SELECT number FROM show_contentversion),
       (SELECT changed_at FROM show_contentversion),
       (SELECT count(*) FROM notes_revision)
"""


@dataclass(frozen=True, slots=True)
class Component:
    """A technology or library of this site. `url`: its page here, else its homepage."""

    name: str
    role: str
    version: str
    url: str

    @property
    def has_page(self) -> bool:
        return self.url.startswith("/")


@conditional_get
def colophon(request: CacheableRequest) -> HttpResponse:
    show = Show.objects.current()
    used = list(technologies(request))
    # Once per content version, like the page: the database also grows without an edit.
    size, edits, changed_at, revisions = per_content_version(request, "numbers", figures)
    return render_page(
        request,
        "pages/colophon.html",
        metadata(
            show,
            "Colophon",
            request.path,
            description=f"The technologies and libraries behind the site of {show.title}.",
            json_ld=[breadcrumbs(show, ("Colophon", request.path))],
        ),
        technologies=used,
        libraries=list(libraries()),
        totals=site_totals(request),
        size=size,
        edits=edits or 0,
        changed_at=changed_at,
        revisions=revisions,
    )


def figures() -> tuple[int, int | None, datetime | None, int]:
    """Size of the database in bytes, edits, date of the last edit, saved revisions."""
    with connection.cursor() as cursor:
        cursor.execute(FIGURES)
        return cursor.fetchone()


def technologies(request: HttpRequest) -> Iterator[Component]:
    """The technologies that this installation uses; two queries."""
    installed = list(installed_technologies(request))
    rows = Technology.objects.by_name(each.name for each in installed)
    slugs = {row.slug for row in technologies_in_use()}
    for each in installed:
        row = rows.get(each.name)
        url = row.get_absolute_url() if row and row.slug in slugs else each.url
        yield Component(each.name, each.role, each.version, url)


def installed_technologies(request: HttpRequest) -> Iterator[Component]:
    """Each with its homepage."""
    django_site = "https://www.djangoproject.com"
    yield Component("Django", "the framework", django.get_version(), django_site)
    yield Component("Python", "the language", python_version(), "https://www.python.org")
    # The version that the server reported when the connection opened.
    major = str(connection.pg_version // 10_000)  # type: ignore[attr-defined]
    role = "the only database, which also searches and announces edits"
    yield Component("PostgreSQL", role, major, "https://www.postgresql.org")
    if is_cached_by_nginx(request):
        role = "the reverse proxy, which caches pages until an edit"
        yield Component("nginx", role, "", "https://nginx.org")
    if settings.S3_BUCKET:
        yield Component("S3", "stores recordings and images", "", "https://aws.amazon.com/s3/")
    if settings.SENTRY_DSN:
        yield Component("Sentry", "collects errors, never personal data", "", "https://sentry.io")
    if settings.METRICS_TOKEN:
        yield Component("Prometheus", "collects metrics", "", "https://prometheus.io")


def libraries() -> Iterator[Component]:
    """Each with its page here if a guest named it too; one query."""
    rows = {url_key(row.url): row for row in libraries_in_use()}
    for name, role, homepage in LIBRARIES:
        row = rows.get(url_key(homepage))
        yield Component(name, role, version(name), row.get_absolute_url() if row else homepage)
