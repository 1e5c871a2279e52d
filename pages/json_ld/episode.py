"""Episodes and interviews, with audio, people, technologies and topics."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from episodes.addresses import absolute_url
from episodes.models import Episode
from pages.json_ld.site import Node, host, person, series_reference, thing, without_empty
from pages.metadata import summary_of
from pages.social_image import card_image
from show.models import Show
from text.timecode import iso_duration
from topics.models import Topic


def podcast_episode(show: Show, episode: Episode, topics: Sequence[Topic]) -> Node:
    """An episode that `fetch_episode` read. Its topics are clips."""
    return without_empty(
        {
            "@type": "PodcastEpisode",
            **_work(show, episode),
            "episodeNumber": episode.number,
            "duration": _duration(episode.seconds),
            "partOfSeries": series_reference(show),
            "associatedMedia": _audio(episode),
            "hasPart": _clips(episode, topics),
        }
    )


def article(show: Show, interview: Episode) -> Node:
    """A written interview."""
    return without_empty(
        {
            "@type": "Article",
            **_work(show, interview),
            "headline": interview.title,
            "mainEntityOfPage": absolute_url(interview.get_absolute_url()),
            "publisher": without_empty(
                {
                    "@type": "Organization",
                    "name": show.title,
                    "url": absolute_url(reverse("home")),
                    "logo": absolute_url(show.artwork_address),
                }
            ),
        }
    )


def _work(show: Show, episode: Episode) -> Node:
    """What episodes and interviews have in common."""
    url = absolute_url(episode.get_absolute_url())
    return {
        "@id": url,
        "name": episode.title,
        "url": url,
        "description": summary_of(episode),
        "inLanguage": episode.language or show.language,
        "datePublished": _date(show, episode.published_at),
        "dateModified": _date(show, episode.updated_on or episode.published_at),
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


def _image(show: Show, episode: Episode) -> str:
    """The episode's own image, else its card."""
    own = episode.image.url if episode.image else episode.image_url
    card = None if own else card_image(show, episode)
    return absolute_url(card.address if card else own)


def _audio(episode: Episode) -> Node | None:
    if not hasattr(episode, "enclosure"):
        return None
    enclosure = episode.enclosure
    return without_empty(
        {
            "@type": "AudioObject",
            "contentUrl": absolute_url(enclosure.path),
            "encodingFormat": enclosure.type,
            "contentSize": str(enclosure.bytes) if enclosure.bytes else None,
            "duration": _duration(enclosure.seconds),
            "transcript": _transcript(episode),
        }
    )


def _transcript(episode: Episode) -> str | None:
    """Its URL: the text would outweigh the page."""
    has_one = not episode.is_interview and hasattr(episode, "transcript")
    return absolute_url(reverse("transcript", args=[episode.slug])) if has_one else None


def _clips(episode: Episode, topics: Sequence[Topic]) -> list[Node]:
    """Each topic until the next one, the last until the end of the audio."""
    ends = [*(topic.seconds for topic in topics), episode.seconds][1:]
    url = absolute_url(episode.get_absolute_url())
    return [
        without_empty(
            {
                "@type": "Clip",
                "name": topic.plain,
                "startOffset": topic.seconds,
                "endOffset": end if end and end > topic.seconds else None,
                "url": f"{url}?t={topic.seconds}",
            }
        )
        for topic, end in zip(topics, ends, strict=True)
    ]


def _date(show: Show, at: datetime | None) -> str | None:
    return show.local(at).isoformat() if at else None


def _duration(seconds: int | None) -> str | None:
    return iso_duration(seconds) if seconds else None
