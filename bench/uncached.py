"""Rendering an episode's page, compared with the straightforward way.

./run bench uncached

The baseline is a good first version: rows are fetched where the template needs them, Markdown is
rendered when it is read, and the ORM finds similar episodes. Both render the same page, which is
asserted. Measures CPU time of this process and of its database backend in turns, in a catalogue of
117 episodes, which stays for the next time as in `growth`.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.models import Count, Q
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bench.growth import UNHASHED, cpu_ms, database_with, process_of_connection
from bench.measuring import Figures
from deploy.local.prepare import rerender
from episodes.models import Episode
from ops.database import database_at
from ops.tests.installations import using
from pages.views import episode as view
from show.models import Show
from text.markup import render_block, render_inline
from topics.models import Topic

EPISODES = 117
ROUNDS = 5
TIMES = 3.0


def main() -> None:
    own = database_at(database_with(EPISODES))
    with using(own), override_settings(STORAGES=UNHASHED):
        rerender()  # distractors are written without
        measure()


def measure() -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    paths = [each.get_absolute_url() for each in Episode.objects.published().podcast()[:100]]
    process = process_of_connection()
    ours: list[float] = []
    plain: list[float] = []
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        page = response.content
        with straightforward():
            assert alike(client.get(path).content) == alike(page), path
    for _ in range(ROUNDS):
        for path in paths:
            before = cpu_ms(process)
            client.get(path)
            ours.append(cpu_ms(process) - before)
            with straightforward():
                before = cpu_ms(process)
                client.get(path)
                plain.append(cpu_ms(process) - before)
    asked = queries(client, paths[0])
    with straightforward():
        print(f"{len(paths)} pages: {asked} queries, {queries(client, paths[0])} straightforward")
    print(f"{median(ours):.1f} and {median(plain):.1f} ms of CPU time")
    figures = Figures()
    figures.at_least(
        "faster than the straightforward page", median(plain) / median(ours), TIMES, "×"
    )
    figures.print()


def alike(page: bytes) -> bytes:
    """The page without similar episodes, which are ranked differently."""
    return page.partition(b'id="similar"')[0]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


@contextmanager
def straightforward() -> Iterator[None]:
    """The same view and templates, but rows are fetched and Markdown is rendered when read."""
    with ExitStack() as replaced:
        for target, name, value in (
            (view, "fetch_episode", viewable),
            (view, "per_site_version", lambda request, name, compute: compute()),
            (view, "similar_episodes", similar),
            (view, "neighbours", neighbours),
            (Topic, "html", property(lambda self: render_inline(self.text), ignored)),
            (Episode, "introduction_html", property(introduction, ignored)),
            (Show, "support_html", property(lambda self: render_block(self.support_text), ignored)),
        ):
            replaced.enter_context(patch.object(target, name, value))
        yield


def viewable(where: str, **values: str) -> Episode | None:
    return Episode.objects.viewable().filter(**values).select_related("transcript").first()


def ignored(row: Any, value: Any) -> None:
    """Django sets every column of a row."""


def introduction(self: Episode) -> str:
    return render_block(self.introduction)


def similar(episode: Episode, limit: int = 3) -> list[Any]:
    """The episodes with the most technologies in common, with a query for each one's names."""
    own = [use.technology for use in episode.uses.all()]
    others = Episode.objects.published().filter(kind=episode.kind).exclude(pk=episode.pk)
    common = Count("uses", filter=Q(uses__technology__in=own))
    found = list(others.annotate(common=common).filter(common__gt=0).order_by("-common")[:limit])
    for other in found:
        other.shared = [use.technology.name for use in other.uses.filter(technology__in=own)]
    return found


def neighbours(episode: Episode) -> tuple[Episode | None, Episode | None]:
    others = Episode.objects.published().filter(kind=episode.kind).exclude(pk=episode.pk)
    date, number = episode.published_at, episode.number
    older = others.filter(Q(published_at__lt=date) | Q(published_at=date, number__lt=number))
    newer = others.filter(Q(published_at__gt=date) | Q(published_at=date, number__gt=number))
    return (
        older.order_by("-published_at", "-number").first(),
        newer.order_by("published_at", "number").first(),
    )
