"""Every cached page that an edit changes is purged, and as few others as possible."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from caching.nginx.cache_files import CachedPage, episode_of
from caching.nginx.invalidator import ContentChange
from caching.version import PageVersion
from episodes.models import Enclosure, Episode, Reference, Sponsor
from episodes.tests.factories import episode, guest, show, technology
from guests.models import Guest
from notes.apply import finish_edit
from show.models import Promotion, Show, VersionBump
from stack.models import Technology
from topics.models import Transcript

pytestmark = pytest.mark.django_db
BEFORE, AFTER = PageVersion(1, 0, 0, "r"), PageVersion(2, 0, 0, "r")
EDITED = 5
OWN = ("", ".md", "/chapters.json", "/transcript", "/transcript.vtt", "/transcript.json", "/embed")


def catalogue() -> None:
    show()
    for number in range(1, 9):
        row = episode(
            f"Number {number}",
            number,
            introduction="We talk about it.",
            guests=["Ann Lee" if number % 2 else "Bo Ek"],
            technologies=["Flask", "Redis"] if number % 3 else ["Django", "Celery"],
            topics=[(60, "Queues"), (1526, "Backups of Redis")],
            libraries=["https://celery.example.org"],
            references=["https://example.org/book"],
        )
        Transcript.objects.create(episode=row).cues.create(
            position=0, start=0, end=900, text="Hello"
        )
        finish_edit(row, None, "test")
    episode("Written", 1, kind=Episode.Kind.INTERVIEW, seconds=None, technologies=["Redis"])


def bodies(client: Client) -> dict[str, bytes]:
    """The own pages of the episode, of its neighbours and of a similar one."""
    cache.clear()  # the content version doesn't change within this transaction
    chosen = Episode.objects.filter(number__in=[1, EDITED - 1, EDITED, EDITED + 1, 8])
    own = [row.get_absolute_url() + tail for row in chosen for tail in OWN]
    return {path: client.get(path).getvalue() for path in own}


def one() -> Episode:
    return Episode.objects.get(kind="podcast", number=EDITED)


def set_on(**values: object) -> Callable[[], object]:
    return lambda: Episode.objects.filter(pk=one().pk).update(**values)


def retime() -> None:
    Episode.objects.filter(pk=one().pk).update(
        published_at=one().published_at + timedelta(days=30)  # type: ignore[operator]
    )


OWN_EDITS = {
    "a topic's words": lambda: one().topics.filter(seconds=60).update(text="Flask and jobs"),
    "a topic's time": lambda: one().topics.filter(seconds=60).update(seconds=61),
    "a topic less": lambda: one().topics.filter(seconds=60).delete(),
    "introduction": set_on(introduction="Other words"),
    "correction": set_on(correction="A time was wrong"),
    "reference": lambda: Reference.objects.filter(episode=one()).update(label="The book"),
    "audio": lambda: Enclosure.objects.filter(episode=one()).update(seconds=2999, bytes=7),
    "sponsor": lambda: Sponsor.objects.create(episode=one(), name="Acme"),
    "cues": lambda: one().transcript.cues.update(text="Hi"),
    "library": lambda: one().library_uses.update(label="Celery, the queue"),
}
EDITS = {
    "title": set_on(title="A better title"),
    "address": set_on(slug="5-another"),
    "summary": set_on(summary="Two lines"),
    "number": set_on(number=600),
    "date": retime,
    "withdrawn": set_on(status="withdrawn"),
    "unpublished": set_on(status="draft"),
    "guest": lambda: one().appearances.create(guest=guest("Cy Dee"), position=9),
    "technology": lambda: one().uses.create(technology=technology("Celery"), position=9),
    "technology less": lambda: one().uses.first().delete(),
    "a guest's name": lambda: Guest.objects.filter(name="Ann Lee").update(name="Ann Li"),
    "a technology's name": lambda: Technology.objects.filter(name="Redis").update(name="Valkey"),
    "the show's": lambda: Show.objects.update(title="Another Show"),
    "promotion": lambda: Promotion.objects.create(title="A course", url="https://example.org"),
}


def touched_by(edit: Callable[[], object], guid: str) -> ContentChange:
    VersionBump.objects.all().delete()
    edit()
    finish_edit(Episode.with_deleted.get(guid=guid), None, "test")
    (keys,) = VersionBump.objects.values_list("touched", flat=True)
    if keys is None:
        return ContentChange(AFTER)
    rows = Episode.with_deleted.filter(pk__in=keys)
    return ContentChange(AFTER, frozenset(row.get_absolute_url().lstrip("/") for row in rows))


@pytest.mark.slow
def test_every_page_that_changed_is_purged(client: Client, subtests: pytest.Subtests):
    catalogue()
    guid, own = one().guid, one().get_absolute_url()
    before = bodies(client)
    for name, edit in (OWN_EDITS | EDITS).items():
        with subtests.test(name), transaction.atomic():
            change = touched_by(edit, guid)
            after = bodies(client)
            different = {path for path, body in before.items() if after.get(path) != body}
            purged = {path for path in before if change.invalidates(cached(path))}
            assert different, "the edit shows nowhere"
            assert different <= purged
            if name in OWN_EDITS:
                assert {path for path in purged if not path.startswith(own)} == set()
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/podcast/", "/podcast/?page=2", "/podcast/feed.xml", "/interviews/", "/stack/redis",
        "/podcast/feed.xml?stack=redis", "/stack/redis/feed.xml", "/questions/tips", "/sitemap.xml",
    ],
)  # fmt: skip
def test_every_change_purges_pages_that_are_no_episodes(path: str):
    assert ContentChange(AFTER, frozenset()).invalidates(cached(path))


@pytest.mark.parametrize("tail", [*OWN, "?t=60", "/embed?t=60"])
def test_an_episodes_page_stays_cached_through_others_edits(tail: str):
    change = ContentChange(AFTER, frozenset({"podcast/2-two"}))
    assert change.invalidates(cached(f"/podcast/2-two{tail}"))
    assert not change.invalidates(cached(f"/podcast/22-two{tail}"))


def test_a_page_rendered_after_the_change_stays_cached():
    assert not ContentChange(AFTER).invalidates(cached("/", AFTER))


def test_pages_of_another_release_or_without_etag_are_purged():
    change = ContentChange(AFTER, frozenset())
    assert change.invalidates(cached("/podcast/2-two", PageVersion(3, 0, 0, "older")))
    assert change.invalidates(cached("/podcast/2-two", None))


def cached(path: str, version: PageVersion | None = BEFORE) -> CachedPage:
    return CachedPage(Path(path), path, version, episode_of(path))
