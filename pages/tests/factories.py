"""A catalogue in which every section of every page has something to show."""

from datetime import UTC, datetime
from typing import Any

from episodes.models import Episode, Sponsor
from episodes.tests.factories import episode, guest, show
from search.index import refresh
from search.models import Question
from show.models import CallToAction, FollowLink, Page, Promotion
from topics.models import Cue, Transcript

TOPICS = [
    (100, "Why Django and Redis"),
    (1526, "Recap of AWS services"),
    (2000, "Best tips? Ship <early>"),
]


def catalogue(count: int = 3) -> list[Episode]:
    """`count` episodes that share two technologies, one interview, and the show."""
    show(tagline="How folks run their web apps.", repository="https://example.org/source")
    FollowLink.objects.create(name="Overcast", url="https://overcast.example.org/show")
    Promotion.objects.create(title="A course", url="https://example.org/c?from={episode}")
    Page.objects.create(slug="thanks", title="Thank you", body="You are *kind*.")
    for purpose, label in CallToAction.Purpose.choices:
        CallToAction.objects.create(purpose=purpose, label=label, url="mailto:host@example.org")
    Question.objects.create(title="Best tips", slug="best-tips", query='"best tips"')
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
    return _indexed(
        episode(fields.pop("title", f"Episode {number}"), number, **(defaults | fields))
    )


def interview(number: int, **fields: Any) -> Episode:
    defaults: dict[str, Any] = {
        "kind": Episode.Kind.INTERVIEW,
        "seconds": None,
        "introduction": "## What do you run?\n\nPhoenix.",
        "technologies": ["Phoenix", "Redis"],
        "guests": ["Siddhant Goel"],
    }
    return _indexed(episode(f"Interview {number}", number, **(defaults | fields)))


def _indexed(row: Episode) -> Episode:
    refresh([row.pk])
    return row


def sponsored(row: Episode) -> Episode:
    Sponsor.objects.create(
        episode=row, name="Acme", url="https://acme.example.org", text_html="<p>Acme helps.</p>"
    )
    return row


def transcript(row: Episode, cues: int = 3, **fields: Any) -> Transcript:
    """Half-minute cues of two speakers in turn."""
    made = Transcript.objects.create(episode=row, **fields)
    speakers = [(guest("Ann Other"), "Ann"), (None, "Voice <2>")]
    Cue.objects.bulk_create(
        Cue(
            transcript=made,
            position=place,
            start=place * 30_000,
            end=place * 30_000 + 9000,
            text=f"Sentence {place}.",
            guest=speakers[place % 2][0],
            speaker=speakers[place % 2][1],
        )
        for place in range(cues)
    )
    return made


def in_the_future() -> datetime:
    return datetime(2999, 1, 1, tzinfo=UTC)


LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunt"
LONG_TOPIC = ("Why the deploy of a small team took half a day, and what they left out " * 6)[:400]


def odd_catalogue() -> dict[str, Episode]:
    """Extreme content for layouts, by name: empty, long, many and odd."""
    common = {"summary": "", "introduction": "", "libraries": [], "references": []}
    bare = {"topics": [], "technologies": [], "guests": [], **common}
    thirty = [f"Technology {number}" for number in range(1, 31)]
    ninety = [(number * 97, f"Topic {number} of many") for number in range(90)]
    rows = [
        ("bare", full_episode(101, seconds=None, **bare)),
        ("one-technology", full_episode(102, **bare | {"technologies": ["Django"]})),
        ("thirty", full_episode(103, technologies=thirty, topics=ninety, seconds=9000)),
        ("long-topic", full_episode(104, topics=[(5, LONG_TOPIC), (3723, LONG_WORD)])),
        ("long-word", _long_word(105)),
        ("right-to-left", _right_to_left(106)),
        ("withdrawn", full_episode(107, status=Episode.Status.WITHDRAWN, notice="Under *review*.")),
    ]
    return dict(rows)


def _long_word(number: int) -> Episode:
    """A word of 60 letters in every place a host can type one."""
    return episode(
        LONG_WORD,
        number,
        slug=f"{number}-long-word",
        summary=LONG_WORD,
        introduction=f"{LONG_WORD} `{LONG_WORD}`",
        topics=[(60, LONG_WORD), (120, "Short"), (180, f"`{LONG_WORD}`")],
        technologies=[LONG_WORD, "Django"],
        guests=[LONG_WORD, "Ann Other"],
        libraries=[f"https://example.org/{LONG_WORD}"],
        references=[f"https://example.org/{LONG_WORD}/{LONG_WORD}"],
    )


def _right_to_left(number: int) -> Episode:
    return episode(
        "כך אנחנו מריצים את האתר שלנו",
        number,
        slug=f"{number}-right-to-left",
        summary="שיחה על שרתים ועל PostgreSQL בייצור.",
        topics=[(60, "למה בחרנו ב-Django"), (1526, "Recap of AWS services"), (2000, "טיפים")],
        technologies=["Django"],
        guests=["יעל כהן"],
    )
