"""Guests' comments on a draft, each with the topic at its time."""

from dataclasses import dataclass

from django.urls import reverse

from desk.models import GuestComment
from desk.publishing.checklist.places import place_address
from desk.workspace.returning import returning
from episodes.models import Episode
from topics.models import Topic


@dataclass(frozen=True, slots=True)
class PlacedComment:
    """`address` leads to the topic in the form, whose save leads back to the comment."""

    comment: GuestComment
    topic: Topic | None = None
    address: str = ""


def comments_on(episode: Episode) -> list[PlacedComment]:
    """All comments of all guests. One query: `episode` has its topics."""
    rows = GuestComment.objects.filter(link__episode=episode)
    return [_placed(row, episode) for row in rows.select_related("link__guest")]


def _placed(comment: GuestComment, episode: Episode) -> PlacedComment:
    topics = list(enumerate(episode.topics.all()))
    seconds = -1 if comment.seconds is None else comment.seconds
    place = next((each for each in reversed(topics) if each[1].seconds <= seconds), None)
    if place is None:
        return PlacedComment(comment)
    row, topic = place
    here = f"{reverse('desk_checklist', args=[episode.pk])}#comment-{comment.pk}"
    return PlacedComment(comment, topic, returning(place_address(f"#topics-{row}", episode), here))
