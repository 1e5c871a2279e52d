"""Moments whose topic names something."""

import re
from collections.abc import Iterable, Sequence

from episodes.models import Episode
from topics.models import Topic


def moments_naming(names: Iterable[str], episodes: Sequence[Episode]) -> list[Topic]:
    """Topics of these episodes that hold one of the names as a word, newest episode first.

    Each topic's `episode` is the one given, with what was fetched for it. One query.
    """
    # PostgreSQL's \y knows letters only, so “C#” and “.NET” need their own idea of a word.
    words = "|".join(re.escape(name) for name in names)
    pattern = rf"(^|[^[:alnum:]])({words})($|[^[:alnum:]])"
    known = {episode.pk: episode for episode in episodes}
    found = Topic.objects.filter(episode__in=known, plain__iregex=pattern)
    topics = list(found.order_by("-episode__published_at", "episode", "seconds", "position"))
    for topic in topics:
        topic.episode = known[topic.episode_id]
    return topics
