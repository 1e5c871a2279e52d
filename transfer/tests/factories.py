"""Rows for the tests of frozen copies."""

from datetime import UTC, datetime

from django.core.files.base import ContentFile

from episodes.tests.factories import episode, show
from search.models import Question
from show.models import Page, Redirect
from topics.models import Transcript


def frozen_catalogue() -> None:
    """Every kind of address: two pages of episodes, what moved, what is gone, audio of our own."""
    show()
    for number in range(1, 26):
        row = episode(
            f"Number {number}",
            number,
            guests=["Ann Lee"],
            technologies=["Flask", "Redis"],
            topics=[(60, "Queues"), (1526, "Backups")],
            libraries=["https://celery.example.org"],
        )
    row.enclosure.file.save("25.mp3", ContentFile(b"sound" * 1000))
    Transcript.objects.create(episode=row).cues.create(position=0, start=0, end=9000, text="Hello")
    episode("Interview", 1, kind="interview", seconds=None)
    episode("Withdrawn", 30, status="withdrawn", notice="Under review.")
    episode("Scheduled", 31, published_at=datetime(2199, 1, 1, tzinfo=UTC))
    first = datetime(2020, 6, 8, tzinfo=UTC)
    episode("Binned", 32, deleted_at=datetime.now(UTC), first_published_at=first)
    Question.objects.create(title="Backups?", slug="backups", query="backups")
    Page.objects.create(slug="thanks", title="Thanks", body="Thank *you*.")
    Redirect.objects.create(old_path="/podcast/old-one", new_path="/podcast/1-number-1")
    Redirect.objects.create(old_path="/given-up", new_path="")
    Redirect.objects.create(old_path='/od"d\\ $uri; é', new_path='/thanks?a="$b"')
