"""A catalogue in which every section of every page has something to show."""

from datetime import UTC, datetime
from typing import Any

from episodes.models import Episode, Sponsor
from episodes.tests.factories import episode, show
from show.models import CallToAction, FollowLink, Page, Promotion

TOPICS = [
    (100, "Why Django and Redis"),
    (1526, "Recap of AWS services"),
    (2000, "Best tips? Ship <early>"),
]


def catalogue(count: int = 3) -> list[Episode]:
    """`count` episodes that share two technologies, one interview, and what frames them."""
    show(tagline="How folks run their web apps.", repository="https://example.org/source")
    FollowLink.objects.create(name="Overcast", url="https://overcast.example.org/show")
    Promotion.objects.create(title="A course", url="https://example.org/c?from={episode}")
    Page.objects.create(slug="thanks", title="Thank you", body="You are *kind*.")
    for purpose, label in CallToAction.Purpose.choices:
        CallToAction.objects.create(purpose=purpose, label=label, url="mailto:host@example.org")
    interview(1)
    return [full_episode(number) for number in range(1, count + 1)]


def full_episode(number: int, **fields: Any) -> Episode:
    """An episode with something in every section."""
    defaults: dict[str, Any] = {
        "summary": f"Summary {number}.",
        "introduction": f"Introduction {number}.",
        "topics": TOPICS,
        "technologies": ["Django", "Redis", f"Tool {number}"],
        "guests": [f"Guest {number}", "Ann Other"],
        "libraries": ["https://github.com/celery/celery"],
        "references": ["https://example.org/read"],
    }
    return episode(f"Episode {number}", number, **(defaults | fields))


def interview(number: int, **fields: Any) -> Episode:
    defaults: dict[str, Any] = {
        "kind": Episode.Kind.INTERVIEW,
        "seconds": None,
        "introduction": "## What do you run?\n\nPhoenix.",
        "technologies": ["Phoenix", "Redis"],
        "guests": ["Siddhant Goel"],
    }
    return episode(f"Interview {number}", number, **(defaults | fields))


def sponsored(row: Episode) -> Episode:
    Sponsor.objects.create(
        episode=row, name="Acme", url="https://acme.example.org", text_html="<p>Acme helps.</p>"
    )
    return row


def in_the_future() -> datetime:
    return datetime(2999, 1, 1, tzinfo=UTC)
