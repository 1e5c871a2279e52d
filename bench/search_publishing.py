"""Times new episodes, written like an import, and deletes them; and edits, which it undoes."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from bench.measuring import Clock, ms_since
from episodes.models import Episode
from guests.models import Guest
from notes.apply import apply_draft, apply_facts, finish_edit
from notes.grammar.draft import Draft, EnclosureFacts, Facts, GuestDraft, TopicDraft
from search.index import refresh
from stack.models import Technology
from topics.models import Topic

GUID = "urn:published:"
FIRST_NUMBER = 900_000
EPISODES, TOPICS, TECHNOLOGIES = 30, 25, 15


@dataclass(frozen=True, slots=True)
class Published:
    """Milliseconds: in total, in the database, and of these for the search index."""

    total: float
    database: float
    search: float


def publish() -> list[Published]:
    """Write the episodes one by one, each in a transaction, then delete them."""
    _remove()
    try:
        return [_publish(draft, FIRST_NUMBER + place) for place, draft in enumerate(_drafts())]
    finally:
        _remove()


def edit() -> list[float]:
    """Milliseconds in which search follows an edited topic, of each of the newest episodes."""
    timings = []
    for episode in Episode.objects.published().newest_first()[:EPISODES]:
        topics = Topic.objects.filter(episode=episode).values("pk")[:1]
        with transaction.atomic(), Clock("search_refresh") as clock:
            Topic.objects.filter(pk__in=topics).update(plain="An edited topic")
            refresh([episode.pk])
            transaction.set_rollback(True)
        timings.append(clock.watched_ms)
    return timings


def _publish(draft: Draft, number: int) -> Published:
    facts = Facts(
        number=number,
        guid=f"{GUID}{number}",
        status=Episode.Status.PUBLISHED,
        published_at=timezone.now(),
        enclosure=EnclosureFacts(f"https://audio.example.org/{number}.mp3", 57_600_000, 3600),
    )
    with Clock("search_refresh") as clock:
        started = time.perf_counter()
        with transaction.atomic():
            episode = Episode(kind="podcast", slug=f"{number}-published", title=draft.title)
            episode.save()
            apply_facts(episode, facts)
            apply_draft(episode, draft)
            finish_edit(episode, None, "bench")
            written = time.perf_counter()
        commit = ms_since(written)
    return Published(ms_since(started), clock.ms + commit, clock.watched_ms)


def _drafts() -> Iterator[Draft]:
    """The catalogue's own topics and names, recombined."""
    dice = random.Random("published")
    first, last = (
        Topic.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("pk", "-pk")
    )
    keys = [dice.randint(first, last) for _ in range(EPISODES * TOPICS * 3)]
    texts = list(Topic.objects.filter(pk__in=keys).order_by("pk").values_list("text", flat=True))
    guests = list(Guest.objects.order_by("pk").values_list("name", flat=True)[:100])
    technologies = sorted(Technology.objects.values_list("name", flat=True))
    for _ in range(EPISODES):
        seconds = sorted(dice.sample(range(60, 3500), TOPICS))
        topics = zip(seconds, dice.sample(texts, TOPICS), strict=True)
        yield Draft(
            title=dice.choice(texts)[:150],
            summary=" ".join(dice.sample(texts, 2)),
            introduction="\n\n".join(dice.sample(texts, 3)),
            guests=(GuestDraft(dice.choice(guests), "Developer"),),
            topics=tuple(TopicDraft(at, text) for at, text in topics),
            technologies=tuple(dice.sample(technologies, TECHNOLOGIES)),
        )


def _remove() -> None:
    Episode.with_deleted.filter(guid__startswith=GUID).delete()
