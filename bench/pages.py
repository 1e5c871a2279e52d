"""Queries, time and size of every kind of page in the loaded catalogue.

./run bench pages        with 10 and with 1,000 episodes: the number of queries must be the same
"""

import statistics
import time
from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from episodes.models import Episode
from guests.models import Guest
from stack.models import Library, Technology

ROUNDS = 5


def main() -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    print(f"{Episode.objects.count()} episodes")
    print(f"{'page':32} {'status':>6} {'queries':>7} {'ms':>7} {'kB':>7}")
    for name, path in addresses():
        client.get(path)  # templates compiled, caches warm
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
            size = len(response.getvalue()) / 1000
        count = len(queries)
        seconds = statistics.median(_timed(client, path) for _ in range(ROUNDS))
        print(f"{name:32} {response.status_code:6} {count:7} {seconds * 1000:7.1f} {size:7.1f}")


def _timed(client: Client, path: str) -> float:
    started = time.perf_counter()
    client.get(path).getvalue()
    return time.perf_counter() - started


def addresses() -> Iterator[tuple[str, str]]:
    """An address of each kind of page."""
    for name in ("home", "episodes", "interviews", "stack", "libraries", "guests", "follow"):
        yield name, reverse(name)
    episode = Episode.objects.published().podcast().newest_first().first()
    technology = Technology.objects.filter(slug="django").first() or Technology.objects.first()
    guest = Guest.objects.filter(appearances__isnull=False).first()
    library = Library.objects.filter(uses__isnull=False).first()
    if not (episode and technology and guest and library):
        raise SystemExit("The catalogue is empty: ./run bench load_synthetic --episodes 10")
    path = episode.get_absolute_url()
    yield "episode", path
    yield "moment", f"{path}?t=600"
    yield "chapters.json", reverse("chapters", args=[episode.slug])
    yield "technology", technology.get_absolute_url()
    yield "guest", guest.get_absolute_url()
    yield "library", library.get_absolute_url()
    yield "episodes of a technology", f"{reverse('episodes')}?stack={technology.slug}"
    yield "episodes, two filters", f"{reverse('episodes')}?stack={technology.slug}&stack=redis"
    yield "search", f"{reverse('search')}?q=celery"
    yield "feed", reverse("feed")
    yield "technology's feed", reverse("technology_feed", args=[technology.slug])
    yield "sitemap", reverse("sitemap")
    yield "not found", "/nothing/here"
