"""schema.org data in JSON-LD, made from rows. The only place that writes it.

What each type holds is schema.org's; what profiles and articles need to be shown for, Google's
(developers.google.com/search/docs/appearance/structured-data).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from episodes.models import Episode
from guests.models import Guest
from pages.addresses import absolute
from pages.social_image import card_picture
from show.models import FollowLink, Show
from text.markup import words_of
from text.timecode import iso_duration
from topics.models import Topic

Node = dict[str, Any]

DESCRIBED = 200  # letters
# What could end the script element or begin markup, spelt as JSON's own escapes.
ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def serialise(nodes: Iterable[Node]) -> SafeString | str:
    """The content of one `<script type="application/ld+json">`; empty without nodes."""
    graph = list(nodes)
    if not graph:
        return ""
    document = {"@context": "https://schema.org", "@graph": graph}
    text = json.dumps(document, ensure_ascii=False)
    for char, escaped in ESCAPES.items():
        text = text.replace(char, escaped)
    return mark_safe(text)  # noqa: S308 - nothing in it can end the element


def website(show: Show) -> Node:
    """The site, with the address of its search."""
    return _filled(
        {
            "@type": "WebSite",
            "@id": _website_id(),
            "name": show.title,
            "url": absolute(reverse("home")),
            "description": show.description,
            "inLanguage": show.language,
            "publisher": {"@id": _series_id()},
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


def series(show: Show, follow_links: Iterable[FollowLink] = ()) -> Node:
    """The podcast as a whole, and its pages in apps."""
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
            "author": host(show),
            "sameAs": [link.url for link in follow_links],
        }
    )


def podcast_episode(show: Show, episode: Episode, topics: Sequence[Topic]) -> Node:
    """An episode with its audio, people, technologies and, as clips, its topics.

    Reads guests, technologies and enclosure as `whole` fetched them.
    """
    return _filled(
        {
            "@type": "PodcastEpisode",
            **_work(show, episode),
            "episodeNumber": episode.number,
            "duration": _duration(episode.seconds),
            "partOfSeries": {
                "@type": "PodcastSeries",
                "@id": _series_id(),
                "name": show.title,
                "url": absolute(reverse("episodes")),
                "webFeed": absolute(reverse("feed")),
            },
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
            "mainEntityOfPage": absolute(interview.get_absolute_url()),
            "publisher": _filled(
                {
                    "@type": "Organization",
                    "name": show.title,
                    "url": absolute(reverse("home")),
                    "logo": absolute(show.artwork_address),
                }
            ),
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


def host(show: Show) -> Node | None:
    """Who makes the show. Their page here is the home page: a guest's they may have none."""
    if show.host is None:
        return None
    home = absolute(reverse("home"))
    return person(show.host) | {"@id": f"{home}#host", "url": home}


def profile(guest: Guest, title: str = "") -> list[Node]:
    """The page of someone, and whom it is of."""
    address = absolute(guest.get_absolute_url())
    known = {"@id": f"{address}#person", "description": words_of(guest.introduction_html)}
    page = {"@type": "ProfilePage", "url": address, "name": guest.name}
    return [page | {"mainEntity": {"@id": known["@id"]}}, person(guest, title) | _filled(known)]


def collection(
    name: str,
    path: str,
    items: Iterable[tuple[str, str]] = (),
    *,
    about: Node | None = None,
) -> Node:
    """A page that lists others: (name, path) of each, in the order it shows them."""
    listed = [
        {"@type": "ListItem", "position": position, "name": name, "url": absolute(path)}
        for position, (name, path) in enumerate(items, start=1)
    ]
    return _filled(
        {
            "@type": "CollectionPage",
            "url": absolute(path),
            "name": name,
            "isPartOf": {"@id": _website_id()},
            "about": about,
            "mainEntity": {"@type": "ItemList", "itemListElement": listed} if listed else None,
        }
    )


def thing(name: str, path: str, elsewhere: str = "") -> Node:
    """A technology or library, and its own page on the web."""
    return _filled({"@type": "Thing", "name": name, "url": absolute(path), "sameAs": elsewhere})


def summary_of(episode: Episode) -> str:
    """Its summary, else how its introduction begins."""
    return episode.summary or beginning(episode.introduction_html)


def beginning(html: str) -> str:
    """The first words of stored HTML, as many as a search result shows."""
    return shorten(words_of(html), DESCRIBED, placeholder="…")


def breadcrumbs(*steps: tuple[str, str]) -> Node:
    """The way down to the page: (name, path) of each step."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def _image(show: Show, episode: Episode) -> str:
    """The episode's own picture, else its card."""
    own = episode.image.url if episode.image else episode.image_url
    card = None if own else card_picture(show, episode)
    return absolute(card.address if card else own)


def _work(show: Show, episode: Episode) -> Node:
    """What episodes and interviews have in common."""
    modified = episode.updated_on or episode.published_at
    return {
        "@id": absolute(episode.get_absolute_url()),
        "name": episode.title,
        "url": absolute(episode.get_absolute_url()),
        "description": summary_of(episode),
        "inLanguage": episode.language or show.language,
        "datePublished": _date(show, episode.published_at),
        "dateModified": _date(show, modified),
        "correction": episode.correction,
        "image": _image(show, episode),
        "author": host(show),
        "contributor": [
            person(appearance.guest, appearance.title) for appearance in episode.appearances.all()
        ],
        "mentions": [
            thing(each.name, each.get_absolute_url(), each.homepage)
            for each in (use.technology for use in episode.uses.all())
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
            "transcript": _transcript(episode),
        }
    )


def _transcript(episode: Episode) -> str | None:
    """Where it is read: the words themselves would outweigh the page."""
    has_one = not episode.is_interview and hasattr(episode, "transcript")
    return absolute(reverse("transcript", args=[episode.slug])) if has_one else None


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


def _website_id() -> str:
    return absolute(reverse("home")) + "#website"


def _series_id() -> str:
    return absolute(reverse("episodes")) + "#series"
