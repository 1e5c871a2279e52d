"""schema.org data in JSON-LD, made from rows. The only place that writes it."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from episodes.models import Episode
from guests.models import Guest
from pages.addresses import absolute
from show.models import Show
from text.timecode import iso_duration
from topics.models import Topic

Node = dict[str, Any]

# What could end the script element or begin markup, spelt as JSON's own escapes.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def serialise(nodes: Iterable[Node]) -> SafeString | str:
    """The content of one `<script type="application/ld+json">`; empty without nodes."""
    graph = list(nodes)
    if not graph:
        return ""
    document = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(document, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 - nothing in it can end the element


def website(show: Show) -> Node:
    """The site, with the address of its search."""
    return _filled(
        {
            "@type": "WebSite",
            "@id": absolute(reverse("home")) + "#website",
            "name": show.title,
            "url": absolute(reverse("home")),
            "description": show.description,
            "inLanguage": show.language,
            "potentialAction": {
                "@type": "SearchAction",
                "target": {
                    "@type": "EntryPoint",
                    "urlTemplate": absolute(reverse("search")) + "?q={search_term_string}",
                },
                "query-input": "required name=search_term_string",
            },
        }
    )


def series(show: Show) -> Node:
    """The podcast as a whole."""
    return _filled(
        {
            "@type": "PodcastSeries",
            "@id": _series_id(),
            "name": show.title,
            "url": absolute(reverse("episodes")),
            "description": show.description,
            "inLanguage": show.language,
            "webFeed": absolute(reverse("feed")),
            "image": absolute(show.artwork_address),
            "author": person(show.host) if show.host else None,
        }
    )


def podcast_episode(show: Show, episode: Episode, topics: Sequence[Topic]) -> Node:
    """An episode with its audio, people, technologies and, as clips, its topics.

    Reads guests, technologies and enclosure as `for_page()` fetched them.
    """
    return _filled(
        {
            "@type": "PodcastEpisode",
            **_work(show, episode),
            "episodeNumber": episode.number,
            "duration": _duration(episode.seconds),
            "partOfSeries": {"@type": "PodcastSeries", "@id": _series_id(), "name": show.title},
            "associatedMedia": _audio(episode),
            "hasPart": _clips(episode, topics),
        }
    )


def article(show: Show, interview: Episode) -> Node:
    """A written interview."""
    return _filled(
        {
            "@type": "Article",
            **_work(show, interview),
            "headline": interview.title,
            "publisher": {"@type": "Organization", "name": show.title, "url": absolute("/")},
        }
    )


def person(guest: Guest, title: str = "") -> Node:
    """Someone, with the addresses that are theirs elsewhere."""
    return _filled(
        {
            "@type": "Person",
            "name": guest.name,
            "url": absolute(guest.get_absolute_url()),
            "jobTitle": title,
            "image": absolute(guest.avatar.url) if guest.avatar else None,
            "sameAs": guest.profiles,
        }
    )


def breadcrumbs(*steps: tuple[str, str]) -> Node:
    """The way down to the page: (name, path) of each step."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def _work(show: Show, episode: Episode) -> Node:
    """What episodes and interviews have in common."""
    modified = episode.updated_on or episode.published_at
    return {
        "@id": absolute(episode.get_absolute_url()),
        "name": episode.title,
        "url": absolute(episode.get_absolute_url()),
        "description": episode.summary,
        "inLanguage": episode.language or show.language,
        "datePublished": _date(show, episode.published_at),
        "dateModified": _date(show, modified),
        "image": absolute(episode.image.url if episode.image else episode.image_url),
        "author": person(show.host) if show.host else None,
        "contributor": [
            person(appearance.guest, appearance.title) for appearance in episode.appearances.all()
        ],
        "mentions": [
            _filled(
                {
                    "@type": "Thing",
                    "name": use.technology.name,
                    "url": absolute(use.technology.get_absolute_url()),
                    "sameAs": use.technology.homepage,
                }
            )
            for use in episode.uses.all()
        ],
    }


def _audio(episode: Episode) -> Node | None:
    if not hasattr(episode, "enclosure"):
        return None
    enclosure = episode.enclosure
    return _filled(
        {
            "@type": "AudioObject",
            "contentUrl": absolute(enclosure.path),
            "encodingFormat": enclosure.type,
            "contentSize": str(enclosure.bytes) if enclosure.bytes else None,
            "duration": _duration(enclosure.seconds),
        }
    )


def _clips(episode: Episode, topics: Sequence[Topic]) -> list[Node]:
    """Each topic from its second to the next one's, the last to the end of the audio."""
    ends = [*(topic.seconds for topic in topics), episode.seconds][1:]
    address = absolute(episode.get_absolute_url())
    return [
        _filled(
            {
                "@type": "Clip",
                "name": topic.plain,
                "startOffset": topic.seconds,
                "endOffset": end if end and end > topic.seconds else None,
                "url": f"{address}?t={topic.seconds}",
            }
        )
        for topic, end in zip(topics, ends, strict=True)
    ]


def _filled(node: Node) -> Node:
    """The node without what is unknown. Numbers stay: episode 0, second 0."""
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}


def _date(show: Show, moment: datetime | None) -> str | None:
    return show.local(moment).isoformat() if moment else None


def _duration(seconds: int | None) -> str | None:
    return iso_duration(seconds) if seconds else None


def _series_id() -> str:
    return absolute(reverse("episodes")) + "#series"
