"""The site's style: every colour, type and component, drawn by the templates that pages use."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from django.contrib.staticfiles.finders import find
from django.http import HttpResponse

from caching.http import CacheableRequest, conditional_get
from episodes.models import Episode
from pages.cached_counts import answered_questions
from pages.charts.timeline import timeline_chart
from pages.indexing import NOINDEX
from pages.metadata import metadata
from pages.moments import Moment, topic_lines
from pages.rendering import render_page
from search.retrieval.entity_moments import latest_entity_moments
from show.models import Show

MOST = 5  # topics, moments and questions
ROOT = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)
COLOUR = re.compile(r"--([a-z]+): (#[0-9a-f]{3,6});")


@dataclass(frozen=True, slots=True)
class Colour:
    """A custom property of the style sheet, and its values."""

    name: str
    light: str
    dark: str


@cache
def colours() -> tuple[Colour, ...]:
    """The colours as css/site.css states them: its first `:root` is light, its second dark."""
    sheet = Path(cast(str, find("css/site.css"))).read_text(encoding="utf-8")
    blocks = [dict[str, str](COLOUR.findall(block)) for block in ROOT.findall(sheet)]
    light, dark = blocks[:2]
    return tuple(Colour(name, light[name], dark.get(name) or light[name]) for name in light)


@conditional_get
def style(request: CacheableRequest) -> HttpResponse:
    """With the newest episode as the example; without one, what needs none."""
    show = Show.objects.current()
    newest = Episode.objects.published().podcast().newest_first().for_cards().first()
    topics = list(newest.topics.all()) if newest else []
    middle = topics[len(topics) // 2] if topics else None
    moment = Moment(middle.seconds, middle) if middle else None
    lines = topic_lines(topics, moment)
    place = next((at for at, line in enumerate(lines) if line.is_current), 0)
    use = newest.uses.first() if newest else None
    names = [use.technology.name] if use else []
    moments, _ = latest_entity_moments(names, Episode.objects.published(), limit=MOST)
    timeline = (
        timeline_chart(topics, newest.seconds, moment, newest.get_absolute_url()) if newest else ""
    )
    return render_page(
        request,
        "pages/style.html",
        metadata(
            show,
            "Style",
            request.path,
            description=f"The colours, type and components of the site of {show.title}.",
            robots=NOINDEX,
        ),
        colours=colours(),
        episode=newest,
        moment=moment,
        lines=lines[max(0, place - 2) : place + 3],
        timeline=timeline,
        moments=moments,
        questions=answered_questions(request, show)[:MOST],
        query=show.title,
    )
