"""Episodes and interviews, with audio, people, technologies and topics."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from episodes.addresses import absolute_url
from episodes.models import Episode
from pages.json_ld.site import Node, host, node, person, series_reference, thing
from pages.metadata import summary_of
from pages.social_image import card_image
from show.models import Show
from text.timecode import iso_duration
from topics.models import Topic


def podcast_episode(show: Show, episode: Episode, topics: Sequence[Topic]) -> Node:
    """An episode that `fetch_episode` read. Its topics are clips."""
    return node(
        "PodcastEpisode",
        **_common(show, episode),
        episodeNumber=episode.number,
        duration=_duration(episode.seconds),
        partOfSeries=series_reference(show),
        associatedMedia=_audio(episode),
        hasPart=_clips(episode, topics),
    )


def article(show: Show, interview: Episode) -> Node:
    """A written interview."""
    publisher = node(
        "Organization",
        name=show.title,
        url=absolute_url(reverse("home")),
        logo=absolute_url(show.artwork_address),
    )
    return node(
        "Article",
        **_common(show, interview),
        headline=interview.title,
        mainEntityOfPage=absolute_url(interview.get_absolute_url()),
        publisher=publisher,
    )


def _common(show: Show, episode: Episode) -> dict[str, Any]:
    """What episodes and interviews have in common."""
    url = absolute_url(episode.get_absolute_url())
    technologies = [use.technology for use in episode.uses.all()]
    return {
        "id": url,
        "name": episode.title,
        "url": url,
        "description": summary_of(episode),
        "inLanguage": episode.language or show.language,
        "datePublished": _date(show, episode.published_at),
        "dateModified": _date(show, episode.updated_on or episode.published_at),
        "correction": episode.correction,
        "image": _image(show, episode),
        "author": host(show),
        "contributor": [person(each.guest, each.title) for each in episode.appearances.all()],
        "mentions": [
            thing(each.name, each.get_absolute_url(), each.homepage) for each in technologies
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
    has_transcript = not episode.is_interview and hasattr(episode, "transcript")
    transcript = reverse("transcript", args=[episode.slug]) if has_transcript else ""
    return node(
        "AudioObject",
        contentUrl=absolute_url(enclosure.path),
        encodingFormat=enclosure.type,
        contentSize=str(enclosure.bytes) if enclosure.bytes else None,
        duration=_duration(enclosure.seconds),
        transcript=absolute_url(transcript),  # not its text, which would outweigh the page
    )


def _clips(episode: Episode, topics: Sequence[Topic]) -> list[Node]:
    """Each topic until the next one, the last until the end of the audio."""
    ends = [*(topic.seconds for topic in topics), episode.seconds][1:]
    url = absolute_url(episode.get_absolute_url())
    return [
        node(
            "Clip",
            name=topic.plain,
            startOffset=topic.seconds,
            endOffset=end if end and end > topic.seconds else None,
            url=f"{url}?t={topic.seconds}",
        )
        for topic, end in zip(topics, ends, strict=True)
    ]


def _date(show: Show, at: datetime | None) -> str | None:
    return show.local(at).isoformat() if at else None


def _duration(seconds: int | None) -> str | None:
    return iso_duration(seconds) if seconds else None
